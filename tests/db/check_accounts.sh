#!/bin/sh
# mailadm check: what accounts may do, and what they can ask; rule S012.
. tests/lib.sh
server_in_memory
server_start --innodb-stats-persistent=0 && fresh

accounts_sql secret >"$T/grants.sql"
mariadb --no-defaults -S "$server_socket" -u root <"$T/grants.sql" ||
	bail_out 'no accounts'

as() { # ACCOUNT ARG...
	as_account=$1
	shift
	[ "$as_account" != root ] || { run mailadm "$@"; return; }
	sed "s|^user=.*|user=$as_account\npassword=secret|" \
	    "$T/client.cnf" >"$T/$as_account.cnf"
	chmod 600 "$T/$as_account.cnf"
	run "$MAILADM" --defaults-file="$T/$as_account.cnf" "$@"
}

grants() {
	run mailadm check --rule S012 --columns name,text
}

# planted SQL NAME PART [SQL]: gives, looks, takes back.
planted() {
	sql "$1" && grants && status 1 && lines "$out" 1 &&
	like "$out" "$2	" && like "$out" "$3" &&
	sql "$4" && grants && status 0 && empty "$out$err"
}

t 'the accounts of sql/grants.sql have what it gives' '
	grants && status 0 && empty "$out$err"'

t 'a global privilege is found' '
	planted "GRANT PROCESS ON *.* TO postfix@localhost" \
	    postfix@localhost "PROCESS on every database" \
	    "REVOKE PROCESS ON *.* FROM postfix@localhost"'

t 'a privilege on the whole database is found' '
	planted "GRANT SELECT ON mail.* TO mailadm_check@localhost" \
	    mailadm_check@localhost "SELECT on mail.*" \
	    "REVOKE SELECT ON mail.* FROM mailadm_check@localhost"'

t 'a table, a column and a kind of privilege more are found' '
	planted "GRANT SELECT ON mail.history TO dovecot@localhost" \
	    dovecot@localhost "SELECT on mail.history" \
	    "REVOKE SELECT ON mail.history FROM dovecot@localhost" &&
	planted "GRANT SELECT (crypt) ON mail.users TO postfix@localhost" \
	    postfix@localhost "SELECT on mail.users (crypt)" \
	    "REVOKE SELECT (crypt) ON mail.users FROM postfix@localhost" &&
	planted "GRANT DELETE ON mail.history TO mailadm@localhost" \
	    mailadm@localhost "DELETE on mail.history" \
	    "REVOKE DELETE ON mail.history FROM mailadm@localhost"'

t 'the same account at another host is held to the same' '
	planted "CREATE USER postfix@other; GRANT SELECT (crypt) ON \
	    mail.users TO postfix@other" postfix@other crypt \
	    "DROP USER postfix@other"'

t 'another account that may read hashes is found, and an anonymous one' '
	planted "CREATE USER web; GRANT SELECT ON mail.users TO web" "web@%" \
	    "may read hashes" "DROP USER web" &&
	planted "CREATE USER \"\"@localhost; GRANT SELECT ON mail.domains \
	    TO \"\"@localhost" "@localhost" anonymous \
	    "DROP USER \"\"@localhost"'

t 'a role that one of our accounts has been given is found' '
	planted "CREATE ROLE more; GRANT more TO dovecot@localhost" \
	    dovecot@localhost "the role more" "DROP ROLE more"'

t 'another account that reads no hash is left alone' '
	sql "CREATE USER web; GRANT SELECT (email) ON mail.users TO web; \
	    GRANT SELECT ON mail.domains TO web" && grants && status 0 &&
	sql "DROP USER web"'

t 'as mailadm and mailadm_check nothing is found, and not all is asked' '
	for account in mailadm mailadm_check; do
		as "$account" check && status 0 && empty "$out" &&
		like "$err" "not checked: " && like "$err" S010 &&
		like "$err" S011 && like "$err" S012 || return 1
	done'

t 'mailadm_check finds what is wrong with keys, checks and history' '
	sql "ALTER TABLE changes DROP KEY at; ALTER TABLE users DROP \
	    CONSTRAINT crypt_given; UPDATE schema_version SET applied = \
	    applied - INTERVAL 1 DAY; INSERT INTO domains (domain) VALUES \
	    (\"x.org\"); DELETE FROM history" &&
	as mailadm_check check --rule S008 --rule S009 --rule S014 \
	    --columns rule,name && status 1 && is "$out" "S008	changes
