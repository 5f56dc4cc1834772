#!/bin/sh
# The rules of the tree that no compiler knows: sh tests/lint.sh
#
# A rule that is broken says where, and what to do instead.  Comments do not
# count, nor does what stands in strings, except for SQL.

[ -f tests/lint.sh ] || { echo 'Bail out! run from the top'; exit 99; }
T=$(mktemp -d) || exit 99
trap 'rm -rf "$T"' EXIT
trap 'exit 143' INT TERM HUP
found=$T/found
count=0
failed=0

# What stands in $found breaks the rule.
rule() {
	count=$((count + 1))
	if [ ! -s "$found" ]; then
		echo "ok $count - $1"
		return
	fi
	failed=$((failed + 1))
	echo "not ok $count - $1"
	sort -u "$found" | sed 's/^/#   /'
	echo "# $2"
}

sources=$(find src -name '*.[ch]' | sort)
ours="$sources $(find tests -name '*.[ch]' | sort)"
texts="$ours Makefile .ci/run
$(find src tests -name '*.sh' -o -name '*.awk' -o -name '*.pl')
$(find src/manual -name '*.text' 2>/dev/null)"

# Copies of the sources with the same lines: in code/ without comments, in
# bare/ with empty strings too, in notes/ with the comments alone.
find src -type d | while read -r folder; do
	mkdir -p "$T/code/$folder" "$T/bare/$folder" "$T/notes/$folder"
done
# shellcheck disable=SC2086 # a list of files
awk -v top="$T" '
FNR == 1 {
	if (code != "") {
		close(code)
		close(bare)
		close(notes)
	}
	code = top "/code/" FILENAME
	bare = top "/bare/" FILENAME
	notes = top "/notes/" FILENAME
	comment = 0
	quote = ""
}
{
	c = b = m = ""
	n = length($0)
	for (i = 1; i <= n; i++) {
		ch = substr($0, i, 1)
		two = substr($0, i, 2)
		if (comment) {
			if (two == "*/") { comment = 0; i++ }
			else m = m ch
		} else if (quote != "") {
			c = c ch
			if (ch == "\\") c = c substr($0, ++i, 1)
			else if (ch == quote) { quote = ""; b = b ch }
		} else if (two == "/*") { comment = 1; i++ }
		else if (two == "//") break
		else {
			c = c ch
			b = b ch
			if (ch == "\"" || ch == "\047") quote = ch
		}
	}
	print c >code
	print b >bare
	print m >notes
}' $sources

# in_code FILES ERE, in_bare FILES ERE: file:line:text, the way grep does.
# shellcheck disable=SC2086 # a list of files
in_code() { ( cd "$T/code" && grep -nE -e "$2" $1 /dev/null ); }
# shellcheck disable=SC2086
in_bare() { ( cd "$T/bare" && grep -nE -e "$2" $1 /dev/null ); }

# A call of one of these functions, and of nothing that ends like them.
calls() {
	in_bare "$sources" "(^|[^A-Za-z0-9_>.])($1) *\\("
}

# Lines of standard input, less those of these files.
but() {
	grep -vE "^($1):"
}

