# Help says the same as the parser does: both read the table of commands.
. tests/lib.sh

# The commands that the overview lists, one a line.
commands() {
	mailadm help | awk -F "  +" "/^options:/ { exit }
		listed && /^  [a-z]/ { print \$2 }
		/^commands:/ { listed = 1 }"
}

# each FILE COMMAND: true for every line, and there are some.
each() {
	[ -s "$1" ] || { t_notes='nothing to look at'; return 1; }
	while read -r each_line; do
		"$2" "$each_line" || { t_notes=$each_line; return 1; }
	done <"$1"
}

listed() {
	grep -qE "^$1( |\$)" "$T/commands"
}

# The usage on one line, from what run got.
usage_of_out() {
	sed -n '/^usage: /,/^$/p' "$T/out" | tr -s ' \n' '  ' |
	    sed 's/^usage: //; s/ $//'
}

# The command line of the example, from what run got.
example_of_out() {
	sed -n '/^example:$/{n; s/^  mailadm //p;}' "$T/out"
}

# One command by itself, which may read standard input; without a server.
parses_alone() {
	eval "run mailadm $1" && status 7
}

# Each line as a transaction of its own, so that every command may stand.
parses_as_line() {
	printf '%s\n' "$1" >"$T/line"
	run mailadm --check --keep-going --file "$T/line" && status 0
}

t 'the overview is on standard output' '
	run mailadm help && status 0 && empty "$err" &&
	like "$out" "usage: mailadm" && like "$out" "commands:" &&
	like "$out" "options:" && like "$out" "--dry-run"'

t 'help, --help and -h are the same' '
	mailadm help >"$T/help" && run mailadm --help && status 0 &&
	cmp "$T/out" "$T/help" && run mailadm -h && status 0 &&
	cmp "$T/out" "$T/help"'

t 'the tables of commands make sense' '
	run mailadm self-check && status 0 && empty "$out$err"'

t 'the overview lists every noun and what has none' '
	commands >"$T/commands" && listed domain && listed user &&
	listed alias && listed schema && listed help && listed quit &&
	! listed self-check'

t 'and all that completion offers' '
	mailadm complete "" >"$T/offered" && each "$T/offered" listed'

while read -r command <&3; do
	t "help $command says how it is used, with an example" '
		run mailadm help $command && status 0 && empty "$err" &&
		like "$out" "mailadm $command: " &&
		like "$(usage_of_out)" "mailadm $command" &&
		like "$(example_of_out)" "$command"'
	t "$command --help says the same" '
		mailadm help $command >"$T/help" &&
		run mailadm $command --help && status 0 && empty "$err" &&
		cmp "$T/out" "$T/help" && run mailadm --help $command &&
		cmp "$T/out" "$T/help"'
	t "the example of $command is a line that it takes" '
		run mailadm help $command && example=$(example_of_out) &&
		case $example in
		*-stdin*) parses_alone "$example" ;;
		*) parses_as_line "$example" ;;
		esac && empty "$out"'
	t "help $command fits into 80 columns" '
		run mailadm help $command && ! grep -E "^.{81}" "$T/out"'
done 3<"$T/commands"

t 'help on a noun lists its commands' '
	run mailadm help alias && status 0 && empty "$err" &&
	like "$out" "alias enable" && unlike "$out" "user "'

t 'help on an unknown word names what is similar, with status 4' '
	run mailadm help domian && status 4 && empty "$out" &&
	like "$err" "no help on \"domian\"" &&
	like "$err" "hint: did you mean: domain" &&
	run mailadm help user paswd && status 4 && empty "$out" &&
	like "$err" "hint: did you mean: user passwd" &&
	run mailadm help paswords && status 4 &&
	like "$err" "hint: did you mean: passwords" &&
	run mailadm help qwertz && status 4 &&
	like "$err" "hint: list the commands with: mailadm help"'

# --- topics --------------------------------------------------------------

# The titles of the sections that the manual page has, one a line.
titles() {
	for page in src/manual/*.text; do
		page=${page##*/}
		mailadm manual "${page%.text}"
	done | sed -n "/^\.SH NAME/d; /^\.SH SEE ALSO/d; s/^\.SH //p" |
	    sed "s/.(aq/'/g; s/\\\\%//g; s/\\\\-/-/g"
}

topics() {
	mailadm complete help "" | while read -r topic; do
		mailadm help "$topic" | grep -q "^usage:\|^commands of" ||
		echo "$topic"
	done
}

topics >"$T/topics"

