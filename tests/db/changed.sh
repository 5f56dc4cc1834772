# The line that a change ends with says what has changed, and what to do next
# is said once, behind it.
. tests/lib.sh
server_in_memory
server_start && fresh
mailadm -q <<END || bail_out 'no rows'
domain add example.com
domain add example.org --quota 2G
user add anna@example.com --no-password
user add bo@example.com --no-password
END

# says COMMAND LINE: all that standard error has.
# shellcheck disable=SC2086 # words
says() {
	run mailadm $1 && status 0 && is "$err" "$2"
}

t 'a user: each value, with the one before' '
	says "user set anna@example.com --quota 1G" \
	    "user anna@example.com changed: quota 1G (was default)" &&
	says "user set anna@example.com --quota none --name Anna" \
	    "user anna@example.com changed: name \"Anna\" (was none), \
quota none (was 1G)" &&
	says "user set bo@example.com --may-receive no" \
	    "user bo@example.com changed: may receive no (was yes)" &&
	says "user set bo@example.com --may-receive no" \
	    "user bo@example.com unchanged" &&
	mailadm -q user set bo@example.com --may-receive yes'

t 'a domain likewise' '
	says "domain set example.org --quota 500M --max-users 5" \
	    "domain example.org changed: quota 500M (was 2G), max users 5 \
(was none)" &&
	says "domain set example.org --alias-of example.com" \
	    "domain example.org changed: alias of example.com (was none)" &&
	says "domain set example.org --max-users 5" \
	    "domain example.org unchanged"'

t 'an alias: where its mail goes now' '
	says "alias add info@example.com anna@example.com" \
	    "alias info@example.com added: now anna@example.com" &&
	says "alias add info@example.com bo@example.com" \
	    "alias info@example.com added: now anna@example.com, \
bo@example.com" &&
	says "alias disable info@example.com --to anna@example.com" \
	    "alias info@example.com disabled" &&
	says "alias add info@example.com out@elsewhere.example" \
	    "alias info@example.com added: now (off) anna@example.com, \
bo@example.com, out@elsewhere.example" &&
	says "alias remove info@example.com bo@example.com" \
	    "alias info@example.com changed: now (off) anna@example.com, \
out@elsewhere.example" &&
	says "alias set info@example.com bo@example.com" \
	    "alias info@example.com set: now bo@example.com" &&
	says "alias set info@example.com bo@example.com" \
	    "alias info@example.com unchanged" &&
	says "alias add info@example.com bo@example.com --note help" \
	    "alias info@example.com changed: note \"help\" (was none)" &&
	says "alias remove info@example.com" "alias info@example.com removed"'

t 'hints come once, behind the last line' '
	run mailadm user disable anna@example.com bo@example.com \
	    bo@example.com &&
	status 0 && is "$(grep -v "^note: " "$T/err")" \
	    "user anna@example.com disabled
user bo@example.com disabled
user bo@example.com unchanged
hint: to end open sessions now: doveadm kick anna@example.com
hint: to end open sessions now: doveadm kick bo@example.com" &&
	run mailadm -q user enable anna@example.com && status 0 &&
	run mailadm -q user disable anna@example.com && unlike "$err" hint &&
	printf "%s\n" "user enable bo@example.com" \
	    "user disable bo@example.com" >"$T/batch" &&
	run mailadm --file "$T/batch" && status 0 &&
	is "$(grep -v "^note: " "$T/err")" "user bo@example.com enabled
user bo@example.com disabled
hint: to end open sessions now: doveadm kick bo@example.com"'

t 'a hint for a terminal is broken between words' '
	run on_terminal alias add "a*+b@example.com" bo@example.com <<-"END" &&
		expect "^hint: name.anything@ reaches name@; a pattern is "
		expect "^      [^ ]"
		status 3
	END
	status 0 && [ "$(wc -L <"$T/out")" -le 80 ]'

finish
