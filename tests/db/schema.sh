#!/bin/sh
# schema init, status and upgrade, and what the database itself refuses.
. tests/lib.sh

server_in_memory
server_start --innodb-stats-persistent=0

# A statement that has to fail, with this in what the server says.
refused() {
	run sql "$1"
	status 1 && like "$err" "$2"
}

# The client on a file, or with a connection of its own kind.
client() {
	mariadb --no-defaults --skip-ssl --socket="$server_socket" --batch \
	    --skip-column-names --user=root --default-character-set=utf8mb4 \
	    "$@"
}

# Everything that tells one database's schema from another's.
shape() {
	for shape_table in schema_version locks changes history homes \
	    domains users aliases send_as dkim_keys logins quota_usage; do
		server_sql "$1" -e "SHOW CREATE TABLE $shape_table" |
			sed 's/ AUTO_INCREMENT=[0-9]*//'
	done
	server_sql -e "SELECT trigger_name, event_object_table, \
	    action_timing, event_manipulation, action_statement \
	    FROM information_schema.triggers \
	    WHERE trigger_schema = '$1' ORDER BY 1"
}

t 'migrations are numbered without gaps or duplicates' '
	numbers=$(ls sql | sed -n "s/^\([0-9][0-9]*\)-.*/\1/p") &&
	is "$numbers" "$(seq -f %03g "$(echo "$numbers" | wc -l)")"'

t 'without a database every command says how to make it' '
	run mailadm domain list && status 7 &&
	like "$err" "Unknown database" &&
	like "$err" "hint: create the tables with: mailadm schema init"'

t 'with binlog_format = STATEMENT nothing is begun, and it is named' '
	sql "SET GLOBAL binlog_format = STATEMENT" &&
	run mailadm schema init
	sql "SET GLOBAL binlog_format = MIXED"
	status 6 && like "$err" "binlog_format = STATEMENT" &&
	like "$err" "MIXED or ROW" &&
	empty "$(sql "SHOW DATABASES LIKE \"mail\"")"'

t 'init with --dry-run touches nothing' '
	run mailadm -n schema init && status 0 &&
	matches "$err" "^would: migration 2 .*: 1 statement$" &&
	like "$err" "create the database mail" &&
	empty "$(sql "SHOW DATABASES LIKE \"mail\"")"'

t 'init makes the database and its tables' '
	run mailadm schema init && status 0 && empty "$out" &&
	run mailadm domain list && status 0 && empty "$out" &&
	run mailadm -o tsv --columns version,name,state schema status &&
	status 0 && like "$out" "1	mail	applied" &&
	like "$err" "complete"'
server_database=mail

t 'init of a complete schema changes nothing' '
	id=$(sql "SELECT database_id FROM schema_version") &&
	run mailadm schema init && status 0 && like "$err" "unchanged" &&
	is "$(sql "SELECT database_id FROM schema_version")" "$id"'

t 'each database has a random id of its own' '
	matches "$(sql "SELECT database_id FROM schema_version")" \
	    "^[0-9a-f]{32}$" &&
	run mailadm --database=other schema init && status 0 &&
	is "$(sql "SELECT COUNT(DISTINCT database_id) FROM (SELECT \
	    database_id FROM mail.schema_version UNION ALL SELECT \
	    database_id FROM other.schema_version) AS i")" 2 &&
	sql "DROP DATABASE other"'

t 'upgrade of a complete schema changes nothing' '
	before=$(shape mail) &&
	run mailadm schema upgrade && status 0 &&
	is "$err" "schema unchanged" &&
	is "$(shape mail)" "$before"'

t 'a schema command waits for another to end' '
	shape mail >"$T/shape" && sql "DELETE FROM schema_version" &&
	{ mailadm schema upgrade 2>"$T/first" & } && first=$! &&
	run mailadm schema upgrade && status 0 && wait $first &&
	is "$(sql "SELECT COUNT(*) FROM schema_version")" \
	    "$(ls sql/[0-9]* | wc -l)" &&
	is "$(shape mail)" "$(cat "$T/shape")"'

