# Users, destinations and grants that expire: to the second, in UTC.
. tests/lib.sh
. tests/db/lib-lookups.sh

server_start
fresh

ok() {
	run mailadm "$@" && status 0
}

# Takes the last change back.
undo() {
	ok undo "$(mailadm history --limit 1 --columns change)" --yes
}

expires() { # EMAIL
	sql "SELECT expires FROM users WHERE email = '$1'"
}

rows() { # ADDRESS: each destination, and when
	sql "SELECT destination, expires FROM aliases WHERE mail = '$1'" |
		tr '\t' ' '
}

grants() { # EMAIL
	sql "SELECT address, expires FROM send_as WHERE email = '$1'" |
		tr '\t' ' '
}

# The moment at which things expire in what follows, and a second before.
MOMENT='2037-01-01 00:00:00'
now=$(date -u -d "$MOMENT" +%s)
before=$((now - 1))

# at SECONDS LOOKUP KEY: the answer of the server whose clock says so
at() {
	sql "SET time_zone = '${zone:-+00:00}'; SET timestamp = $1;
	    $(lookup_query "$2" "$3")"
}

### What is set

ok domain add x.org
ok user add anna@x.org --no-password
ok user add bo@x.org --no-password --expires 2037-01-01

t 'a date is midnight in UTC, and a time is a time' '
	is "$(expires bo@x.org)" "2037-01-01 00:00:00" &&
	ok user set bo@x.org --expires "2037-12-31 18:00" &&
	is "$(expires bo@x.org)" "2037-12-31 18:00:00" &&
	like "$err" "expires 2037-12-31T18:00:00Z (was 2037-01-01T00:00:00Z)" &&
	ok user set bo@x.org --expires 2037-12-31T18:00:00+02:00 &&
	is "$(expires bo@x.org)" "2037-12-31 16:00:00"'

t 'days and weeks count from now on, and none is never' '
	for span in 30d 2w 36h; do
		ok user set bo@x.org --expires "$span" || break
		case $span in
		30d) days="30 DAY" ;; 2w) days="14 DAY" ;; *) days="36 HOUR" ;;
		esac
		is "$(sql "SELECT ABS(TIMESTAMPDIFF(SECOND, expires,
		    UTC_TIMESTAMP() + INTERVAL $days)) < 60 FROM users
		    WHERE email = \"bo@x.org\"")" 1 || break
	done && holds is "$span" 36h &&
	ok user set bo@x.org --expires none && is "$(expires bo@x.org)" NULL'

t 'the time zone of the program changes nothing' '
	run env TZ=Pacific/Auckland "$MAILADM" \
	    --defaults-file "$T/client.cnf" user set bo@x.org \
	    --expires "2037-06-01 12:00" && status 0 &&
	is "$(expires bo@x.org)" "2037-06-01 12:00:00" &&
	like "$(TZ=America/New_York mailadm user show bo@x.org)" \
	    2037-06-01T12:00:00Z'

t 'a time in the past is refused, and a word that is no time' '
	run mailadm user set bo@x.org --expires 2001-01-01 && status 3 &&
	like "$err" "expires: 2001-01-01T00:00:00Z is in the past" &&
	like "$err" "disabled or removed" &&
	for word in 0d soon 2037-02-29 2037-13-01 "" 99999999999d -- 10000-01-01
	do
		run mailadm user set bo@x.org "--expires=$word"
		holds status 3 || break
	done && is "$word" 10000-01-01 &&
	is "$(expires bo@x.org)" "2037-06-01 12:00:00" &&
	run mailadm user add eva@x.org --no-password --expires 2001-01-01 &&
	status 3 && run mailadm user show eva@x.org && status 4'

t 'unless it is the one that stands there' '
	sql "UPDATE users SET expires = \"2001-01-01\" WHERE email =
	    \"bo@x.org\"" && ok user set bo@x.org --expires 2001-01-01 -v &&
	like "$err" unchanged &&
	ok user set bo@x.org --expires "$MOMENT"'

t 'a row of an alias has its own time' '
	ok alias add info@x.org anna@x.org bo@x.org &&
	ok alias add info@x.org bo@x.org --expires 2037-01-01 &&
	like "$err" "expires 2037-01-01T00:00:00Z (was never)" &&
	is "$(rows info@x.org)" "anna@x.org NULL
