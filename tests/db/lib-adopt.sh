# A database as the published guide makes it; sourced after lib.sh.
# shellcheck shell=sh

HASH='$5$rounds=5000$saltstring$pDYRTqrVKSYxVONKQzQoBQyTpTa.p.TmDTrJjbHiM5D'

client() {
	mariadb --no-defaults --skip-ssl --socket="$server_socket" --batch \
	    --skip-column-names --user=root --default-character-set=utf8mb4 \
	    "$@"
}

# Another name keeps it apart from what runs beside.
ADOPTED=mail

# guide [STATEMENTS]: the tables, with these rows in them.
guide() {
	server_database=$ADOPTED
	client <<-END
		DROP DATABASE IF EXISTS $ADOPTED;
		CREATE DATABASE $ADOPTED CHARACTER SET latin1;
		USE $ADOPTED;
		CREATE TABLE aliases(mail varchar(120) unique,
		    destination varchar(120));
		CREATE TABLE domains(domain varchar(120));
		CREATE TABLE users(email varchar(128) primary key,
		    crypt varchar(128));
		$1
	END
}

# Ours to look at, without what differs between two runs.
content() {
	for content_table in domains users aliases homes locks history \
	    changes schema_version old_domains old_users old_aliases; do
		echo "SHOW CREATE TABLE $content_table;"
	done >"$T/$ADOPTED.sql"
	cat >>"$T/$ADOPTED.sql" <<-'END'
		SELECT domain, active, quota, alias_of FROM domains ORDER BY 1;
		SELECT email, crypt, active, quota, home FROM users ORDER BY 1;
		SELECT mail, destination, active FROM aliases ORDER BY 1, 2;
		SELECT home, email FROM homes ORDER BY 1;
		SELECT name, taken FROM locks;
		SELECT `change` - (SELECT MIN(id) FROM changes), actor, kind,
		    name, old_row,
		    JSON_REMOVE(new_row, "$.created", "$.modified")
		    FROM history ORDER BY kind, name, new_row;
		SELECT actor, program FROM changes;
		SELECT version, name FROM schema_version;
		SELECT trigger_name, event_object_table, action_statement
		    FROM information_schema.triggers
		    WHERE trigger_schema = DATABASE() ORDER BY 1;
		SHOW TABLES;
	END
	client "$ADOPTED" <"$T/$ADOPTED.sql" 2>&1 |
	    sed 's/ AUTO_INCREMENT=[0-9]*//'
}

# What a foreign database holds, to see that nothing was changed.
foreign() {
	for foreign_table in $(sql "SHOW TABLES"); do
		sql "SHOW CREATE TABLE $foreign_table; \
		    SELECT * FROM $foreign_table ORDER BY 1, 2"
	done 2>&1
	sql "SHOW TRIGGERS"
}