t 'a half-way schema is reported, and upgrade finishes it' '
	sql "DELETE FROM schema_version; DROP TRIGGER users_insert; \
	    DROP TABLE aliases" &&
	run mailadm domain list && status 6 && like "$err" "half-way" &&
	like "$err" "hint: finish it with: mailadm schema upgrade" &&
	run mailadm --columns state schema status && status 0 &&
	like "$out" half-way && like "$err" half-way &&
	run mailadm schema upgrade && status 0 &&
	is "$(shape mail)" "$(cat "$T/shape")" &&
	run mailadm domain list && status 0'

# What the first release made, with some data in it.
first_version() {
	sql "DROP DATABASE IF EXISTS first; CREATE DATABASE first" &&
	client first <sql/001-mail.sql &&
	server_sql first -e "INSERT INTO schema_version (version, name, \
	    database_id) VALUES (1, \"mail\", REPEAT(\"a\", 32)); \
	    INSERT INTO domains (domain) VALUES (\"x.org\"); \
	    INSERT INTO users (email, crypt) VALUES (\"a@x.org\", \"!\")"
}

t 'a database of the first version is refused until it is upgraded' '
	first_version &&
	run mailadm --database=first user list && status 6 &&
	like "$err" "older than the program" &&
	run mailadm --database=first --columns version,state schema status &&
	status 0 && like "$out" "1	applied
2	pending"'

t 'upgrading from the first version keeps all rows' '
	before=$(server_sql first -e "SELECT * FROM history") &&
	run mailadm --database=first schema upgrade && status 0 &&
	like "$err" "hint: the database accounts need new grants" &&
	is "$(shape first)" "$(shape mail)" &&
	is "$(server_sql first -e "SELECT * FROM history")" "$before" &&
	run mailadm --database=first user list && status 0 &&
	like "$out" a@x.org &&
	is "$(server_sql first -e "SELECT may_login, may_send, may_receive \
	    FROM users")" "1	1	1" &&
	is "$(server_sql first -e "SELECT DISTINCT database_id FROM \
	    schema_version")" aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'

# The first release, and the migrations up to before this one.
version_before() {
	first_version || return 1
	for earlier in sql/[0-9]*; do
		[ "$earlier" != "$1" ] || return 0
		[ "$earlier" != sql/001-mail.sql ] || continue
		number=${earlier#sql/} name=${earlier#*-}
		client first <"$earlier" &&
		server_sql first -e "INSERT INTO schema_version (version, \
		    name, database_id) VALUES (${number%%-*}, \
		    \"${name%.sql}\", REPEAT(\"a\", 32))" || return 1
	done
}

t 'an upgrade that was killed before its last word is finished' '
	for file in sql/[0-9]*; do
		version_before "$file" && client first <"$file" &&
		run mailadm --database=first schema upgrade && status 0 &&
		is "$(shape first)" "$(shape mail)" || return 1
	done && sql "DROP DATABASE first"'

t 'init finishes what it began, wherever it was interrupted' '
	for written in "" "DELETE FROM schema_version;" "DROP TRIGGER \
	    users_insert; DELETE FROM schema_version; DROP TABLE aliases"; do
		first_version &&
		server_sql first -e "DELETE FROM users; DELETE FROM domains; \
		    DELETE FROM history; DELETE FROM changes; \
		    DELETE FROM homes; $written" &&
		run mailadm --database=first schema init -n && status 0 &&
		like "$err" "would: migration 2" &&
		run mailadm --database=first schema init && status 0 &&
		like "$err" "migration 2" &&
		is "$(shape first)" "$(shape mail)" &&
		is "$(server_sql first -e "SELECT COUNT(*), \
		    COUNT(DISTINCT database_id) FROM schema_version")" \
		    "$(ls sql/[0-9]* | wc -l)	1" || return 1
	done'

t 'init leaves an older schema alone that was ever used' '
	for removed in "DELETE FROM changes WHERE 0" "DELETE FROM users" \
	    "DELETE FROM users; DELETE FROM domains; DELETE FROM homes" \
	    "DROP TABLE aliases"; do
		first_version && server_sql first -e "$removed" &&
		run mailadm --database=first schema init && status 6 &&
		like "$err" "older than the program" &&
		like "$err" "hint: bring it up to date with: mailadm schema" &&
		is "$(server_sql first -e "SELECT MAX(version) FROM \
		    schema_version")" 1 || return 1
	done && sql "DROP DATABASE first"'

t 'the history of a name, and the last of each, come from a key' '
	like "$(sql "EXPLAIN SELECT * FROM history WHERE name = \"x\"")" \
	    name_kind_at &&
	like "$(sql "EXPLAIN SELECT kind, name, MAX(at) FROM history \
	    GROUP BY name, kind")" "Using index"'

