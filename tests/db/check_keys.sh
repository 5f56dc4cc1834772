#!/bin/sh
# mailadm check: the rules about DKIM keys, D015 to D020.
# shellcheck disable=SC2016,SC2154 # t evaluates the code
. tests/lib.sh
. tests/db/lib-check.sh
server_start && fresh

accounts_sql secret >"$T/grants.sql"
mariadb --no-defaults -S "$server_socket" -u root <"$T/grants.sql" ||
	bail_out 'no accounts'

PEM='-----BEGIN ENCRYPTED PRIVATE KEY-----'

settings() { # LINE...
	printf '%s\n' "dkim_secret = $T/secret" "$@" \
	    "dovecot_directory = $T/no-dovecot" >"$MAILADM_CONFIG"
}

secret_id() {
	tr -d '\n' <"$T/secret" | sha256sum | cut -c 1-16
}

# DOMAIN SELECTOR STATE [COLUMN = VALUE, ...]: past the checks of the table.
key() {
	plant "INSERT INTO dkim_keys SET domain = '$1', selector = '$2',
	    algorithm = 'rsa', bits = 2048, state = '$3', public_key = 'AAAA',
	    secret_id = '$(secret_id)', private_key = IF('$3' = 'retired',
	    NULL, '$PEM'); UPDATE dkim_keys SET ${4:-bits = 2048}
	    WHERE domain = '$1' AND selector = '$2'"
}

LONG_AGO='UTC_TIMESTAMP() - INTERVAL 400 DAY'

day() { # COLUMN SELECTOR
	sql "SELECT DATE($1) FROM dkim_keys WHERE selector = '$2'"
}

(umask 077 && openssl rand -base64 32 | tr -d '=' >"$T/secret")
settings 'filter = rspamd'

t 'a domain whose users send, without a key that signs, is found' '
	clean && found "D015 x.org" && says D015 "users of x.org may send" &&
	key x.org s pending && found "D015 x.org" && clean &&
	key x.org s active && found ""'

t 'without a filter nobody misses a key' '
	settings && clean && found "" && settings "filter = none" && found "" &&
	settings "filter = opendkim" && found "D015 x.org"'

t 'nor does a domain that is disabled, an alias, or has nobody who sends' '
	plant "UPDATE users SET may_send = 0" && found "" &&
	plant "UPDATE users SET may_send = 1, active = 0" &&
	found "A010 abuse@x.org
