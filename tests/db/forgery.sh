# The daily account's password in wrong hands: what it cannot do to the
# history, with the mariadb client and without mailadm.
. tests/lib.sh
. tests/db/lib-forgery.sh

server_in_memory
server_start && fresh

accounts_sql secret >"$T/grants.sql"
server_sql -e "source $T/grants.sql" || bail_out 'no accounts'
some_mail

t 'what the daily account may do is in the history' '
	tried "UPDATE users SET crypt = \"!\" WHERE email = \"anna@x.org\";
	    UPDATE users SET crypt = \"x\" WHERE email = \"anna@x.org\";
	    INSERT INTO users (email, crypt) VALUES (\"new@x.org\", \"y\");
	    DELETE FROM users WHERE email = \"new@x.org\"" && silent &&
	is "$(sql "SELECT COUNT(*) FROM history WHERE id > $before_id AND
	    actor LIKE \"mailadm@%\"")" 3'

t 'variables of the session leave no row without its entry' '
	bad= n=0 few=$(step 4) &&
	for set in "@mailadm_bulk = 1" "@mailadm_change = 1" \
	    "@mailadm_change = 1, @mailadm_actor = \"root\", \
		@mailadm_actor_of = 1" \
	    "@mailadm_change = 0" "@mailadm_change = \"x\"" \
	    "timestamp = 1000, @mailadm_auto_at = NOW(6), \
		@mailadm_auto_change = 1" \
	    "timestamp = 1000000000" "time_zone = \"+13:00\"" \
	    "timestamp = 5, time_zone = \"-12:00\"" \
	    "insert_id = 1" "insert_id = 100000000" \
	    "last_insert_id = 1" "sql_select_limit = 0" \
	    "max_join_size = 1, sql_big_selects = 0" \
	    "max_statement_time = 0.0001" "max_session_mem_used = 8192" \
	    "sql_mode = \"\"" "sql_mode = \"ORACLE\"" \
	    "foreign_key_checks = 0, unique_checks = 0" \
	    "check_constraint_checks = 0" "autocommit = 0" \
	    "tx_isolation = \"READ-UNCOMMITTED\"" \
	    "character_set_connection = utf32" "optimizer_switch = \
		\"condition_pushdown_for_derived=off,exists_to_in=on\"" \
	    "auto_increment_increment = 60, auto_increment_offset = 7" \
	    "pseudo_thread_id = 1" "sql_log_bin = 0" "completion_type = 1" \
	    "max_sp_recursion_depth = 0" "sql_safe_updates = 1" \
	    "max_allowed_packet = 1024" "default_regex_flags = \"EXTENDED\""
	do
		for statement in \
		    "UPDATE users SET crypt = UUID() WHERE email = \
			\"bo@x.org\"" \
		    "INSERT INTO users (email, crypt) VALUES (CONCAT(\"u\", \
			REPLACE(UUID(), \"-\", \"\"), \"@x.org\"), \"!\")" \
		    "REPLACE INTO aliases (mail, destination) VALUES \
			(\"r@x.org\", CONCAT(UUID_SHORT(), \"@x.org\"))" \
		    "DELETE FROM users WHERE email LIKE \"u%\" LIMIT 1" \
		    "UPDATE domains SET description = UUID()"
		do
			[ $(((n += 1) % few)) -eq 0 ] || continue
			tried "SET $set; $statement; COMMIT" || bad=$bad$set
			tried "SET STATEMENT $set FOR $statement" ||
				bad=$bad$set
		done
	done && empty "$bad"'

# The server ends such a statement in silence, before the triggers.
t 'a row whose trigger the server has skipped is found by check' '
	some_mail && sql "UPDATE schema_version SET applied = applied -
	    INTERVAL 1 DAY" &&
	daily "SET timestamp = 1000; INSERT INTO domains (domain) SELECT
		\"l.org\" FROM DUAL LIMIT ROWS EXAMINED 0;
	    INSERT INTO users (email, crypt) SELECT \"l@x.org\", \"!\"
		FROM DUAL LIMIT ROWS EXAMINED 0;
	    REPLACE INTO users (email, crypt) SELECT \"bo@x.org\", \"evil\"
		FROM DUAL LIMIT ROWS EXAMINED 0;
	    INSERT INTO users (email, crypt) SELECT \"anna@x.org\", \"evil\"
		FROM DUAL LIMIT ROWS EXAMINED 0
		ON DUPLICATE KEY UPDATE crypt = \"evil\";
	    INSERT INTO aliases (mail, destination) SELECT \"l@x.org\",
		\"anna@x.org\" FROM DUAL LIMIT ROWS EXAMINED 0" &&
	run mailadm check --rule S014 --columns name && status 1 &&
	is "$(echo "$out" | sort)" "l.org