bo@x.org 2037-01-01 00:00:00" &&
	ok alias set info@x.org --expires 2037-02-01 &&
	is "$(rows info@x.org)" "anna@x.org 2037-02-01 00:00:00
bo@x.org 2037-02-01 00:00:00" &&
	ok alias set info@x.org --expires none &&
	ok alias add info@x.org bo@x.org --expires 2037-01-01 &&
	ok alias set info@x.org anna@x.org bo@x.org &&
	is "$(rows info@x.org)" "anna@x.org NULL
bo@x.org 2037-01-01 00:00:00" &&
	run mailadm alias add info@x.org anna@x.org --expires 2001-01-01 &&
	status 3 && like "$err" "is in the past"'

t 'whoever adds a destination that has expired is told' '
	sql "UPDATE aliases SET expires = \"2001-01-01\" WHERE destination =
	    \"bo@x.org\"" && ok alias add info@x.org bo@x.org &&
	like "$err" "bo@x.org has expired as a destination of info@x.org" &&
	ok alias add info@x.org out@side.org &&
	like "$err" "now anna@x.org, (expired) bo@x.org, out@side.org" &&
	ok alias remove info@x.org out@side.org &&
	ok alias add info@x.org bo@x.org --expires "$MOMENT"'

t 'so has a grant, and granting again sets another' '
	ok user grant anna@x.org --send-as @x.org --expires 2037-02-01 &&
	ok user grant anna@x.org --send-as @x.org -v &&
	like "$err" unchanged &&
	ok user grant anna@x.org --send-as @x.org --expires 2037-01-01 &&
	like "$err" "changed: expires 2037-01-01T00:00:00Z" &&
	is "$(grants anna@x.org)" "@x.org 2037-01-01 00:00:00" &&
	run mailadm user grant anna@x.org --send-as b@y.org \
	    --expires 2001-01-01 && status 3 &&
	like "$(mailadm -o json user show anna@x.org)" \
	    "\"send_as_expires\":[\"@x.org 2037-01-01T00:00:00Z\"]"'

### Lists

t 'lists name what expires until a time, and what has expired' '
	ok user add eva@x.org --no-password --expires 5d &&
	ok user add max@x.org --no-password &&
	sql "UPDATE users SET expires = UTC_TIMESTAMP() - INTERVAL 1 SECOND
	    WHERE email = \"max@x.org\"" &&
	is "$(mailadm user list --expiring 14d --columns email)" eva@x.org &&
	is "$(mailadm user list --expiring 4d --columns email)" "" &&
	is "$(mailadm user list --expiring 2037-01-01 --count)" 2 &&
	is "$(mailadm user list --expired --columns email)" max@x.org &&
	like "$(mailadm --header user list --expiring 14d)" \
	    "email	expires	active	name" &&
	is "$(mailadm alias list --expiring 2037-01-01)" \
	    "info@x.org	bo@x.org	2037-01-01T00:00:00Z	1" &&
	is "$(mailadm alias list --expired)" "" &&
	run mailadm user list --expired --expiring 14d && status 2'

t 'users are shown with their time, and alias rows where one has any' '
	like "$(mailadm -o json user show bo@x.org)" \
	    "\"expires\":\"2037-01-01T00:00:00Z\"" &&
	like "$(mailadm -o json user show anna@x.org)" "\"expires\":null" &&
	matches "$(mailadm alias show info@x.org)" \
	    "bo@x.org	1	2037-01-01T00:00:00Z	" &&
	ok user remove eva@x.org max@x.org'

### What is remembered

t 'the history says so, and undo takes it back' '
	ok user set anna@x.org --expires 2042-01-01 &&
	like "$(mailadm history --limit 1)" "expires none -> 2042-01-01" &&
	undo && is "$(expires anna@x.org)" NULL &&
	ok alias set info@x.org --expires 2042-01-01 &&
	like "$(mailadm history --limit 1)" \
	    "expires 2037-01-01 00:00:00 -> 2042-01-01 00:00:00" &&
	undo && is "$(rows info@x.org)" "anna@x.org NULL
