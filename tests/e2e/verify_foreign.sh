#!/bin/sh
# Servers that others set up, after guides that are much used: config verify
# finds nothing wrong in a good one, and each of its faults in a bad one.
#
# The servers are in tests/data/verify/servers; see lib-servers.sh.
if [ -z "${VERIFY_INSIDE:-}" ] && [ "$(id -u)" -eq 0 ]; then
	VERIFY_INSIDE=1 exec unshare --mount --net --propagation private \
		sh "$0"
fi
. tests/lib.sh
. tests/e2e/lib-views.sh
. tests/e2e/lib-servers.sh
views_up
servers_up

server ispmail 'a server of the ISPmail guide'
server postfixadmin 'PostfixAdmin, with amavis'
server iredmail 'iRedMail, with postscreen and amavis'
server docker 'text files, as docker-mailserver has them'
server own-tables 'tables of its own, with postscreen'
server flat 'accounts of the machine, and text files'

# shellcheck disable=SC2016
t 'a restriction that comes too late is moved, and not written twice' '
	like "$(grep "^V029" "$T/postfixadmin-bad.rows")" "smtpd_sender_restri\
ctions = reject_authenticated_sender_login_mismatch,permit_mynetworks,\
permit_sasl_authenticated'\''"'
# shellcheck disable=SC2016
t 'the small server once more, for what is done to it' '
	in_view fix "" look fix "sh $servers/lay-out.sh flat $server_socket"'
# shellcheck disable=SC2016
t 'a main.cf of all settings, as postconf prints them, is no worse' '
	in_view dump fix look dump "postconf >$T/all &&
		cat $T/all >/etc/postfix/main.cf" &&
	[ "$(wc -l <"$T/all")" -gt 800 ] &&
	is "$(cut -f 1,2,4 "$T/dump.rows")" "$(cut -f 1,2,4 "$T/fix.rows")"'
# shellcheck disable=SC2016
t 'all defaults behind what was set are one warning, not one for each' '
	in_view behind fix look behind "postconf -d >>/etc/postfix/main.cf" &&
	is "$(grep -c "^V079	.* times, first of line" "$T/behind.rows")" 1 &&
	is "$(grep -c "overriding an earlier entry" "$T/behind.rows")" 0'

# --fix: three faults that it knows, and one for a person.
cat >"$T/bin/faulty" <<'END'
#!/bin/sh
postconf -PX submission/inet/smtpd_tls_security_level
postconf -e relayhost=. smtp_tls_security_level=dane \
	'mydestination = example.org'
cp -p /etc/postfix/main.cf /etc/postfix/master.cf "$T"
eval "$1"
END
chmod +x "$T/bin/faulty"
# shellcheck disable=SC2016
t 'what is safe --fix changes, after a diff and with a copy' '
	run in_view fixed fix faulty "
		\"$MAILADM\" config verify --fix --yes" && status 1 &&
	like "$err" "+++ /etc/postfix/main.cf (fixed)" &&
	like "$err" "+smtp_dns_support_level = dnssec" &&
	like "$err" "+    -o smtpd_tls_security_level=encrypt" &&
	like "$err" "3 fixed; the old files are kept: " &&
	is "$(cut -f 1 "$T/out" | sort -u)" V079 &&
	cmp "$T/main.cf" "$T/views/fixed/etc/postfix/main.cf.bak" &&
	cmp "$T/master.cf" "$T/views/fixed/etc/postfix/master.cf.bak"'
# shellcheck disable=SC2016
t '--fix changes nothing without a yes, or where main.cf is a link' '
	run in_view not1 fix faulty "\"$MAILADM\" config verify --fix" &&
	status 6 && like "$err" "refusing to fix 3 problems without --yes" &&
	cmp "$T/main.cf" "$T/views/not1/etc/postfix/main.cf" &&
	run in_view not2 fix faulty "mv /etc/postfix/main.cf /etc/elsewhere
		ln -s /etc/elsewhere /etc/postfix/main.cf
		\"$MAILADM\" config verify --fix --yes" && status 6 &&
	like "$err" "/etc/postfix/main.cf is not a plain file" &&
	cmp "$T/main.cf" "$T/views/not2/etc/elsewhere"'

# shellcheck disable=SC2016
t 'nor where mailadm renders the file: it would be lost the next time' '
	run in_view ours fix faulty "mkdir -p /var/lib/mailadm
		sha256sum /etc/postfix/main.cf >/var/lib/mailadm/rendered
		chmod 600 /var/lib/mailadm/rendered
		\"$MAILADM\" config verify --fix --yes" && status 6 &&
	like "$err" "mailadm renders /etc/postfix/main.cf" &&
	like "$err" "hint: mailadm config render postfix --out /" &&
	cmp "$T/main.cf" "$T/views/ours/etc/postfix/main.cf"'

[ -z "${VERIFY_KEEP:-}" ] || cp "$T"/*.rows "$T"/*.err "$T"/*.advised \
	"$VERIFY_KEEP"
finish
