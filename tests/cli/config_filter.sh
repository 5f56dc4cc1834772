# What config render writes for each mail filter, and what config init
# proposes.
. tests/lib.sh

D=$T/root
conf=$T/mailadm.conf
accounts=$T/accounts.cnf
PATH=$PATH:/usr/sbin

cat >"$accounts" <<END
[mailadm]
password = of-mailadm
[mailadm_check]
password = of-check
[mailadm_policy]
password = of-policy
[postfix]
password = of-postfix
[postfix_relay]
password = of-relay
[dovecot]
password = of-dovecot
END
chmod 600 "$accounts"

# settings LINE...: of the server
settings() {
	printf '%s\n' 'hostname = mx.example.org' "$@" >"$conf"
}

render() {
	"$MAILADM" -c "$conf" --defaults-file "$accounts" config render \
	    --postfix-version 3.7 --dovecot-version 2.3 --out "$D" "$@"
}

# The files of the filters below $D.
filter_files() {
	(cd "$D" && find etc/rspamd etc/tmpfiles.d etc/open* \
	    etc/postfix-policyd* -type f 2>/dev/null) | sort
}

# What Postfix uses of it.
milters() {
	grep -v '^#' "$D/etc/postfix/main.cf" "$D/etc/postfix/master.cf" |
		grep -E 'milters|milter_default|policyd-spf'
}

rspamd_files='etc/rspamd/local.d/dkim_signing.conf
etc/rspamd/local.d/milter_headers.conf
etc/rspamd/local.d/worker-proxy.inc
etc/rspamd/override.d/asn.conf
etc/rspamd/override.d/fuzzy_check.conf
etc/rspamd/override.d/options.inc
etc/rspamd/override.d/phishing.conf
etc/rspamd/override.d/rbl.conf
etc/rspamd/override.d/surbl.conf
etc/rspamd/override.d/worker-controller.inc
etc/rspamd/override.d/worker-normal.inc
etc/tmpfiles.d/mailadm.conf'

opendkim_files='etc/opendkim-sign.lua
etc/opendkim.conf
etc/opendmarc.conf
etc/postfix-policyd-spf-python/policyd-spf.conf
etc/tmpfiles.d/mailadm.conf'

# --- no filter ---------------------------------------------------------

t 'without the setting there is no filter, as before' '
	own_system "$D" && settings && run render all && status 0 &&
	unlike "$out" rspamd && unlike "$out" tmpfiles &&
	unlike "$err" "hint: rm" && empty "$(filter_files)" &&
	empty "$(milters)"'

t 'and none is the same, byte by byte' '
	settings "filter = none" && run render all && status 0 &&
	unlike "$out" written && run render filter && status 0 &&
	empty "$out"'

t 'what is left of a filter is a problem that verify names' '
	rm -rf "$D" && own_system "$D" && settings "filter = rspamd" &&
	run render filter && status 0 && settings &&
	"$MAILADM" -c "$conf" config verify --root "$D" --rule V059 \
	    >"$T/left" 2>"$T/err"
	is "$(cut -f 1 "$T/left" | sort | uniq -c | tr -s " ")" " 12 V059" &&
	cut -f 6 "$T/left" | sh && run "$MAILADM" -c "$conf" config verify \
	    --root "$D" --rule V059 --rule V026 && empty "$out" && status 0'

# --- rspamd ------------------------------------------------------------

t 'rspamd gets its files, and no other filter any' '
	settings "filter = rspamd" && run render filter && status 0 &&
	is "$(filter_files)" "$rspamd_files" &&
	is "$(cd "$D/etc" && find rspamd -type f -exec stat -c %a {} + |
	    sort -u)" 644'

t 'Postfix then asks it about everything, and mail waits while it is down' '
	run render postfix && status 0 &&
	is "$(milters | sed "s/.*main.cf://")" \
	    "smtpd_milters = { unix:rspamd/milter.sock, connect_timeout=5s,
non_smtpd_milters = \$smtpd_milters
milter_default_action = tempfail" &&
	grep -q "content_timeout=70s, default_action=tempfail }" \
	    "$D/etc/postfix/main.cf"'

