# How the lines of a batch are read: --check needs no database.
. tests/lib.sh

check() {
	run mailadm --check -f "$T/b"
}

lines_of() {
	printf '%b' "$1" >"$T/b"
}

t 'blanks, comments, quotes, CRLF and continued lines are understood' '
	lines_of "# a comment\n\n  \t\n domain add a.org # and a command\n" &&
	check && status 0 && empty "$err" &&
	lines_of "domain add a.org --description '\''two  # words'\''\r\n" &&
	check && status 0 && empty "$err" &&
	lines_of "domain add \\\\\na.org --desc\\\\\nription x\n" &&
	check && status 0 && empty "$err" &&
	lines_of "domain add a.org --description \"say \\\\\"hi\\\\\"\"" &&
	check && status 0 && empty "$err" &&
	lines_of "\357\273\277domain add a.org\n" &&
	check && status 0 && empty "$err"'

t 'a # inside of a word is no comment' '
	lines_of "alias add a#b@a.org c@a.org\n" && check && status 0 &&
	lines_of "domain show #a.org\n" && check && status 2'

t 'all faulty lines are reported, the status is the first one'\''s' '
	lines_of "domain add a..org\nuser add x@a.org --no-password\n\
domain frobnicate\nuser add y@a.org --nonsense\n" && check &&
	status 3 && empty "$out" &&
	like "$err" "mailadm: $T/b:1: " && unlike "$err" "b:2:" &&
	like "$err" "mailadm: $T/b:3: unknown command after domain" &&
	like "$err" "mailadm: $T/b:4: user add: unknown option"'

t 'a continued line has the number of its first line' '
	lines_of "\n\ndomain \\\\\nadd \\\\\na..org\ndomain x\n" && check &&
	like "$err" "$T/b:3: " && like "$err" "$T/b:6: "'

t 'with -o json each faulty line is one object with its number' '
	lines_of "domain x\n\ndomain y\n" &&
	run mailadm -o json --check -f "$T/b" && status 2 && lines "$err" 2 &&
	matches "$err" "^\{\"error\":\"usage\",.*\"line\":1\}$" &&
	matches "$err" "^\{\"error\":\"usage\",.*\"line\":3\}$"'

t 'an open quote and a backslash before nothing are faults' '
	lines_of "domain add '\''a.org\ndomain add \"a.org\ndomain add a\\\\" &&
	check && status 2 && like "$err" "$T/b:1: no closing" &&
	like "$err" "$T/b:2: no closing" && like "$err" "$T/b:3: nothing after"'

t 'a line may have 64 KiB, a longer one is refused with its number' '
	{
		printf "domain list "; head -c 65524 /dev/zero | tr "\\0" " "
		echo; echo "domain list"
	} >"$T/b" && check && status 0 && empty "$err" &&
	{
		echo "domain list"
		printf "domain list "; head -c 65525 /dev/zero | tr "\\0" " "
		echo; echo "domain lsit"
	} >"$T/b" && check && status 3 &&
	like "$err" "$T/b:2: the line is longer than 65536 bytes" &&
	like "$err" "$T/b:3: unknown command" && lines "$err" 3'

t 'the limit counts a continued line as one' '
	{
		for i in 1 2; do
			head -c 40000 /dev/zero | tr "\\0" " "
			printf "\\\\\n"
		done
		echo domain list; echo domain lsit
	} >"$T/b" && check && status 3 &&
	like "$err" "$T/b:1: the line is longer" &&
	like "$err" "$T/b:4: unknown command"'

t 'a line of 1 MiB is refused in little memory, even without an end' '
	head -c 1048576 /dev/zero | tr "\\0" a >"$T/b" && check &&
	status 3 && lines "$err" 1 && like "$err" "$T/b:1: "'

t 'NUL, invalid UTF-8 and control characters are refused' '
	lines_of "domain add a.org\\0x\ndomain add \\0377.org\n\
domain add \\0001.org\ndomain add a.org --description \\0342\\0200\\0256x\n" &&
	check && status 3 && like "$err" "$T/b:1: the line holds a NUL byte" &&
	like "$err" "$T/b:2: the line is not valid UTF-8" &&
	like "$err" "$T/b:3: " && like "$err" "$T/b:4: " &&
	unlike "$err" "$(printf "\\001")"'

t 'a line of 10,000 words is read' '
	{
		printf "domain disable "
		seq 10000 | sed "s/.*/d&/" | tr "\\n" " " ; echo
	} >"$T/b" && check && status 3 && like "$err" "d1"'

t 'what a batch cannot hold is said before any database is asked' '
	for line in begin commit rollback quit "schema init" "schema status" \
	    "schema upgrade" "user add a@a.org --password-stdin" \
	    "user passwd a@a.org --hash-stdin" \
	    "user verify a@a.org --password-stdin" "-f x domain list" \
	    "domain list --host h" "domain list --show-sql" "--config x"; do
		printf "domain list\n%s\n" "$line" >"$T/b" &&
		check && status 2 && like "$err" "$T/b:2: " &&
		run mailadm -f "$T/b" && status 2 && like "$err" "$T/b:2: " ||
			break
	done && status 2 && is "$line" "--config x"'

t 'standard input holds the commands: the message says so' '
	printf "user add a@a.org --password-stdin\nsecret\n" >"$T/b" &&
	run mailadm <"$T/b" && status 2 &&
	like "$err" "stdin:1: --password-stdin cannot be used in a batch"'

t 'a file that is not there, or is none' '
	run mailadm -f "$T/none" && status 4 && like "$err" "$T/none" &&
	run mailadm -f "$T" && status 10 && like "$err" "is a directory"'

t 'an empty batch does nothing, and says nothing' '
	: >"$T/b" && check && status 0 && empty "$err" &&
	run mailadm --check </dev/null && status 0 && empty "$out$err"'

t 'a password file is opened before the transaction' '
	printf "user add a@a.org --password-file %s\n" "$T/none" >"$T/b" &&
	run mailadm -f "$T/b" && status 4 && like "$err" "$T/b:1: " &&
	like "$err" "$T/none" &&
	echo secret >"$T/open" && chmod 644 "$T/open" &&
	printf "user add a@a.org --password-file %s\n" "$T/open" >"$T/b" &&
	run mailadm -f "$T/b" && status 9 && like "$err" "$T/b:1: " &&
	like "$err" "chmod 600 $T/open"'

finish
