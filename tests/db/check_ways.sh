#!/bin/sh
# mailadm check: the rules about where mail goes.
# shellcheck disable=SC2016,SC2034,SC2154,SC2317 # t evaluates the code
. tests/lib.sh
. tests/db/lib-check.sh
server_start && fresh
server_database=
made=0
accounts_sql '' >"$T/grants.sql"
sql "source $T/grants.sql; ALTER USER mailadm_check@localhost IDENTIFIED BY ''"

# relay DOMAIN COLUMNS: a relay domain that nothing is wrong with, but those.
relay() {
	plant "INSERT INTO domains SET domain = '$1',
	    relay_to = '[mail.branch.example]:25';
	    UPDATE domains SET ${2:-active = 1} WHERE domain = '$1';
	    INSERT INTO recipients (address) VALUES ('postmaster@$1'),
	    ('abuse@$1'), ('bo@$1')"
}

way() { # NAME COLUMNS
	plant "INSERT INTO relays SET name = '$1',
	    host = 'smtp.provider.example', pad = (SELECT COUNT(*) FROM
	    relays AS r);
	    UPDATE relays SET ${2:-port = 587} WHERE name = '$1'"
}

password() { # NAME
	plant "INSERT INTO relay_secrets VALUES ('$1', 'of the way out')"
}

### Relay domains

t 'nothing is found where nothing is wrong' '
	clean && relay branch.example && way default &&
	way second "login = \"anna\"" && password second &&
	plant "UPDATE users SET send_through = \"second\"" && found ""'