bo@x.org $MOMENT" &&
	ok user grant anna@x.org --send-as @x.org --expires none && undo &&
	is "$(grants anna@x.org)" "@x.org $MOMENT" &&
	ok user revoke anna@x.org --send-as @x.org && undo &&
	is "$(grants anna@x.org)" "@x.org $MOMENT" &&
	ok user remove bo@x.org --cascade --yes && undo &&
	is "$(expires bo@x.org)" "$MOMENT" &&
	like "$(rows info@x.org)" "bo@x.org $MOMENT"'

t 'a rename keeps it' '
	ok user rename bo@x.org bob@x.org && is "$(expires bob@x.org)" \
	    "$MOMENT" && like "$(rows info@x.org)" "bob@x.org $MOMENT" &&
	ok domain rename x.org y.org && is "$(grants anna@y.org)" \
	    "@y.org $MOMENT" && like "$(rows info@y.org)" "bob@y.org $MOMENT" &&
	ok domain rename y.org x.org && ok user rename bob@x.org bo@x.org'

### State in a file

t 'an export brings all of it back' '
	mailadm export --with-hashes >"$T/all.yaml" &&
	like "$(cat "$T/all.yaml")" "expires: \"2037-01-01T00:00:00Z\"" &&
	like "$(cat "$T/all.yaml")" \
	    "expires: [\"bo@x.org 2037-01-01T00:00:00Z\"]" &&
	like "$(cat "$T/all.yaml")" \
	    "send_as_expires: [\"@x.org 2037-01-01T00:00:00Z\"]" &&
	ok plan "$T/all.yaml" && empty "$out" &&
	ok domain remove x.org --recursive --yes &&
	ok apply "$T/all.yaml" --yes && is "$(expires bo@x.org)" "$MOMENT" &&
	is "$(grants anna@x.org)" "@x.org $MOMENT" &&
	like "$(rows info@x.org)" "bo@x.org $MOMENT" &&
	mailadm export --with-hashes | diff "$T/all.yaml" - &&
	mailadm export --format jsonl >"$T/all.jsonl" &&
	ok plan "$T/all.jsonl" && empty "$out"'

t 'a manifest sets times and removes them' '
	printf "%s\n" "users:" "  anna@x.org:" "    expires: 2043-01-01" \
	    "    send_as: [\"@x.org\"]" "    send_as_expires: []" \
	    "  bo@x.org: {expires: none}" "aliases:" "  info@x.org:" \
	    "    destination: [anna@x.org, bo@x.org]" \
	    "    expires: [anna@x.org 2043-01-01]" >"$T/m.yaml" &&
	run mailadm plan "$T/m.yaml" && status 1 &&
	like "$out" "expires	none	2043-01-01T00:00:00Z" &&
	ok apply "$T/m.yaml" --yes &&
	is "$(expires anna@x.org) $(expires bo@x.org)" \
	    "2043-01-01 00:00:00 NULL" &&
	is "$(rows info@x.org)" "anna@x.org 2043-01-01 00:00:00
bo@x.org NULL" && is "$(grants anna@x.org)" "@x.org NULL" &&
	ok plan "$T/m.yaml" && empty "$out" && undo &&
	is "$(rows info@x.org)" "anna@x.org NULL
bo@x.org $MOMENT" && is "$(grants anna@x.org)" "@x.org $MOMENT"'

t 'what it does not name keeps its time, and what leaves loses it' '
	printf "%s\n" "aliases:" "  info@x.org: [bo@x.org, out@side.org]" \
	    >"$T/m.yaml" && ok apply "$T/m.yaml" --yes &&
	is "$(rows info@x.org)" "bo@x.org $MOMENT
out@side.org NULL" && undo && printf "%s\n" "aliases:" \
	    "  info@x.org: [anna@x.org, out@side.org]" >"$T/m.yaml" &&
	ok apply "$T/m.yaml" --yes && is "$(rows info@x.org)" \
	    "anna@x.org NULL
out@side.org NULL" && undo'

