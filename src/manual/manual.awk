# Prints C source with the pages of the manual: awk -f manual.awk FILE...
#
# Each file is a page, NAME.SECTION.text:
#
#	# mailadm-howto(7): what the page is about
#
#	## Title of a section
#	@topics words of "mailadm help" that find it; the first one is its name
#
#	A paragraph, with `bold` words.
#
#	* term
#	  What it is.
#
#	@run
#	    mailadm domain list
#
#	@table settings
#
# A line that begins with @ says what the example below it is, for the tests
# (tests/db/manual.sh says how each kind is tried), or which table of the
# program stands here.
BEGIN {
	split("run server file batch screen sql", list, " ")
	for (i in list)
		kinds[list[i]] = 1
	names = "synopsis run-options commands places settings rules " \
	    "verify-rules dns-rules statuses entries"
	split(names, list, " ")
	for (i in list)
		tables[list[i]] = 1
	print "/* Made by manual.awk from src/manual/. */"
	print "#include \"cmd/help/manual.h\"\n"
	print "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n"
	print "const struct block manual_blocks[] = {"
}

FNR == 1 { page() ; next }
/^@/ { flush(); mark(); next }
/^## / { flush(); section = substr($0, 4); next }
/^\* / { flush(); what = "ITEM"; term = substr($0, 3); next }
/^  / && (what == "ITEM" || what == "SECTION") { add(substr($0, 3)); next }
/^    / && (what == "CODE" || what == "") { code(); next }
/^$/ { if (what == "CODE") blank = blank "\n"; else flush(); next }
/^ / { wrong("a line that belongs to nothing"); next }
{ if (what != "TEXT") flush(); what = "TEXT"; add($0) }

END {
	flush()
	print "\t{ BLOCK_END, NULL, NULL }\n};"
	exit failed
}

function wrong(why)
{
	print FILENAME ":" FNR ": " why >"/dev/stderr"
	failed = 1
}

# "# mailadm(8): what it is" in the file mailadm.8.text.
function page(file, title)
{
	flush()
	file = FILENAME
	gsub(/.*\/|\.text$/, "", file)
	title = "# " substr(file, 1, length(file) - 2) \
	    "(" substr(file, length(file)) "): "
	if (index($0, title) != 1)
		wrong("the first line is not: " title "...")
	row("PAGE", file, substr($0, length(title) + 1))
}

function mark()
{
	if ($1 == "@topics") {
		what = "SECTION"
		term = section
		text = substr($0, 9)
		section = ""
	} else if ($1 == "@table" && $2 in tables) {
		term = toupper($2)
		gsub(/-/, "_", term)
		row(term, "", "")
	} else if (substr($1, 2) in kinds) {
		kind = $1
	} else {
		wrong("unknown: " $0)
	}
}

function add(line)
{
	text = text (text == "" ? "" : " ") line
}

function code()
{
	if (what == "" && kind == "")
		wrong("an example of no kind")
	what = "CODE"
	text = text blank substr($0, 5) "\n"
	blank = ""
}

function flush()
{
	if (what == "SECTION")
		topics(text)
	if (what != "")
		row(what, term, text)
	if (what == "CODE")
		kind = ""
	what = term = text = blank = ""
}

# Each finds one section.
function topics(words, list, i, n)
{
	n = split(words, list, " ")
	for (i = 1; i <= n; i++) {
		if (list[i] in topic)
			wrong(list[i] " is a topic already, of: " \
			    topic[list[i]])
		topic[list[i]] = term
	}
}

function row(which, about, words)
{
	if (section != "" && which != "SECTION") {
		wrong("a section without topics: " section)
		section = ""
	}
	print "\t{ BLOCK_" which ", " quoted(about) ", " quoted(words) " },"
}

# As embed.awk has it.
function quoted(s)
{
	if (s == "")
		return "NULL"
	gsub(/[\\"?]/, "\\\\&", s)
	gsub(/\n/, "\\n", s)
	return "\"" s "\""
}