# The rooms of src, the lower ones first, and what the files of each may
# include besides those of their own room: other rooms, where model/* stands
# for every folder in model, or single headers.  A second line of a room adds
# to the first.  A room without a line may include nothing: a new one is a
# decision.
rooms() {
	cat <<-'END'
	base
	file		base
	print		base
	db		base
	db/schema	base db

	model		base
	model/password	base model
	model/server	base file model
	model/dns	base
	model/spf	base model/dns
	model/dnscheck	base file db model model/dns model/spf model/dkim
	model/dnscheck	model/server model/mail model/route
	model/dkim	base file db model model/mail model/dns
	model/keys	base file db model model/mail model/dkim
	model/keys	model/connect
	model/records	base file db model model/mail model/dns model/dkim
	model/records	model/server model/spf
	model/mail	base file db model model/password
	model/archive	base db model model/mail
	model/connect	base file db model/mail
	model/sending	base db model model/mail
	model/way	base file db model model/mail
	model/manifest	base file db model model/password model/mail
	model/manifest	model/way
	model/check	base file db db/schema model model/password model/mail
	model/conf	base
	model/place	base file
	model/verify	base file db model model/password model/server
	model/verify	model/mail model/dkim model/conf model/place
	model/verify/postfix	base file model/verify model/conf
	model/verify/dovecot	base file model/verify model/conf
	model/verify/dovecot	model/password
	model/history	base file db model model/mail
	model/route	base file db model model/password model/mail
	model/route	model/manifest model/sending
	model/plan	base file db model model/password model/mail
	model/plan	model/manifest model/route model/way
	model/import	base file db model model/password model/mail
	model/import	model/manifest model/plan
	model/foreign	base file db model model/password model/mail
	model/foreign	model/connect model/manifest model/plan
	model/foreignfile	base file model model/foreign model/manifest
	model/guess	base file model/foreign
	model/doctor	base file db db/schema model model/mail
	model/doctor	model/check model/verify model/server model/dkim
	model/doctor	model/dns model/password model/talk model/firewall
	model/doctor	model/dnscheck
	model/report	base file db model model/mail model/check model/verify
	model/report	model/history model/route
	model/setup	base file model/server model/doctor
	model/talk	base
	model/firewall	base
	model/repair	base file db db/schema model model/password
	model/repair	model/mail model/check model/history

	cmd/language	base file print model model/* db/rows.h
	cmd/help	base file print model model/* db/rows.h
	cmd/help	cmd/language
	cmd/run		base file print model model/* db/rows.h
	cmd/run		cmd/language cmd/help db/schema/schema.h
	cmd/check	base file print model model/* db/rows.h
	cmd/check	cmd/language cmd/help cmd/run
	cmd/config	base file print model model/* db/rows.h
	cmd/config	cmd/language cmd/help cmd/run cmd/check
	cmd/doctor	base file print model model/* db/rows.h
	cmd/doctor	cmd/language cmd/help cmd/run cmd/check
	cmd/report	base file print model model/* db/rows.h
	cmd/report	cmd/language cmd/help cmd/run cmd/check
	cmd/dkim	base file print model model/* db/rows.h
	cmd/dkim	cmd/language cmd/help cmd/run
	cmd/dns		base file print model model/* db/rows.h
	cmd/dns		cmd/language cmd/help cmd/run cmd/check
	cmd/foreign	base file print model model/* db/rows.h
	cmd/foreign	cmd/language cmd/help cmd/run cmd/plan.h
	cmd/user	base file print model model/* db/rows.h
	cmd/user	cmd/language cmd/help cmd/run
	cmd/way		base file print model model/* db/rows.h
	cmd/way		cmd/language cmd/help cmd/run
	cmd/setup	base file print model model/* db/rows.h
	cmd/setup	cmd/language cmd/help cmd/run cmd/config
	cmd/setup	db/schema/schema.h
	cmd		base file print model model/* db/rows.h
	cmd		cmd/language cmd/help cmd/run db/schema/schema.h
	END
}

# Of the lines FILE:LINE:#include "HEADER" on standard input those that the
# room may not include.
not_for() {
	awk -v room="$1" '
	NR == FNR {
		if ($1 == room)
			may = may " " $0
		next
	}
	{
		header = $0
		gsub(/^[^"]*"|".*/, "", header)
		folder = header
		sub(/\/?[^\/]*$/, "", folder)
		above = folder
		sub(/[^\/]*$/, "*", above)
		n = split(may, item, " ")
		for (i = 1; i <= n; i++)
			if (item[i] == folder || item[i] == header || \
			    item[i] == above && above != "*")
				next
		print
	}' "$T/rooms" -
}

rooms >"$T/rooms"
find src -mindepth 1 -type d ! -path src/examples ! -path src/maps \
    ! -path src/pages ! -path src/manual | sort >"$T/folders"
while read -r folder; do
	in_code "$(find "$folder" -maxdepth 1 -name '*.[ch]')" \
	    '^ *# *include *"' | not_for "${folder#src/}" >"$found"
	rule "$folder includes only what is below it" \
	    'pass a value down, or move the code to the room that owns it'
done <"$T/folders"

# only_in NAME ERE FILES: a library has one owner.
only_in() {
	in_code "$sources" "^ *# *include *<($2)" | but "$3" >"$found"
	rule "$1 is included only where it belongs" \
	    "call the module that owns it: $3"
}
only_in libmariadb 'mysql|mariadb|errmsg|mysqld_error' 'src/db/[a-z_/]*\.[ch]'
only_in readline 'readline/' 'src/shell_(line|keys|wipe|history)\.c'
only_in libcrypt 'crypt\.h' 'src/model/password/hash\.c'
only_in libidn2 'idn2\.h' 'src/model/(address|idn)\.c'
only_in jansson 'jansson\.h' \
    'src/print/[a-z_]*\.c|src/cmd/report/json\.c|'\
'src/model/(doctor/queue|firewall/nft|history/row|'\
'manifest/text|plan/read)\.c'
only_in libunistring 'uni(str|case|ctype|width|norm|conv|types)\.h' \
	'src/base/[a-z0-9_]*\.c|src/model/(address|idn)\.c'

