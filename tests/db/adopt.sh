#!/bin/sh
# Adopting a database of three tables that somebody made by hand.
. tests/lib.sh
. tests/db/lib-adopt.sh

server_start
fresh
shape() {
	for shape_table in domains users aliases homes history changes locks \
	    schema_version; do
		sql "SHOW CREATE TABLE $shape_table" |
			sed 's/ AUTO_INCREMENT=[0-9]*//'
	done
	sql "SELECT trigger_name, event_object_table, action_timing, \
	    event_manipulation, action_statement FROM \
	    information_schema.triggers WHERE trigger_schema = 'mail' \
	    ORDER BY 1"
}
made=$(shape)

GOOD="INSERT INTO domains VALUES ('example.com'), ('b.org');
    INSERT INTO users VALUES ('anna@example.com', '$HASH'),
	('bob@b.org', '{SHA256-CRYPT}$HASH');
    INSERT INTO aliases VALUES
	('info@example.com', 'anna@example.com, bob@b.org'),
	('@b.org', 'bob@b.org,'), ('x@b.org', 'a@out.org');"

t 'foreign tables are named, not touched, by every other command' '
	guide "$GOOD" && before=$(foreign) &&
	run mailadm user list && status 7 &&
	like "$err" "not mailadm'"'"'s" && like "$err" "schema upgrade" &&
	run mailadm schema status && status 0 &&
	like "$err" "not mailadm'"'"'s" &&
	run mailadm schema init && status 7 &&
	is "$(foreign)" "$before"'

t 'the plan is shown with --dry-run, and nothing is touched' '
	run mailadm -n schema upgrade && status 0 && empty "$out" &&
	like "$err" "take over 2 rows of users" &&
	like "$err" "old_users" && is "$(foreign)" "$before"'

t 'every row exists afterwards, each destination a row' '
	run mailadm schema upgrade && status 0 && empty "$out" &&
	is "$(mailadm --columns domain domain list)" "b.org
example.com" &&
	is "$(mailadm --columns email,scheme,home user list)" \
	    "anna@example.com	SHA256-CRYPT	example.com/anna
bob@b.org	SHA256-CRYPT	b.org/bob" &&
	is "$(mailadm --columns mail,destination alias list)" \
	    "@b.org	bob@b.org
info@example.com	anna@example.com
info@example.com	bob@b.org
x@b.org	a@out.org" &&
	is "$(sql "SELECT crypt FROM users ORDER BY email")" \
	    "$(sql "SELECT crypt FROM old_users ORDER BY email")"'

t 'the schema is the one that init makes' '
	is "$(shape)" "$made"'

t 'the old tables stay, and can be written again' '
	is "$(sql "SELECT COUNT(*) FROM old_domains, old_users, \
	    old_aliases")" 12 &&
	sql "INSERT INTO old_domains VALUES (\"later.org\")"'

t 'what was adopted is in the history, as one change' '
	is "$(sql "SELECT kind, COUNT(*) FROM history GROUP BY kind ORDER \
	    BY kind")" "alias	4