t 'a schema newer than the program is left alone' '
	sql "INSERT INTO schema_version VALUES (999, \"later\", NOW(), \
	    \"x\")" &&
	run mailadm user list && status 6 &&
	like "$err" "newer than the program" && like "$err" "hint: " &&
	run mailadm schema upgrade && status 6 &&
	run mailadm schema init && status 6 &&
	run mailadm --columns version,state schema status &&
	like "$out" "999	unknown" &&
	sql "DELETE FROM schema_version WHERE version = 999"'

t 'an empty database is not upgraded but initialised' '
	sql "CREATE DATABASE other" &&
	run mailadm --database=other schema upgrade && status 7 &&
	like "$err" "schema init" &&
	run mailadm --database=other user list && status 7 &&
	like "$err" "schema init" && sql "DROP DATABASE other"'

t 'somebody else'"'"'s table of our name is never touched' '
	sql "CREATE DATABASE other; CREATE TABLE other.history (x INT)" &&
	run mailadm --database=other schema init && status 6 &&
	like "$err" "table history" && like "$err" "hint: " &&
	is "$(sql "SHOW TABLES FROM other")" history &&
	sql "DROP DATABASE other"'

t 'init refuses tables that upgrade might adopt' '
	sql "CREATE DATABASE other; CREATE TABLE other.users (x INT)" &&
	run mailadm --database=other schema init && status 7 &&
	like "$err" "schema upgrade --dry-run" &&
	run mailadm --database=other schema upgrade && status 6 &&
	like "$err" "it lacks the column email" &&
	is "$(sql "SHOW TABLES FROM other")" users &&
	sql "DROP DATABASE other"'

t 'triggers whose account is gone are made again' '
	sql "CREATE USER gone@localhost; GRANT ALL ON *.* TO gone@localhost" &&
	sed -n "/^DELIMITER/p; /TRIGGER domains_insert$/,/^END/p" \
	    sql/001-mail.sql |
		sed "s/OR REPLACE/& DEFINER = gone@localhost/" >"$T/trigger" &&
	client mail <"$T/trigger" && sql "DROP USER gone@localhost" &&
	run mailadm domain add x.org && status 7 &&
	like "$err" "mailadm schema upgrade" &&
	run mailadm schema upgrade && status 0 &&
	like "$err" "domains_insert" &&
	run mailadm domain add x.org && status 0 &&
	is "$(shape mail)" "$(cat "$T/shape")"'

t 'triggers that a dump left out are made again' '
	sql "DROP TRIGGER users_insert_rules; DROP TRIGGER aliases_delete" &&
	run mailadm schema upgrade && status 0 &&
	is "$(shape mail)" "$(cat "$T/shape")"'

