# The report: the same facts as text, as JSON and as a page.  The page is
# looked at in tests/browser.
. tests/lib.sh
. tests/db/lib-report.sh
server_start && fresh

# The value at a path of the JSON in $T/out.
fact() {
	perl -MJSON::PP -e 'local $/; my $at = decode_json(<STDIN>);
	    for (split /\./, $ARGV[0]) {
		$at = ref $at eq "ARRAY" ? $at->[$_] : $at->{$_} }
	    print ref $at eq "ARRAY" ? scalar @$at : $at // "null", "\n"' \
	    "$1" <"$T/out"
}

# No line of $T/out is wider than so many columns of a terminal.
fits() {
	perl -CSD -ne '
	    BEGIN { $most = shift }
	    chomp;
	    my $wide = () = /[\x{1100}-\x{115f}\x{2e80}-\x{a4cf}]/g;
	    if (length() + $wide > $most) { print "too wide: $_\n"; $bad = 1 }
	    END { exit $bad }' "$1" "$T/out"
}

t 'an empty database has a report' '
	run mailadm report && status 0 && empty "$err" &&
	matches "$out" "^  Users +0  0 new this month$" &&
	like "$out" "nothing was changed in 90 days" && fits 80 &&
	run mailadm report -o json && status 0 &&
	is "$(fact users.number)" 0 && is "$(fact growth.points)" 0'

t 'without a database it ends as all commands do' '
	run mailadm --socket "$T/nobody" report && status 7 && empty "$out"'

t 'tables of rows are refused' '
	run mailadm report -o csv && status 2 &&
	like "$err" "-o json has the same facts"'

t 'a batch has none' '
	echo report >"$T/in" && run mailadm -f "$T/in" && status 2'

# --- facts ------------------------------------------------------------

month() { date -u -d "$(date -u +%Y-%m-15) $1 months" +%Y-%m; }

