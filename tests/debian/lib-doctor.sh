# shellcheck shell=sh disable=SC2154 # of lib.sh and lib-mail.sh
# The doctor on the mail server of mail.sh, which sources this.  The servers are
# those of the release, on their own ports, and asked on 192.0.2.1 as well.
#
#   doctor ARG...              $wrong: its wrong rows, but for what mail.sh
#                              has planted in the tables
#   first STEP WHAT            is the first of them
#   doctor_cases               a good server, and planted faults: each line of
#                              faults.doctor is one

# shellcheck disable=SC2119,SC2120 # also without arguments
doctor() {
	run env SSL_CERT_FILE="${trusted-$W/ca.pem}" \
		/usr/local/sbin/mailadm doctor --timeout 60 "$@"
	[ "$status" -le 1 ] || { status 1; return 1; }
	wrong=$(printf '%s\n' "$out" |
		awk -F '\t' '$2 == "wrong" && $1 !~ /^(check|dns)$/')
}

first() {
	matches "$(printf '%s\n' "$wrong" | head -n 1)" "^$1	wrong	.*$2"
}

row() { # STEP STATE WHAT
	matches "$out" "^$1	$2	.*$3"
}

# STEP WHAT: what the doctor says first after `fault`, and then `restore`.
named() {
	# shellcheck disable=SC2086 # words
	eval "$fault" >"$T/fault" 2>&1 && doctor $with || return 1
	first "$1" "$2"
	n_result=$?
	eval "$restore" >"$T/fault" 2>&1 && [ "$n_result" -eq 0 ]
}

### Faults

with=

# In the place of the certificate, which the servers do not read again.
other_certificate() { # DAYS HOST
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
		-nodes -days "$1" -subj "/CN=$2" -keyout /dev/null \
		-out "$live/fullchain.pem"
}

firewall() { # RULE...
	nft add table inet fault &&
	nft add chain inet fault input \
	    "{ type filter hook input priority 0; $1; }" &&
	nft add rule inet fault input iif lo accept &&
	nft add rule inet fault input "$2"
}

doctor_cases() {
	map=$(grep -rl '^password' /etc/postfix | head -n 1)
	map_mode=$(stat -c %a "$map")

	t 'the doctor finds nothing wrong, and a probe arrives by each port' '
		doctor --deliver --yes && empty "$wrong" &&
		for port in 25 465 587; do
			row ports ok "192.0.2.1:$port greets" &&
			row tls ok "TLS on 192.0.2.1:$port: valid" &&
			row deliver ok "port $port: taken .* in INBOX" ||
				return 1
		done &&
		for port in 993 995; do
			row tls ok "TLS on 127.0.0.1:$port: valid" || return 1
		done &&
		row relay ok "refuses to relay"'

	t 'an account without rights sees nothing wrong, either' '
		run setpriv --reuid nobody --regid nogroup --clear-groups \
		    env -i HOME=/nonexistent SSL_CERT_FILE="$W/ca.pem" \
		    /usr/local/sbin/mailadm --defaults-file /dev/null \
		    doctor --timeout 60 &&
		status 0 && row database unknown "" &&
		row check skipped "" && row ports ok "192.0.2.1:25"'

	t 'Dovecot that is down is named first' '
		fault="/etc/init.d/dovecot stop" \
		restore="/etc/init.d/dovecot start" &&
		named dovecot "Dovecot is not running" &&
		eventually greets 143'

	t 'and Postfix' '
		fault="/etc/init.d/postfix stop" \
		restore="/etc/init.d/postfix start" &&
		named postfix "Postfix is not running" &&
		eventually greets 25'

	t 'and a certificate that was not reloaded' '
		fault="certificate 3" restore="postfix reload;
			doveadm reload" &&
		named tls "another certificate than the file" &&
		eventually is_certificate 25 smtp &&
		eventually is_certificate 993'

	cp "$live/fullchain.pem" "$T/live.pem"
	while IFS='|' read -r what step says fault restore with <&3; do
		[ "${what#\#}" = "$what" ] || continue
		eval "says=\"$says\""
		t "$what" 'named "$step" "$says"'
	done 3<tests/debian/faults.doctor
	with=

	t 'and Postfix that listens on loopback only' '
		fault="postconf -e inet_interfaces=loopback-only;
			/etc/init.d/postfix restart" \
		restore="postconf -e inet_interfaces=all;
			/etc/init.d/postfix restart" &&
		named ports "does not listen on 192.0.2.1:25" &&
		eventually greets 25'
}