t 'a span, or a time of nobody, is refused there' '
	printf "%s\n" "users:" "  anna@x.org: {expires: 30d}" \
	    "  bo@x.org: {send_as_expires: [a@y.org 2037-01-01]}" \
	    "aliases:" "  info@x.org: {destination: [anna@x.org]," \
	    "    expires: [bo@x.org 2037-01-01]}" \
	    "  b@x.org: {destination: [anna@x.org], expires: [soon]}" \
	    >"$T/m.yaml" && run mailadm plan "$T/m.yaml" && status 3 &&
	like "$err" "expected a date, got" &&
	like "$err" "send_as_expires names an address that send_as does not" &&
	like "$err" "expires names an address that is no destination" &&
	like "$err" "expected an address and a date"'

t 'CSV has the times of users and of destinations' '
	mailadm export users --format csv --with-hashes >"$T/users.csv" &&
	mailadm export aliases --format csv >"$T/aliases.csv" &&
	like "$(cat "$T/aliases.csv")" ",expires" &&
	like "$(cat "$T/aliases.csv")" ",2037-01-01T00:00:00Z" &&
	ok alias set info@x.org --expires none &&
	ok user set bo@x.org --expires none &&
	ok import users "$T/users.csv" --update &&
	ok import aliases "$T/aliases.csv" --update &&
	is "$(expires bo@x.org)" "$MOMENT" &&
	is "$(rows info@x.org)" "anna@x.org NULL
bo@x.org $MOMENT" && {
		echo mail,destination,expires
		for i in $(seq 40); do
			echo "a$i@x.org,out@side.org,2037-01-$((i % 10 + 10))"
		done
	} >"$T/many.csv" && ok import aliases "$T/many.csv" && is "$(sql "SELECT
	    COUNT(*) FROM aliases WHERE expires BETWEEN \"2037-01-01\" AND
	    \"2037-01-28\" AND mail LIKE \"a%\"")" 40 && undo && {
		echo email,hash,expires
		for i in $(seq 40); do
			echo "u$i@x.org,!,2037-01-$((i % 10 + 10))"
		done
	} >"$T/many.csv" && ok import users "$T/many.csv" && is "$(sql "SELECT
	    COUNT(*) FROM users WHERE expires >= \"2037-01-01\" AND
	    email LIKE \"u%\"")" 40 && undo'

### The lookups, a second before and at the moment

ok domain add aka.org --alias-of x.org
ok user add eva@x.org --no-password
ok alias add end@x.org out@side.org --expires "$MOMENT"
ok alias add two@x.org eva@x.org bo@x.org
ok alias add @x.org rest@side.org
ok alias add only@x.org bo@x.org

t 'Postfix: a user and an alias that expire are names to the end' '
	for key in bo@x.org bo+tag@x.org end@x.org bo@aka.org end@aka.org; do
		plain=$(echo "$key" | sed "s/+tag//")
		is "$(at "$before" postfix/sql_disabled.cf:query "$plain")" \
		    DUNNO &&
		is "$(at "$now" postfix/sql_disabled.cf:query "$plain")" \
		    "550 5.1.1 User unknown" || break
		case $key in
		*aka.org) map=alias_domains answer=${plain%@*}@x.org ;;
		*) map=identity answer=$plain ;;
		esac
		is "$(at "$now" "postfix/sql_$map.cf:query" "$plain")" \
		    "$answer" || break
	done && is "$key" end@aka.org'

t 'Postfix: the mailbox, and the row of the alias, are there until then' '
	is "$(at "$before" postfix/sql_users.cf:query bo@x.org)" bo@x.org &&
	is "$(at "$now" postfix/sql_users.cf:query bo@x.org)" "" &&
	is "$(at "$before" postfix/sql_aliases.cf:query end@x.org)" \
	    out@side.org &&
	is "$(at "$now" postfix/sql_aliases.cf:query end@x.org)" ""'

t 'Postfix: a list loses the one that expires, by row or as a user' '
	is "$(at "$before" postfix/sql_aliases.cf:query two@x.org | sort)" \
	    "bo@x.org
eva@x.org" && is "$(at "$now" postfix/sql_aliases.cf:query two@x.org)" \
	    eva@x.org &&
	is "$(at "$now" postfix/sql_disabled.cf:query two@x.org)" DUNNO &&
	is "$(at "$now" postfix/sql_disabled.cf:query only@x.org)" \
	    mailadm_destinations &&
	is "$(at "$before" postfix/sql_destinations.cf:query only@x.org)" \
	    DUNNO &&
	is "$(at "$now" postfix/sql_destinations.cf:query only@x.org)" \
	    "550 5.1.1 User unknown"'