S009	users.crypt_given
S014	x.org" && empty "$(echo "$err" | grep "not checked")"'

### What is planted is found, or said to be not checked: never clean

DATABASE_RULES=$(mailadm check rules --columns rule | grep ^S)

rules_as() { # ACCOUNT ARG...
	rules_account=$1
	shift
	for rule in $DATABASE_RULES; do
		set -- "$@" --rule "$rule"
	done
	as "$rules_account" "$@"
}

# The table in $T/says: rule, name, and what root, mailadm and mailadm_check
# say of it, found or unasked.
said_of() { # COLUMN WORD
	awk -v OFS='\t' "\$$1 == \"$2\" { print \$1, \$2 }" "$T/says"
}

# What is found, no more, and the others among what is not checked.
account_says() { # ACCOUNT COLUMN
	rules_as "$1" check --columns rule,name && status 1 &&
	is "$out" "$(said_of "$2" found)" &&
	unasked=$(echo "$err" |
	    sed -n "s/.*not checked: \([^(]*\) (.*/\1,/p") || return 1
	for rule in $(said_of "$2" unasked | cut -f 1); do
		like "$unasked" "$rule," || return 1
	done
}

accounts_say() {
	cut -d " " -f 1 "$T/says" >>"$T/spoken" &&
	account_says root 3 && account_says mailadm 4 &&
	account_says mailadm_check 5
}

t 'each rule is broken, and no account takes it for whole' '
	fresh && sql "SET foreign_key_checks = 0; \
	    RENAME TABLE homes TO elsewhere; \
	    ALTER TABLE changes DROP COLUMN program, DROP KEY at; \
	    ALTER TABLE users MODIFY crypt VARCHAR(100) NOT NULL, \
		MODIFY name VARCHAR(100) NULL, DROP CONSTRAINT crypt_given; \
	    ALTER TABLE aliases MODIFY destination VARCHAR(254) COLLATE \
		utf8mb4_general_ci NOT NULL, MODIFY mail VARCHAR(254) \
		CHARACTER SET latin1 COLLATE latin1_nopad_bin NOT NULL; \
	    ALTER TABLE locks ENGINE = MyISAM, DROP PRIMARY KEY; \
	    CREATE USER gone; CREATE OR REPLACE DEFINER = gone TRIGGER \
		users_delete AFTER DELETE ON users FOR EACH ROW DO 0; \
	    DROP USER gone; GRANT PROCESS ON *.* TO postfix@localhost; \
	    UPDATE schema_version SET applied = applied - INTERVAL 1 DAY; \
	    INSERT INTO domains (domain) VALUES (\"y.org\"); \
	    DELETE FROM history" &&
	cat >"$T/says" <<-END && accounts_say &&
		S001 homes found found found
		S002 changes.program found found found
		S003 users.crypt found found unasked
		S003 users.name found found found
		S004 aliases.mail found found found
		S005 aliases.destination found found found
		S006 locks found found found
		S007 locks found found found
		S008 changes found found found
		S009 users.crypt_given found unasked found
		S010 users_delete found unasked unasked
		S011 gone@% found unasked unasked
		S012 postfix@localhost found unasked unasked
		S014 y.org found found found
	END
	sql "REVOKE PROCESS ON *.* FROM postfix@localhost" && fresh'

t 'an older schema is found by each account, and the rest is not asked' '
	sql "DELETE FROM schema_version WHERE version > 1; \
	    ALTER TABLE locks ENGINE = MyISAM" &&
	cat >"$T/says" <<-END && accounts_say && fresh
		S006 locks unasked unasked unasked
		S013 schema_version found found found
	END'

t 'no rule is left out above but the one of foreign databases' '
	is "$(sort -u "$T/spoken"; echo S015)" "$DATABASE_RULES"'

t 'what an account may not see of a table is not clean' '
	sql "REVOKE ALL ON mail.homes FROM mailadm@localhost; \
	    ALTER TABLE homes COMMENT = \"\"" &&
	rules_as mailadm check && status 0 && empty "$out" &&
	like "$err" "not checked: S001, S002, S003, S006, S007, S008, S009," &&
	like "$err" "this account may not read homes" &&
	sql "ALTER TABLE homes COMMENT = \"mailadm\"; GRANT SELECT, \
	    INSERT, UPDATE ON mail.homes TO mailadm@localhost"'

