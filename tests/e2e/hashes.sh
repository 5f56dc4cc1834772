#!/bin/sh
# Which hashes log in at the Dovecot of this machine.
# shellcheck disable=SC2016,SC2034,SC2154,SC2317 # of lib-hashes.sh
. tests/lib.sh
. tests/e2e/lib-stack.sh
. tests/e2e/lib-hashes.sh
stack_up

hash_sql() {
	sql "$1"
}

hash_doveadm() {
	doveadm -c "$E/dovecot/dovecot.conf" "$@"
}

release=$(dovecot --version | sed 's/^\([0-9]*\.[0-9]*\).*/\1/')

t 'each hash logs in or not, as its release does' '
	hashes_plant planted.test && hashes_log_in planted.test "$release"'

t 'and as user add stores what it accepts' '
	hashes_store stored.test && hashes_log_in stored.test "$release"'

t 'old ones do in each release where allow_weak_schemes is yes' '
	stack_settings="allow_weak_schemes = yes" &&
	dovecot_conf && dovecot_again && hashes_log_in planted.test 2.3'

t 'which is rendered for 2.4 alone' '
	for other in 2.3 2.4; do
		"$MAILADM" -q -c "$E/mailadm.conf" --defaults-file \
			"$T/accounts/cnf" config render dovecot --force \
			--dovecot-version $other --out "$T/$other" \
			>/dev/null || return 1
	done &&
	! grep -r weak_schemes "$T/2.3" &&
	grep -rqx "auth_allow_weak_schemes = yes" "$T/2.4"'

finish
