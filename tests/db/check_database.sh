#!/bin/sh
# mailadm check: what is wrong in the database itself, rules S001 to S015.
. tests/lib.sh
server_in_memory
server_start --innodb-stats-persistent=0 && fresh

# The rules of the database, and no others.
rules() {
	run mailadm "$@" check --severity note --rule S001 --rule S002 \
	    --rule S003 --rule S004 --rule S005 --rule S006 --rule S007 \
	    --rule S008 --rule S009 --rule S010 --rule S011 --rule S013 \
	    --rule S014 --rule S015 --columns rule,name
}

# What repairs the last defect waits for the next statement.
repair=
now() {
	waiting=$repair
	repair=
	sql "SET foreign_key_checks = 0; $waiting $1"
}

clean() {
	now "" && rules && status 0 && empty "$out$err"
}

# Exactly these findings, a line each of rule and name.
finds() {
	rules && status 1 && is "$out" "$1"
}

# Another database, made by these statements.
foreign() {
	sql "DROP DATABASE IF EXISTS theirs; CREATE DATABASE theirs; \
	    USE theirs; $1"
}

foreign_finds() {
	rules --database=theirs && status 1 && is "$out" "$1"
}

some_rows() {
	mailadm --quiet domain add x.org &&
	mailadm --quiet user add a@x.org --no-password &&
	mailadm --quiet alias add b@x.org a@x.org
}

# planted SQL FINDINGS SQL: breaks, looks, repairs.  That it is right shows in
# what is found next, which is exact, or in clean.
planted() {
	now "$1" && repair="$3;" && finds "$2"
}

t 'nothing is found in a schema as it was made' '
	clean && some_rows && clean'

t 'a missing table is found' '
	planted "RENAME TABLE homes TO elsewhere" "S001	homes" \
	    "RENAME TABLE elsewhere TO homes" &&
	planted "RENAME TABLE schema_version TO elsewhere" \
	    "S001	schema_version" \
	    "RENAME TABLE elsewhere TO schema_version" && clean'

t 'a table that has lost our mark is found' '
	planted "ALTER TABLE users COMMENT = \"\"" "S001	users" \
	    "ALTER TABLE users COMMENT = \"mailadm\""'

t 'a missing column is found' '
	planted "ALTER TABLE changes DROP COLUMN program" \
	    "S002	changes.program" \
	    "ALTER TABLE changes ADD COLUMN program VARCHAR(255) NULL \
	    COLLATE utf8mb4_nopad_bin AFTER actor"'

t 'another type, default or nullability of a column is found' '
	right="BIGINT UNSIGNED NOT NULL DEFAULT 0" &&
	for type in "BIGINT NOT NULL DEFAULT 0" "BIGINT UNSIGNED NOT NULL" \
	    "INT UNSIGNED NOT NULL DEFAULT 0" \
	    "BIGINT UNSIGNED NULL DEFAULT 0"; do
		planted "ALTER TABLE locks MODIFY taken $type" \
		    "S002	locks.taken" \
		    "ALTER TABLE locks MODIFY taken $right" || return 1
	done'

t 'each column of each table is looked at' '
	sql "SELECT CONCAT(\"ALTER TABLE \", table_name, \" ALTER \`\", \
	    column_name, \"\` SET DEFAULT \", CASE data_type WHEN \
	    \"datetime\" THEN \"20200101\" WHEN \"binary\" THEN \"\\\"\\\"\" \
	    ELSE \"77\" END, \";\") FROM information_schema.columns WHERE \
	    table_schema = DATABASE() AND extra = \"\"" >"$T/alter" &&
	columns=$(sed "s/^ALTER TABLE \([a-z_]*\) ALTER .\([a-z_]*\).*/\
S002	\1.\2/; s/^\n//" "$T/alter" | grep . | sort) &&
	[ "$(echo "$columns" | wc -l)" -gt 40 ] &&
	now "$(cat "$T/alter")" && rules && status 1 &&
	is "$(echo "$out" | sort)" "$columns" &&
	fresh && some_rows && clean'