t 'what it marks as spam goes into Junk, with each release of Dovecot' '
	for release in 2.3 2.4; do
		run render dovecot --dovecot-version $release --force &&
		status 0 && grep -q "fileinto :create \"Junk\"" \
		    "$D/etc/dovecot/junk.sieve" &&
		grep -Eq "= /etc/dovecot/junk.sieve$" \
		    "$D/etc/dovecot/dovecot.conf" || return 1
	done && settings "filter = opendkim" &&
	run render dovecot --force && status 0 &&
	! grep sieve "$D/etc/dovecot/dovecot.conf" &&
	like "$err" "hint: rm $D/etc/dovecot/junk.sieve" &&
	rm "$D/etc/dovecot/junk.sieve"'

t 'with filter_down = accept mail passes instead' '
	settings "filter = rspamd" "filter_down = accept" &&
	run render postfix && status 0 &&
	unlike "$(milters)" tempfail &&
	grep -q "default_action=accept }" "$D/etc/postfix/main.cf" &&
	grep -qx "milter_default_action = accept" "$D/etc/postfix/main.cf"'

t 'only sockets are listened on, in a directory that gives them their group' '
	is "$(grep -v "^#" "$D/etc/tmpfiles.d/mailadm.conf")" \
	    "d /var/spool/postfix/rspamd 2710 _rspamd postfix - -" &&
	grep -qx "bind_socket = \"/var/spool/postfix/rspamd/milter.sock\
 mode=0660\";" "$D/etc/rspamd/local.d/worker-proxy.inc" &&
	grep -qx "bind_socket = \"/run/rspamd/controller.sock mode=0600\";" \
	    "$D/etc/rspamd/override.d/worker-controller.inc" &&
	grep -qx "enabled = false;" \
	    "$D/etc/rspamd/override.d/worker-normal.inc"'

t 'nothing is asked outside unless that is wanted' '
	for module in asn fuzzy_check phishing rbl surbl; do
		is "$(grep -v "^#" "$D/etc/rspamd/override.d/$module.conf")" \
		    "enabled = false;" || return 1
	done'

t 'what is not wanted any more is named for removal, while it is there' '
	settings "filter = rspamd" "filter_outside = yes" &&
	run render filter && status 0 &&
	is "$(printf "%s\n" "$out" | grep -c "	obsolete	")" 5 &&
	matches "$out" "override.d/rbl.conf	obsolete	" &&
	like "$err" "hint: rm $D/etc/rspamd/override.d/surbl.conf" &&
	[ -f "$D/etc/rspamd/override.d/rbl.conf" ] &&
	printf "%s\n" "$err" | sed -n "s/^hint: //p" | sh &&
	run render filter && status 0 && unlike "$out$err" obsolete &&
	unlike "$err" "rm " &&
	[ ! -e "$D/etc/rspamd/override.d/rbl.conf" ]'

t 'a file of that name that we never wrote is not named' '
	echo "# mine" >"$D/etc/rspamd/local.d/dmarc.conf" &&
	run render filter && status 0 && unlike "$out$err" dmarc'

t 'where DMARC is obeyed, rspamd is told' '
	rm "$D/etc/rspamd/local.d/dmarc.conf" &&
	settings "filter = rspamd" "dmarc_reject = yes" &&
	run render filter && status 0 &&
	grep -q "reject = \"reject\";" "$D/etc/rspamd/local.d/dmarc.conf"'

# --- the classic -------------------------------------------------------

t 'OpenDKIM, OpenDMARC and policyd-spf get theirs' '
	settings "filter = opendkim" &&
	run render filter && status 0 &&
	matches "$out" "dkim_signing.conf	obsolete	" &&
	printf "%s\n" "$err" | sed -n "s/^hint: //p" | sh &&
	is "$(filter_files)" "$opendkim_files" &&
	run render filter && status 0 && unlike "$out" obsolete'

t 'OpenDMARC does not see submission, and SPF is asked after the name' '
	run render postfix && status 0 &&
	is "$(grep -c "^    -o smtpd_milters=.submission_milters$" \
	    "$D/etc/postfix/master.cf")" 2 &&
	awk "/^submission_milters/ { on = 1; next }
	    /^[^ ]/ { on = 0 } on" "$D/etc/postfix/main.cf" >"$T/lines" &&
	grep -q opendkim.sock "$T/lines" &&
	! grep opendmarc "$T/lines" &&
	is "$(sed -n "/^smtpd_recipient_restrictions/,/^$/p" \
	    "$D/etc/postfix/main.cf" | grep -oE "reject_unlisted|disabled|\
