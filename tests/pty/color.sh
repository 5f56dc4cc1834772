# Colour that helps: what is red, yellow, green, dim and bold, and where there
# is none.
. tests/lib.sh
server_in_memory
server_start && fresh
mailadm -q <<END || bail_out 'no rows'
domain add example.com
user add anna@example.com --no-password
user add bo@example.com --no-password
user disable bo@example.com
END
esc=$(printf '\033')

# colored COMMAND...: what it prints, with {1} for ESC [ 1 m.
colored() {
	run mailadm --color always "$@"
	out=$(sed "s/$esc\\[\\([0-9;]*\\)m/{\\1}/g" "$T/out" "$T/err")
}

t 'headings are bold, and rows that are switched off are dim' '
	colored user list -o table --columns email,active && status 0 &&
	is "$out" "{1}EMAIL             ACTIVE{0}
anna@example.com  yes
{2}bo@example.com    no{0}"'

t 'done lines are green, notes yellow, hints dim' '
	colored alias add info@example.com bo@example.com --force &&
	matches "$out" "^[{]32[}]alias info@example.com added: .*[{]0[}]\$" &&
	matches "$out" "^[{]33[}]note:[{]0[}] bo@example.com" &&
	colored user disable anna@example.com &&
	matches "$out" "^[{]2[}]hint: to end .*[{]0[}]\$"'

t 'errors are red, and their hint is dim' '
	colored user delete x@example.com && status 2 &&
	matches "$out" "^[{]1;31[}]mailadm:[{]0[}] unknown command" &&
	matches "$out" "^[{]2[}]hint: .*[{]0[}]\$"'

t 'a pipe has none' '
	run mailadm user list -o table && unlike "$out" "$esc" &&
	run mailadm user enable anna@example.com && unlike "$err" "$esc"'

t '--color always colours a pipe, but never data' '
	run mailadm --color always user list -o table --columns email &&
	is "$(echo "$out" | head -n 1)" "$esc[1mEMAIL$esc[0m" &&
	for format in tsv csv json jsonl; do
		run mailadm --color always user list -o $format &&
		unlike "$out" "$esc" || return 1
	done'

finish