t 'another expression of a generated column is found' '
	for column in "scheme VARCHAR(64)" "rounds INT UNSIGNED"; do
		old=$(sql "SELECT generation_expression FROM \
		    information_schema.columns WHERE table_schema = \
		    DATABASE() AND column_name = \"${column%% *}\"") &&
		planted "ALTER TABLE users MODIFY $column AS (1 + 1) \
		    PERSISTENT" "S002	users.${column%% *}" \
		    "ALTER TABLE users MODIFY $column AS ($old) PERSISTENT" ||
			return 1
	done'

t 'a foreign column is found where it refuses rows' '
	now "ALTER TABLE users ADD COLUMN phone INT NULL" && clean &&
	planted "UPDATE users SET phone = 0; ALTER TABLE users MODIFY \
	    phone INT NOT NULL" "S002	users.phone" \
	    "ALTER TABLE users DROP COLUMN phone"'

t 'a column that is too narrow is found' '
	planted "ALTER TABLE users MODIFY crypt VARCHAR(100) NOT NULL" \
	    "S003	users.crypt" \
	    "ALTER TABLE users MODIFY crypt VARCHAR(255) NOT NULL"'

t 'a column in which a lookup with a UTF-8 key fails is found' '
	planted "ALTER TABLE aliases MODIFY mail VARCHAR(254) \
	    CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL" \
	    "S004	aliases.mail" "ALTER TABLE aliases MODIFY mail \
	    VARCHAR(254) NOT NULL" &&
	planted "ALTER TABLE aliases MODIFY mail VARCHAR(254) \
	    CHARACTER SET latin1 COLLATE latin1_nopad_bin NOT NULL" \
	    "S004	aliases.mail" "ALTER TABLE aliases MODIFY mail \
	    VARCHAR(254) NOT NULL" &&
	run mailadm check --rule S004 && like "$out" "error 1267"'

t 'a collation that takes different addresses for one is found' '
	for collation in utf8mb4_bin utf8mb4_general_ci \
	    utf8mb4_unicode_nopad_ci; do
		planted "ALTER TABLE aliases MODIFY destination VARCHAR(254) \
		    COLLATE $collation NOT NULL" "S005	aliases.destination" \
		    "ALTER TABLE aliases MODIFY destination VARCHAR(254) \
		    NOT NULL" || return 1
	done'

t 'a collation of what is not compared is a changed column' '
	planted "ALTER TABLE users MODIFY name VARCHAR(255) COLLATE \
	    utf8mb4_general_ci NULL" "S002	users.name" \
	    "ALTER TABLE users MODIFY name VARCHAR(255) NULL"'

t 'another engine than InnoDB is found' '
	planted "ALTER TABLE locks ENGINE = MyISAM" "S006	locks" \
	    "ALTER TABLE locks ENGINE = InnoDB"'

t 'a missing primary key is found' '
	planted "ALTER TABLE locks DROP PRIMARY KEY" "S007	locks" \
	    "ALTER TABLE locks ADD PRIMARY KEY (name)"'

t 'each missing key is found' '
	planted "ALTER TABLE aliases DROP KEY destination; \
	    ALTER TABLE changes DROP KEY at; \
	    ALTER TABLE history DROP KEY name_kind_at" "S008	aliases
S008	changes
S008	history" "ALTER TABLE aliases ADD KEY destination (destination); \
	    ALTER TABLE changes ADD KEY at (at); \
	    ALTER TABLE history ADD KEY name_kind_at (name, kind, at)" &&
	planted "ALTER TABLE changes DROP KEY token, ADD KEY token (token); \
	    ALTER TABLE users DROP KEY home, ADD KEY home (home)" \
	    "S008	changes
S008	users" "ALTER TABLE changes DROP KEY token, ADD UNIQUE KEY token \
	    (token); ALTER TABLE users DROP KEY home, ADD UNIQUE KEY home \
	    (home)"'