t 'the names of a relay domain receive mail, and may be sent as' '
	clean && relay branch.example &&
	plant "INSERT INTO aliases (mail, destination) VALUES
	    (\"a@x.org\", \"bo@branch.example\"),
	    (\"b@x.org\", \"bo+tag@branch.example\"),
	    (\"c@x.org\", \"ghost@branch.example\");
	    INSERT INTO send_as (email, address) VALUES
	    (\"anna@x.org\", \"bo@branch.example\"),
	    (\"anna@x.org\", \"ghost@branch.example\")" &&
	found "U022 anna@x.org
A009 c@x.org"'

t 'one that takes more than it knows has all names' '
	clean && relay branch.example "accepts = \"verify\"" &&
	plant "DELETE FROM recipients; INSERT INTO aliases (mail, destination)
	    VALUES (\"c@x.org\", \"ghost@branch.example\")" && found ""'

t 'D021: passed on to this server itself' '
	clean && for host in localhost 127.0.0.1 127.9.9.9 ::1; do
		relay "at$made.example" "relay_to = \"[$host]:25\"" || return 1
		made=$((made + 1))
	done && found_as root --rule D021 && lines "$out" 4 &&
	says D021 "is passed on to \[127.0.0.1\]:25, which is this server"'
t 'D021: by the setting hostname, too, and without a port' '
	clean && relay a.example "relay_to = \"[mx.own.example]\"" &&
	found "" && echo "hostname = mx.own.example" >>"$MAILADM_CONFIG" &&
	found "D021 a.example"'
t 'D021: another port is another program, and a disabled domain has no mail' '
	clean && relay a.example "relay_to = \"[127.0.0.1]:2525\"" &&
	relay b.example "relay_to = \"[127.0.0.1]:25\", active = 0" &&
	relay c.example "relay_to = \"mx\"" && found ""'

t 'D022: a relay domain that knows no name' '
	clean && relay a.example && plant "DELETE FROM recipients;
	    INSERT INTO aliases (mail, destination) VALUES
	    (\"postmaster@a.example\", \"anna@x.org\")" &&
	found_as root --rule D022 && is "$found_out" "D022 a.example" &&
	plant "INSERT INTO aliases (mail, destination) VALUES
	    (\"@a.example\", \"anna@x.org\")" &&
	found_as root --rule D022 && is "$found_out" ""'

t 'D023: all names are taken' '
	clean && relay a.example "accepts = \"all\"" &&
	found "D023 a.example" &&
	says D023 "what \[mail.branch.example\]:25 refuses bounces"'

t 'D024: recipients of a domain that has mailboxes here, or of none' '
	clean && plant "INSERT INTO recipients (address) VALUES
	    (\"bo@x.org\"), (\"carl@x.org\"), (\"dora@gone.example\")" &&
	found "D024 dora@gone.example
D024 x.org" && says D024 "domain x.org is not passed on and has 2 recipients"'

t 'D025: users of a domain that is passed on' '
	clean && relay a.example && plant "DROP TRIGGER users_insert_rules;
	    INSERT INTO users (email, crypt, home) VALUES
	    (\"anna@a.example\", \"$HASH\", \"h\")" &&
	found_as root --rule D025 && is "$found_out" "D025 a.example"'
fresh

t 'D026: a server or a transport that is none' '
	clean && relay a.example "relay_to = \"[a_b]:25\"" &&
	relay b.example "relay_to = \"mail.branch.example:99999\"" &&
	relay c.example "transport = \"smtp\"" &&
	plant "UPDATE domains SET transport = \"lmtp:unix:/run/l\"
	    WHERE domain = \"x.org\"" && found "D026 a.example
D026 b.example
D026 c.example" && says D026 "transport .smtp., which is not SERVICE:NEXT-HOP"'

t 'D031: more patterns than are compared with each unknown name' '
	clean && plant "INSERT INTO patterns (domain, local, destination)
	    SELECT \"x.org\", CONCAT(\"p\", seq, \"-*\"), \"anna@x.org\"
	    FROM seq_1_to_100" && found "" &&
	plant "INSERT INTO patterns (domain, local, destination, active)
	    VALUES (\"x.org\", \"more-*\", \"anna@x.org\", 0)" &&
	found "D031 x.org" && says D031 "has 101 patterns, 100 allowed"'

t 'D032: a catch-all in front of what takes all names' '
	clean && relay a.example "accepts = \"verify\"" &&
	plant "INSERT INTO aliases (mail, destination) VALUES
	    (\"@a.example\", \"anna@x.org\")" && found "D032 a.example"'

### Ways out

t 'W001, W002, W005: a login without a password, the reverse, without TLS' '
	clean && way a "login = \"anna\"" && way b && password b &&
	way c "login = \"anna\", tls = \"may\"" && password c &&
	found_as root --ignore W004 && is "$found_out" "W001 a
W002 b
W005 c"'
t 'an advice names the way out' '
	run mailadm --database mail check --rule W001 --columns advice &&
	is "$out" "relay set a --password-file FILE"'

t 'W003: this server itself' '
	clean && way default "host = \"localhost\", port = 25" &&
	way a "host = \"127.0.0.1\", port = 2525" &&
	plant "UPDATE domains SET send_through = \"a\"" &&
	found "W003 default"'

t 'W004: nobody takes it; default is for everybody else' '
	clean && way default && way a && way b && way c &&
	plant "UPDATE domains SET send_through = \"a\";
	    UPDATE users SET send_through = \"b\"" && found "W004 c"'

t 'D027, U030: a way out that is not there' '
	clean && plant "UPDATE domains SET send_through = \"gone\";
	    UPDATE users SET send_through = \"lost\"" && found "D027 x.org
U030 anna@x.org" && says U030 "by way out lost, which does not exist"'

### Archives

archive() { # SQL of a table, ADDRESS
	plant "UPDATE $1 SET bcc_out = '$2' WHERE $1.domain = 'x.org'"
}

t 'an archive that takes mail is right: a user, an alias, a relay domain' '
	clean && relay branch.example &&
	plant "INSERT INTO domains (domain) VALUES (\"old.example\");
	    INSERT INTO users (email, crypt) VALUES
	    (\"sent@old.example\", \"!\"), (\"postmaster@old.example\", \"!\"),
	    (\"abuse@old.example\", \"!\"); INSERT INTO domains (domain,
	    alias_of) VALUES (\"aka.example\", \"old.example\")" &&
	for to in sent@old.example sent+x@aka.example bo@branch.example \
	    abuse@x.org; do
		archive users "$to" && found_as root --ignore U007 &&
		is "$found_out" "" || return 1
	done'

t 'D028, U031: one that does not exist, or takes no mail' '
	clean && archive domains ghost@x.org && archive users ghost@x.org &&
	found_as root --ignore D029 && is "$found_out" "D028 x.org
U031 anna@x.org" && says U031 "ghost@x.org, which does not exist" &&
	plant "INSERT INTO aliases (mail, destination, active) VALUES
	    (\"ghost@x.org\", \"anna@x.org\", 0)" &&
	found_as root --rule U031 && says U031 "ghost@x.org, which is disabled"'

t 'D029, U032: one inside of what it archives' '
	clean && archive domains abuse@x.org && archive users anna@x.org &&
	found "D029 x.org
U032 anna@x.org"'

t 'D030, U033: one that is not on this server' '
	clean && archive domains a@elsewhere.example &&
	archive users b@elsewhere.example && found "D030 x.org
U033 anna@x.org"'

t 'of incoming mail, an archive in the domain is right, an alias is not' '
	clean && plant "UPDATE domains SET bcc_in = \"anna@x.org\"
	    WHERE domain = \"x.org\"" && found "" &&
	plant "UPDATE domains SET bcc_in = \"anna+a@x.org\"
	    WHERE domain = \"x.org\"" && found "D028 x.org" &&
	says D028 "is not a user.s plain address" &&
	plant "INSERT INTO aliases (mail, destination) VALUES
	    (\"to@x.org\", \"anna@x.org\"); UPDATE domains SET
	    bcc_in = \"to@x.org\" WHERE domain = \"x.org\"" &&
	found "D028 x.org" && says D028 "which is an alias"'

t 'who sends nothing has no archive that matters' '
	clean && archive users ghost@x.org &&
	plant "UPDATE users SET active = 0" && found_as root --rule U031 &&
	is "$found_out" ""'

### Who asks

t 'the account of check sees all of it, and no password' '
	clean && relay a.example "accepts = \"all\"" &&
	way a "login = \"anna\"" && archive users ghost@x.org &&
	found_as mailadm_check && is "$found_out" "D023 a.example
U031 anna@x.org
W001 a
W004 a" && unlike "$err" "not checked: D"'

t 'an account that may not see it says so' '
	sql "CREATE USER older; GRANT SELECT ON mail.domains TO older;
	    GRANT SELECT ON mail.users TO older;
	    GRANT SELECT ON mail.aliases TO older" &&
	run mailadm --database mail --user older check --rule W001 &&
	like "$err" "may not read where mail goes" && like "$err" W001'

t 'columns of these names in the tables of others mean something else' '
	foreign && adds="ADD relay_to VARCHAR(9) DEFAULT \"x y\",
	    ADD accepts VARCHAR(9) DEFAULT \"all\",
	    ADD transport VARCHAR(9) DEFAULT \"virtual\"" &&
	plant "ALTER TABLE domains $adds; ALTER TABLE users
	    ADD bcc_out VARCHAR(99) DEFAULT \"ghost@x.org\"" && found ""'

finish
