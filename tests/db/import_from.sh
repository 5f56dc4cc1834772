# mailadm import from: domains, users and aliases of other mail systems.
. tests/lib.sh
server_start && fresh

. tests/db/lib-foreign.sh

# fixture_is NAME...: the foreign database holds what these make.
fixture_is() {
	fixtures=
	for fixture; do
		fixtures="$fixtures tests/data/import/$fixture.sql"
	done
	# shellcheck disable=SC2086 # names of files
	source_is $fixtures
}

# reported KIND NAME PROBLEM DONE: a row of the report that says so.
reported() {
	awk -F '\t' -v kind="$1" -v name="$2" -v problem="$3" -v done="$4" '
		$1 == kind && $2 == name && index($3, problem) &&
		    index($4, done) { found = 1 }
		END { exit !found }' "$T/out" || {
		t_notes="reported: $1 $2: $3: $4"
		return 1
	}
}

unreported() {
	! grep -Fq "	$1	" "$T/out" || {
		t_notes="unreported: $1"
		return 1
	}
}

destinations() {
	sql "SELECT GROUP_CONCAT(destination ORDER BY destination) FROM aliases
		WHERE mail = '$1' AND active = ${2:-1}"
}

# of_user EMAIL COLUMN
of_user() {
	sql "SELECT $2 FROM users WHERE email = '$1'"
}

### PostfixAdmin

fixture_is postfixadmin3 postfixadmin-data

t 'a dry run shows the plan and the report, and changes nothing' '
	from postfixadmin --dry-run && status 1 &&
	like "$err" "+ user anna@example.org
    active: true
    name: Anna Größe
    quota: 500M
    home: example.org/anna
    hash: (secret)" &&
	like "$err" "Plan: 27 to add, 0 to change, 0 to remove." &&
	like "$err" "items were lost or changed" &&
	is "$(sql "SELECT COUNT(*) FROM domains")" 0'

t 'no hash and no password is shown' '
	unlike "$out$err" s3cret && unlike "$out$err" abcdefgh &&
	unlike "$out$err" 5f4dcc3b'

t 'off a terminal it needs --yes' '
	from postfixadmin && status 6 && like "$err" "without --yes" &&
	is "$(sql "SELECT COUNT(*) FROM domains")" 0'

t '--strict changes nothing when something is lost' '
	from postfixadmin --yes --strict && status 3 &&
	like "$err" "nothing was changed" &&
	is "$(sql "SELECT COUNT(*) FROM domains")" 0'

t 'a plan may be saved, and is applied by apply' '
	from postfixadmin --out "$T/plan" && status 0 &&
	is "$(sql "SELECT COUNT(*) FROM domains")" 0 &&
	run mailadm apply --yes --dry-run "$T/plan" && status 0 &&
	like "$err" "+ user anna@example.org"'

t 'it is imported in one change' '
	from postfixadmin --yes && status 3 && like "$err" imported &&
	like "$err" "3 rows were refused" &&
	is "$(sql "SELECT COUNT(*) FROM changes")" 1 &&
	is "$(sql "SELECT COUNT(*) FROM users")" 8'
cp "$T/out" "$T/report"

t 'imported again it changes nothing' '
	from postfixadmin --yes && status 3 &&
	like "$err" "nothing to do" &&
	like "$err" "rows: 50 read = 0 written + 36 unchanged + 3 refused +" &&
	from postfixadmin --dry-run && status 3 &&
	cmp -s "$T/out" "$T/report"'

t 'the source is never written' '
	is "$(old_sql "SELECT COUNT(*) FROM mailbox")" 11 &&
	is "$(old_sql "SELECT username FROM mailbox LIMIT 1")" \
	    Anna@Example.org'

t 'hashes are imported, and the password matches' '
	echo secret >"$T/pw" &&
	run mailadm user verify anna@example.org --password-stdin \
	    <"$T/pw" && status 0 &&
	run mailadm user verify bo@example.org --password-stdin \
	    <"$T/pw" && status 0'

t 'a label that its hash does not bear is left out' '
	cp "$T/report" "$T/out" &&
	reported user bo@example.org "label" "left out" &&
	is "$(of_user bo@example.org "LEFT(crypt, 3)")" "\$5\$"'

t 'a weak hash that Dovecot verifies is kept, and reported' '
	reported user dora@example.org weak kept &&
	is "$(of_user dora@example.org "LEFT(crypt, 3)")" "\$1\$"'

