# An empty answer is a sentence on a terminal, and nothing for a program.
. tests/lib.sh
server_in_memory
server_start && fresh

# shows COMMAND TEXT: on a terminal, with status 0.
shows() {
	printf '%s\n' "expect \"$2\"" 'status 0' >"$T/script"
	# shellcheck disable=SC2086 # words
	run on_terminal $1 <"$T/script" && status 0
}

t 'where there is nothing at all it says so' '
	shows "domain list" "^there are no domains" &&
	shows "user list" "^there are no users" &&
	shows "alias list" "^there are no aliases"'

t 'where nothing matches it says so' '
	mailadm -q domain add example.com &&
	shows "domain list x*" "^no domains match" &&
	shows "user list --domain example.com" "^no users match" &&
	shows "user list --unused-for 90d" "^no users match" &&
	shows "alias list nobody*" "^no aliases match"'

t 'check says on a terminal that it found no problem' '
	mailadm -q user add postmaster@example.com --no-password &&
	shows check "^no problems found"'

t 'programs get nothing, on either stream' '
	run mailadm user list x* -o table && status 0 && empty "$out$err" &&
	run mailadm user list -o json x* && is "$out" "[]" && empty "$err" &&
	run mailadm check && status 0 && empty "$out$err"'

t 'a domain that does not exist is an error, not an empty answer' '
	for list in user alias; do
		run mailadm $list list --domain nowhere.example &&
		status 4 && like "$err" "no such domain" || return 1
	done'

finish
