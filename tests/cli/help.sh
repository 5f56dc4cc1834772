# Help tells the same as the parser does: both read the table of commands.
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

t 'help on what is not there names what is near' '
	run mailadm help domian && status 2 && empty "$out" &&
	like "$err" "domian" && like "$err" "domain" &&
	run mailadm help user ad && status 2 && empty "$out" &&
	like "$err" "user add"'

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
	like "$err" "user add needs EMAIL" &&
	like "$err" "hint: usage: mailadm user add EMAIL"'

t 'a noun without a verb names the verbs' '
	run mailadm alias && status 2 && empty "$out" &&
	like "$err" "alias needs a verb" && like "$err" "disable"'

t 'each paragraph is filled from its start' '
	run mailadm help export && matches "$out" "^With --postfix-maps and \
--dovecot-passwd-file it writes text .{7,}"'

finish
