# The page of the report, looked at in a browser: wide and narrow, light and
# dark.  KEEP=1 keeps the pictures.
. tests/lib.sh
. tests/db/lib-report.sh
chromium=$(command -v chromium) || skip_all 'chromium is not installed'
server_start && fresh

look() { # PAGE
	run perl tests/browser/look.pl "$chromium" "$1" "${1%.html}"
}

# What is right on every page, whatever is on it.
page_is_well() { # NAME CARDS
	page=$T/$1.html
	look "$page" && status 0 && empty "$err" || return 1
	for at in '1280 light' '1280 dark' '400 light' '400 dark'; do
		matches "$out" "^$at overflow: 0$" &&
		matches "$out" "^$at beyond: nothing$" &&
		matches "$out" "^$at scripts: 0$" &&
		matches "$out" "^$at ids: different$" &&
		matches "$out" "^$at charts: labelled$" &&
		matches "$out" "^$at headers: scoped$" &&
		matches "$out" "^$at contrast: enough$" &&
		matches "$out" "^$at cards: $2$" || return 1
	done
	is "$(grep '^asked for' "$T/out")" "asked for: file://$page" &&
	unlike "$out" console && unlike "$out" dialog &&
	[ "$(head -c 5 "$T/$1.pdf")" = %PDF- ]
}

t 'an empty database has a page' '
	run mailadm report --html "$T/empty.html" && status 0 &&
	page_is_well empty 9'

t 'so have two thousand users' '
	sql "$(world_sql 24 2000; past_sql)" &&
	run mailadm report --html "$T/full.html" && status 0 &&
	page_is_well full 9 && [ "$(wc -c <"$T/full.html")" -lt 150000 ]'

t 'pictures were taken, as wide as the screen' '
	for width in 1280 400; do
		is "$(od -An -tu1 -j18 -N2 "$T/full-$width-dark.png" |
		    awk "{ print \$1 * 256 + \$2 }")" $width || return 1
	done
	! cmp -s "$T/full-400-dark.png" "$T/full-400-light.png"'

t 'hostile names are words, and nothing more' '
	wide=$(perl -CS -e "print chr(0x6f22) x 255") &&
	evil=$(printf "</bdi><script>alert(1)</script><img src=x onerror=\\
alert(2)>\"\\047\\342\\200\\256&amp;") &&
	mailadm -q user set admin@alder.example --name "$wide" &&
	sql "UPDATE users SET name = FROM_BASE64(\"$(printf %s "$evil" |
	    base64 -w 0)\") WHERE email LIKE \"%@elm.example\"" &&
	run mailadm report --html "$T/hostile.html" && status 0 &&
	grep -q "&lt;script&gt;alert(1)" "$T/hostile.html" &&
	page_is_well hostile 9'

t 'an account that may see little has a page that says so' '
	sql "CREATE USER few@localhost;
	    GRANT SELECT ON schema_version TO few@localhost;
	    GRANT SELECT ON domains TO few@localhost" &&
	run mailadm --user few report --html "$T/few.html" && status 0 &&
	page_is_well few 9'

finish