t 'an account without the privilege for triggers gets an error that says so' '
	sql "CREATE USER small@localhost; GRANT ALL ON other.* TO \
	    small@localhost" &&
	run mailadm --user=small --database=other schema init && status 9 &&
	like "$err" "creating triggers needs more" &&
	like "$err" "hint: " &&
	run mailadm --database=other schema upgrade && status 0 &&
	is "$(shape other)" "$(shape mail)" &&
	sql "DROP DATABASE other; DROP USER small@localhost"'

t 'the files can be run by hand, and twice' '
	sql "CREATE DATABASE other" &&
	for file in sql/[0-9]* sql/[0-9]*; do
		client other <"$file" || return 1
	done && is "$(shape other)" "$(shape mail)" &&
	sql "DROP DATABASE other"'

# --- rules -----------------------------------------------------------

t 'the published lookups work unchanged' '
	sql "INSERT INTO domains (domain) VALUES (\"example.com\"); \
	    INSERT INTO users (email, crypt) VALUES \
	    (\"anna@example.com\", \"\$5\$salt\$hash\"); \
	    INSERT INTO aliases (mail, destination) VALUES \
	    (\"info@example.com\", \"anna@example.com\")" &&
	is "$(sql "select destination from aliases where mail = \
	    \"info@example.com\"")" anna@example.com &&
	is "$(sql "select 1 from users where email = \
	    \"anna@example.com\"")" 1 &&
	is "$(sql "select 1 from domains where domain = \
	    \"example.com\"")" 1 &&
	is "$(sql "SELECT email AS user, crypt AS password FROM users \
	    WHERE email = \"anna@example.com\"")" \
	    "anna@example.com	\$5\$salt\$hash"'

t 'a lookup with any key is answered, never an error' '
	for key in "é@example.com" "anna@example.com " "Anna@example.com" \
	    "%@example.com" "anna@example.com\\\\" "😀"; do
		found=$(client mail -e "select count(*) from users where \
		    email = \"$key\"") && is "$found" 0 || return 1
	done && is "$found" 0'

t 'an orphan cannot be written' '
	refused "INSERT INTO users (email, crypt) VALUES (\"a@no.org\", \
	    \"!\")" "foreign key" &&
	refused "INSERT INTO aliases (mail, destination) VALUES \
	    (\"a@no.org\", \"x@y.zz\")" "foreign key" &&
	refused "DELETE FROM domains WHERE domain = \"example.com\"" \
	    "foreign key"'

t 'a domain that is not canonical cannot be written' '
	bad= && for name in com a..b .a.b a.b. -a.b a-.b "a b.c" ä.de A.de \
	    a_b.c "a.b " "$(printf "%064d" 0).de"; do
		refused "INSERT INTO domains (domain) VALUES (\"$name\")" \
		    domain_canonical || bad=$name
	done && empty "$bad"'

t 'a user that is not canonical cannot be written' '
	bad= && for local in a@b A .a a. a..b -a a+b a/b "a b" é "" \
	    "$(printf "%065d" 0)" "\\na"; do
		refused "INSERT INTO users (email, crypt) VALUES \
		    (\"$local@example.com\", \"!\")" email_canonical ||
			bad=$local
	done && empty "$bad" &&
	refused "INSERT INTO users (email, crypt) VALUES \
	    (\"a@example.com\\n\", \"!\")" email_canonical &&
	refused "INSERT INTO users (email, crypt) VALUES \
	    (\"a@example.com\", \"\")" crypt_given'

t 'an alias that is not canonical cannot be written' '
	bad= && for local in a@b A .a a. a..b -a a/b a%b "a|b" é; do
		refused "INSERT INTO aliases (mail, destination) VALUES \
		    (\"$local@example.com\", \"x@y.zz\")" mail_canonical ||
			bad=$local
	done && empty "$bad" &&
	for to in @example.com x x@localhost x@y..z x@-y.z X@y.zz "|/bin/sh" \
	    "a@b.cc,d@e.ff"; do
		refused "INSERT INTO aliases (mail, destination) VALUES \
		    (\"a@example.com\", \"$to\")" destination_canonical ||
			bad=$to
	done && empty "$bad" &&
	sql "INSERT INTO aliases (mail, destination) VALUES \
	    (\"@example.com\", \"o'"'"'x!#&*+=?^_{}~-@y.zz\")"'