only_in libcurl 'curl/' 'src/model/(talk/hop|dns/sts_fetch)\.c'
only_in libunbound 'unbound\.h' 'src/model/dns/(ask|resolver|store)\.c'

sql='SELECT |INSERT INTO |DELETE FROM |UPDATE [a-z_]+ SET|DROP TABLE'
sql="$sql|CREATE (TABLE|TRIGGER|DATABASE)|START TRANSACTION"
in_code "$sources" "\"[^\"]*($sql)" |
	but 'src/db/[a-z_/]*\.[ch]' >"$found"
rule 'SQL stands only in src/db and sql' \
	'give the statement a name in src/db/sql.c and call it by that'

calls 'v?f?printf|f?puts|f?putc|putchar|perror|fwrite|dprintf' |
	but 'src/print/[a-z_]*\.[ch]|src/base/bug\.c' >"$found"
rule 'only src/print prints' \
	'results go through out_row() and the like, messages through struct err'

calls 'exit|_exit|quick_exit' | but 'src/main\.c|src/base/bug\.c' >"$found"
rule 'only main.c ends the program' \
	'return false with a struct err: the front end decides'

calls 'abort' | but 'src/base/bug\.c|src/main\.c' >"$found"
rule 'only BUG_ON aborts' 'use BUG_ON(), or return an error'

calls 'system|popen|exec[lv][pe]*|posix_spawnp?' |
	but 'src/print/pager\.c|src/file/program\.c' >"$found"
rule 'no other program is called' 'call the library, or ask the user'

calls 'strcpy|strcat|strncpy|strncat|stpcpy|v?sprintf|gets|alloca' >"$found"
rule 'no function that can write beyond its buffer' \
	'use arena_printf() or struct text; snprintf() for a fixed form'

calls 'strtok|gmtime|localtime|ctime|asctime|rand|random|srand' >"$found"
rule 'no function with a hidden state' \
	'the _r form, base/time.h for times, RAND_bytes() for chance'

calls 'atoi|atol|atoll|atof|scanf|fscanf' >"$found"
rule 'numbers are parsed with their errors' \
	'use number_parse() or size_parse()'

calls 'malloc|calloc|realloc|strdup|strndup|asprintf|vasprintf' |
	but 'src/(base|db|print)/[a-z_]*\.[ch]|src/shell\.c' >"$found"
rule 'handlers and models take their memory from an arena' \
	'take a struct arena from the caller; readline alone wants malloc()'

# What was found and is listed is a pair, and so is what a target belongs to.
readers=tests/fuzz/readers
reads='io_read|io_read_all|read|getline|fgets|fread|pread|file_read|lines_init'
reads="$reads|json_load[a-z]*|yaml_open|yaml_parser_parse|csv_file_open"
reads="$reads|csv_parse|words_split|words_split_open|program_run|fget..ent"
reads="$reads|password_line_read|password_file_read"
awk '!/^#/ && NF { print $1 }' $readers | sort >"$T/listed"
calls "$reads" | grep -o "^[^:]*\.c" | sort -u >"$T/reading"
{
	comm -13 "$T/listed" "$T/reading" | sed 's/$/ is not in the list/'
	comm -23 "$T/listed" "$T/reading" | sed 's/$/ reads nothing/'
	awk '!/^#/ && NF && $2 == "-" && NF < 3 {
		print $1 " without a reason"
	}' $readers
	{
		awk '!/^#/ && NF && $2 != "-" { print $2 }' $readers
		find tests/fuzz -name 'fuzz_*.c' |
			sed 's|.*/fuzz_||; s|\.c$||'
	} | sort -u | while read -r target; do
		[ -f "tests/fuzz/fuzz_$target.c" ] ||
			echo "tests/fuzz/fuzz_$target.c is missing"
		[ -n "$(ls "tests/fuzz/corpus/$target" 2>/dev/null)" ] ||
			echo "tests/fuzz/corpus/$target holds no bytes"
	done
} >"$found"
rule 'every reader of bytes has a fuzz target' \
	'write tests/fuzz/fuzz_NAME.c with a corpus, and list it in '"$readers"

LC_ALL=C in_code "$sources" '[^ -~	]' >"$found"
rule 'code is ASCII' 'write other characters as \u or \x in a string'