t 'users with cleartext or an unsalted hash come without a password' '
	reported user carl@example.org cleartext "without a password" &&
	reported user emil@example.org "too weak" "without a password" &&
	is "$(of_user carl@example.org crypt)" ! &&
	is "$(of_user emil@example.org crypt)" !'

t 'megabytes of 1024000 bytes are found out' '
	reported quota "*" 1024000 1048576 &&
	is "$(of_user anna@example.org quota)" $((500 * 1048576)) &&
	is "$(of_user dora@example.org quota)" 1048576'

t 'no limit stays none where the domain has one for its users' '
	is "$(sql "SELECT quota FROM domains
	    WHERE domain = \"example.org\"")" $((2048 * 1048576)) &&
	is "$(of_user bo@example.org quota)" 9223372036854775807 &&
	is "$(of_user carl@example.org quota)" 9223372036854775807 &&
	is "$(of_user one@full.example quota)" NULL'

t 'maildirs become homes where they can' '
	is "$(of_user anna@example.org home)" example.org/anna &&
	is "$(of_user bo@example.org home)" bo@example.org &&
	reported user carl@example.org "in /var/mail/carl, outside" \
	    "move its mail" &&
	reported user dora@example.org "another" "move its mail" &&
	is "$(of_user dora@example.org home)" example.org/dora'

t 'names in UTF-8 stay, and those stored as latin1 are fixed' '
	is "$(of_user anna@example.org name)" "Anna Größe" &&
	is "$(of_user bo@example.org name)" "Jürgen" &&
	reported user bo@example.org latin1 "Jürgen" &&
	is "$(sql "SELECT description FROM domains
	    WHERE domain = \"example.org\"")" "Die Größten"'

t 'an alias of a mailbox to itself goes without a word' '
	is "$(destinations anna@example.org)" NULL &&
	unreported anna@example.org'

t 'elsewhere without itself is a forward, with itself keeps a copy' '
	is "$(destinations carl@example.org)" carl@gmail.example &&
	is "$(destinations bo@example.org)" \
	    bo@example.org,bo@gmail.example'

t 'blanks, capitals and repeats in lists are folded' '
	is "$(destinations postmaster@example.org)" \
	    anna@example.org,bo@example.org &&
	is "$(destinations info@example.org)" anna@example.org'

t 'a vacation destination is taken out and reported' '
	reported alias emil@example.org vacation Sieve &&
	is "$(destinations emil@example.org)" NULL'

t 'bare names, commands and patterns in destinations are reported' '
	reported alias root@example.org "destination root" "left out" &&
	reported alias pipe@example.org command "left out" &&
	is "$(destinations pipe@example.org)" bo@example.org'

t 'what is switched off stays so' '
	is "$(destinations pause@example.org 0)" anna@example.org &&
	is "$(of_user dora@example.org active)" 0 &&
	is "$(sql "SELECT active FROM domains
	    WHERE domain = \"off.example\"")" 0'

t 'catch-alls come in every shape' '
	is "$(destinations @full.example)" one@full.example &&
	is "$(destinations @off.example)" off@off.example'

t 'an alias domain becomes one, by its table or by a catch-all' '
	is "$(sql "SELECT alias_of FROM domains
	    WHERE domain = \"aka.example\"")" example.org &&
	is "$(sql "SELECT alias_of FROM domains
	    WHERE domain = \"whole.example\"")" example.org &&
	reported alias @whole.example "same names" "alias domain"'

t 'an alias domain of another, or a disabled one, is reported' '
	reported domain aka2.example "alias domain itself" "its own" &&
	reported domain later.example "is a disabled alias" "left out"'

t 'a backup MX, its names and missing domains are reported' '
	reported domain relay.example "backup MX" "not imported" &&
	reported user relay@relay.example "only relayed" "not imported" &&
	reported user gone@missing.example "does not exist" "not imported" &&
	reported alias any@missing.example "does not exist" "not imported"'

t 'the pseudo domain ALL is none' '
	reported domain ALL "super administrators" "not imported" &&
	unlike "$(sql "SELECT domain FROM domains")" all'

t 'what mailadm refuses is reported with the reason' '
	reported domain bad_domain.example "not allowed" "not imported" &&
	reported user "o'\''neil@example.org" "not allowed" "not imported" &&
	reported alias a/b@example.org "not allowed" "not imported"'