policyd-spf|quota-status" | tr "\n" " ")" \
	    "reject_unlisted disabled policyd-spf quota-status "'

t 'they run with the name of the server, and DMARC asks SPF itself' '
	grep -Eqx "AuthservID +mx.example.org" "$D/etc/opendkim.conf" &&
	grep -Eqx "TrustedAuthservIDs +mx.example.org" \
	    "$D/etc/opendmarc.conf" &&
	grep -Eqx "SPFIgnoreResults +true" "$D/etc/opendmarc.conf" &&
	grep -Eqx "RejectFailures +false" "$D/etc/opendmarc.conf" &&
	grep -qx "Authserv_Id = mx.example.org" \
	    "$D/etc/postfix-policyd-spf-python/policyd-spf.conf" &&
	settings "filter = opendkim" "dmarc_reject = yes" &&
	run render filter && status 0 &&
	grep -Eqx "RejectFailures +true" "$D/etc/opendmarc.conf"'

t 'keys that OpenDKIM cannot sign with are refused' '
	settings "filter = opendkim" "dkim_algorithms = rsa ed25519" &&
	run render filter && status 3 && like "$err" "Ed25519" &&
	like "$err" "hint: set dkim_algorithms = rsa" &&
	settings "filter = rspamd" "dkim_algorithms = rsa ed25519" &&
	run render filter && status 0'

if [ -x /usr/sbin/postconf ] && [ -d /usr/lib/postfix ]; then
	t 'Postfix reads all of it, and postconf commands say the same' '
		for filter in rspamd opendkim; do
			rm -rf "$D" "$T/own" && own_system "$D" &&
			mkdir "$T/own" && : >"$T/own/main.cf" &&
			: >"$T/own/master.cf" &&
			settings "filter = $filter" && run render postfix &&
			run postconf -c "$D/etc/postfix" -n &&
			status 0 && empty "$err" &&
			echo "postfix_directory = $T/own" >>"$conf" &&
			run render postfix --postconf && status 0 &&
			sh -e "$T/out" 2>"$T/warnings" &&
			for what in -n -M -P; do
				postconf -c "$T/own" $what 2>"$T/warnings" |
				    sort >"$T/own.$what" &&
				postconf -c "$D/etc/postfix" $what \
				    2>"$T/warnings" | sort |
				    sed "s|$D/etc/postfix|$T/own|g" |
				    diff - "$T/own.$what" || return 1
			done || return 1
		done'
else
	skip 'Postfix reads all of it' 'no Postfix'
fi

# --- config init -------------------------------------------------------

# A machine that has these programs.
has() { # PROGRAMS COMMAND...
	rm -rf "$T/sbin" && mkdir "$T/sbin" || return 1
	for t_program in $1; do
		printf '#!/bin/sh\n' >"$T/sbin/$t_program"
	done
	chmod 755 "$T/sbin" "$T"/sbin/* 2>/dev/null
	shift
	unshare --mount sh -c 'mount --bind "$1" /usr/local/sbin || exit 99
		shift
		exec "$@"' sh "$T/sbin" "$@"
}

proposes() { # PROGRAMS FILTER
	rm -rf "$D" &&
	run has "$1" "$MAILADM" config init --hostname mx.example.org \
	    --out "$D" && status 0 &&
	is "$(sed -n "s/^filter = //p" "$D/etc/mailadm/mailadm.conf")" "$2"
}

if [ -x /usr/sbin/rspamd ] || [ -x /usr/bin/rspamd ] ||
    [ -x /usr/sbin/opendkim ] || [ "$(id -u)" -ne 0 ] ||
    ! has '' true 2>/dev/null; then
	skip 'config init proposes the filter that is installed' \
	    'a filter is installed here, or no mounts'
else
	t 'config init proposes the filter that is installed' '
		proposes "" none && proposes rspamd rspamd &&
		proposes opendkim opendkim &&
		proposes "rspamd opendkim" rspamd'

	t 'and what was set up before keeps what it has' '
		proposes "" none &&
		run has rspamd "$MAILADM" config init --out "$D" && status 0 &&
		grep -qx "filter = none" "$D/etc/mailadm/mailadm.conf"'
fi

t 'a filter that does not exist is refused' '
	run "$MAILADM" config init --filter milter --out "$T/none" &&
	status 2 && like "$err" "rspamd, opendkim, none"'

finish
