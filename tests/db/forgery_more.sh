# The daily account's password in wrong hands, tried by all else that a
# client can send; and the same after a restored dump and a killed upgrade.
. tests/lib.sh
. tests/db/lib-forgery.sh

server_in_memory
server_start && fresh
accounts_sql secret >"$T/grants.sql"
server_sql -e "source $T/grants.sql" || bail_out 'no accounts'
some_mail

# What stands between two lines "--" is tried by itself, in a connection of
# its own.
all_tried() {
	{ tr "\n" " "; echo; } | sed "s/ -- /\n/g" >"$T/attempts" &&
	bad= && while IFS= read -r line; do
		tried "$line" || bad="$bad
$line: $tried_result"
	done <"$T/attempts" && empty "$bad"
}

# --- statements ----------------------------------------------------------

t 'however a row is written, its entry is written, too' '
	all_tried <<-"END"
		EXECUTE IMMEDIATE "UPDATE users SET crypt = UUID()"
		--
		PREPARE s FROM "UPDATE users SET crypt = ?"; SET @a = "p";
		EXECUTE s USING @a
		--
		ANALYZE UPDATE users SET crypt = UUID()
		--
		ANALYZE FORMAT=JSON DELETE FROM users WHERE email =
		"bo@x.org"
		--
		INSERT INTO users (email, crypt) VALUES ("bo@x.org", "!")
		RETURNING email
		--
		UPDATE users u JOIN domains d ON d.domain = u.domain SET
		u.crypt = "m", d.description = "m"
		--
		UPDATE users u, aliases a SET u.crypt = "m2", a.note =
		UUID()
		--
		DELETE u, a FROM users u JOIN aliases a ON a.domain =
		u.domain WHERE u.email = "bo@x.org"
		--
		INSERT INTO users (email, crypt) WITH RECURSIVE r AS (SELECT
		1 AS i UNION SELECT i + 1 FROM r WHERE i < 5) SELECT
		CONCAT("w", i, "@x.org"), "!" FROM r
		--
		DELETE FROM users WHERE email LIKE "w%" ORDER BY email DESC
		LIMIT 3
		--
		UPDATE users SET crypt = UUID() ORDER BY email DESC LIMIT 1
		--
		INSERT INTO users (email, crypt) VALUES ("anna@x.org", "d")
		ON DUPLICATE KEY UPDATE crypt = UUID()
		--
		REPLACE INTO users (email, crypt) VALUES ("w1@x.org",
		UUID())
		--
		UPDATE users SET created = "1999-01-01", modified =
		"1999-01-01"
		--
		UPDATE users SET modified = "1999-01-01"
		--
		UPDATE users SET crypt = crypt, modified = "1999-01-01"
		--
		INSERT INTO aliases (mail, destination) SELECT "rec@x.org",
		"bo@x.org"
		--
		INSERT INTO send_as (email, address) VALUES ("anna@x.org",
		"n@y.org"); UPDATE send_as SET address = "o@y.org"; DELETE
		FROM send_as
		--
		HANDLER users OPEN; HANDLER users READ FIRST; HANDLER
		history OPEN; HANDLER history READ LAST
		--
		LOAD DATA LOCAL INFILE "/etc/hostname" REPLACE INTO TABLE
		users (note) SET email = "ld@x.org", crypt = "l"
		--
		INSERT DELAYED INTO users (email, crypt) VALUES
		("del@x.org", "!")
		--
		UPDATE users SET crypt = (SELECT "evil" FROM DUAL LIMIT ROWS
		EXAMINED 0)
		--
		UPDATE users SET crypt = (SELECT MAX(d) FROM (SELECT "evil"
		AS d FROM domains LIMIT ROWS EXAMINED 0) AS t)
		--
		DELETE FROM users WHERE email IN (SELECT e FROM (SELECT
		email AS e FROM users LIMIT ROWS EXAMINED 1) AS t)
	END'
some_mail