t 'each section of the manual is a topic of help' '
	titles >"$T/titles" && [ -s "$T/titles" ] &&
	while read -r topic; do
		mailadm help "$topic" | head -n 1
	done <"$T/topics" | sort >"$T/found" &&
	is "$(cat "$T/found")" "$(sort "$T/titles")"'

while read -r topic; do
	t "help $topic fits into 80 columns, and holds no backquote" '
		run mailadm help "$topic" && status 0 && empty "$err" &&
		! grep -E "^.{81}" "$T/out" && unlike "$out" "\`" &&
		[ "$(wc -l <"$T/out")" -gt 3 ]'
done <"$T/topics"

t 'a topic may be written in capitals, with blanks, or by another word' '
	mailadm help exit-status >"$T/topic" &&
	for words in EXIT-STATUS "Exit Status" "exit status" statuses; do
		run mailadm help $words && status 0 &&
		cmp "$T/out" "$T/topic" || return 1
	done && status 0 && run mailadm help quota && status 0 &&
	matches "$out" "^QUOTAS AND LIMITS" &&
	run mailadm help password && matches "$out" "^PASSWORDS"'

t 'a topic has what the tables of the program say' '
	run mailadm help exit-status && like "$out" "7 (database)" &&
	run mailadm help configuration && matches "$out" "^  rounds  " &&
	run mailadm help checker-rules && matches "$out" "^  D004  " &&
	run mailadm help verifier-rules && matches "$out" "^  V040  " &&
	run mailadm help config rules && like "$out" "--explain RULE" &&
	run mailadm help options && matches "$out" "^  -n, --dry-run" &&
	run mailadm help commands && matches "$out" "^  domain add  " &&
	run mailadm help synopsis && like "$out" "--file FILE"'

t 'a command and a noun come before a topic and a search' '
	run mailadm help history && like "$out" "usage: mailadm history" &&
	run mailadm help config && matches "$out" "^commands of config:" &&
	run mailadm help "user add" && like "$out" "usage: mailadm user add" &&
	run mailadm help manual && matches "$out" "^THE MANUAL"'

t 'several words may be topics of one section; the shortest do not count' '
	run mailadm help to begin quick && matches "$out" "^QUICK START" &&
	run mailadm help quick beginn && status 4'

t 'any other word is searched for: each place with its name' '
	run mailadm help CERTIFICAT && status 0 && empty "$err" &&
	matches "$out" "^  config init --certificate" &&
	matches "$out" "^  setting certificate_key" &&
	matches "$out" "^  rule V042 .*expired" &&
	matches "$out" "^  topic configuration .*" &&
	unlike "$out" "domain add" &&
	run mailadm help --  --dry-run && status 0 &&
	matches "$out" "^  --dry-run" && matches "$out" "^  undo " &&
	run mailadm help deadlock && matches "$out" "^  topic exit-status" &&
	run mailadm help pager && matches "$out" "^  set pager" &&
	run mailadm help D004 && matches "$out" "^  rule D004" &&
	run mailadm help not reachable && status 4'

t 'of an example only the line is shown that has the word' '
	run mailadm help pwgen && status 0 && matches "$out" \
	    "^  topic examples          pwgen 20 1 | mailadm user passwd" &&
	run mailadm help a new customer && status 0 &&
	unlike "$out" "domain add"'

t 'several words are one phrase' '
	run mailadm help "send as another" && status 0 &&
	matches "$out" "^  user grant" &&
	cp "$T/out" "$T/phrase" && run mailadm help send as another &&
	cmp "$T/out" "$T/phrase"'

t 'help needs neither settings nor option files nor a server' '
	run env MAILADM_CONFIG=/nonexistent "$MAILADM" \
	    --defaults-file=/nonexistent help user add &&
	status 0 && empty "$err" && like "$out" "usage: mailadm user add"'

t 'help that cannot be written is an error' '
	full() { "$MAILADM" "$@" >/dev/full; } &&
	run full help && status 10 && run full user add --help &&
	status 10 && like "$err" "cannot write"'

t 'an argument that is missing is named, with the usage' '
	run mailadm user add && status 2 && empty "$out" &&
	like "$err" "missing argument: EMAIL" &&
	like "$err" "hint: usage: mailadm user add EMAIL"'

t 'a noun without a verb names the verbs' '
	run mailadm alias && status 2 && empty "$out" &&
	like "$err" "missing verb after alias" && like "$err" "disable"'

t 'each paragraph is filled from its start' '
	run mailadm help export && matches "$out" "^--postfix-maps and \
--dovecot-passwd-file write text .{7,}"'

finish