t 'zero is no limit that can be set for mail, NULL is' '
	refused "UPDATE domains SET quota = 0" quota_bytes &&
	refused "UPDATE users SET quota = 0" quota_bytes &&
	sql "UPDATE users SET quota = 9223372036854775807" &&
	sql "UPDATE users SET quota = NULL"'

t 'what a user may do is yes or no, and yes when nothing is said' '
	is "$(sql "SELECT may_login, may_send, may_receive FROM users")" \
	    "1	1	1" &&
	for flag in may_login may_send may_receive; do
		refused "UPDATE users SET $flag = 2" "users.$flag" &&
		refused "UPDATE users SET $flag = NULL" "cannot be null" &&
		sql "UPDATE users SET $flag = 0; UPDATE users SET $flag = 1" ||
			return 1
	done'

t 'somebody who is not there cannot be let send as others' '
	add="INSERT INTO send_as (email, address) VALUES" &&
	refused "$add (\"no@example.com\", \"a@y.zz\")" "foreign key" &&
	bad= && for address in a a@ a@localhost A@y.zz @ @localhost @y..zz \
	    "a@y.zz " "a@y.zz\\n" "a b@y.zz" é@y.zz a@b@y.zz; do
		refused "$add (\"anna@example.com\", \"$address\")" \
		    address_canonical || bad=$address
	done && empty "$bad" &&
	sql "$add (\"anna@example.com\", \"a+b@y.zz\"), \
	    (\"anna@example.com\", \"@y.zz\")" &&
	refused "$add (\"anna@example.com\", \"@y.zz\")" Duplicate &&
	refused "DELETE FROM users" "foreign key" &&
	sql "DELETE FROM send_as"'

key_add() { # DOMAIN SELECTOR [COLUMN VALUE]
	case ${3:-} in
	state) key_state=$4 ;;
	*) key_state=pending ;;
	esac
	key_algorithm=rsa key_public=AAAA key_secret=0123456789abcdef
	key_private='-----BEGIN ENCRYPTED PRIVATE KEY-----'
	eval "key_${3:-none}=\${4:-}"
	printf 'INSERT INTO dkim_keys (domain, selector, algorithm, state, '
	printf 'public_key, secret_id, private_key) VALUES (' &&
	printf '"%s", "%s", "%s", ' "$1" "$2" "$key_algorithm"
	printf '"%s", "%s", "%s", ' "$key_state" "$key_public" "$key_secret"
	case $key_private in
	NULL) printf 'NULL)' ;;
	*) printf '"%s")' "$key_private" ;;
	esac
}

t 'a DKIM key has a domain, one label, and is never in clear' '
	refused "$(key_add no.example.com s)" "foreign key" &&
	bad= && for selector in "" A a. a.b -a a- a_b "a b" "a\\n" "a;" é \
	    "../a" "$(printf %064d 1)"; do
		refused "$(key_add example.com "$selector")" "" || bad=$selector
	done && empty "$bad" &&
	refused "$(key_add example.com s algorithm dsa)" algorithm_known &&
	refused "$(key_add example.com s state on)" state_known &&
	refused "$(key_add example.com s public "")" public_key_base64 &&
	refused "$(key_add example.com s public "AA; t=y")" \
	    public_key_base64 &&
	refused "$(key_add example.com s secret "")" secret_id_hex &&
	refused "$(key_add example.com s private \
	    "-----BEGIN PRIVATE KEY-----")" private_key_encrypted &&
	refused "$(key_add example.com s private NULL)" \
	    private_key_while_used &&
	refused "$(key_add example.com s state retired)" \
	    private_key_while_used'