t 'aliases to nothing, or to themselves, are reported' '
	reported alias nothing@example.org "no destination" "not imported" &&
	reported alias ghost@example.org "leads to itself" "not imported" &&
	reported alias tail@example.org "does not exist" "left out" &&
	reported alias tail@example.org "no destination" "not imported" &&
	is "$(destinations dangling@example.org)" anna@example.org'

t 'a loop is cut where it closes' '
	reported alias loop3@example.org "leads back" "left out" &&
	is "$(destinations loop2@example.org)" anna@example.org &&
	is "$(destinations loop1@example.org)" loop2@example.org'

t 'a limit that is passed already is left out' '
	reported domain full.example max_users "limit is left out" &&
	is "$(sql "SELECT max_users FROM domains
	    WHERE domain = \"full.example\"")" NULL'

t 'nothing of the source vanishes without a word' '
	for name in $(old_sql "SELECT LOWER(address) FROM alias UNION
	    SELECT LOWER(username) FROM mailbox"); do
		grep -Fq "	$name	" "$T/out" ||
		[ "$(sql "SELECT COUNT(*) FROM (SELECT email FROM users
		    UNION SELECT mail FROM aliases) AS n
		    WHERE email = REPLACE(\"$name\", \"*@\", \"@\")")" = 1 ] ||
		{ t_notes=$name; return 1; }
	done'

t 'the checker finds no error in what came' '
	run mailadm check --severity error && status 0'

t '--quota-unit 1048576 keeps the bytes' '
	fresh && from postfixadmin --yes --quiet --quota-unit 1048576 &&
	status 3 && is "$(of_user anna@example.org quota)" 512000000 &&
	unreported "*"'

t '--quota-unit 1024000 counts what was bytes of another unit' '
	fresh && old_sql "UPDATE mailbox SET quota = 1048576
	    WHERE username = \"dora@example.org\"" &&
	from postfixadmin --yes --quiet && status 3 &&
	is "$(of_user anna@example.org quota)" 512000000 &&
	fresh && from postfixadmin --yes --quiet --quota-unit 1024000 &&
	status 3 && is "$(of_user anna@example.org quota)" 524288000'

t 'PostfixAdmin 4 is recognised, and its second factor reported' '
	fresh && fixture_is postfixadmin3 postfixadmin4 &&
	from postfixadmin --yes --verbose && status 0 &&
	like "$err" "read: PostfixAdmin 4" &&
	reported user tina@four.example TOTP "left out" &&
	is "$(of_user tina@four.example may_send)" 0 &&
	is "$(of_user tom@four.example may_send)" 1 &&
	reported user tom@four.example "no label" labelled &&
	is "$(of_user tom@four.example scheme)" ARGON2ID &&
	is "$(of_user tom@four.example quota)" 1048576'

t 'tables may have a prefix' '
	fixture_is postfixadmin3 &&
	for table in domain mailbox alias alias_domain; do
		old_sql "RENAME TABLE $table TO pfa_$table" || return 1
	done &&
	from postfixadmin --yes --table-prefix pf_ && status 4 &&
	like "$err" "pf_mailbox.domain does not exist" &&
	like "$err" "hint: --source-database" &&
	from postfixadmin --yes --table-prefix pfa_ && status 0 &&
	from postfixadmin --yes --verbose && status 0 &&
	like "$err" "read: PostfixAdmin 3 (tables pfa_*)" &&
	from postfixadmin --table-prefix "x; DROP" && status 2'

### ISPmail

t 'ISPmail: one row a destination, joined by address' '
	fresh && fixture_is ispmail && from ispmail --yes --verbose &&
	status 0 && like "$err" "read: ISPmail with quotas" &&
	is "$(destinations jack@isp.example)" \
	    john@isp.example,kate@isp.example,out@gmail.example &&
	is "$(destinations @isp.example)" john@isp.example &&
	is "$(destinations john@isp.example)" NULL &&
	is "$(of_user john@isp.example quota)" 1073741824 &&
	is "$(of_user kate@isp.example quota)" NULL'

t 'names that differ in capitals only are reported' '
	reported domain ISP.example "is the same as" "not imported" &&
	reported alias Jack@isp.example "is the same as" joined'

t 'an empty password lets nobody in' '
	reported user lou@isp.example "empty" "without a password" &&
	is "$(of_user lou@isp.example crypt)" !'

t 'without the column quota it is the table of the Linode guide' '
	old_sql "ALTER TABLE virtual_users DROP quota" &&
	fresh && from ispmail --yes --verbose && status 0 &&
	like "$err" "read: ISPmail" && unlike "$err" "with quotas" &&
	is "$(of_user john@isp.example quota)" NULL'

t 'the tables of the first tutorials hold local parts' '
	fresh && fixture_is ispmail-old && from ispmail --yes && status 0 &&
	reported user john@old.example "too weak" "without a password" &&
	reported user lost "has no domain: domain_id is 9" "not imported" &&
	is "$(destinations @old.example)" john@old.example &&
	is "$(destinations steve@old.example)" devnull@out.example'

t '--default-scheme labels hashes that have no label' '
	old_sql "ALTER TABLE virtual_users MODIFY password VARCHAR(255)" &&
	old_sql "UPDATE virtual_users SET password = TO_BASE64(CONCAT(
	    UNHEX(SHA1(CONCAT(\"secret\", \"salt\"))), \"salt\"))" &&
	from ispmail --yes --default-scheme SSHA && status 0 &&
	reported user john@old.example "no label" --default-scheme &&
	is "$(of_user john@old.example scheme)" SSHA'

### iRedMail

t 'iRedMail: megabytes, and the quota of new users from the settings' '
	fresh && fixture_is iredmail && from iredmail --yes && status 0 &&
	is "$(of_user postmaster@ired.example quota)" 1073741824 &&
	is "$(of_user free@ired.example quota)" 9223372036854775807 &&
	is "$(sql "SELECT quota, max_users FROM domains
	    WHERE domain = \"ired.example\"")" "1073741824	10" &&
	reported domain limit.example "5000 MB" "left out"'

t 'a home is the node and the maildir' '
	is "$(of_user away@ired.example home)" \
	    vmail1/ired.example/a/w/a/away'

t 'a mailbox without a row to itself forwards without a copy' '
	is "$(destinations free@ired.example)" elsewhere@out.example &&
	is "$(destinations postmaster@ired.example)" NULL &&
	is "$(destinations away@ired.example)" \
	    away@ired.example,postmaster@ired.example'

t 'lists, extra addresses and a bare domain as catch-all are aliases' '
	is "$(destinations team@ired.example)" \
	    free@ired.example,postmaster@ired.example &&
	is "$(destinations rest@ired.example 0)" postmaster@ired.example &&
	is "$(destinations abuse@ired.example)" postmaster@ired.example &&
	is "$(destinations @ired.example)" postmaster@ired.example'

t 'the name that a list has becomes the note of the alias' '
	is "$(sql "SELECT DISTINCT note FROM aliases
	    WHERE mail = '\''team@ired.example'\''")" \
	    "Everybody of the office" &&
	is "$(sql "SELECT DISTINCT note FROM aliases
	    WHERE mail = '\''rest@ired.example'\''")" NULL'

t 'alias domains need no row of their own' '
	is "$(sql "SELECT domain, active, alias_of FROM domains
	    WHERE alias_of IS NOT NULL ORDER BY domain")" \
	    "aka.example	1	ired.example
idle.example	0	ired.example" &&
	reported domain astray.example "does not exist" "its own"'

t 'permissions of a user are imported' '
	is "$(sql "SELECT email, may_login, may_send, may_receive FROM users
	    ORDER BY email")" \
	    "away@ired.example	1	1	1
free@ired.example	0	0	0
postmaster@ired.example	1	1	1"'

t 'services, networks and mailing lists are reported' '
	reported user away@ired.example "POP3 only" "left out" &&
	reported user free@ired.example "some networks" "left out" &&
	reported alias list@ired.example mlmmj "not imported" &&
	reported alias hollow@ired.example "no members" "not imported"'

### Files

t 'Postfix tables and a passwd-file: mailboxes, homes, passwords' '
	fresh && run mailadm import from postfix-files --yes \
	    tests/data/import/postfix-files && status 3 &&
	is "$(sql "SELECT email, home, quota, name FROM users
	    ORDER BY email")" \
	    "anna@files.example	files.example/anna2	1073741824	Anna
bo@files.example	files.example/bo/Maildir	NULL	NULL
carl@files.example	files.example/carl	NULL	NULL
nopass@files.example	files.example/nopass	NULL	NULL" &&
	run mailadm user verify anna@files.example --password-stdin \
	    <"$T/pw" && status 0'

t 'what the files say besides is reported' '
	run mailadm import from postfix-files --yes \
	    tests/data/import/postfix-files && status 3 &&
	like "$err" "nothing to do" &&
	reported user bo@files.example cleartext "without a password" &&
	reported user nopass@files.example "no password" without &&
	reported user carl@files.example "userdb_mail" "left out" &&
	reported user carl@files.example "allow_nets" "left out" &&
	reported user carl@files.example "/home/carl" "move its mail" &&
	reported user carl@files.example "occurs more than once" \
	    "not imported" &&
	reported user @files.example "all names" "not imported"'

t 'lines that continue, domains as keys and catch-alls of virtual(5)' '
	is "$(destinations info@files.example)" \
	    anna@files.example,bo@files.example &&
	is "$(destinations postmaster@virtual.example)" \
	    info@files.example &&
	is "$(destinations @virtual.example)" anna@files.example &&
	is "$(sql "SELECT GROUP_CONCAT(domain) FROM domains")" \
	    files.example,virtual.example &&
	reported alias abuse@virtual.example "destination root" "left" &&
	reported alias root "no @" "not imported" &&
	reported alias lost@unlisted.example "does not exist" "not imported"'

t 'the files of docker-mailserver, whose domains are those of the names' '
	fresh && run mailadm import from postfix-files --yes \
	    tests/data/import/docker-mailserver && status 0 &&
	is "$(sql "SELECT GROUP_CONCAT(domain) FROM domains")" \
	    aliases.example,docker.example &&
	is "$(sql "SELECT email, quota FROM users ORDER BY email")" \
	    "user1@docker.example	5368709120
user2@docker.example	NULL" &&
	is "$(destinations all@docker.example)" \
	    out@gmail.example,user1@docker.example,user2@docker.example &&
	is "$(destinations @docker.example)" user1@docker.example &&
	reported user user1@docker.example "occurs more than once" \
	    "not imported" &&
	reported user user2@docker.example userdb_mail "left out" &&
	reported user gone@docker.example "no such account" "left out" &&
	reported user user2@docker.example "cannot be read" "left out" &&
	grep -q "is a pattern" "$T/out"'

t 'the text maps that export writes come back as they were' '
	mkdir "$T/maps" &&
	run mailadm export --postfix-maps "$T/maps" \
	    --dovecot-passwd-file "$T/maps/passwd-file" && status 0 &&
	run mailadm export --with-hashes && cp "$T/out" "$T/before" &&
	fresh && run mailadm import from postfix-files --yes "$T/maps" &&
	status 0 && empty "$out" &&
	run mailadm export --with-hashes &&
	sed "s/{CRYPT}\\$/$/; s/{SHA512-CRYPT}//" "$T/out" >"$T/after" &&
	sed "s/{SHA512-CRYPT}//" "$T/before" | diff - "$T/after" >"$T/diff"'

t 'a directory without such files, or a missing one, is an error' '
	mkdir "$T/empty" &&
	run mailadm import from postfix-files "$T/empty" && status 4 &&
	like "$err" "no file to import" &&
	run mailadm import from postfix-files && status 2 &&
	run mailadm import from postfix-files "$T/none" && status 4 &&
	run mailadm import from ispmail "$T/empty" \
	    --source-defaults-file "$T/old.cnf" && status 2'

### The connection

fixture_is iredmail && fresh &&
	from iredmail --yes

t 'an option file that others can read is refused' '
	chmod 644 "$T/old.cnf" &&
	from iredmail --yes && status 9 && like "$err" "chmod" &&
	chmod 600 "$T/old.cnf"'

t 'an option file must be named, and a database in it or beside it' '
	run mailadm import from iredmail && status 2 &&
	like "$err" "missing option: --source-defaults-file" &&
	sed /database/d "$T/old.cnf" >"$T/none.cnf" &&
	chmod 600 "$T/none.cnf" &&
	run mailadm import from iredmail --source-defaults-file \
	    "$T/none.cnf" && status 2 && like "$err" "names no database" &&
	run mailadm import from iredmail --yes --source-defaults-file \
	    "$T/none.cnf" --source-database old && status 0 &&
	like "$err" "nothing to do"'

t 'a source that cannot be reached is an error, and nothing changes' '
	sed "s/of reader/other/" "$T/old.cnf" >"$T/wrong.cnf" &&
	chmod 600 "$T/wrong.cnf" &&
	run mailadm import from iredmail --source-defaults-file \
	    "$T/wrong.cnf" && [ "$status" -ne 0 ] &&
	like "$err" "the source"'

t 'a database of something else is none' '
	from postfixadmin --source-database information_schema && status 4'
finish