t 'Postfix: a catch-all that expires takes nothing, and hides the target'\''s' '
	ok alias add @x.org rest@side.org --expires "$MOMENT" &&
	is "$(at "$before" postfix/sql_aliases.cf:query @x.org)" \
	    rest@side.org &&
	is "$(at "$now" postfix/sql_aliases.cf:query @x.org)" "" &&
	is "$(at "$before" postfix/sql_alias_domains.cf:query any@aka.org)" \
	    any@x.org &&
	is "$(at "$now" postfix/sql_alias_domains.cf:query any@aka.org)" "" &&
	ok alias add @aka.org own@side.org --expires "$MOMENT" &&
	ok alias set @x.org --expires none &&
	is "$(at "$now" postfix/sql_alias_domains.cf:query any@aka.org)" "" &&
	ok alias remove @aka.org'

t 'Postfix: nobody sends by what has expired' '
	is "$(at "$before" postfix/sql_senders.cf:query bo@x.org | sort)" \
	    "!
anna@x.org
bo@x.org" && is "$(at "$now" postfix/sql_senders.cf:query bo@x.org)" "!" &&
	ok alias add mine@x.org eva@x.org --expires "$MOMENT" &&
	is "$(at "$before" postfix/sql_senders.cf:query mine@x.org | sort)" \
	    "!
anna@x.org
eva@x.org" && is "$(at "$now" postfix/sql_senders.cf:query mine@x.org)" "!"'

t 'Dovecot: neither login nor delivery, from that second on' '
	for query in password_query user_query; do
		file=dovecot/2.3/mailadm-sql.conf.ext:$query
		like "$(at "$before" "$file" bo@x.org)" "bo" &&
		is "$(at "$now" "$file" bo@x.org)" "" &&
		like "$(at "$now" "$file" eva@x.org)" "eva" || break
	done && is "$query" user_query &&
	names=dovecot/2.3/mailadm-sql-names.conf.ext:user_query &&
	like "$(at "$before" "$names" only@x.org)" bo@x.org &&
	is "$(at "$now" "$names" only@x.org)" ""'

t 'the time zone of a session changes nothing' '
	for zone in +12:00 -11:00; do
		like "$(at "$before" postfix/sql_users.cf:query bo@x.org)" \
		    bo@x.org &&
		is "$(at "$now" postfix/sql_users.cf:query bo@x.org)" "" ||
			break
	done && is "$zone" -11:00 && zone='

t 'a clock that goes back brings it back' '
	is "$(at "$now" postfix/sql_users.cf:query bo@x.org)" "" &&
	is "$(at "$before" postfix/sql_users.cf:query bo@x.org)" bo@x.org'

# Whose COLUMN a lookup looks at.  Domains do not expire, and what a grant
# has is in another test.
looked_at() { # FILE COLUMN
	grep -v '^ *#' "$1" | grep -oE "\b(u|a|o|rest|other)[.]$2 [=>]" |
		sed 's/[.].*//' | sort
}