t 'one key of a domain and an algorithm signs, and no more' '
	sql "$(key_add example.com s1 state active)" &&
	refused "$(key_add example.com s2 state active)" Duplicate &&
	sql "$(key_add example.com s2)" &&
	refused "UPDATE dkim_keys SET state = \"active\"" Duplicate &&
	refused "$(key_add example.com s2)" Duplicate &&
	refused "DELETE FROM domains" "foreign key" &&
	sql "UPDATE dkim_keys SET state = \"retiring\"
	    WHERE selector = \"s1\";
	    UPDATE dkim_keys SET state = \"active\" WHERE selector = \"s2\";
	    DELETE FROM dkim_keys"'

t 'what the servers note needs no user, and comes twice' '
	for twice in 1 2; do
		sql "INSERT INTO logins (email, last_login) VALUES \
		    (\"no@example.com\", 1700000000) ON DUPLICATE KEY UPDATE \
		    last_login = 1700000000; \
		    INSERT INTO quota_usage (email, bytes) VALUES \
		    (\"no@example.com\", 12) ON DUPLICATE KEY UPDATE \
		    bytes = 12; INSERT INTO quota_usage (email, messages) \
		    VALUES (\"no@example.com\", 3) ON DUPLICATE KEY UPDATE \
		    messages = 3" || return 1
	done
	is "$(sql "SELECT * FROM logins JOIN quota_usage USING (email)")" \
	    "no@example.com	1700000000	12	3" &&
	sql "DELETE FROM logins; DELETE FROM quota_usage"'

t 'alias domains have no users and no aliases of their own kind' '
	sql "INSERT INTO domains (domain, alias_of) VALUES \
	    (\"aka.org\", \"example.com\")" &&
	refused "INSERT INTO users (email, crypt) VALUES (\"a@aka.org\", \
	    \"!\")" "an alias domain has no users" &&
	refused "UPDATE users SET email = \"a@aka.org\"" \
	    "an alias domain has no users" &&
	refused "INSERT INTO domains (domain, alias_of) VALUES \
	    (\"b.org\", \"aka.org\")" "is an alias domain itself" &&
	refused "INSERT INTO domains (domain, alias_of) VALUES \
	    (\"b.org\", \"b.org\")" "an alias of itself" &&
	refused "UPDATE domains SET alias_of = \"x.org\" WHERE domain = \
	    \"example.com\"" "cannot become" &&
	refused "UPDATE domains SET alias_of = domain" "an alias of itself" &&
	sql "DELETE FROM domains WHERE domain = \"aka.org\"" &&
	refused "UPDATE domains SET alias_of = \"x.org\" WHERE domain = \
	    \"example.com\"" "has users"'

t 'a name that comes again gets a fresh home' '
	homes="SELECT home FROM users WHERE email LIKE \"kim@%\"" &&
	add="INSERT INTO users (email, crypt) VALUES (\"kim@x.org\", \"!\")" &&
	sql "$add" && is "$(sql "$homes")" x.org/kim &&
	sql "DELETE FROM users WHERE email = \"kim@x.org\"; $add" &&
	is "$(sql "$homes")" x.org/kim~2 &&
	sql "UPDATE users SET email = \"lee@x.org\" WHERE email = \
	    \"kim@x.org\"; $add" && is "$(sql "$homes")" x.org/kim~3 &&
	sql "DELETE FROM users WHERE email = \"kim@x.org\"; INSERT INTO \
	    users (email, crypt, home) VALUES (\"kim@x.org\", \"!\", \
	    \"x.org/kim\")" && is "$(sql "$homes")" x.org/kim &&
	refused "UPDATE users SET home = \"x.org/kim~2\" WHERE email = \
	    \"kim@x.org\"" Duplicate'