domain	2
user	2" &&
	is "$(sql "SELECT program FROM changes")" "mailadm schema upgrade" &&
	is "$(sql "SELECT COUNT(DISTINCT \`change\`) FROM history")" 1'

t 'history of adoption has the columns that the triggers write' '
	keys="SELECT kind, JSON_KEYS(new_row) FROM history WHERE \
	    \`change\` %s (SELECT MIN(id) FROM changes) AND new_row IS NOT \
	    NULL GROUP BY kind ORDER BY kind" &&
	sql "INSERT INTO domains (domain) VALUES (\"k.org\"); \
	    INSERT INTO users (email, crypt) VALUES (\"k@k.org\", \"!\"); \
	    INSERT INTO aliases (mail, destination) VALUES (\"k@k.org\", \
	    \"k@k.org\")" &&
	is "$(sql "$(printf "$keys" =)")" "$(sql "$(printf "$keys" ">")")"'

t 'adopted homes are known: a name that comes again gets another' '
	run mailadm -y user remove bob@b.org --cascade && status 0 &&
	run mailadm user add bob@b.org --no-password && status 0 &&
	is "$(sql "SELECT home FROM users WHERE email = \"bob@b.org\"")" \
	    b.org/bob~2'

t 'a key of another table keeps --drop-old from dropping any' '
	sql "ALTER TABLE old_users ENGINE = InnoDB, ADD number INT UNIQUE;
	    CREATE TABLE notes (number INT, CONSTRAINT notes_number
		FOREIGN KEY (number) REFERENCES old_users (number))" &&
	for dry in -q -n; do
		run mailadm $dry schema upgrade --drop-old && status 6 &&
		like "$err" "foreign key notes_number of the table notes" &&
		like "$err" "ALTER TABLE notes DROP FOREIGN KEY" &&
		is "$(sql "SHOW TABLES LIKE \"old_%\"" | wc -l)" 3 ||
			return 1
	done && sql "DROP TABLE notes; ALTER TABLE old_users DROP number"'

t 'what uses an old table is named before it goes' '
	sql "CREATE VIEW seen AS SELECT email FROM old_users;
	    CREATE PROCEDURE old_look() SELECT 1 FROM old_domains" &&
	run mailadm -n schema upgrade --drop-old && status 0 &&
	like "$err" "the view seen uses a table that is dropped" &&
	like "$err" "the procedure old_look uses a table" &&
	sql "DROP VIEW seen; DROP PROCEDURE old_look"'

t 'the old tables go with --drop-old' '
	run mailadm -n schema upgrade --drop-old && status 0 &&
	like "$err" "drop the table old_users" &&
	is "$(sql "SHOW TABLES LIKE \"old_%\"" | wc -l)" 3 &&
	run mailadm schema upgrade --drop-old && status 0 &&
	empty "$(sql "SHOW TABLES LIKE \"old_%\"")" &&
	run mailadm schema upgrade --drop-old && status 0 &&
	like "$err" unchanged && is "$(shape)" "$made"'

t 'adopting and dropping at once is refused' '
	guide "$GOOD" && before=$(foreign) &&
	run mailadm schema upgrade --drop-old && status 6 &&
	is "$(foreign)" "$before"'

# --- rows that break a rule ------------------------------------------

# broken ROWS TABLE NAME PROBLEM: listed, refused, not fixed by --fix.
broken() {
	guide "$GOOD $1" && before=$(foreign) &&
	run mailadm schema upgrade && status 3 &&
	matches "$out" "^$2	$3	.*$4.*	\\\\N\$" &&
	like "$err" "rows that break a rule: 1; nothing was changed" &&
	like "$err" "hint: fix them in the tables" &&
	run mailadm schema upgrade --fix && status 3 &&
	is "$(foreign)" "$before"
}

# fixable ROWS TABLE NAME PROBLEM FIX: listed, refused, but --fix does it.
fixable() {
	guide "$GOOD $1" && before=$(foreign) &&
	run mailadm schema upgrade && status 3 &&
	matches "$out" "^$2	$3	.*$4.*	.*$5" &&
	like "$err" "hint: --fix fixes them" &&
	run mailadm -n schema upgrade --fix && status 0 &&
	is "$(foreign)" "$before" &&
	run mailadm schema upgrade --fix && status 0 &&
	matches "$out" "^$2	$3	.*$4.*	.*$5" && is "$(shape)" "$made"
}

bin="ALTER TABLE users MODIFY email varchar(128) COLLATE latin1_bin;
    ALTER TABLE aliases MODIFY mail varchar(120) COLLATE latin1_bin;"

t 'two users whose names differ only in case are for a person to fix' '
	guide "$GOOD $bin
	    INSERT INTO users VALUES (\"ANNA@example.com\", \"!\")" &&
	before=$(foreign) && run mailadm schema upgrade && status 3 &&
	like "$out" "anna@example.com	exists 2 times: ANNA@" &&
	like "$err" "rows that break a rule: 2; nothing was changed" &&
	like "$err" "hint: --fix fixes 1 of them as listed" &&
	run mailadm schema upgrade --fix && status 3 &&
	is "$(foreign)" "$before"'

t 'an address that is none is for a person to fix' '
	broken "INSERT INTO users VALUES (\"a@b@b.org\", \"!\");" \
	    users a@b@b.org "more than one @" &&
	broken "INSERT INTO users VALUES (\"plus+x@b.org\", \"!\");" \
	    users "plus\\+x@b.org" tag &&
	broken "INSERT INTO aliases VALUES (\"p|x@b.org\", \"a@b.org\");" \
	    aliases "p\\|x@b.org" "not allowed" &&
	broken "INSERT INTO aliases VALUES (\"p@b.org\", \"|/bin/sh\");" \
	    aliases p@b.org "command" &&
	broken "INSERT INTO aliases VALUES (\"p@b.org\", \"root\");" \
	    aliases p@b.org "root"'

t 'an alias without a destination is for a person to fix' '
	broken "INSERT INTO aliases VALUES (\"p@b.org\", \", ,\");" \
	    aliases p@b.org "no destination" &&
	broken "INSERT INTO aliases VALUES (\"p@b.org\", NULL);" \
	    aliases p@b.org "no destination"'

t 'a user without a password hash is for a person to fix' '
	broken "INSERT INTO users VALUES (\"c@b.org\", \"\");" \
	    users c@b.org "no password hash" &&
	broken "INSERT INTO users VALUES (\"c@b.org\", NULL);" \
	    users c@b.org "no password hash" &&
	broken "ALTER TABLE users MODIFY crypt TEXT;
	    INSERT INTO users VALUES (\"c@b.org\", REPEAT(\"x\", 256));" \
	    users c@b.org "longer than 255"'

t 'a hash that mailadm would refuse is kept, counted and not shown' '
	guide "$GOOD INSERT INTO users VALUES (\"c@b.org\", \"aXyz9.\");" &&
	run mailadm schema upgrade && status 0 &&
	like "$err" "keep 1 hashes as they are" && unlike "$out$err" aXyz9 &&
	is "$(sql "SELECT crypt FROM users WHERE email = \"c@b.org\"")" \
	    aXyz9.'

t 'a domain that is none is for a person to fix' '
	broken "INSERT INTO domains VALUES (NULL);" domains ".*" NULL &&
	broken "INSERT INTO domains VALUES (\"localhost\");" \
	    domains localhost "two parts" &&
	broken "INSERT INTO domains VALUES (\"müller.de\");" \
	    domains müller.de "xn--mller-kva.de"'

t 'bytes that end or change a line are found, and shown escaped' '
	broken "INSERT INTO domains VALUES (\"a\\0b.org\");" \
	    domains ".*" "invalid domain" &&
	broken "INSERT INTO domains VALUES (\"a\\nb.org\");" \
	    domains "a.nb.org" "invalid domain"'

t 'a duplicate domain is kept once with --fix' '
	fixable "INSERT INTO domains VALUES (\"b.org\"), (\"b.org\");" \
	    domains b.org "exists 3 times" "one is kept" &&
	is "$(mailadm domain list --count)" 2'

t 'capitals and blanks go with --fix' '
	fixable "INSERT INTO users VALUES (\" Carl@B.org\", \"!\");
	    INSERT INTO aliases VALUES (\"Y@b.org\", \"Carl@b.org\");" \
	    users " Carl@B.org" "capitals or blanks" "stored as carl@b.org" &&
	is "$(sql "SELECT mail, destination FROM aliases WHERE mail LIKE \
	    \"y%\"")" "y@b.org	carl@b.org" &&
	is "$(sql "SELECT home FROM users WHERE email LIKE \"carl%\"")" \
	    b.org/carl'

t 'the domain of a user or alias is added with --fix' '
	fixable "INSERT INTO users VALUES (\"c@c.org\", \"!\");
	    INSERT INTO aliases VALUES (\"d@d.org\", \"c@c.org\");" \
	    users c@c.org "no such domain: c.org" "domain is added" &&
	is "$(mailadm --columns domain domain list)" "b.org
c.org
d.org
example.com"'

t 'the same destination twice is kept once with --fix' '
	fixable "INSERT INTO aliases VALUES (\"y@b.org\", \
	    \"bob@b.org,BOB@b.org,a@b.org\");" \
	    aliases y@b.org "2 times to bob@b.org" "one is kept" &&
	is "$(sql "SELECT destination FROM aliases WHERE mail = \
	    \"y@b.org\" ORDER BY 1")" "a@b.org
bob@b.org"'

t 'two spellings of an alias are one with --fix where they go alike' '
	fixable "$bin INSERT INTO aliases VALUES (\"Y@b.org\", \
	    \"a@b.org,c@x.org\"), (\"y@b.org\", \"c@x.org, a@b.org\");" \
	    aliases y@b.org "spellings: Y@b.org, y@b.org" "one is kept" &&
	is "$(sql "SELECT COUNT(*) FROM aliases WHERE mail = \
	    \"y@b.org\"")" 2 &&
	guide "$GOOD $bin INSERT INTO aliases VALUES (\"Y@b.org\", \
	    \"a@b.org\"), (\"y@b.org\", \"c@x.org\");" &&
	before=$(foreign) && run mailadm schema upgrade --fix && status 3 &&
	matches "$out" "y@b.org	.*spellings.*	\\\\N" &&
	is "$(foreign)" "$before"'

t 'all findings are listed at once, and fixable ones counted' '
	guide "$GOOD INSERT INTO domains VALUES (\"b.org\"), (\"-\");
	    INSERT INTO users VALUES (\"Zoe@b.org\", \"!\"), (\"x\", \"!\");
	    INSERT INTO aliases VALUES (\"q@no.org\", \"a@b.org\");" &&
	run mailadm -o json schema upgrade && status 3 &&
	is "$(printf %s "$out" | grep -o "\"problem\"" | wc -l)" 5 &&
	like "$err" "rows that break a rule: 5" &&
	like "$err" "fix fixes 3 of them"'

t 'as JSON an empty fix is null' '
	like "$out" "\"fix\":null"'

# --- other layouts ---------------------------------------------------

t 'other columns, types, engines and character sets are adopted too' '
	server_database=mail && client <<-END &&
		DROP DATABASE mail; CREATE DATABASE mail;
		USE mail;
		CREATE TABLE domains (id INT AUTO_INCREMENT PRIMARY KEY,
		    domain TEXT CHARACTER SET utf8mb4) ENGINE = MyISAM;
		CREATE TABLE users (email CHAR(200) CHARACTER SET utf8mb3,
		    quota INT, crypt VARBINARY(200)) ENGINE = Aria;
		CREATE TABLE aliases (mail VARCHAR(255) CHARACTER SET ascii,
		    destination LONGTEXT CHARACTER SET ucs2, note TEXT);
		INSERT INTO domains (domain) VALUES ("b.org");
		INSERT INTO users VALUES ("bob@b.org", 5, "$HASH");
		INSERT INTO aliases VALUES ("x@b.org", "bob@b.org", "n"),
		    ("x@b.org", "a@b.org", "n");
	END
	run mailadm schema upgrade && status 0 &&
	like "$err" "leave users.quota in old_users" &&
	is "$(shape)" "$made" &&
	is "$(sql "SELECT email, crypt, quota FROM users")" \
	    "bob@b.org	$HASH	NULL" &&
	is "$(sql "SELECT COUNT(*) FROM aliases")" 2 &&
	is "$(sql "SELECT quota FROM old_users")" 5'

t 'a table that is not there is empty' '
	server_database=mail && client <<-END &&
		DROP DATABASE mail; CREATE DATABASE mail; USE mail;
		CREATE TABLE domains (domain VARCHAR(99));
		INSERT INTO domains VALUES ("b.org");
	END
	before=$(foreign) && run mailadm schema upgrade && status 6 &&
	like "$err" "there is no table users and the table aliases" &&
	like "$err" "hint: --only adopts what exists" &&
	is "$(foreign)" "$before" &&
	run mailadm schema upgrade --only && status 0 &&
	is "$(shape)" "$made" &&
	is "$(mailadm --columns domain domain list)" b.org &&
	run mailadm schema upgrade --drop-old && status 0'

t 'a view, and a table that is called old_*, are refused' '
	guide "$GOOD RENAME TABLE domains TO d;
	    CREATE VIEW domains AS SELECT domain FROM d;" &&
	before=$(foreign) && run mailadm schema upgrade && status 6 &&
	like "$err" view && is "$(foreign)" "$before" &&
	guide "$GOOD CREATE TABLE old_users (x INT, y INT);" &&
	before=$(foreign) && run mailadm schema upgrade && status 6 &&
	like "$err" "old_users is in the way" && is "$(foreign)" "$before"'

t 'an upgrade that fails leaves the tables as they were' '
	guide "$GOOD" && before=$(foreign) &&
	sql "CREATE USER small@localhost; GRANT ALL ON mail.* TO \
	    small@localhost" &&
	run mailadm --user=small schema upgrade && status 9 &&
	like "$err" "creating triggers needs more" &&
	is "$(foreign)" "$before" && sql "DROP USER small@localhost"'

t 'a lookup always finds a table while others are adopted' '
	guide "$GOOD" && : >"$T/go" &&
	{ while [ -e "$T/go" ]; do
		echo "SELECT crypt <> \"\" FROM users WHERE email = \
		    \"anna@example.com\";"
	done | client mail 2>&1 | sort | uniq -c >"$T/answers" & } &&
	reader=$! && run mailadm schema upgrade && status 0 &&
	rm "$T/go" && wait $reader &&
	matches "$(cat "$T/answers")" "^ *[0-9]+ 1$" &&
	lines "$(cat "$T/answers")" 1'

t 'two upgrades at once adopt once' '
	guide "$GOOD" && { mailadm schema upgrade 2>"$T/first" & } &&
	first=$! && run mailadm schema upgrade && status 0 &&
	wait $first && is "$(shape)" "$made" &&
	is "$(sql "SELECT COUNT(*) FROM history")" 8 &&
	is "$(sql "SHOW TABLES LIKE \"old_%\"" | wc -l)" 3'

t 'twenty thousand users are adopted' '
	guide "INSERT INTO domains SELECT CONCAT(\"d\", seq, \".org\") FROM
		seq_1_to_100;
	    INSERT INTO users SELECT CONCAT(\"u\", seq, \"@d\", 1 + seq % 100,
		\".org\"), \"$HASH\" FROM seq_1_to_20000;
	    INSERT INTO aliases SELECT CONCAT(\"a\", seq, \"@d\",
		1 + seq % 100, \".org\"), CONCAT(\"u\", seq, \"@d1.org, x@\",
		\"y.org\") FROM seq_1_to_5000;" &&
	run mailadm schema upgrade && status 0 &&
	is "$(sql "SELECT (SELECT COUNT(*) FROM users), (SELECT COUNT(*) \
	    FROM aliases), (SELECT COUNT(*) FROM history), (SELECT \
	    COUNT(*) FROM homes)")" "20000	10000	30100	20000"'

# --- columns that many have beside those of the guide ---------------------

# lists FOLDER: what is there now, as tests/db/foreign_compare.pl reads it.
lists() {
	mkdir -p "$1" && cp "$T/err" "$1/loss" &&
	mailadm domain list --header --columns domain,active,description \
	    >"$1/domain" &&
	mailadm user list --header --columns email,active,name,home \
	    >"$1/user" &&
	mailadm alias list --header --columns mail,destination,active \
	    >"$1/alias" &&
	{ echo 'email	hash'; sql 'SELECT email, crypt FROM users'; } \
	    >"$1/hash"
}

KNOWN=tests/data/foreign/three-tables-name-active
t 'whether a row is active, names and homes are taken over' '
	guide "DROP TABLE domains, users, aliases" &&
	cat $KNOWN/schema.sql $KNOWN/data.sql | client mail &&
	run mailadm schema upgrade && status 0 && lists "$T/lists" &&
	perl tests/db/foreign_compare.pl "$T/lists" $KNOWN/expected.tsv \
	    >"$T/faults" && empty "$(cat "$T/faults")" &&
	is "$(sql "SELECT JSON_VALUE(new_row, \"$.name\"),
	    JSON_VALUE(new_row, \"$.active\") FROM history
	    WHERE name = \"bo@example.com\"")" "Ek	0"'

# wider ROWS OF users: the guide with columns of people who went on from it.
wider() {
	guide "ALTER TABLE domains ADD enabled VARCHAR(8) DEFAULT 'y',
		ADD description VARCHAR(300);
	    ALTER TABLE users ADD active ENUM('Yes', 'No', 'maybe')
		DEFAULT 'Yes', ADD name VARCHAR(300), ADD home VARCHAR(200);
	    ALTER TABLE aliases ADD active BIT(1) DEFAULT 1;
	    INSERT INTO domains VALUES ('a.org', 'n', 'first'),
		('b.org', ' Y ', NULL);
	    INSERT INTO users VALUES $1;
	    INSERT INTO aliases VALUES ('i@a.org', 'x@a.org', b'0'),
		('j@a.org', 'x@a.org', b'1')"
}

t 'flags are known in any spelling, and a home below the mail directory' '
	wider "(\"x@a.org\", \"$HASH\", \"No\", \" \",
		\"/var/vmail/a.org/x.old/\"),
	    (\"y@b.org\", \"$HASH\", \"Yes\", \"Ypsilon\", \"\")" &&
	run mailadm schema upgrade && status 0 &&
	is "$(mailadm domain list --columns domain,active,description)" \
	    "a.org	0	first
b.org	1	\N" &&
	is "$(mailadm user list --columns email,active,name,home)" \
	    "x@a.org	0	\N	a.org/x.old
y@b.org	1	Ypsilon	b.org/y" &&
	is "$(mailadm alias list --columns mail,active)" \
	    "i@a.org	0
j@a.org	1"'

t 'a flag that is neither yes nor no is refused with its value' '
	wider "(\"x@a.org\", \"$HASH\", \"maybe\", NULL, NULL),
	    (\"y@b.org\", \"$HASH\", NULL, NULL, NULL)" && before=$(foreign) &&
	run mailadm schema upgrade --fix && status 3 &&
	like "$out" "x@a.org	active: maybe: neither yes nor no" &&
	like "$out" "y@b.org	active: NULL: neither yes nor no" &&
	is "$(foreign)" "$before"'

t 'a name that is too long, and a home of two, are refused' '
	wider "(\"x@a.org\", \"$HASH\", \"Yes\", REPEAT(\"n\", 256), \"a\"),
	    (\"y@b.org\", \"$HASH\", \"Yes\", NULL, \"/var/vmail/a/\")" &&
	run mailadm schema upgrade --fix && status 3 &&
	like "$out" "longer than 255 characters" &&
	like "$out" "x@a.org	2 users have the home a"'

t 'a home elsewhere is named, and with --fix is the usual one' '
	wider "(\"x@a.org\", \"$HASH\", \"Yes\", NULL, \"/srv/mail/x\"),
	    (\"y@b.org\", \"$HASH\", \"Yes\", NULL, \"../b.org/x\")" &&
	run mailadm schema upgrade && status 3 &&
	like "$out" "home: /srv/mail/x: not below the mail directory	gets" &&
	run mailadm schema upgrade --fix && status 0 &&
	is "$(mailadm user list --columns home)" "a.org/x
b.org/y"'

t 'a column called as one of ours binds to nothing' '
	wider "(\"x@a.org\", \"$HASH\", \"Yes\", \"Same\", NULL),
	    (\"y@b.org\", \"!\", \"Yes\", \"Same\", NULL)" &&
	run mailadm schema upgrade && status 0 &&
	is "$(mailadm user list --columns email,name)" "x@a.org	Same
y@b.org	Same"'

t 'a table that lacks a column is refused with that, and moved instead' '
	guide "ALTER TABLE users CHANGE email mailbox VARCHAR(128),
	    CHANGE crypt phrase VARCHAR(128)" && before=$(foreign) &&
	run mailadm schema upgrade && status 6 &&
	like "$err" "users: it lacks the column email and the column crypt" &&
	like "$err" "hint: move its rows" &&
	like "$err" "mailadm import from tables" &&
	is "$(foreign)" "$before"'

### The columns under other names

# other DOMAINS USERS ALIASES [STATEMENTS]: tables with these columns.
other() {
	server_database=mail
	client <<-END
		DROP DATABASE IF EXISTS mail;
		CREATE DATABASE mail CHARACTER SET latin1;
		USE mail;
		CREATE TABLE domains ($1) ENGINE=MyISAM;
		CREATE TABLE users ($2);
		CREATE TABLE aliases ($3);
		$4
	END
}

t 'domains.name, users.password, aliases.source: each is read as ours' '
	other "id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(99), comment
	    VARCHAR(99)" "id INT AUTO_INCREMENT PRIMARY KEY, domain_id INT,
	    email VARCHAR(99), password VARCHAR(199), name VARCHAR(99)" \
	    "id INT, source VARCHAR(99), goto TEXT" "INSERT INTO domains
	    VALUES (1, \"b.org\", \"the firm\"); INSERT INTO users VALUES
	    (1, 1, \"bo@b.org\", \"$HASH\", \"Bo Ek\"), (2, 1,
	    \"cy@b.org\", \"$HASH\", \"Bo Ek\"); INSERT INTO aliases
	    VALUES (1, \"i@b.org\", \"bo@b.org, cy@b.org\")" &&
	run mailadm schema upgrade --dry-run && status 0 &&
	like "$err" "would: read domains.name as domain" &&
	like "$err" "would: read users.password as crypt" &&
	like "$err" "would: read aliases.goto as destination" &&
	like "$err" "leave users.domain_id in old_users" &&
	run mailadm schema upgrade && status 0 && is "$(shape)" "$made" &&
	is "$(sql "SELECT domain, description FROM domains")" \
	    "b.org	the firm" &&
	is "$(sql "SELECT email, crypt, name FROM users ORDER BY 1")" \
	    "bo@b.org	$HASH	Bo Ek
cy@b.org	$HASH	Bo Ek" &&
	is "$(sql "SELECT destination FROM aliases ORDER BY 1")" "bo@b.org
cy@b.org" &&
	run mailadm schema restore-old --yes && status 0 &&
	is "$(sql "SELECT name FROM domains")" b.org'

t 'users.id is the address of flurdy, and its two paths are one home' '
	other "pkid INT, domain VARCHAR(99), enabled TINYINT" \
	    "id VARCHAR(99), crypt VARCHAR(199), home VARCHAR(99), maildir
	    VARCHAR(99), enabled TINYINT" "pkid INT, mail VARCHAR(99),
	    destination VARCHAR(99), enabled TINYINT" "INSERT INTO domains
	    VALUES (1, \"b.org\", 0); INSERT INTO users VALUES (\"bo@b.org\",
	    \"$HASH\", \"/var/vmail/\", \"b/bo/\", 1), (\"cy@b.org\",
	    \"$HASH\", \"/var/vmail\", \"cy\", 0)" &&
	run mailadm schema upgrade && status 0 &&
	is "$(sql "SELECT email, home, active FROM users ORDER BY 1")" \
	    "bo@b.org	b/bo	1
cy@b.org	cy	0" && is "$(sql "SELECT active FROM domains")" 0'

t 'disabled, and a date that has passed, are off; a number is no name' '
	other "name VARCHAR(99), blocked CHAR(1)" "email INT, username
	    VARCHAR(99), pass VARCHAR(199), active BOOL, disabled BIT, expires
	    DATETIME, locked CHAR(1) DEFAULT \"n\"" \
	    "address VARCHAR(99), dest VARCHAR(99), valid_until DATE" \
	    "INSERT INTO domains VALUES (\"a.org\", \"n\"), (\"b.org\",
	    \"Y\"), (\"c.org\", NULL); INSERT INTO users
	    (email, username, pass, active, disabled, expires) VALUES
	    (1, \"a@a.org\", \"!\", 1, 0, NULL), (2, \"b@a.org\", \"!\",
	    1, 1, NULL), (3, \"c@a.org\", \"!\", 1, 0, \"2001-02-03\"),
	    (4, \"d@a.org\", \"!\", 1, NULL, \"9999-12-31\"), (5,
	    \"e@a.org\", \"!\", 0, 0, \"2999-01-01\"), (6, \"f@a.org\",
	    \"!\", 1, 0, NULL); UPDATE users SET locked = \"y\" WHERE
	    email = 6; INSERT INTO aliases
	    VALUES (\"i@a.org\", \"a@a.org\", \"2999-01-01\"), (\"j@a.org\",
	    \"a@a.org\", \"2001-01-01\")" &&
	run mailadm schema upgrade && status 0 &&
	is "$(sql "SELECT GROUP_CONCAT(active ORDER BY domain) FROM domains")" \
	    "1,0,1" &&
	is "$(sql "SELECT GROUP_CONCAT(active ORDER BY email) FROM users")" \
	    "1,0,0,1,0,0" &&
	is "$(sql "SELECT GROUP_CONCAT(active ORDER BY mail) FROM aliases")" \
	    "1,0"'

t 'aliases in a table of another name are not left behind in silence' '
	other "domain VARCHAR(99)" "email VARCHAR(99), password VARCHAR(99)" \
	    "x INT" "DROP TABLE aliases; CREATE TABLE forwardings (source
	    VARCHAR(99), destination TEXT)" && before=$(foreign) &&
	run mailadm schema upgrade && status 6 &&
	like "$err" "there is no table aliases" &&
	like "$err" "import from tables" && is "$(foreign)" "$before" &&
	run mailadm schema upgrade --only && status 0'

t 'rows that break a rule are named by those columns' '
	other "name VARCHAR(99)" "username VARCHAR(99), password VARCHAR(199),
	    locked VARCHAR(9)" "source VARCHAR(99), goto VARCHAR(99)" \
	    "INSERT INTO domains VALUES (\"b.org\"); INSERT INTO users VALUES
	    (\"bo\", \"!\", \"no\"), (\"cy@b.org\", \"\", \"maybe\");
	    INSERT INTO aliases VALUES (\"i@b.org\", NULL)" &&
	before=$(foreign) && run mailadm schema upgrade -o tsv && status 3 &&
	matches "$out" "^users	bo	invalid" &&
	matches "$out" "^users	cy@b.org	has no password hash" &&
	like "$out" "cy@b.org	locked: maybe: neither yes nor no" &&
	matches "$out" "^aliases	i@b.org	has no destination" &&
	is "$(foreign)" "$before"'

t 'where one of the two paths is NULL the other is the home' '
	other "domain VARCHAR(99)" "email VARCHAR(99), crypt VARCHAR(199),
	    home VARCHAR(99), maildir VARCHAR(99)" "mail VARCHAR(99),
	    destination VARCHAR(99)" "INSERT INTO domains VALUES (\"b.org\");
	    INSERT INTO users VALUES
	    (\"bo@b.org\", \"!\", \"/var/vmail/b/bo\", NULL),
	    (\"cy@b.org\", \"!\", NULL, \"/var/vmail/b/cy/\"),
	    (\"di@b.org\", \"!\", NULL, NULL)" &&
	run mailadm schema upgrade && status 0 &&
	is "$(sql "SELECT home FROM users ORDER BY email")" "b/bo
b/cy
b.org/di"'

t 'bytes that are no text are refused, those of a hash without a word' '
	other "domain VARCHAR(99)" "email VARCHAR(99), crypt BLOB,
	    name VARBINARY(99)" "mail VARCHAR(99), destination BLOB" \
	    "INSERT INTO domains VALUES (\"b.org\"); INSERT INTO users VALUES
	    (\"bo@b.org\", CONCAT(_binary \"Xyz\", 0xff), 0x426fff),
	    (\"cy@b.org\", \"!\", _utf8mb4 \"Åsa\"); INSERT INTO aliases
	    VALUES (\"i@b.org\", 0xff40622e6f7267)" && before=$(foreign) &&
	run mailadm schema upgrade --dry-run && status 3 &&
	run mailadm schema upgrade --fix && status 3 &&
	matches "$out" "^users	bo@b.org	crypt: not valid UTF-8" &&
	matches "$out" "^users	bo@b.org	name: not valid UTF-8" &&
	matches "$out" "^aliases	i@b.org	destination: not valid UTF-8" &&
	unlike "$out$err" cy@b.org && unlike "$out$err" Xyz &&
	is "$(foreign)" "$before"'

finish