t 'whoever looks at active looks at expires, in each version of Dovecot' '
	for file in postfix/sql_*.cf dovecot/*/*sql*; do
		is "$(looked_at "$file" expires)" \
		    "$(looked_at "$file" active)" || break
	done && is "$file" dovecot/2.4/mailadm-sql.conf.ext'

### By the clock of now

t 'route says what has expired' '
	sql "UPDATE users SET expires = UTC_TIMESTAMP() - INTERVAL 1 SECOND
	    WHERE email = \"bo@x.org\"; UPDATE aliases SET expires =
	    UTC_TIMESTAMP() - INTERVAL 1 SECOND WHERE mail = \"end@x.org\"" &&
	ok route bo@x.org && like "$out" "user bo@x.org has expired" &&
	matches "$out" "	disabled	.*	expired" &&
	ok route end@x.org && like "$out" "alias end@x.org has expired" &&
	ok route bo+tag@aka.org && like "$out" "user bo@x.org has expired" &&
	ok route two@x.org && like "$out" "mailbox	eva@x.org" &&
	like "$out" "the user gets no mail" && ok route only@x.org &&
	like "$out" "leads to nobody who takes mail: user bo@x.org has expired"'

t 'and who can send as what' '
	ok route --sender bo@x.org && like "$err" "has expired" &&
	ok user grant eva@x.org --send-as sales@side.org --expires 30d &&
	like "$(mailadm route --sender eva@x.org)" sales@side.org &&
	sql "UPDATE send_as SET expires = UTC_TIMESTAMP() WHERE address =
	    \"sales@side.org\"" &&
	unlike "$(mailadm route --sender eva@x.org)" sales@side.org'

t 'text maps leave it out, and its name is refused' '
	sql "UPDATE users SET crypt = \"\$5\$rounds=5000\$ab\$cd\"" &&
	sql "UPDATE aliases SET expires = UTC_TIMESTAMP() - INTERVAL 1 SECOND
	    WHERE mail = \"info@x.org\" AND destination = \"anna@x.org\"" &&
	mkdir "$T/maps" && ok export --postfix-maps "$T/maps" \
	    --dovecot-passwd-file "$T/users" &&
	for line in bo@x.org:550 end@x.org:550 end@aka.org:550 \
	    info@x.org:550 eva@x.org:DUNNO; do
		matches "$(cat "$T/maps/recipient_access")" \
		    "^${line%:*}	${line#*:}" || break
	done && is "$line" eva@x.org:DUNNO &&
	aliases=$(cat "$T/maps/virtual_alias_maps") &&
	matches "$aliases" "^two@x.org	eva@x.org$" &&
	matches "$aliases" "^bo@x.org	bo@x.org$" &&
	unlike "$(cat "$T/maps/virtual_mailbox_maps")" bo@x.org &&
	like "$(cat "$T/users")" eva@x.org: &&
	unlike "$(cat "$T/users")" bo@x.org:'

### What the checker says

findings() {
	mailadm -q check --severity note --columns rule,name 2>/dev/null |
		grep -E '^(U02[6-9]|A024|A025|A010)' | tr '\t' ' ' | sort
}

t 'check warns so many days before as the settings say, and names the rest' '
	sql "UPDATE users SET expires = NULL; UPDATE aliases SET expires = NULL;
	    UPDATE send_as SET expires = NULL" && is "$(findings)" "" &&
	sql "UPDATE users SET expires = UTC_TIMESTAMP() + INTERVAL 14 DAY
	    WHERE email = \"anna@x.org\"; UPDATE users SET expires =
	    UTC_TIMESTAMP() + INTERVAL 15 DAY WHERE email = \"eva@x.org\";
	    UPDATE aliases SET expires = UTC_TIMESTAMP() + INTERVAL 1 DAY
	    WHERE mail = \"two@x.org\" AND destination = \"bo@x.org\";
	    UPDATE send_as SET expires = UTC_TIMESTAMP() + INTERVAL 1 DAY
	    WHERE address = \"@x.org\"" && is "$(findings)" "A024 two@x.org
U026 anna@x.org
U028 anna@x.org" && run mailadm check --rule U026 && status 1 &&
	like "$out" "user anna@x.org expires at " &&
	echo "expiry_warning = 16" >"$T/conf" &&
	like "$(mailadm --config "$T/conf" check --rule U026)" eva@x.org &&
	echo "expiry_warning = 0" >"$T/conf" && run mailadm --config "$T/conf" \
	    check --rule U026 --rule A024 --rule U028 && status 0'

t 'what has expired is a note, and a destination that is expired a warning' '
	sql "UPDATE users SET expires = UTC_TIMESTAMP() WHERE email =
	    \"bo@x.org\"; UPDATE aliases SET expires = UTC_TIMESTAMP() WHERE
	    mail = \"end@x.org\"; UPDATE send_as SET expires = UTC_TIMESTAMP()
	    WHERE address = \"@x.org\"" && like "$(findings)" "U027 bo@x.org" &&
	like "$(findings)" "A025 end@x.org" &&
	like "$(findings)" "U029 anna@x.org" &&
	like "$(mailadm check --rule A010)" "bo@x.org, which has expired"'

finish