t 'who may read other accounts may not see the checks and triggers by that' '
	sql "GRANT SELECT ON mysql.* TO mailadm@localhost; CREATE USER gone; \
	    CREATE OR REPLACE DEFINER = gone TRIGGER users_delete AFTER \
	    DELETE ON users FOR EACH ROW DO 0; DROP USER gone" &&
	rules_as mailadm check --columns rule,name && status 1 &&
	is "$out" "S012	mailadm@localhost" &&
	like "$err" "not checked: S009, S010, S011 (" &&
	sql "REVOKE SELECT ON mysql.* FROM mailadm@localhost" && fresh'

### Databases that were never ours

sql 'CREATE DATABASE theirs; USE theirs; CREATE TABLE domains (domain
    VARCHAR(253) PRIMARY KEY) COLLATE utf8mb4_nopad_bin; CREATE TABLE users
    (email VARCHAR(254) PRIMARY KEY, crypt VARCHAR(255)) COLLATE
    utf8mb4_nopad_bin; CREATE TABLE aliases (mail VARCHAR(254), destination
    VARCHAR(254), PRIMARY KEY (mail, destination)) COLLATE utf8mb4_nopad_bin;
    CREATE USER reader@localhost IDENTIFIED BY "secret"; GRANT SELECT ON
    theirs.domains TO reader@localhost; GRANT SELECT ON theirs.aliases TO
    reader@localhost; GRANT SELECT (email) ON theirs.users TO
    reader@localhost' || bail_out 'no foreign database'

t 'and of before there were grants to send as another' '
	sql "REVOKE SELECT ON mail.send_as FROM mailadm_check@localhost" &&
	as mailadm_check check --rule U022 --rule U023 && status 0 &&
	like "$err" "not checked: U022, U023 (this account may not read \
send_as)" &&
	sql "GRANT SELECT ON mail.send_as TO mailadm_check@localhost" &&
	as mailadm_check check --rule U022 --rule U023 &&
	status 0 && empty "$err"'

t 'grants from before the right to receive mail existed are reported' '
	sql "REVOKE SELECT (may_login, may_send, may_receive) ON mail.users \
	    FROM mailadm_check@localhost" &&
	as mailadm_check check --rule U021 --rule A010 &&
	status 0 && like "$err" "not checked: U021, A010 (this account may \
not read users.may_receive)" &&
	sql "GRANT SELECT (may_login, may_send, may_receive) ON mail.users \
	    TO mailadm_check@localhost" &&
	as mailadm_check check --rule U021 --rule A010 &&
	status 0 && empty "$err"'

t 'grants on foreign tables are not checked, and not called clean' '
	sql "CREATE USER web; GRANT SELECT ON theirs.* TO web" &&
	run mailadm --database=theirs check && status 0 && empty "$out$err" &&
	for options in "--severity note" "--rule S012"; do
		run mailadm --database=theirs check $options
		unlike "$out" S012 && like "$err" "not checked: S012 (" ||
			return 1
	done && run mailadm --database=theirs check --prometheus \
	    "$T/check.prom" && status 0 &&
	like "$(cat "$T/check.prom")" S011 &&
	unlike "$(cat "$T/check.prom")" S012 && sql "DROP USER web"'

t 'a definer that does not exist is found in a foreign database, too' '
	sql "CREATE USER gone; USE theirs; CREATE DEFINER = gone TRIGGER \
	    noted AFTER DELETE ON users FOR EACH ROW DO 0; DROP USER gone" &&
	run mailadm --database=theirs check --columns rule,name &&
	status 1 && is "$out" "S011	gone@%" && empty "$(echo "$err" |
	    grep "not checked")" &&
	as reader --database=theirs check && status 0 && empty "$out" &&
	like "$err" S011 && sql "DROP TRIGGER theirs.noted"'

t 'an account that reads no hashes does not call their column wide' '
	sql "ALTER TABLE theirs.users MODIFY crypt VARCHAR(20)" &&
	rules_as root --database=theirs check --columns rule,name &&
	like "$out" "S003	users.crypt" &&
	rules_as reader --database=theirs check --columns rule,name &&
	is "$out" "S015	\N" &&
	like "$err" "not checked: S002, S003, S011, S012 (" &&
	like "$err" "may not read users.crypt"'

finish
