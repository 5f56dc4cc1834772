# A web mailer sets passwords with an account that can do nothing else.
. tests/lib.sh
server_in_memory
server_start && fresh

conf=$T/etc/mailadm/mailadm.conf
cnf=$T/etc/mailadm/accounts.cnf
mkdir -p "$T/etc/mailadm"

# config COMMAND ARG...: on the settings below $T.
config() {
	run "$MAILADM" --config "$conf" --defaults-file "$cnf" config "$@" \
	    --out "$T"
}

set_up() {
	config init --hostname mx.example.org --yes "$@" && status 0 &&
	mariadb --no-defaults -S "$server_socket" -u root \
	    <"$T/etc/mailadm/grants.sql" 2>/dev/null
}

accounts() {
	sql "SELECT user FROM mysql.user WHERE user = \"mailadm_webmail\""
}

# as SQL: what the web mailer gets.
as() {
	sed -n '/^.mailadm_webmail/,/^password/p' "$T/$cnf_of" |
	    sed 's/^.mailadm_webmail./[client]/' >"$T/web.cnf"
	run mariadb --defaults-file="$T/web.cnf" -S "$server_socket" mail \
	    -N -e "$1"
}
cnf_of=etc/mailadm/accounts.cnf

# A hash as PHP's crypt() makes it.
# shellcheck disable=SC2016 # of the hash
hash='$5$rounds=5000$0123456789abcdef$'
hash=$(perl -e 'print crypt("new secret", $ARGV[0])' "$hash")

t 'nobody asks: there is no such account' '
	: >"$conf" && set_up && is "$(accounts)" "" &&
	unlike "$(cat "$cnf")" webmail'

t 'asked for: it has a password of its own' '
	set_up --webmail yes && is "$(accounts)" mailadm_webmail &&
	grep -q "^webmail = yes" "$conf" && as "SELECT 1" && status 0 &&
	mailadm domain add x.org && mailadm user add anna@x.org --no-password &&
	mailadm user add bo@x.org --no-password'

# The query that the manual has for Roundcube, with what it puts there.
query=$(grep -o 'UPDATE users SET crypt = %P WHERE [^"]*%u)' \
    src/manual/mailadm-howto.7.text |
    sed "s|%P|'$hash'|; s|%u|'Anna@X.org'|")

t 'it sets the password of a user, whatever the case of the name' '
	as "$query; SELECT ROW_COUNT()" &&
	status 0 && is "$out" 1 &&
	echo "new secret" >"$T/password" && chmod 600 "$T/password" &&
	run mailadm user verify anna@x.org --password-stdin <"$T/password" &&
	status 0'

t 'the history names the account and whose password it was' '
	run mailadm history --limit 1 --columns actor,name &&
	is "$out" "mailadm_webmail@localhost	anna@x.org"'

t 'and the change can be taken back' '
	run mailadm undo "$(mailadm history --limit 1 --columns change)" &&
	status 0 &&
	run mailadm user verify anna@x.org --password-stdin <"$T/password" &&
	status 1'

t 'it reads no hash, and changes nothing else' '
	for statement in "SELECT crypt FROM users" "SELECT * FROM users" \
	    "SELECT name FROM users" "UPDATE users SET active = 1" \
	    "UPDATE users SET crypt = CONCAT(crypt, 1)" \
	    "UPDATE users SET crypt = 1 WHERE crypt LIKE 5" \
	    "DELETE FROM users" "SELECT 1 FROM domains" \
	    "SELECT 1 FROM aliases" "SELECT 1 FROM history" \
	    "INSERT INTO changes (actor) VALUES (1)" \
	    "INSERT INTO users (email, crypt) VALUES (1, 1)"; do
		as "$statement" && [ "$status" -ne 0 ] && empty "$out" &&
		like "$err" denied || { t_notes=$statement; return 1; }
	done'

t 'check finds nothing wrong with it, and what it has more' '
	run mailadm check --rule S012 && status 0 && empty "$out" &&
	sql "GRANT SELECT (crypt) ON mail.users TO mailadm_webmail@localhost" &&
	run mailadm check --rule S012 && status 1 &&
	like "$out" "mailadm_webmail@localhost has more privileges" &&
	sql "REVOKE SELECT (crypt) ON mail.users
	    FROM mailadm_webmail@localhost"'

t 'asked for no longer: it is gone' '
	set_up --webmail no && is "$(accounts)" ""'

finish
