# Another database, "old", beside ours, and an account that may read it.
# shellcheck shell=sh

old_sql() {
	server_sql --database=old --default-character-set=utf8mb4 -e "$1"
}

# source_is FILE...: the other database holds what these make.
source_is() {
	server_sql -e 'DROP DATABASE IF EXISTS old; CREATE DATABASE old' &&
	{ echo "SET foreign_key_checks=0, sql_mode='';"; cat "$@"; } |
	    mariadb --no-defaults --skip-ssl --socket="$server_socket" \
	    --default-character-set=utf8mb4 --user=root old
}

# The account of the source may only read it.
server_sql -e "CREATE USER reader@localhost IDENTIFIED BY 'of reader';
	GRANT SELECT ON old.* TO reader@localhost"
cat >"$T/old.cnf" <<END
[client]
socket=$server_socket
[mailadm-source]
user=reader
password="of reader"
database=old
END
chmod 600 "$T/old.cnf"

from() { # SYSTEM [OPTION...]
	from_system=$1
	shift
	run mailadm import from "$from_system" \
	    --source-defaults-file "$T/old.cnf" "$@"
}

# What is there now, for the comparison.
lists() { # DIR
	mkdir -p "$1" &&
	mailadm domain list -o tsv --header --columns \
	    domain,active,description,quota,max_users,max_aliases,alias_of \
	    >"$1/domain" &&
	mailadm user list -o tsv --header --columns \
	    email,active,name,quota,home,may_login,may_send,may_receive \
	    >"$1/user" &&
	mailadm alias list -o tsv --header --columns \
	    mail,destination,active >"$1/alias" &&
	{ echo 'email	hash'; sql 'SELECT email, crypt FROM users'; } \
	    >"$1/hash"
}

checksums() {
	old_sql "SHOW TABLES" | while read -r table; do
		old_sql "CHECKSUM TABLE \`$table\`"
	done
}

counts_add_up() {
	printf '%s\n' "$err" | awk '/^mailadm: rows:/ || /^rows:/ {
		sub(/.*rows: /, "")
		found = $1 == $4 + $7 + $10 + $13
	}
	END { exit !found }' || { t_notes="counts: $err"; return 1; }
}

# As after fresh, in no time.
emptied() {
	sql "SET foreign_key_checks = 0; $(sql "SELECT CONCAT('TRUNCATE \`',
	    table_name, '\`;') FROM information_schema.tables
	    WHERE table_schema = 'mail' AND table_type = 'BASE TABLE' AND
	    table_name NOT IN ('schema_version', 'locks')")"
}
