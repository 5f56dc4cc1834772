# What it costs to bring many DKIM keys to a mail filter; part of run.sh,
# which says how to measure.
# shellcheck shell=sh

KEYS=${BENCH_KEYS:-10000}	# domains, with a key each

# One key, sealed once, in the name of each domain: that it is the same one
# saves only the time to make them.
keys_make() {
	(umask 077 && openssl rand -base64 32 | tr -d '=' >"$T/secret")
	printf '%s\n' "dkim_secret = $T/secret" 'filter = rspamd' \
	    >"$T/keys.conf"
	own_system "$T/system"
	echo '_rspamd:x:903:' >>"$T/system/etc/group"
	schema signed
	mailadm --database=signed --quiet domain add one.example
	mailadm --database=signed -c "$T/keys.conf" --quiet dkim add \
	    one.example --selector s --algorithm rsa --no-sync >"$T/said"
	client signed -e "UPDATE dkim_keys SET state = 'active';
	    INSERT INTO domains (domain) SELECT CONCAT('d', seq, '.example')
	    FROM seq_2_to_$KEYS;
	    INSERT INTO dkim_keys (domain, selector, algorithm, bits, state,
	    public_key, private_key, secret_id, created, state_since)
	    SELECT CONCAT('d', seq, '.example'), selector, algorithm, bits,
	    state, public_key, private_key, secret_id, created, state_since
	    FROM dkim_keys CROSS JOIN seq_2_to_$KEYS"
}

meter_sync() {
	meter_mailadm "$1" signed -c "$T/keys.conf" --quiet dkim sync \
	    --out "$T/system"
}

# The same bytes, each to a file of its own that is synced.
syncs() {
	keys_make
	round=0
	while more_rounds; do
		rm -rf "$T/system/var"
		meter_sync sync.first
		rm "$T/system/var/lib/mailadm/dkim/keys/d2.example.s.key"
		meter_sync sync.one
		meter_sync sync.none
	done
	heading "dkim sync of $KEYS keys (median of $round)"
	verdict 'the first' "$(median sync.first)" ms 5000
	verdict_memory 'its memory' sync.first 128
	verdict 'one key changed' "$(median sync.one)" ms 2000
	verdict 'nothing changed' "$(median sync.none)" ms 2000
}