t 'an error that is caught leaves no row without its entry' '
	all_tried <<-"END"
		SET @mailadm_change = 99999; INSERT IGNORE INTO users
		(email, crypt) VALUES ("i@x.org", "!"); UPDATE IGNORE users
		SET crypt = "ig"; DELETE IGNORE FROM aliases; INSERT IGNORE
		INTO domains (domain) VALUES ("ig.org"); REPLACE INTO users
		(email, crypt) VALUES ("bo@x.org", "ig")
		--
		SET sql_mode = "", @mailadm_change = 99999; INSERT IGNORE
		INTO users (email, crypt) VALUES ("i@x.org", "!"); UPDATE
		IGNORE users SET crypt = "ig"; DELETE IGNORE FROM users
		--
		EXECUTE IMMEDIATE "BEGIN NOT ATOMIC DECLARE CONTINUE HANDLER
		FOR SQLEXCEPTION, SQLWARNING, NOT FOUND BEGIN END; SET
		@mailadm_change = 99999; UPDATE users SET crypt = \"h\";
		DELETE FROM users; INSERT INTO users (email, crypt) VALUES
		(\"h@x.org\", \"!\"); END"
		--
		EXECUTE IMMEDIATE "BEGIN NOT ATOMIC DECLARE CONTINUE HANDLER
		FOR SQLEXCEPTION BEGIN END; SET insert_id = 5; UPDATE users
		SET crypt = \"h\"; SET insert_id = 6; DELETE FROM users; END"
		--
		EXECUTE IMMEDIATE "BEGIN NOT ATOMIC DECLARE EXIT HANDLER FOR
		SQLEXCEPTION COMMIT; START TRANSACTION; UPDATE users SET
		crypt = \"e\"; SET @mailadm_change = 99999; DELETE FROM users;
		END"
		--
		SET innodb_lock_wait_timeout = 0, lock_wait_timeout = 0;
		UPDATE users SET crypt = "lw"
		--
		INSERT INTO changes (actor) VALUES ("me"); SET
		@mailadm_change = LAST_INSERT_ID(); UPDATE changes SET
		connection = NULL; UPDATE users SET crypt = "c"
		--
		INSERT INTO changes (actor) VALUES ("me"); SET
		@mailadm_change = LAST_INSERT_ID(); UPDATE IGNORE changes
		SET users_to_add = "{\"rows\": [[\"n@none.org\", \"!\", 1,
		1, 1, 1, null, null, null, null, null, null, null, null,
		\"x.org/n\"]]}"
		--
		INSERT INTO changes (actor) VALUES ("me"); SET
		@mailadm_change = LAST_INSERT_ID(); UPDATE IGNORE changes
		SET users_to_add = "{\"rows\": [[\"n@x.org\", \"!\", 1, 1,
		1, 1, null, null, null, null, null, null, null, null,
		\"x.org/n\"], [\"anna@x.org\", \"!\", 1, 1, 1, 1, null,
		null, null, null, null, null, null, null, \"x.org/m\"]]}"
		--
		INSERT INTO changes (actor) VALUES ("me"); SET
		@mailadm_change = LAST_INSERT_ID(); UPDATE IGNORE changes
		SET aliases_to_add = "{\"rows\": [[\"n@x.org\",
		\"bo@x.org\", 1, null, null, null, 1], [\"n@x.org\",
		\"bo@x.org\", 1, null, null, null, 1]]}"
		--
		SET foreign_key_checks = 0, check_constraint_checks = 0;
		INSERT INTO changes (actor) VALUES ("me"); SET
		@mailadm_change = LAST_INSERT_ID(); UPDATE changes SET
		aliases_to_add = "{\"rows\": [[\"al@none.org\",
		\"bo@x.org\", 1, null, null, null, 1], [\"B A D\",
		\"bo@x.org\", 1, null, null, null, 1]]}"
	END'
some_mail

t 'a transaction has its rows with their entries, or neither' '
	all_tried <<-"END"
		XA START "a"; UPDATE users SET crypt = UUID(); XA END "a";
		XA PREPARE "a"; XA COMMIT "a"
		--
		XA START "b"; UPDATE users SET crypt = UUID(); XA END "b";
		XA PREPARE "b"; XA ROLLBACK "b"
		--
		START TRANSACTION; SAVEPOINT s; UPDATE users SET crypt =
		"s"; ROLLBACK TO s; UPDATE users SET crypt = "s2"; COMMIT
		--
		START TRANSACTION; SET timestamp = 5; UPDATE users SET crypt
		= "s3"; ROLLBACK; UPDATE users SET crypt = "s4"; COMMIT
		--
		INSERT INTO changes (actor) VALUES ("me"); START
		TRANSACTION; SET @mailadm_change = LAST_INSERT_ID();
		SAVEPOINT s; UPDATE users SET crypt = "s5"; ROLLBACK TO s;
		COMMIT; UPDATE users SET crypt = "s6"
		--
		SET autocommit = 0; UPDATE users SET crypt = "ac"; SET
		autocommit = 1
		--
		SET completion_type = 2; START TRANSACTION; UPDATE users SET
		crypt = "ct"; COMMIT
		--
		START TRANSACTION READ ONLY; UPDATE users SET crypt = "ro"
		--
		SET tx_isolation = "SERIALIZABLE"; UPDATE users SET crypt =
		"se"
	END'

# --- variables -----------------------------------------------------------

t 'more variables of the session change nothing about that' '
	bad= && for set in "skip_replication = 1" \
	    "sql_mode = \"SIMULTANEOUS_ASSIGNMENT\"" \
	    "sql_mode = \"NO_AUTO_VALUE_ON_ZERO,PAD_CHAR_TO_FULL_LENGTH\"" \
	    "sql_mode = \"EMPTY_STRING_IS_NULL,ALLOW_INVALID_DATES\"" \
	    "auto_increment_increment = 9999" "auto_increment_offset = 9" \
	    "system_versioning_asof = \"2000-01-01\"" \
	    "system_versioning_alter_history = \"KEEP\"" \
	    "group_concat_max_len = 4, max_error_count = 0" \
	    "max_recursive_iterations = 0, max_sort_length = 64" \
	    "old_mode = \"NO_DUP_KEY_WARNINGS_WITH_IGNORE\"" \
	    "in_predicate_conversion_threshold = 0, join_cache_level = 8" \
	    "optimizer_search_depth = 0, use_stat_tables = \"NEVER\"" \
	    "tmp_memory_table_size = 0, max_heap_table_size = 16384" \
	    "identity = 4, rand_seed1 = 1" "binlog_row_image = \"MINIMAL\"" \
	    "character_set_client = latin1, character_set_results = NULL" \
	    "collation_connection = \"utf8mb4_bin\"" \
	    "lc_time_names = \"de_DE\", div_precision_increment = 0" \
	    "timestamp = 0" "timestamp = 2147483647" \
	    "gtid_seq_no = 9" "gtid_domain_id = 9" "server_id = 9" \
	    "binlog_format = \"STATEMENT\"" "wsrep_on = 0" \
	    "secure_timestamp = \"NO\"" "default_master_connection = \"x\"" \
	    "query_cache_type = 0" "low_priority_updates = 1" \
	    "session_track_state_change = 1" "note_verbosity = \"\""; do
		tried "SET $set; UPDATE users SET crypt = UUID();
		    INSERT INTO aliases (mail, destination) VALUES
		    (CONCAT(UUID_SHORT(), \"@x.org\"), \"anna@x.org\");
		    DELETE FROM aliases LIMIT 1" || bad="$bad $set"
	done && empty "$bad"'

t 'the connection number is no variable that it may set' '
	daily "SET pseudo_thread_id = 1" && like "$(errors)" "1227"'

# --- what it lacks a right for -------------------------------------------

t 'nothing else is its to make, change, load or switch' '
	tried "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM history;
	    CREATE FUNCTION f() RETURNS INT RETURN 1; CREATE SEQUENCE s;
	    CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST \"a\");
	    CREATE USER u; GRANT SELECT ON history TO mailadm@localhost;
	    CREATE DEFINER = root@localhost VIEW v AS SELECT * FROM history;
	    CREATE OR REPLACE VIEW history AS SELECT 1; DROP VIEW v;
	    CREATE OR REPLACE TRIGGER users_update AFTER UPDATE ON users
		FOR EACH ROW DO 0;
	    CREATE OR REPLACE TABLE history (id INT); CREATE DATABASE d;
	    CREATE TEMPORARY TABLE homes (id INT); DROP TABLE users;
	    CREATE TEMPORARY SEQUENCE history; DROP DATABASE mail;
	    CREATE INDEX i ON history (id); TRUNCATE TABLE users;
	    ALTER TABLE history DISABLE KEYS; RENAME TABLE users TO u;
	    ALTER DATABASE mail CHARACTER SET latin1; FLUSH TABLES;
	    OPTIMIZE TABLE history; RESET MASTER; SHUTDOWN;
	    CHANGE MASTER TO MASTER_HOST = \"x\"; START SLAVE;
	    PURGE BINARY LOGS TO \"x\"; INSTALL PLUGIN x SONAME \"x\";
	    LOAD DATA INFILE \"/etc/hostname\" INTO TABLE users (note);
	    SELECT 1 INTO OUTFILE \"/nonexistent/x\"; LOCK TABLES users READ;
	    SET GLOBAL event_scheduler = 1; SET GLOBAL init_connect = \"x\";
	    SET GLOBAL read_only = 1; SET GLOBAL sql_mode = \"\";
	    SET GLOBAL max_statement_time = 1; SET GLOBAL general_log = 0;
	    SET GLOBAL log_bin_trust_function_creators = 1;
	    SET PASSWORD FOR root@localhost = PASSWORD(\"x\");
	    UPDATE mysql.global_priv SET Priv = \"{}\";
	    DELETE HISTORY FROM users; DELETE FROM schema_version;
	    CALL mysql.AddGeometryColumn(\"\", \"\", \"\", \"\", 1);
	    INSERT INTO changes (actor) VALUES (\"a\") ON DUPLICATE KEY UPDATE
		actor = \"b\";
	    INSERT INTO changes (token, actor) SELECT token, \"x\" FROM changes
		AS c ON DUPLICATE KEY UPDATE connection = CONNECTION_ID();
	    UPDATE changes SET connection = CONNECTION_ID(), at = 0;
	    UPDATE changes SET account = \"root\"; DELETE FROM locks" &&
	lines "$(errors)" 49 && empty "$(errors |
	    grep -v "denied\|SUPER\|1142\|1044\|1227\|1370")"'

# --- what the server cannot prevent --------------------------------------

# See sql/grants.sql: stated there, and found elsewhere.
t 'the private half of a key has no entry, and the public one has' '
	sql "INSERT INTO dkim_keys (domain, selector, algorithm, state,
	    public_key, private_key, secret_id) VALUES (\"x.org\", \"s1\",
	    \"ed25519\", \"active\", \"abcd\",
	    \"-----BEGIN ENCRYPTED PRIVATE KEY-----\",
	    \"0123456789abcdef\")" && before &&
	daily "UPDATE dkim_keys SET seen = NULL, private_key =
	    CONCAT(private_key, \"x\")" && silent &&
	is "$(sql "SELECT COUNT(*) FROM history WHERE id > $before_id")" 0 &&
	daily "UPDATE dkim_keys SET public_key = \"efgh\"; DELETE FROM
	    dkim_keys" && silent &&
	is "$(sql "SELECT COUNT(*) FROM history WHERE id > $before_id")" 2'

# --- a dump, and an upgrade that was killed ------------------------------

# The history and the rights to it are what they were.
after_that() {
	run mailadm schema status && status 0 && unlike "$out" pending &&
	tried "UPDATE users SET crypt = \"after\"" && silent &&
	is "$(sql "SELECT COUNT(*) FROM history WHERE id > $before_id")" 2 &&
	tried "DELETE FROM history; UPDATE history SET actor = \"root\";
	    INSERT INTO homes (home, email) VALUES (\"a\", \"b\");
	    INSERT INTO users (email, crypt, recorded) VALUES
		(\"r@x.org\", \"!\", 1)" && lines "$(errors)" 4 &&
	run mailadm -q user add after@x.org --no-password && status 0 &&
	tried "UPDATE users SET crypt = UUID() WHERE email =
	    \"after@x.org\"" && silent && run mailadm -q user remove \
	    after@x.org --yes && status 0
}

# The dump tool is not in the package of the client that all tests need.
if command -v mariadb-dump >/dev/null; then
	t 'a dump that root restores has the triggers, and the rights hold' '
		some_mail && mariadb-dump --no-defaults --skip-ssl \
		    --user=root --socket="$server_socket" --databases mail \
		    >"$T/dump.sql" && server_sql -e "DROP DATABASE mail" &&
		server_sql -e "source $T/dump.sql" && after_that &&
		run mailadm check --rule S012 && status 0'
fi

# As before the migration that is tested here, and with its grants.
version_six() {
	sql "DROP DATABASE mail" 2>/dev/null
	server_database=
	sql "CREATE DATABASE mail" && server_database=mail &&
	for file in sql/00[1-6]*; do
		number=${file#sql/00} name=${file#*-}
		mariadb --no-defaults --skip-ssl --socket="$server_socket" \
		    --user=root mail <"$file" &&
		sql "INSERT INTO schema_version (version, name, database_id)
		    VALUES (${number%%-*}, \"${name%.sql}\",
		    REPEAT(\"a\", 32))" || return 1
	done && sql "INSERT INTO domains (domain) VALUES (\"x.org\");
	    INSERT INTO users (email, crypt) VALUES (\"anna@x.org\", \"!\"),
		(\"bo@x.org\", \"!\")"
}

killed_after() {
	run env LD_PRELOAD="$T/kill_after.so" KILL_AFTER="$1" \
	    KILL_COUNT="$T/count" \
	    ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0" \
	    "$MAILADM" --defaults-file="$T/client.cnf" schema upgrade
}

t 'the migration that took the rights away can be killed and run again' '
	${CC:-cc} -shared -fPIC -o "$T/kill_after.so" \
	    tests/db/kill_after.c && version_six && killed_after 0 &&
	status 0 && n=$(cat "$T/count") && [ "$n" -gt 20 ] &&
	after_that && bad= && for at in $(seq 1 "$(step 7)" "$n"); do
		version_six && killed_after "$at" && status 137 &&
		{ killed_after $((at / 2)); run mailadm schema upgrade; } &&
		status 0 && after_that || bad="$bad $at"
	done && empty "$bad"'

server_stop
t 'with --sysdate-is-now times follow the session, as is stated' '
	server_start --sysdate-is-now && some_mail && before &&
	daily "SET timestamp = 1000; UPDATE users SET crypt = \"past\" WHERE
	    email = \"bo@x.org\"" && silent &&
	like "$(sql "SELECT at FROM history ORDER BY id DESC LIMIT 1")" 1970 &&
	grep -q -e --sysdate-is-now sql/grants.sql &&
	grep -q -e --sysdate-is-now src/manual/mailadm.8.text'

finish