t 'a home stays below the mail store' '
	bad= && for home in /abs ~x .. ../a a/../b a/.. a//b a/ ./a a/./b \
	    "a\\nb"; do
		refused "UPDATE users SET home = \"$home\" WHERE email = \
		    \"kim@x.org\"" home_relative || bad=$home
	done && empty "$bad"'

t 'two sessions that add users at once do not wait for each other' '
	cat >"$T/two" <<-END &&
		SET tx_isolation = "REPEATABLE-READ";
		BEGIN;
		INSERT INTO users (email, crypt) VALUES
		    ("p1@x.org", "!"), ("p3@x.org", "!");
		system sh "$T/second"
		COMMIT;
	END
	cat >"$T/second" <<-END &&
		mariadb --no-defaults --skip-ssl --socket="$server_socket" \
		    --user=root mail -e "SET innodb_lock_wait_timeout = 1; \
		    INSERT INTO users (email, crypt) VALUES
		    ('"'p0@x.org', '!'), ('p2@x.org', '!'), ('p4@x.org', '!'"')"
	END
	run client mail <"$T/two" && status 0 && empty "$err" &&
	is "$(sql "SELECT COUNT(*) FROM users WHERE email REGEXP \
	    \"^p[0-4]@\"")" 5'

# --- history ---------------------------------------------------------

changes() {
	sql "SELECT COUNT(*), COUNT(DISTINCT \`change\`) FROM history"
}
forget() {
	sql 'DELETE FROM history; DELETE FROM changes'
}

t 'history holds every stored column of every table' '
	for table in domains users aliases; do
		stored=$(sql "SELECT column_name FROM \
		    information_schema.columns WHERE table_schema = \
		    \"mail\" AND table_name = \"$table\" AND \
		    is_generated = \"NEVER\" AND column_name <> \"recorded\" \
		    ORDER BY 1") &&
		for event in INSERT UPDATE DELETE; do
			text=$(sql "SELECT action_statement FROM \
			    information_schema.triggers WHERE \
			    trigger_schema = \"mail\" AND trigger_name = \
			    LOWER(\"${table}_$event\")") &&
			for row in OLD NEW; do
				case $row$event in
				OLDINSERT|NEWDELETE) continue ;;
				esac
				is "$(printf "%b" "$text" | tr , "\n" |
				    grep -o "[( ]$row\.[a-z_]*[);]*$" |
				    tr -d " ();" | sed "s/.*\.//" |
				    sort -u)" "$stored" || return 1
			done
		done
	done'

t 'a statement by hand is one change, whatever its rows' '
	forget && sql "INSERT INTO users (email, crypt) VALUES \
	    (\"h1@x.org\", \"!\"), (\"h2@x.org\", \"!\"); UPDATE users SET \
	    name = \"Zoë\" WHERE email LIKE \"h_@x.org\"" &&
	is "$(changes)" "4	2" &&
	is "$(sql "SELECT JSON_VALUE(old_row, \"$.name\"), \
	    JSON_VALUE(new_row, \"$.name\"), actor, kind, name FROM history \
	    ORDER BY id DESC LIMIT 1")" \
	    "NULL	Zoë	root@localhost	user	h2@x.org"'

t 'a rollback takes its change along, the next statement gets one' '
	forget && sql "BEGIN; UPDATE users SET name = \"1\"; ROLLBACK; \
	    SET timestamp = 1700000000; \
	    BEGIN; UPDATE users SET name = \"2\" WHERE email = \
	    \"h1@x.org\"; ROLLBACK; \
	    UPDATE users SET name = \"3\" WHERE email = \"h1@x.org\"" &&
	is "$(changes)" "1	1" && is "$(sql "SELECT COUNT(*) FROM \
	    changes")" 1'

