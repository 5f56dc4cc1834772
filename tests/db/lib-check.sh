# Defects for the checker to find; sourced after lib.sh.
# shellcheck shell=sh
#
#   clean                 ours, with one domain that nothing is wrong with
#   foreign               the same rows in the three published tables, without
#                         keys, in the database "other"
#   plant 'STATEMENTS'    in whichever of the two came last, past its rules
#   adds COLUMN...        to a foreign table: plants "ALTER TABLE ... ADD"
#   found 'RULE NAME...'  exactly this of domains, users and aliases, by root;
#                         blanks in names are shown as _
#   found_as ACCOUNT ...  the same by another account
#   says RULE 'PART'      a text of the last run

# No Dovecot is configured, whatever this machine has.
export MAILADM_CONFIG="$T/check.conf"
echo "dovecot_directory = $T/no-dovecot" >"$MAILADM_CONFIG"

HASH='$5$rounds=50000$abcdefghijklmnop$'$(printf '%043d' 0 | tr 0 A)
ROWS="INSERT INTO domains (domain) VALUES ('x.org');
	INSERT INTO users (email, crypt) VALUES ('anna@x.org', '$HASH');
	INSERT INTO aliases (mail, destination) VALUES
	    ('postmaster@x.org', 'anna@x.org'), ('abuse@x.org', 'anna@x.org')"

plant() {
	sql "SET check_constraint_checks = 0, foreign_key_checks = 0; $1"
}

clean() {
	server_database=mail
	plant "DELETE FROM aliases; DELETE FROM dkim_keys; DELETE FROM send_as;
	    DELETE FROM recipients; DELETE FROM patterns;
	    DELETE FROM relay_secrets; DELETE FROM relays;
	    DELETE FROM users; DELETE FROM domains; DELETE FROM homes; $ROWS"
}

foreign() {
	server_database=
	sql 'DROP DATABASE IF EXISTS other;
	    CREATE DATABASE other CHARACTER SET utf8mb4 COLLATE utf8mb4_bin'
	server_database=other
	sql "CREATE TABLE domains (domain VARCHAR(255));
	    CREATE TABLE users (email VARCHAR(255), crypt VARCHAR(255));
	    CREATE TABLE aliases (mail VARCHAR(255), destination TEXT); $ROWS"
}

found_as() {
	found_account=$1
	shift
	run mailadm --database "$server_database" --user "$found_account" \
	    check --severity note --columns rule,name,text "$@"
	[ "$status" -le 1 ] || { status 1; return 1; }
	found_out=$(printf '%s\n' "$out" | grep -v '^S' | cut -f 1,2 |
	    tr ' \t' '_ ' | sed 's/ $//')
}

found() {
	found_as root && is "$found_out" "$1"
}

says() {
	matches "$out" "^$1	.*$2"
}
