# Finds the places of a C file that can be mutated, one mutation a line:
#
#   awk -f tests/mutations.awk src/base/size.c
#
# prints, separated by tabs: the room, the file, the line, the kind, the
# offset in bytes, the length, keep or drop what stands there, what comes in
# front of it, and what follows it.  Text in braces stands for white space.
#
# Comments, strings, what the preprocessor reads and BUG_ON() are no code
# here: a mutation in them could not matter, or only stop the program.

function blank(n,	s) {
	s = sprintf("%" n "s", "")
	return n ? s : ""
}

# The line as code: of the same length, and blank where it is none.
function code_of(line,	out, n, i, c, two) {
	n = length(line)
	out = ""
	if (!comment && (directive || line ~ /^ *#/)) {
		directive = line ~ /\\$/
		return blank(n)
	}
	for (i = 1; i <= n; i++) {
		c = substr(line, i, 1)
		two = substr(line, i, 2)
		if (comment) {
			if (two == "*/") { comment = 0; i++; out = out " " }
			out = out " "
		} else if (quote != "") {
			if (c == "\\") { i++; out = out " " }
			else if (c == quote) quote = ""
			out = out " "
		} else if (two == "/*") {
			comment = 1
			i++
			out = out "  "
		} else if (two == "//") {
			return out blank(n - i + 1)
		} else if (c == "\"" || c == "\047") {
			quote = c
			out = out " "
		} else
			out = out c
	}
	return out
}

# Where the parenthesis that opens at a place is closed.
function closing(at,	depth, c, n) {
	n = length(code)
	for (; at <= n; at++) {
		c = substr(code, at, 1)
		if (c == "(")
			depth++
		else if (c == ")" && --depth == 0)
			return at
	}
	return 0
}

function line_at(at) {
	while (line_start[near + 1] && line_start[near + 1] <= at)
		near++
	while (near > 1 && line_start[near] > at)
		near--
	return near
}

function found(kind, at, n, keep, before, after) {
	print room, FILENAME, line_at(at), kind, at - 1, n, keep, before, after
}

function swap(kind, at, old, new) {
	found(kind, at, length(old), "drop", new, "")
}

# After begin(), each call gives the next place of a pattern, and 0 after the
# last one; the last character of a match may be the first one of the next.
function begin() {
	rest = code
	passed = 0
}

function next_match(re,	at) {
	if (!match(rest, re))
		return 0
	at = passed + RSTART
	matched = substr(rest, RSTART, RLENGTH)
	passed += RSTART + RLENGTH - 2
	rest = substr(rest, RSTART + RLENGTH - 1)
	return at
}

function blank_calls(name,	at, end) {
	while (match(code, "(^|[^A-Za-z0-9_])" name " *\\(")) {
		at = RSTART
		end = closing(RSTART + RLENGTH - 1)
		code = substr(code, 1, at) blank(end - at) \
		    substr(code, end + 1)
	}
}

function conditions(	at, open, end) {
	begin()
	while (at = next_match("[^A-Za-z0-9_]if \\(")) {
		open = at + length(matched) - 1
		end = closing(open)
		found("negate", open + 1, end - open - 1, "keep", "!(", ")")
	}
}

function operators(	at, op) {
	begin()
	while (at = next_match(OPERATOR)) {
		op = substr(matched, 2, length(matched) - 2)
		swap(kind_of[op], at + 1, op, swapped[op])
	}
}

function truths(	at, word, old) {
	begin()
	while (at = next_match("[^A-Za-z0-9_](true|false)[^A-Za-z0-9_]")) {
		old = substr(matched, 2, length(matched) - 2)
		swap("truth", at + 1, old, old == "true" ? "false" : "true")
	}
}

# The last statement of a function has to return something.
function returns(	at, behind) {
	begin()
	while (at = next_match("[^A-Za-z0-9_]return false;")) {
		behind = substr(code, at + length(matched), 200)
		if (behind !~ /^[ \t\n]*\n}/)
			swap("return", at + 1, "return false;", "{ }")
	}
}

# Not the size of an array, nor { 0 }, nor the number of a bit.
function constants(	at, number, start, line, n) {
	begin()
	while (at = next_match("[^A-Za-z0-9_.][0-9]+[^A-Za-z0-9_.]")) {
		number = substr(matched, 2, length(matched) - 2)
		n = line_at(at + 1)
		line = substr(code, line_start[n],
		    line_start[n + 1] - line_start[n])
		if (substr(code, at - 1, length(number) + 4) == \
		    "{ " number " }" || line ~ /<</)
			continue
		if (substr(matched, 1, 1) == "[" && line ~ \
		    /^[\t ]*[a-z][a-z0-9_ ]* [*]*[a-z][a-z0-9_]*\[/)
			continue
		swap("constant", at + 1, number, number + 1)
	}
}

# A statement that is a call; not one that gives memory back, which only a
# look for leaks would miss.
function calls(	at, name, end, start, before, i, text, newlines) {
	begin()
	while (at = next_match("\n\t+[a-z][a-z0-9_]*\\(")) {
		name = matched
		sub(/^[\n\t]+/, "", name)
		sub(/\(/, "", name)
		start = at + length(matched) - length(name) - 1
		end = closing(start + length(name))
		if (substr(code, end + 1, 1) != ";" || name ~ idle)
			continue
		before = substr(code, at - 200 < 1 ? 1 : at - 200, \
		    at - 200 < 1 ? at : 201)
		if (before !~ /([;{}):]|else)[ \t\n]*$/)
			continue
		text = substr(code, start, end + 2 - start)
		newlines = gsub(/\n/, "", text)
		found("call", start, end + 2 - start, "drop", \
		    "{" substr("nnnnnnnnnnnnnnnnnnnn", 1, newlines) "}", "")
	}
}

BEGIN {
	OFS = "\t"
	OPERATOR = " (<|<=|>|>=|==|!=|&&|[|][|]|[+]|-|[+]=|-=)[ \n]"
	idle = "^(free|va_end|va_start|explicit_bzero|tdestroy|json_decref|" \
	    "arena_reset|(arena|text|vector|words|nameset)_clear|" \
	    "mysql_close|mysql_free_result)$"
	n = split("< <= > >= == != && || + - += -=", op, " ")
	split("<= < >= > != == || && - + -= +=", to, " ")
	for (i = 1; i <= n; i++) {
		swapped[op[i]] = to[i]
		kind_of[op[i]] = i <= 6 ? "relation" : \
		    i <= 8 ? "logic" : "arithmetic"
	}
}

{
	line_start[NR] = length(code) + 1
	code = code code_of($0) "\n"
}

END {
	line_start[NR + 1] = length(code) + 1
	near = 1
	room = FILENAME
	sub(/\/[^\/]*$/, "", room)
	blank_calls("BUG_ON")
	blank_calls("_Static_assert")
	conditions()
	operators()
	truths()
	returns()
	constants()
	calls()
}