A010 postmaster@x.org" &&
	clean && key x.org s active &&
	plant "INSERT INTO domains (domain, alias_of) VALUES
	    (\"y.org\", \"x.org\")" && found "" &&
	plant "UPDATE domains SET active = 0; DELETE FROM dkim_keys" &&
	found_as root && unlike "$found_out" D015'

t 'a key that has signed for longer than dkim_max_age is old' '
	clean && key x.org s active "state_since = $LONG_AGO" &&
	found "D016 x.org" && says D016 "s of x.org has signed since \
$(day state_since s)" && settings "filter = rspamd" "dkim_max_age = 0" &&
	found "" && settings "filter = rspamd" "dkim_max_age = 315360000" &&
	found "" && settings "filter = none" && found "D016 x.org" &&
	settings "filter = rspamd"'

t 'two keys of one algorithm that sign are found, of two they are right' '
	clean && key x.org e active "algorithm = \"ed25519\"" &&
	key x.org r active && found "" &&
	plant "ALTER TABLE dkim_keys DROP KEY signing" &&
	key x.org r2 active && found "D017 x.org" &&
	says D017 "two active DKIM keys of the algorithm rsa: r, r2" &&
	clean && plant "ALTER TABLE dkim_keys ADD UNIQUE KEY signing
	    (domain, signing)"'

t 'a key of another secret than that of this host is found' '
	clean && key x.org s active "secret_id = \"0123456789abcdef\"" &&
	found "D018 x.org" && says D018 "secret 0123456789abcdef; that of \
this host is $(secret_id)" && clean && key x.org s active &&
	key x.org t retired "secret_id = \"0123456789abcdef\"" && found ""'

t 'where the secret cannot be read, that rule is not checked' '
	clean && key x.org s active "secret_id = \"0123456789abcdef\"" &&
	mv "$T/secret" "$T/mine" && found_as root &&
	unlike "$found_out" D018 &&
	matches "$err" "not checked: D018 .*$T/secret.* does not exist" &&
	settings && found_as root && unlike "$err" D018 &&
	settings "filter = rspamd" &&
	cp "$T/mine" "$T/secret" && chmod 644 "$T/secret" && found_as root &&
	matches "$err" "not checked: D018 .*chmod|not checked: D018" &&
	rm "$T/secret" && mv "$T/mine" "$T/secret"'

t 'a key that was seen in DNS and forgotten is found after a week' '
	clean && key x.org s active && key x.org t pending && found "" &&
	plant "UPDATE dkim_keys SET seen = UTC_TIMESTAMP() - INTERVAL
	    167 HOUR WHERE selector = \"t\"" && found "" &&
	plant "UPDATE dkim_keys SET seen = $LONG_AGO
	    WHERE selector = \"t\"" &&
	found "D019 x.org" && says D019 "t of x.org is pending, and its \
record was in DNS on $(day seen t)" &&
	plant "UPDATE dkim_keys SET seen = UTC_TIMESTAMP() - INTERVAL 30 DAY
	    WHERE selector = \"t\"" && found "D019 x.org" &&
	settings "filter = rspamd" "dkim_wait = 31536000" && found "" &&
	settings "filter = rspamd"'

t 'a retired key that has a private half still is found, and retired' '
	clean && key x.org s active && key x.org t retired && found "" &&
	key x.org u retired "private_key = \"$PEM\"" &&
	found "D020 x.org" && says D020 "u of x.org is retired and has" &&
	run mailadm dkim retire x.org u --no-sync && status 0 &&
	like "$err" "DKIM key u of x.org retired" && found "" &&
	run mailadm -v dkim retire x.org u --no-sync && status 0 &&
	like "$err" unchanged'

as_check() {
	sed 's/^user=.*/user=mailadm_check\npassword=secret/' \
	    "$T/client.cnf" >"$T/check.cnf"
	chmod 600 "$T/check.cnf"
	run "$MAILADM" --defaults-file="$T/check.cnf" check "$@"
}

t 'the account of the check finds them, but what only root may read' '
	clean && key x.org s active "state_since = $LONG_AGO" &&
	as_check && status 1 && lines "$out" 1 &&
	like "$out" "D016	warning	domain	x.org" && unlike "$err" D020 &&
	key x.org u retired "private_key = \"$PEM\"" &&
	as_check --rule D016 --rule D020 && status 1 && lines "$out" 1 &&
	like "$err" "not checked: D020" && like "$err" private_key'

t 'an account that may not read the keys checks nothing of them' '
	sql "REVOKE SELECT (domain, selector, algorithm, bits, state,
	    public_key, secret_id, created, state_since, seen) ON
	    mail.dkim_keys FROM mailadm_check@localhost" &&
	as_check && status 0 && like "$err" "not checked: " &&
	like "$err" D015 && like "$err" "this account may not read dkim_keys" &&
	mariadb --no-defaults -S "$server_socket" -u root <"$T/grants.sql"'

t 'what was found yesterday is nothing new today' '
	clean && key x.org s active "state_since = $LONG_AGO" &&
	key x.org t pending "seen = $LONG_AGO" &&
	as_check --new --state "$T/state" && status 1 && lines "$out" 2 &&
	plant "UPDATE dkim_keys SET state_since = state_since + INTERVAL
	    1 SECOND" && as_check --new --state "$T/state" && status 0 &&
	empty "$out" &&
	plant "DELETE FROM dkim_keys WHERE selector = \"s\"" &&
	as_check --new --state "$T/state" --columns rule,name,change &&
	status 1 && is "$out" "D015	x.org	new
D016	x.org	gone"'

t 'rules can be ignored for a domain' '
	settings "filter = rspamd" "check_ignore = D015:x.* d019" &&
	clean && key x.org t pending "seen = $LONG_AGO" && found "" &&
	settings "filter = rspamd" && found "D015 x.org
D019 x.org" && settings "filter = rspamd"'

t 'tables of others have no keys to be checked' '
	foreign && found_as root && unlike "$found_out$err" D01 &&
	unlike "$err" "D0[12]"'

finish
