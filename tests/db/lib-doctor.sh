# The doctor's report; sourced after lib.sh and lib-check.sh.
# shellcheck shell=sh disable=SC2154
#
#   doctor ARG...             runs it, with time for a busy machine
#   $wrong                    its wrong rows, but those of config and dns, of
#                             which nothing is set up
#   first STEP WHAT ADVICE    is the first of them
#   row STEP STATE WHAT       some row says this
#   certificate DAYS HOST     makes the certificate of the settings
#   as_nobody ARG...          run mailadm as an account without rights
#
# The settings are in $MAILADM_CONFIG; a good server has ok rows only.

certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
		-nodes -days "$1" -subj "/CN=$2" -keyout "$T/cert.key" \
		-out "$T/cert.pem" 2>"$T/openssl"
}

doctor_settings() {
	cat <<-END
	hostname = mx.x.org
	certificate = $T/cert.pem
	certificate_key = $T/cert.key
	mail_directory = $T/mail
	postfix_directory = $T/no-postfix
	dovecot_directory = $T/no-dovecot
	resolver = $resolver@5399
	END
}

wrong_rows() {
	wrong=$(printf '%s\n' "$out" | awk -F '\t' '
		$2 == "wrong" && $1 != "config" && $1 != "dns"')
}

doctor() {
	run mailadm doctor --timeout 600 "$@"
	[ "$status" -le 1 ] || { status 1; return 1; }
	wrong_rows
}

first() {
	matches "$(printf '%s\n' "$wrong" | head -n 1)" \
	    "^$1	wrong	.*$2.*	.*$3"
}

row() {
	matches "$out" "^$1	$2	.*$3"
}

# A copy of the program: the place of the other one may be closed to others.
as_nobody() {
	cp "$MAILADM" "$T/mailadm.copy" && chmod 755 "$T/mailadm.copy" &&
	mkdir -p "$T/nobody" && chmod 755 "$T" &&
	run setpriv --reuid nobody --regid nogroup --clear-groups env \
	    HOME="$T/nobody" XDG_CONFIG_HOME="$T/nobody" \
	    MAILADM_CONFIG="$MAILADM_CONFIG" "$T/mailadm.copy" \
	    --socket "$server_socket" --database mail "$@"
}

# Answers that nothing exists, on an address that no other test has.
resolver=127.32.$(($$ / 254 % 254 + 1)).$(($$ % 254 + 1))
: >"$T/zone"
setpriv --pdeathsig TERM perl tests/db/dns.pl "$resolver" "$T/zone" \
	"$T/resolver.ready" 5399 &
eventually test -e "$T/resolver.ready" || bail_out 'no resolver'

mkdir "$T/mail"
certificate 90 mx.x.org
doctor_settings >"$MAILADM_CONFIG"
clean