t 'users are counted by month, also those who were removed or came back' '
	mailadm -q domain add a.org --quota 1000 &&
	for u in old new gone back; do
		mailadm -q user add $u@a.org --no-password || return 1
	done &&
	sql "UPDATE users SET created = \"$(month -3)-10 10:00\" WHERE email
	    IN (\"old@a.org\", \"gone@a.org\", \"back@a.org\")" &&
	mailadm -q user remove gone@a.org &&
	mailadm -q user remove back@a.org &&
	mailadm -q undo "$(mailadm history --limit 1 --columns change)" &&
	run mailadm report -o json && status 0 &&
	is "$(fact growth.points)" 4 &&
	is "$(fact growth.points.0.month)" "$(month -3)" &&
	is "$(fact growth.points.0.users)" 3 &&
	is "$(fact growth.points.2.users)" 3 &&
	is "$(fact growth.points.3.added)" 1 &&
	is "$(fact growth.points.3.removed)" 1 &&
	is "$(fact growth.points.3.users)" 3 &&
	is "$(fact users.number)" 3 && is "$(fact users.new_this_month)" 1'

t 'mail is compared with the quota, of those who have one' '
	sql "INSERT INTO quota_usage (email, bytes) VALUES
	    (\"old@a.org\", 1001), (\"new@a.org\", 250)" &&
	mailadm -q user add free@a.org --no-password --quota none &&
	sql "INSERT INTO quota_usage (email, bytes) VALUES
	    (\"free@a.org\", 5000)" &&
	run mailadm report -o json && is "$(fact mail.stored)" 6251 &&
	is "$(fact mail.stored_of_quota)" 1251 &&
	is "$(fact mail.granted)" 3000 &&
	is "$(fact quota.users_without)" 1 &&
	is "$(fact quota.tenths.10)" 1 && is "$(fact quota.tenths.2)" 1 &&
	is "$(fact quota.tenths.0)" 1 && is "$(fact fullest.users)" 2 &&
	is "$(fact fullest.users.0.email)" old@a.org &&
	run mailadm report && matches "$out" "^  old@a.org +100 % of 1000B$" &&
	matches "$out" "^  Nearly full +1  "'

t 'last logins are counted by their age' '
	sql "INSERT INTO logins VALUES (\"old@a.org\", UNIX_TIMESTAMP() - 60),
	    (\"new@a.org\", UNIX_TIMESTAMP() - 40 * 86400),
	    (\"gone@a.org\", UNIX_TIMESTAMP()),
	    (\"free@a.org\", UNIX_TIMESTAMP() + 1000)" &&
	run mailadm report -o json && is "$(fact last_login.day)" 2 &&
	is "$(fact last_login.quarter)" 1 && is "$(fact last_login.never)" 1 &&
	is "$(fact by_domain.domains.0.active_users)" 2'

t 'changes are counted by the day, and the last ones named' '
	mailadm -q user set new@a.org --name "Anna Ek" &&
	run mailadm report -o json && is "$(fact changes.days)" 90 &&
	is "$(fact changes.days.89.added)" 7 &&
	is "$(fact changes.days.89.removed)" 2 &&
	is "$(fact changes.days.88.added)" 0 &&
	is "$(fact recent.changes.0.name)" new@a.org &&
	is "$(fact recent.changes.0.action)" changed &&
	run mailadm report && like "$out" "user new@a.org changed: name"'

t 'role addresses are followed to who gets the mail' '
	mailadm -q alias add postmaster@a.org new@a.org old@a.org &&
	run mailadm report -o json &&
	is "$(fact roles.domains.0.postmaster)" "new@a.org and 1 more" &&
	is "$(fact roles.domains.0.abuse)" null &&
	is "$(fact roles.domains.0.catch_all)" null &&
	run mailadm report && matches "$out" "^    abuse +MISSING$" &&
	mailadm -q alias add @a.org free@a.org 2>/dev/null &&
	run mailadm report -o json &&
	is "$(fact roles.domains.0.abuse)" free@a.org &&
	is "$(fact roles.domains.0.catch_all)" free@a.org &&
	mailadm -q alias add "*n*@a.org" else@a.org --force &&
	run mailadm report -o json &&
	is "$(fact roles.domains.0.catch_all)" free@a.org &&
	mailadm -q alias remove "*n*@a.org" --yes'

t 'findings come with what fixes them, five of each rule' '
	run mailadm report && like "$out" "no password" &&
	for n in 1 2 3 4 5 6 7; do
		mailadm -q user add u$n@a.org --no-password || return 1
	done && run mailadm report && fits 80 &&
	matches "$out" "^ +[0-9]+ more of U007: mailadm check --rule U007$" &&
	is "$(grep -c "^  note *U007" "$T/out")" 5'

# --- what must not disturb it -----------------------------------------

t 'hostile names are shown escaped, and no line is too wide' '
	wide=$(perl -CS -e "print chr(0x6f22) x 255") &&
	evil=$(printf "<script>alert(1)</script>\"\047\342\200\256&") &&
	mailadm -q user set u1@a.org --name "x" &&
	sql "UPDATE users SET name = \"$wide\" WHERE email = \"u1@a.org\"" &&
	run mailadm report && status 0 && fits 80 &&
	sql "UPDATE users SET name = FROM_BASE64(\"$(printf %s "$evil" |
	    base64 -w 0)\") WHERE email = \"u1@a.org\"" &&
	run mailadm report && status 0 && like "$out" "<script>" &&
	unlike "$out" "$(printf "\342\200\256")" && fits 80'

# --- the page ---------------------------------------------------------

t 'the page is written whole, for its owner alone' '
	mkdir -p "$T/www" && echo old >"$T/www/p.html" &&
	chmod 644 "$T/www/p.html" && ln "$T/www/p.html" "$T/old.html" &&
	run mailadm report --html "$T/www/p.html" && status 0 && empty "$out" &&
	is "$err" "$T/www/p.html written" &&
	is "$(stat -c %a "$T/www/p.html")" 600 &&
	is "$(cat "$T/old.html")" old &&
	is "$(ls "$T/www")" p.html &&
	is "$(tail -n 1 "$T/www/p.html")" "</html>" &&
	run mailadm report --html - && status 0 && empty "$err" &&
	like "$out" "<!DOCTYPE html>" &&
	run mailadm --dry-run report --html "$T/www/none" && status 0 &&
	is "$(ls "$T/www")" p.html'

t 'where it cannot be written there is an error, and no part of it' '
	run mailadm report --html "$T/none/p.html" && status 10 &&
	run mailadm -o json report --html "$T/p.html" && status 2 &&
	[ ! -e "$T/p.html" ]'

t 'the page may load nothing, and has no script' '
	run mailadm report --html - &&
	like "$out" "default-src '"'none'"'; img-src data:;" &&
	unlike "$out" "<script" && unlike "$out" http: &&
	unlike "$out" https: &&
	unlike "$out" "src=" && unlike "$out" url\('

t 'what comes from the database is escaped there' '
	like "$out" "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;" &&
	like "$out" "$(printf "\357\277\275&amp;")" &&
	unlike "$out" "$(printf "\342\200\256")"'

t 'there are no passwords, hashes or notes on it' '
	mailadm -q user add secret@a.org --generate >"$T/generated" &&
	mailadm -q user set secret@a.org --note "likes cake" &&
	run mailadm report --html - && status 0 && unlike "$out" "\$5\$" &&
	unlike "$out" cake &&
	like "$out" "secret@a.org changed: note changed" &&
	unlike "$out" "$(sed -n "s/.*\t//p" "$T/generated")"'

# --- accounts that may not see everything -----------------------------

t 'what the account may not see is named, card by card' '

	sql "CREATE USER few@localhost;
	    GRANT SELECT ON schema_version TO few@localhost;
	    GRANT SELECT ON domains TO few@localhost" &&
	run mailadm --user few report && status 0 && fits 80 &&
	matches "$out" "^  Users +\? .*account may not read all of users$" &&
	matches "$out" "^  Domains +1  " &&
	matches "$out" "^  Mail stored +\?" &&
	is "$(grep -c "account may not read all" "$T/out")" 13 &&
	matches "$out" "mailadm check did not run" &&
	run mailadm --user few report -o json && status 0 &&
	is "$(fact users.number)" null &&
	like "$(fact users.unknown)" "may not read all of users"'

t 'the account of the nightly check sees what it may' '
	sql "$(accounts_sql)" >/dev/null &&
	printf "[client]\nuser=mailadm_check\npassword=of-mailadm_check\n%s" \
	    "socket=$server_socket
[mailadm]
database=mail
" >"$T/check.cnf" && chmod 600 "$T/check.cnf" &&
	run "$MAILADM" --defaults-file "$T/check.cnf" report && status 0 &&
	like "$out" "without those who were removed" &&
	matches "$out" "^  Users +12  " && like "$out" "could not check" &&
	fits 80'

finish
