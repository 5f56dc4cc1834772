# Hints: each one leads on.  The commands that they name exist, and what they
# print is not the same error again.
. tests/lib.sh

# The texts of all hints in the sources, one a line: literals joined.
hints() {
	find src -name '*.[ch]' -exec sed -z '
	    s/"[ \t\n]*\\\{0,1\}\n\{0,1\}[ \t]*"//g
	    s/\\\n[ \t]*/ /g
	    s/\n[ \t]*/ /g
	    s/\(err_hint\|out_hint\|# *define HINT_\)/\n\1/g' {} + |
	    grep -aE '^(err_hint|out_hint|# *define HINT_)' |
	    grep -aoE '^[^;]{0,500}'
}

# "change it with: mailadm user set %s" becomes "user set".
commands() {
	hints | grep -aoE 'mailadm( [a-z][a-z-]*)+' | sort -u |
	sed 's/^mailadm //; /^a database/d'
}

# The command that these words begin with; none: false.
command_of() {
	mailadm complete "" | grep -qxF "$1" || return 1
	if [ "$1" = help ]; then
		echo "$*"
	elif mailadm complete "$1" "" | grep -qxF "${2:-}"; then
		echo "$1 $2"
	else
		echo "$1"
	fi
}

commands >"$T/commands"

t 'there are hints that name commands' '
	[ "$(wc -l <"$T/commands")" -gt 10 ]'

while read -r words; do
	t "the command of a hint exists: $words" '
		command=$(command_of $words) && case $command in
		"help "*) run mailadm $command ;;
		*) run mailadm $command --help ;;
		esac && status 0 && [ "$(wc -l <"$T/out")" -gt 3 ]'
done <"$T/commands"

# Runs a command that fails, and then the one that its hint names.
# shellcheck disable=SC2086 # words
leads_on() {
	run mailadm "$@"
	leads_err=$err
	[ "$status" -ne 0 ] && leads_to=$(sed -n \
	    "s/^hint: .*mailadm \([a-z -]*[a-z]\).*/\1/p" "$T/err") &&
	leads_to=$(command_of $leads_to) && run mailadm $leads_to &&
	[ "$out$err" != "$leads_err" ] && [ -n "$out" ]
}

t 'so do those of usage errors, and they print something else' '
	leads_on user set a@a.org &&
	leads_on frobnicate && leads_on --password x status &&
	leads_on help qwertz'

t 'the hint of a server that cannot be reached shows how it was tried' '
	leads_on domain list && status 7 && is "$leads_to" status &&
	like "$out" "socket $server_socket" && like "$out" "$T/client.cnf" &&
	like "$err" "cannot reach the database" &&
	unlike "$err" "mailadm status" &&
	like "$err" "hint: start the server, or correct the values above" &&
	run mailadm -o json status && status 7 &&
	like "$out" "\"connection\":\"socket $server_socket\"" &&
	like "$out" "\"option_files\":[\"$T/client.cnf\"]"'

t 'it shows host and port, account and database, and files that are missing' '
	run mailadm --host 127.0.0.1 --port 9 --user ann --database mail2 \
	    -o json status && status 7 &&
	like "$out" "\"connection\":\"127.0.0.1:9\"" &&
	like "$out" "\"account\":\"ann\"" &&
	like "$out" "\"database\":\"mail2\"" &&
	run "$MAILADM" --socket "$server_socket" -o json status &&
	status 7 && like "$out" "\"missing_files\":[" &&
	like "$out" "$HOME/.my.cnf" &&
	printf "[client]\nport = 7\n!include $T/more.cnf\n" >"$HOME/.my.cnf" &&
	chmod 600 "$HOME/.my.cnf" &&
	run "$MAILADM" --host 127.0.0.1 -o json status && status 7 &&
	like "$out" "\"connection\":\"127.0.0.1:7\"" &&
	matches "$out" "\"option_files\":.*$HOME/.my.cnf.*\"missing_files\":" &&
	matches "$out" "missing_files.*$T/more.cnf"'

finish