t 'a key by another name, or a longer one, serves as well' '
	now "ALTER TABLE changes DROP KEY at, ADD KEY other (at, id)" &&
	clean && now "ALTER TABLE changes DROP KEY other, ADD KEY at (at)"'

t 'a foreign unique key is found, another key is not' '
	planted "ALTER TABLE users ADD UNIQUE KEY mine (name)" "S008	users" \
	    "ALTER TABLE users DROP KEY mine, ADD KEY mine (name)" && clean &&
	now "ALTER TABLE users DROP KEY mine"'

# checks_alter TABLE COLUMN: those of tables, and those of columns.
checks_alter() {
	echo "$tables" | sed "s/\(.*\) \(.*\)/ALTER TABLE \1 $1;/"
	echo "$columns" | sed "s/\([^ ]*\) \(.*\)/ALTER TABLE \1 MODIFY \2 $2;/"
}

CHECKS='FROM information_schema.check_constraints AS k'
t 'each missing or changed check is found' '
	tables=$(sql "SELECT CONCAT(table_name, \" \", constraint_name) \
	    $CHECKS WHERE constraint_schema = DATABASE() AND \
	    level = \"Table\"") && lines "$tables" 30 &&
	columns=$(sql "SELECT CONCAT_WS(\" \", c.table_name, c.column_name, \
	    c.column_type, IF(c.is_nullable = \"NO\", \
	    \"NOT NULL DEFAULT 1\", \"NULL\")) $CHECKS JOIN \
	    information_schema.columns AS c ON c.table_schema = \
	    k.constraint_schema AND c.table_name = k.table_name AND \
	    c.column_name = k.constraint_name WHERE k.constraint_schema = \
	    DATABASE() AND k.level = \"Column\"") && lines "$columns" 14 &&
	found=$(printf "%s\n" "$tables" "$columns" | sed "s/^/S009	/
s/ /./; s/ .*//" | sort) &&
	now "$(checks_alter "DROP CONSTRAINT \2" "")" && finds "$found" &&
	sql "$(checks_alter "ADD CONSTRAINT \2 CHECK (1 + 1 = 2)" \
	    "CHECK (1 + 1 = 2)")" &&
	finds "$found" && fresh && some_rows && clean'

t 'each missing or changed foreign key is found' '
	drop= && add= && cascade= && found= &&
	for key in "aliases aliases_domain domain domains(domain)" \
	    "blocks blocks_domain domain domains(domain)" \
	    "dkim_keys dkim_keys_domain domain domains(domain)" \
	    "domains domains_alias_of alias_of domains(domain)" \
	    "domains domains_send_through send_through relays(name)" \
	    "history history_change \`change\` changes(id)" \
	    "patterns patterns_domain domain domains(domain)" \
	    "recipients recipients_domain domain domains(domain)" \
	    "send_as send_as_email email users(email)" \
	    "users users_domain domain domains(domain)" \
	    "users users_send_through send_through relays(name)"; do
		set -- $key &&
		drop="$drop ALTER TABLE $1 DROP CONSTRAINT $2;" &&
		add="$add ALTER TABLE $1 ADD CONSTRAINT $2 FOREIGN KEY \
		    ($3) REFERENCES $4;" &&
		cascade="$cascade ALTER TABLE $1 ADD CONSTRAINT $2 FOREIGN \
		    KEY ($3) REFERENCES $4 ON DELETE CASCADE;" &&
		found="${found}S009	$1.$(echo "$3" | tr -d "\`")
" || return 1
	done && found=${found%?} &&
	planted "$drop" "$found" "" &&
	planted "$cascade" "$found" "$drop $add"'

t 'each missing trigger is found, and schema upgrade makes it again' '
	triggers=$(sql "SELECT trigger_name FROM information_schema.triggers \
	    WHERE trigger_schema = DATABASE() ORDER BY 1") &&
	lines "$triggers" 43 &&
	now "$(echo "$triggers" | sed "s/.*/DROP TRIGGER &;/")" &&
	finds "$(echo "$triggers" | sed "s/^/S010	/")" &&
	mailadm --quiet schema upgrade && clean'

t 'a changed trigger, and a foreign one, are found' '
	now "CREATE OR REPLACE TRIGGER users_delete AFTER DELETE ON users \
	    FOR EACH ROW DO 0" && finds "S010	users_delete" &&
	sql "DROP TRIGGER users_delete" && mailadm --quiet schema upgrade &&
	planted "CREATE TRIGGER mine BEFORE INSERT ON aliases FOR EACH ROW \
	    SET NEW.active = 0" "S010	mine" "DROP TRIGGER mine"'

t 'a missing definer is found, and schema upgrade repairs it' '
	now "CREATE USER gone; CREATE OR REPLACE DEFINER = gone TRIGGER \
	    users_delete AFTER DELETE ON users FOR EACH ROW DO 0; \
	    DROP USER gone" && finds "S010	users_delete
S011	gone@%" && mailadm --quiet schema upgrade && clean'

t 'a schema that is older, newer or half-way is found' '
	sql "CREATE TABLE kept AS SELECT * FROM schema_version; \
	    DELETE FROM schema_version WHERE version > 1" &&
	rules && status 1 && is "$out" "S013	schema_version" &&
	like "$err" "not checked: S001, S002" &&
	run mailadm check --rule S013 && like "$out" older &&
	sql "DELETE FROM schema_version" && run mailadm check --rule S013 &&
	status 1 && like "$out" half-way &&
	sql "INSERT INTO schema_version SELECT * FROM kept; INSERT INTO \
	    schema_version VALUES (999, \"later\", NOW(), \"x\")" &&
	run mailadm check --rule S013 && status 1 && like "$out" newer &&
	sql "DELETE FROM schema_version WHERE version = 999; DROP TABLE \
	    kept" && clean'

# As who may write the history, and takes back what the triggers wrote.
past_history() { # STATEMENT
	past_id=$(sql "SELECT COALESCE(MAX(id), 0) FROM history") &&
	sql "$1; DELETE FROM history WHERE id > $past_id"
}

# Written before the second in which the schema was made has no history.
aged() {
	sql "UPDATE schema_version SET applied = applied - INTERVAL 1 DAY"
}

t 'rows that were written past the history are found, of each kind' '
	aged && clean && past_history "INSERT INTO domains (domain) VALUES \
	    (\"y.org\");
	    INSERT INTO users (email, crypt, home) VALUES (\"u@y.org\", \
	    \"!\", \"y.org/u\"); INSERT INTO aliases (mail, destination) \
	    VALUES (\"b@y.org\", \"u@y.org\")" && finds "S014	b@y.org
S014	u@y.org
S014	y.org"'

t 'a row that was changed past the history is found' '
	sql "DELETE FROM aliases WHERE mail = \"b@y.org\"; \
	    DELETE FROM users WHERE email = \"u@y.org\"; \
	    DELETE FROM domains WHERE domain = \"y.org\"" && clean &&
	sql "UPDATE history SET at = at - INTERVAL 1 HOUR; \
	    UPDATE users SET modified = modified - INTERVAL 1 HOUR" &&
	past_history "UPDATE users SET active = 0, modified = \
	    UTC_TIMESTAMP() WHERE email = \"a@x.org\"" && rules &&
	like "$out" "S014	a@x.org" &&
	sql "UPDATE users SET active = 1 WHERE email = \"a@x.org\"; \
	    UPDATE aliases SET active = 0; UPDATE aliases SET active = 1; \
	    UPDATE domains SET description = \"x\"" && clean'

# Everything happened so much earlier.
backdate() { # SECONDS
	past_history "UPDATE history SET at = at - INTERVAL $1 SECOND; \
	    UPDATE changes SET at = at - INTERVAL $1 SECOND; \
	    UPDATE schema_version SET applied = applied - INTERVAL $1 SECOND; \
	    UPDATE domains SET created = created - INTERVAL $1 SECOND, \
		modified = modified - INTERVAL $1 SECOND; \
	    UPDATE users SET created = created - INTERVAL $1 SECOND, \
		modified = modified - INTERVAL $1 SECOND; \
	    UPDATE aliases SET created = created - INTERVAL $1 SECOND, \
		modified = modified - INTERVAL $1 SECOND"
}

t 'what was deleted of the history is a gap, what was pruned is none' '
	backdate 31536000 && clean && sql "CREATE TABLE kept AS SELECT * \
	    FROM history; DELETE FROM history" && finds "S014	a@x.org
S014	b@x.org
S014	x.org" && sql "INSERT INTO history SELECT * FROM kept; \
	    DROP TABLE kept" && clean &&
	run mailadm history prune --older-than 30d --yes && status 0 &&
	is "$(sql "SELECT kind, name FROM history")" "history	prune" && clean'

t 'what is written past the history after a pruning is found' '
	backdate 86400 && clean && past_history "INSERT INTO domains \
	    (domain) VALUES (\"z.org\")" && finds "S014	z.org" &&
	past_history "DELETE FROM domains WHERE domain = \"z.org\"" && clean'

t 'history of a change that does not exist is found' '
	sql "SET foreign_key_checks = 0; INSERT INTO history (\`change\`, \
	    actor, kind, name) VALUES (4711, \"x\", \"user\", \"x\")" &&
	finds "S014	4711" &&
	sql "DELETE FROM history WHERE \`change\` = 4711"'

t 'nothing is found in a database that was upgraded' '
	sql "CREATE DATABASE first; USE first; SOURCE sql/001-mail.sql; \
	    INSERT INTO schema_version (version, name, database_id) VALUES \
	    (1, \"mail\", REPEAT(\"a\", 32)); INSERT INTO domains (domain) \
	    VALUES (\"x.org\")" &&
	mailadm --quiet --database=first schema upgrade &&
	rules --database=first && status 0 && empty "$out$err"'

### Databases that were never ours

t 'a database as it should be is only said not to be ours' '
	foreign "CREATE TABLE domains (domain VARCHAR(253) PRIMARY KEY) \
	    COLLATE utf8mb4_nopad_bin; CREATE TABLE users (email \
	    VARCHAR(254) PRIMARY KEY, crypt VARCHAR(255)) COLLATE \
	    utf8mb4_nopad_bin; CREATE TABLE aliases (mail VARCHAR(254), \
	    destination VARCHAR(254), PRIMARY KEY (mail, destination)) \
	    COLLATE utf8mb4_nopad_bin" &&
	foreign_finds "S015	\\N"'

t 'nothing is found in it once it is adopted' '
	sql "INSERT INTO theirs.domains VALUES (\"x.org\"); INSERT INTO \
	    theirs.users VALUES (\"a@x.org\", \"!\"); INSERT INTO \
	    theirs.aliases VALUES (\"b@x.org\", \"a@x.org\")" &&
	mailadm --quiet --database=theirs schema upgrade &&
	rules --database=theirs && status 0 && empty "$out$err"'

three() { # OPTIONS
	foreign "CREATE TABLE domains (domain VARCHAR(253) PRIMARY KEY) $1; \
	    CREATE TABLE users (email VARCHAR(254) PRIMARY KEY, crypt \
	    VARCHAR(255)) $1; CREATE TABLE aliases (mail VARCHAR(254), \
	    destination VARCHAR(254), PRIMARY KEY (mail, destination)) $1"
}

not_ours() {
	printf "S015	%s\n" "\\N"
}

each_column() { # RULE
	printf "$1	%s\n" aliases.destination aliases.mail \
	    domains.domain users.email
}

# Each finding names a key with which the lookup really fails.
keys_fail() {
	run mailadm --database=theirs check --rule S004 \
	    --columns name,text && status 1 && lines "$out" 4 &&
	echo "$out" >"$T/keys" &&
	while read -r column text; do
		key=${text#* with the key } &&
		run server_sql --default-character-set=utf8mb4 theirs -e \
		    "SELECT 1 FROM ${column%.*} WHERE ${column#*.} = \
		    '${key%% *}'" && status 1 && like "$err" "1267" || return 1
	done <"$T/keys"
}

converted() { # CHARACTER SET
	sql "USE theirs; ALTER TABLE domains CONVERT TO CHARACTER SET $1; \
	    ALTER TABLE users CONVERT TO CHARACTER SET $1; \
	    ALTER TABLE aliases CONVERT TO CHARACTER SET $1"
}

t 'in any character set but utf8mb4 some lookup fails' '
	three "" && for set in ascii latin1 latin2 utf8mb3; do
		converted $set && foreign_finds \
		    "$(each_column S004; each_column S005; not_ours)" &&
		keys_fail || return 1
	done'

t 'each column is looked at by its own character set' '
	three "COLLATE utf8mb4_nopad_bin" && sql "USE theirs; \
	    ALTER TABLE users MODIFY email VARCHAR(254) COLLATE \
	    latin2_nopad_bin; ALTER TABLE aliases MODIFY destination \
	    VARCHAR(254) COLLATE utf8mb3_nopad_bin" &&
	foreign_finds "S004	aliases.destination
S004	users.email
S015	\N" && run mailadm --database=theirs check --rule S004 \
	    --columns text && like "$out" "latin2_nopad_bin, with the key \
jo日@example.org fails: error 1267" && like "$out" "utf8mb3_nopad_bin, with \
the key jo😀@example.org fails: error 1267"'

t 'in utf8mb4_general_ci addresses are mixed up, and lookups work' '
	three "COLLATE utf8mb4_general_ci" &&
	foreign_finds "$(each_column S005; not_ours)"'

t 'the engine and missing keys are found' '
	three "ENGINE = Aria COLLATE utf8mb4_nopad_bin" && foreign_finds \
	    "$(printf "S006	%s\n" aliases domains users; not_ours)" &&
	sql "ALTER TABLE theirs.users ENGINE = InnoDB, DROP PRIMARY KEY; \
	    ALTER TABLE theirs.domains ENGINE = InnoDB, DROP PRIMARY KEY, \
	    ADD KEY (domain); ALTER TABLE theirs.aliases ENGINE = InnoDB, \
	    DROP PRIMARY KEY, ADD KEY (mail)" && foreign_finds "S007	aliases
S007	domains
S007	users
S008	domains
S008	users
S015	\\N"'

t 'narrow columns are found, hashes by what is stored' '
	three "COLLATE utf8mb4_nopad_bin" && sql "USE theirs; \
	    ALTER TABLE users MODIFY crypt VARCHAR(80), MODIFY email \
	    VARCHAR(100); ALTER TABLE domains MODIFY domain VARCHAR(100)" &&
	foreign_finds "S003	domains.domain
S003	users.email
S015	\\N" && sql "INSERT INTO theirs.users VALUES (\"a\", \
	    \"{SHA256-CRYPT}\$5\$x\")" && rules --database=theirs &&
	like "$out" "S003	users.crypt" &&
	sql "ALTER TABLE theirs.users MODIFY crypt VARCHAR(94)" &&
	rules --database=theirs && unlike "$out" users.crypt &&
	sql "UPDATE theirs.users SET crypt = \"\$6\$x\"" &&
	rules --database=theirs && like "$out" "S003	users.crypt"'

t 'a missing table or column of theirs is found' '
	three "COLLATE utf8mb4_nopad_bin" && sql "DROP TABLE theirs.aliases; \
	    ALTER TABLE theirs.users DROP COLUMN crypt" &&
	foreign_finds "S001	aliases
S002	users.crypt
S015	\\N"'

finish