t 'an update that changes nothing leaves no history' '
	forget && modified="SELECT MAX(modified) FROM users" &&
	sql "UPDATE users SET modified = \"2020-01-01\", active = 0" &&
	sql "UPDATE users SET active = 1" && before=$(sql "$modified") &&
	forget && sql "UPDATE users SET active = 1, name = name; UPDATE \
	    domains SET active = 1; UPDATE aliases SET active = 1; UPDATE \
	    users SET modified = \"2030-01-01\"" &&
	is "$(changes)" "0	0" && is "$(sql "$modified")" "$before"'

t 'history keeps what a client of another character set writes' '
	forget && server_sql --default-character-set=latin1 mail -e \
	    "UPDATE users SET name = _utf8mb4 0xC581C3B364C5BA WHERE email = \
	    \"h1@x.org\"" &&
	is "$(sql "SELECT JSON_VALUE(new_row, \"$.name\") FROM history")" \
	    Łódź'

t 'mailadm is the actor of its changes, one each transaction' '
	forget && run mailadm domain add y.org && status 0 &&
	run mailadm user add a@y.org --no-password && status 0 &&
	is "$(changes)" "2	2" &&
	like "$(sql "SELECT program FROM changes LIMIT 1")" mailadm &&
	is "$(sql "SELECT COUNT(*) FROM history AS h JOIN changes AS c ON \
	    c.id = h.change WHERE c.actor = h.actor AND c.token IS NOT \
	    NULL")" 2'

t 'a change that does not exist is refused' '
	refused "SET @mailadm_change = 99999; UPDATE users SET name = \"x\"" \
	    "cannot be null"'

# --- accounts --------------------------------------------------------

grants() {
	accounts_sql secret >"$T/grants" &&
	client <"$T/grants"
}
as() {
	client --user="$1" --password=secret mail -e "$2"
}
# Every column of every table that an account can read.
readable() {
	sql "SELECT table_name, column_name FROM information_schema.columns \
	    WHERE table_schema = 'mail'" | while read -r table column; do
		as "$1" "SELECT \`$column\` FROM $table" 2>/dev/null
	done
}

t 'the accounts of grants.sql are made, and a second time' '
	grants && grants &&
	sql "UPDATE users SET crypt = \"\$5\$secret\$hash\""'

t 'no account but those that need it reads a hash' '
	for account in postfix mailadm_check; do
		unlike "$(readable $account)" "\$5\$secret" || return 1
	done && [ "$account" = mailadm_check ] &&
	like "$(readable dovecot)" "\$5\$secret" &&
	like "$(readable mailadm)" "\$5\$secret"'

t 'the checker sees schemes, history and the tables'"'"' definitions' '
	is "$(as mailadm_check "SELECT scheme FROM users LIMIT 1")" \
	    SHA256-CRYPT &&
	as mailadm_check "SELECT id, actor, kind, name FROM history" \
	    >/dev/null &&
	like "$(as mailadm_check "SHOW CREATE TABLE users")" CONSTRAINT'

t 'no account drops, empties or alters a table' '
	bad= && for account in mailadm mailadm_check postfix dovecot; do
		for statement in "DROP TABLE homes" "TRUNCATE history" \
		    "ALTER TABLE users ADD x INT" "DELETE FROM history" \
		    "DELETE FROM homes" "CREATE TABLE x (y INT)" \
		    "DROP TRIGGER users_insert"; do
			run as $account "$statement"
			status 1 || bad="$account: $statement"
		done
	done && empty "$bad"'

t 'with the daily account alone mailadm works, and is in the history' '
	cat >"$T/daily.cnf" <<-END &&
		[mailadm]
		socket=$server_socket
		user=mailadm
		password=secret
		database=mail
	END
	chmod 600 "$T/daily.cnf" && forget &&
	run "$MAILADM" --defaults-file="$T/daily.cnf" domain add z.org &&
	status 0 &&
	run "$MAILADM" --defaults-file="$T/daily.cnf" user add a@z.org \
	    --no-password && status 0 &&
	run "$MAILADM" --defaults-file="$T/daily.cnf" user remove a@z.org &&
	status 0 && is "$(changes)" "3	3"'

finish