l@x.org
l@x.org" && lines "$(truthful)" 3 && some_mail'

# What it lacks a right for.
t 'it writes no history, no change of another, no home and no trigger' '
	tried "INSERT INTO history (\`change\`, actor, kind, name) VALUES
		(1, \"root\", \"user\", \"anna@x.org\");
	    UPDATE history SET actor = \"root\";
	    UPDATE changes SET actor = \"root\";
	    UPDATE changes SET at = 0;
	    DELETE FROM history; DELETE FROM changes;
	    INSERT INTO changes (id, actor) VALUES (99999, \"root\");
	    INSERT INTO changes (actor, at) VALUES (\"root\", \"2020-01-01\");
	    INSERT INTO changes (actor, account) VALUES (\"a\", \"root\");
	    INSERT INTO changes (actor, connection) VALUES (\"a\", 1);
	    INSERT INTO homes (home, email) VALUES (\"a\", \"b\");
	    UPDATE homes SET email = \"b\"; DELETE FROM homes;
	    TRUNCATE history; DROP TABLE history; DROP TRIGGER users_insert;
	    CREATE TRIGGER t AFTER INSERT ON users FOR EACH ROW DO 0;
	    ALTER TABLE users ADD x INT; RENAME TABLE history TO h;
	    CREATE TEMPORARY TABLE history (id INT);
	    CREATE TEMPORARY TABLE changes (id INT);
	    CREATE TABLE t (i INT); CREATE VIEW v AS SELECT 1;
	    CREATE PROCEDURE p() DO 0; LOCK TABLES history WRITE;
	    SHOW CREATE TRIGGER users_insert; BINLOG \"x\";
	    SET GLOBAL secure_timestamp = 0; SET ROLE admin;
	    INSERT INTO users (email, crypt, recorded) VALUES
		(\"q@x.org\", \"!\", 1);
	    INSERT INTO users (email, crypt, modified) VALUES
		(\"q@x.org\", \"!\", 0);
	    INSERT INTO aliases (mail, destination, recorded) VALUES
		(\"q@x.org\", \"bo@x.org\", 1);
	    INSERT INTO users VALUES (\"q@x.org\");
	    REPLACE INTO users (email, crypt, recorded) VALUES
		(\"bo@x.org\", \"!\", 1)" &&
	lines "$(errors)" 34 &&
	empty "$(errors | grep -v "denied\|SUPER\|1136\|1238\|1959")"'

t 'a row that is changed to be a recorded one has its entry' '
	tried "UPDATE users SET recorded = 1, crypt = \"r\" WHERE email =
		\"bo@x.org\"; UPDATE users SET crypt = \"s\" WHERE email =
		\"bo@x.org\"; INSERT INTO users (email, crypt) VALUES
		(\"bo@x.org\", \"!\") ON DUPLICATE KEY UPDATE recorded = 1,
		crypt = \"t\"; DELETE FROM users WHERE email = \"bo@x.org\";
	    INSERT INTO users (email, crypt) VALUES (\"bo@x.org\", \"u\")" &&
	is "$(sql "SELECT COUNT(*) FROM history WHERE id > $before_id")" 5'

t 'rights of before are found by check, and grants.sql takes them' '
	sql "GRANT INSERT ON mail.users TO mailadm@localhost;
	    GRANT INSERT ON mail.aliases TO mailadm@localhost;
	    GRANT INSERT ON mail.changes TO mailadm@localhost;
	    GRANT INSERT ON mail.history TO mailadm@localhost;
	    GRANT INSERT, UPDATE ON mail.homes TO mailadm@localhost" &&
	run mailadm check --rule S012 && status 1 && lines "$out" 1 &&
	for right in "INSERT on mail.users" "INSERT on mail.aliases" \
	    "INSERT on mail.changes" "INSERT on mail.history" \
	    "INSERT on mail.homes" "UPDATE on mail.homes"; do
		like "$out" "$right" || return 1
	done && server_sql -e "source $T/grants.sql" &&
	run mailadm check --rule S012 && status 0 &&
	daily "INSERT INTO history (\`change\`, actor, kind, name) VALUES
	    (1, \"root\", \"user\", \"x\")" && like "$(cat "$T/err")" denied'

# --- changes -------------------------------------------------------------

# The row of a change that this connection opens, as the program does.
OPEN='INSERT INTO changes (actor) VALUES ("me"); SET @mailadm_change =
    LAST_INSERT_ID();'
NEW='{"rows": [["n1@x.org", "!", 1, 1, 1, 1, null, null, null, null,
    null, null, null, null, "x.org/n1"], ["n2@x.org", "!", 1, 1, 1, 1, null,
    null, null, null, null, null, null, null, "x.org/n2"]]}'

t 'a change of another cannot be taken over, nor opened again' '
	last=$(sql "SELECT MAX(id) FROM changes") &&
	tried "UPDATE changes SET connection = CONNECTION_ID();
	    SET @mailadm_change = $last; UPDATE users SET crypt = \"v\";
	    UPDATE changes SET users_to_add = '\''$NEW'\'' WHERE id = $last;
	    UPDATE changes SET users_to_add = '\''$NEW'\''" &&
	lines "$(errors)" 3 &&
	is "$(sql "SELECT COUNT(*) FROM history WHERE id > $before_id")" 0 &&
	is "$(sql "SELECT COUNT(connection) FROM changes")" 0'

t 'an open change of another connection cannot be used' '
	{ echo "SET autocommit = 0; $OPEN SELECT @mailadm_change;"
	    eventually [ -s "$T/go" ] >/dev/null
	    echo "ROLLBACK;"; } | mariadb --no-defaults --skip-ssl --batch \
	    --skip-column-names --unbuffered --socket="$server_socket" \
	    --user=root mail >"$T/open" & 
	eventually [ -s "$T/open" ] && tried "SET tx_isolation =
		\"READ-UNCOMMITTED\"; SET @mailadm_change = $(cat "$T/open");
		UPDATE users SET crypt = \"w\"" &&
	lines "$(errors)" 1
	result=$?; echo >"$T/go"; wait $!; [ "$result" = 0 ]'

t 'a change says which account made it, whatever its actor says' '
	tried "INSERT INTO changes (actor, program) VALUES (\"root@mx1\",
		\"mailadm\"); SET @mailadm_change = LAST_INSERT_ID();
	    UPDATE users SET crypt = \"v\"" && silent &&
	is "$(sql "SELECT DISTINCT h.actor, c.account FROM history AS h JOIN
	    changes AS c ON c.id = h.\`change\` WHERE h.id > $before_id")" \
	    "root@mx1	mailadm@localhost"'

t 'mailadm takes the connection off each change that it commits' '
	mailadm -q user add z@x.org --no-password && mailadm -q user remove \
	    z@x.org --yes && is "$(sql "SELECT COUNT(connection) FROM changes
	    WHERE program IS NOT NULL AND actor <> \"root@mx1\"")" 0'

# --- many rows -----------------------------------------------------------

t 'many users come with their entries' '
	tried "$OPEN UPDATE changes SET users_to_add = '\''$NEW'\'' WHERE id =
	    @mailadm_change" && silent && is "$(sql "SELECT name FROM
	    history WHERE id > $before_id ORDER BY id")" "n1@x.org
n2@x.org" && sql "DELETE FROM users WHERE email LIKE \"n_@x.org\""'

t 'and with none where any of it fails' '
	mailadm -q domain add alias.org --alias-of x.org &&
	bad= && for rows in "x" "{}" "[]" "{\"rows\": 1}" "{\"rows\": [1]}" \
	    "{\"rows\": [[\"n1@x.org\"]]}" "{\"fresh\": 9, \"rows\": []}" \
	    "$(echo "$NEW" | sed "s/n2@x.org/n2@none.org/")" \
	    "$(echo "$NEW" | sed "s/n2@x.org/n2@alias.org/")" \
	    "$(echo "$NEW" | sed "s/n2@x.org/N2@x.org/")" \
	    "$(echo "$NEW" | sed "s/n2@x.org/n1@x.org/")" \
	    "$(echo "$NEW" | sed "s/n2@x.org/anna@x.org/")" \
	    "$(echo "$NEW" | sed "s|x.org/n2|x.org/anna|")"; do
		tried "$OPEN UPDATE changes SET users_to_add = '\''$rows'\''
		    WHERE id = @mailadm_change; COMMIT" || bad=$rows
		is "$(sql "SELECT COUNT(*) FROM users WHERE email LIKE
		    \"n%\"")" 0 || bad=$rows
	done && empty "$bad"'

t 'a kill in the middle of many leaves all of them or none' '
	rows=$(seq 3000 | sed "s/.*/[\"k&@x.org\", \"!\", 1, 1, 1, 1, null, \
	    null, null, null, null, null, null, null, \"x.org\/k&\"]/" |
	    paste -sd,) && bad= &&
	for seconds in 0.005 0.01 0.02 0.04 0.08 0.16 0.32 0.64; do
		tried "SET autocommit = 0; $OPEN SET max_statement_time =
		    $seconds; UPDATE changes SET users_to_add =
		    '\''{\"rows\": [$rows]}'\'' WHERE id = @mailadm_change;
		    SET max_statement_time = 0; COMMIT;
		    DELETE FROM users WHERE email LIKE \"k%\"; COMMIT" ||
			bad=$seconds
	done && empty "$bad"'

finish