# A tab goes on to the next of every eighth column.
# shellcheck disable=SC2086 # a list of files
LC_ALL=C awk '
{
	gsub(/[\200-\277]/, "")	# UTF-8: count characters
	n = split($0, part, "\t")
	columns = length(part[n])
	for (i = 1; i < n; i++)
		before = before_tab(before, length(part[i]))
	columns += before
	before = 0
	if (columns > 80)
		print FILENAME ":" FNR ": " columns " columns"
}

function before_tab(start, n)
{
	return start + n + 8 - (start + n) % 8
}' $texts >"$found"
rule 'lines have at most 80 columns' 'break the line, or shorten it'

# shellcheck disable=SC2086 # a list of files
awk 'FNR == 1 && !/^\/\*/ {
	print FILENAME ": begins with: " $0
}' $sources >"$found"
rule 'a file begins with what it is for' \
	'a comment of one sentence; the contract goes into the .h'

# ma_default.c is one of libmariadb.
{
	echo ma_default.c
	find src tests -name '*.[ch]' -o -name '*.def' | sed 's|.*/||'
} | sort -u >"$T/exist"
# shellcheck disable=SC2086 # a list of files
( cd "$T/notes" && grep -noE '[A-Za-z0-9_/]+\.(c|h|def)\>' $sources ) |
	awk '
	NR == FNR { exists[$0] = 1; next }
	{
		name = $0
		sub(/.*[:\/]/, "", name)
		if (!(name in exists))
			print
	}' "$T/exist" - >"$found"
rule 'files that a comment names exist' \
	'name the file where it is today'

# shellcheck disable=SC2086 # a list of files
wc -l $sources | awk '$1 > 600 && $2 != "total" {
	print $2 ": " $1 " lines"
}' | but src/db/sql\.c >"$found"
rule 'files have at most 600 lines' 'is there a second noun in it?'

# shellcheck disable=SC2086 # lists of files
grep -nE '(^|[ (])(TODO|FIXME|XXX|HACK)([ :(]|$)' $sources >"$found"
rule 'nothing is left to be done' 'do it, or make an issue of it'

# shellcheck disable=SC2086
grep -nE '[ 	]+$|^ {8}' $ours >"$found"
rule 'tabs indent, and nothing trails' 'indent by tabs of 8'

find src -name '*.h' -exec grep -LE '^#ifndef [A-Z0-9_]+_H$' {} + >"$found"
rule 'headers are guarded' '#ifndef FOLDER_FILE_H'

find sql -name '[0-9]*.sql' | sort | awk '
	substr($0, 5, 3) != sprintf("%03d", NR) { print; exit }' >"$found"
rule 'migrations are numbered without gaps' \
	'take the next number; what was released is never renumbered'

# A body stands between braces in the first column, two lines below the type.
# shellcheck disable=SC2086
awk '
	/^[a-z][A-Za-z0-9_]*\(/ { name = $0; sub(/\(.*/, "", name) }
	/^\{/ { first = FNR }
	/^\}$/ && FNR - first + 1 > 58 {
		print FILENAME ": " name "(): " FNR - first + 3 " lines"
	}' $sources >"$found"
rule 'functions have at most 60 lines' 'is a table hiding in it?'

# An array with its count and size, and a statement with its row and whether
# there is one, are seven.
# shellcheck disable=SC2086
( cd "$T/bare" && awk '
	/^[a-z][A-Za-z0-9_]*\(/ && !depth {
		name = $0
		sub(/\(.*/, "", name)
		n = 1
		open = 1
	}
	open {
		for (i = 1; i <= length($0); i++) {
			c = substr($0, i, 1)
			if (c == "(") depth++
			else if (c == ")") depth--
			else if (c == "," && depth == 1) n++
		}
		open = depth > 0
		next
	}
	/^\{/ && n > 6 { print FILENAME ": " name "(): " n " parameters" }
	{ n = 0 }' $sources ) |
	grep -vE '/(out\.c: out_group|statement\.c: db_row)\(' >"$found"
rule 'functions have at most 6 parameters' 'is a struct hiding in them?'

# shellcheck disable=SC2046 # a list of files
{
	perl tests/words.pl $(find src sql postfix dovecot README.md -type f \
	    2>/dev/null | sort)
	perl tests/words.pl --tests $(find tests -name '*.sh' \
	    ! -path tests/cli/lint.sh)
} >"$found"
rule 'people read plain words' \
	'write what the line proposes, or choose a word that everybody knows'

find src -name '*.c' | sed 's|/[^/]*$||' | sort | uniq -c |
	awk '$1 > 20 { print $2 ": " $1 " files" }' >"$found"
rule 'folders have at most 20 files' 'is there a second room in it?'

echo "1..$count"
[ "$failed" -eq 0 ]
