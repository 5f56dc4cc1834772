#!/bin/sh
# config verify: silent on what config init and render install, and with a
# name for each of the mistakes that published guides and people make.
#
# The files stand where they belong, in a view of /etc and /var of one's own
# that ends with the test; no service runs but the database.
if [ -z "${VERIFY_INSIDE:-}" ] && [ "$(id -u)" -eq 0 ]; then
	VERIFY_INSIDE=1 exec unshare --mount --propagation private sh "$0"
fi
. tests/lib.sh
need_root
need_command postconf doveconf openssl mariadb
[ -e /usr/lib/postfix/postfix-mysql.so ] ||
	skip_all 'postfix-mysql is not installed'

PATH=$PATH:/usr/sbin:/sbin

# Writes go to a folder in memory.
own_view() {
	mkdir "$T/view" && mount -t tmpfs view "$T/view" || return 1
	for dir in etc var; do
		mkdir -p "$T/view/$dir/upper" "$T/view/$dir/work" &&
		mount -t overlay "$dir" -o "lowerdir=/$dir,\
upperdir=$T/view/$dir/upper,workdir=$T/view/$dir/work" "/$dir" || return 1
	done
}

own_view 2>"$T/mount" || skip_all 'no overlay can be mounted'

view_exit() {
	e_status=$?
	umount -l /etc /var
	server_stop
	umount -l "$T/view"
	(exit "$e_status")
	t_exit
}
trap view_exit EXIT

certificate() { # NAME FOLDER DAYS
	mkdir -p "$2"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
		-nodes -days "$3" -subj "/CN=$1" \
		-addext "subjectAltName=DNS:$1" -keyout "$2/privkey.pem" \
		-out "$2/fullchain.pem" 2>"$T/openssl" &&
	chmod 600 "$2/privkey.pem"
}

live=/etc/letsencrypt/live/mx.example.org

install_all() {
	rm -rf /etc/postfix/main.cf /etc/postfix/master.cf /etc/dovecot \
		/etc/mailadm /var/lib/mailadm \
		/var/vmail
	install -d -o postfix -m 0700 /var/spool/postfix/private
	groupadd --gid 5000 vmail && useradd --uid 5000 --gid vmail \
		--home /var/vmail --shell /usr/sbin/nologin vmail &&
	useradd --system --shell /usr/sbin/nologin mailadm_check &&
	useradd --system --shell /usr/sbin/nologin mailadm_policy &&
	install -d -o vmail -g vmail -m 0700 /var/vmail &&
	certificate mx.example.org "$live" 90 &&
	"$MAILADM" --yes --quiet config init --hostname mx.example.org \
		--database-hosts "$server_socket" &&
	"$MAILADM" --quiet --yes config render all --out / >"$T/rendered" &&
	mariadb --no-defaults -S "$server_socket" -u root \
		</etc/mailadm/grants.sql
}

server_start
fresh
# The folder of the tests is closed to others, as the socket must not be.
install_all >"$T/install" 2>&1 || {
	sed 's/^/# /' "$T/install"
	bail_out 'nothing is installed'
}
sql "INSERT INTO domains (domain) VALUES ('example.org')"

keep() {
	mkdir "$T/good"
	find /etc/postfix -name '*.cf' -exec touch -d '10 seconds ago' {} +
	cp -a /etc/postfix /etc/dovecot /etc/mailadm /etc/letsencrypt \
		/etc/passwd /etc/group "$T/good/"
}

# The files as they were; their names stay.
again() {
	for d in postfix dovecot mailadm letsencrypt; do
		rm -rf "/etc/${d:?}"
		cp -a "$T/good/$d" "/etc/$d" || return 1
	done
	cp -a "$T/good/passwd" "$T/good/group" /etc/
}

keep
release=$(doveconf -n | sed -n '1s/# //p')

verify() {
	"$MAILADM" config verify "$@"
}

rules_found() {
	cut -f 1 "$T/out" | sort -u | tr '\n' ' '
}

# What is a command is done; then nothing is wrong any more.
fixes() {
	sort -u "$T/advice" | sed 's/; --force where it was edited/ --force/g
		s/^mailadm/"$MAILADM" -q/; s/mariadb /as_root /g
		/, or /d' |
		grep -E '^(ch|postconf|install|groupadd|as_root|"\$MAIL)' \
		>"$T/commands" || return 0
	eval "$(cat "$T/commands")" >"$T/fixed" 2>&1
	settle
	run verify --severity note --ignore V026
	is "$out$err" "" || {
		sed 's/^/# /' "$T/commands" "$T/fixed"
		return 1
	}
	fixed=$((fixed + 1))
}

as_root() {
	mariadb --no-defaults -S "$server_socket" -u root "$@"
}

# What the database gives is taken back by the last argument.
faults=0
fixed=0
fault() { # SENTENCE COMMAND RULES ADVICE [UNDO]
	faults=$((faults + 1))
	expected=$3
	undo=${5:-:}
	plant=$2 advised=$4
	t "$1: $expected" '
		eval "$plant" && settle &&
		run verify --severity note --ignore V026 && status 1 &&
		is "$(rules_found)" "$expected " &&
		cut -f 6 "$T/out" >"$T/advice" &&
		like "$(cat "$T/advice")" "$advised" &&
		unlike "$out$err" "$(secret_of postfix)" &&
		unlike "$out$err" "$(secret_of dovecot)" &&
		sed "s/^/# /" "$T/out" | cut -f 1,5 | tr "\t" " " &&
		fixes' || :
	if ! eval "$undo" || ! again; then
		bail_out 'a fault cannot be undone'
	fi
}

# Postfix reads a file again and again until it is 2 s old.
settle() {
	find /etc/postfix -name "*.cf" -exec touch -d "10 seconds ago" {} +
}

accounts_again() {
	sql "DROP USER postfix@localhost, dovecot@localhost" &&
	mariadb --no-defaults -S "$server_socket" -u root \
		<"$T/good/mailadm/grants.sql"
}

secret_of() {
	awk -v group="[$1]" '$0 == group { on = 1; next }
		/^\[/ { on = 0 }
		on && /^password/ { sub(/^[^=]*= */, ""); gsub(/"/, "")
			print; exit }' "$T/good/mailadm/accounts.cnf"
}

t 'what mailadm installs has no fault, and nothing is left unchecked' '
	run verify --severity note && empty "$out$err" && status 0'

### Lookups

maps=/etc/postfix/mailadm
sed_in() { # FILE EXPRESSION: changed, or the fault was not planted
	cp "$1" "$T/before" && sed -i -E "$2" "$1" && ! cmp -s "$1" "$T/before"
}

set_alias_maps() {
	names=
	for name; do names="$names \${mailadm}$name.cf"; done
	postconf -e "virtual_alias_maps =$names"
}

query() { # FILE QUERY
	sed -i '/^query/,$d' "$1" && printf 'query = %s\n' "$2" >>"$1"
}

fault "a guide's domain query compares with '%' (where domain = '%')" '
	query "$maps/sql_domains.cf" \
		"SELECT 1 FROM domains WHERE domain = '\''%'\''"' \
	V008 "write '%s'"
fault 'a query has a letter that Postfix does not know' '
	query "$maps/sql_users.cf" \
		"SELECT email FROM users WHERE email = '\''%n@%d'\''"' \
	V009 'write %s for %n'
fault 'a query does not ask for its key' '
	query "$maps/sql_users.cf" "SELECT email FROM users"' \
	V010 "ask for '%s'"
fault "a guide's alias query cannot see what is disabled" '
	query "$maps/sql_aliases.cf" \
		"SELECT destination FROM aliases WHERE mail = '\''%s'\''"' \
	V011 'mailadm config render postfix'
fault "a guide's domain query cannot see disabled domains" '
	query "$maps/sql_domains.cf" \
		"SELECT 1 FROM domains WHERE domain = '\''%s'\''"' \
	V011 'mailadm config render postfix'
fault 'the users map does not ask who may receive' '
	sed_in "$maps/sql_users.cf" "/may_receive/d"' \
	V011 'mailadm config render postfix'
fault 'a query was changed, and still sees the flags' '
	sed_in "$maps/sql_domains.cf" "s/d\.active = 1/d.active > 0/"' \
	V012 'mailadm config render postfix'
fault 'virtual_mailbox_maps is not set' '
	postconf -e "virtual_mailbox_maps ="' \
	V004 'mailadm config render postfix'
fault 'what is disabled is not refused at RCPT' '
	sed_in /etc/postfix/main.cf "/check_recipient_access.*disabled/d"' \
	V004 'mailadm config render postfix'
fault 'a catch-all steals mail: the identity map is missing' '
	sed_in /etc/postfix/main.cf "/identity\.cf/d"' \
	V005 'mailadm config render postfix'
fault 'the identity map stands before the aliases' '
	set_alias_maps identity aliases alias_domains patterns' \
	V006 'mailadm config render postfix'
fault "a map's file is missing" '
	rm "$maps/sql_users.cf"' V007 'mailadm config render postfix'
fault 'a map names no database' '
	sed_in "$maps/sql_users.cf" "/^dbname/d"' \
	V007 'mailadm config render postfix'
fault 'a map is missing in proxy_read_maps' '
	sed_in /etc/postfix/main.cf "/^    .virtual_mailbox_maps$/d"' \
	V013 'postconf -e "proxy_read_maps = $(postconf -h'
fault 'a chrooted smtpd asks MariaDB itself' '
	sed_in /etc/postfix/main.cf \
		"s|^(virtual_mailbox_maps =).*|\1 mysql:$maps/sql_users.cf|"' \
	V014 "write proxy:mysql:$maps/sql_users.cf"
t 'over TCP a chroot does not matter' '
	sed_in /etc/postfix/main.cf \
		"s|^(virtual_mailbox_maps =).*|\1 mysql:$maps/sql_users.cf|" &&
	sed_in "$maps/sql_users.cf" \
		"s|^(hosts =).*|\1 127.0.0.1:1 127.0.0.1:1|" && settle &&
	run verify --ignore V026 && is "$(rules_found)" "V017 " && again'
fault 'the package with the maps of MariaDB is not installed' '
	rm -rf /etc/postfix/dynamicmaps.cf*' \
	V056 'apt-get install postfix-mysql'
fault 'a map has no time-outs' '
	sed_in "$maps/sql_users.cf" "/^option_file/d"' \
	V015 'mailadm config render postfix'
fault 'the option file has no time-out' '
	sed_in "$maps/client.cnf" "/^connect-timeout/d"' \
	V015 'connect-timeout = 2'
fault 'a host stands once, so that a restart stops mail for a minute' '
	sed_in "$maps/sql_users.cf" "/^retry_interval/d
		s/^(hosts = [^ ]+) .*/\1/"' V016 'hosts = unix:'
fault 'a setting has a typing error' '
	postconf -e "smptd_tls_auth_only = yes"' V002 'smptd_tls_auth_only'
fault 'a line with a password has a typing error' '
	sed_in "$maps/sql_domains.cf" "s/^(password) =/\1 /"' \
	V001 'postfix check'
fault 'main.cf cannot be read' '
	echo "myhostname" >>/etc/postfix/main.cf' V001 'postfix check'

### The database

fault "the password is another one than the account's" '
	sed_in "$maps/sql_users.cf" "s/^password = .*/password = wrong/"' \
	V017 'mailadm config render all'
fault 'the database is somewhere else' '
	sed_in "$maps/sql_users.cf" \
		"s|^(hosts =).*|\1 unix:/nowhere unix:/nowhere|"' \
	V017 'systemctl start mariadb'
fault 'one of several hosts is away: the others are asked' '
	sed_in "$maps/sql_users.cf" \
		"s|^(hosts =) ([^ ]+).*|\1 unix:/nowhere \2|" &&
	query "$maps/sql_users.cf" "SELECT email FROM users WHER
  email = '\''%s'\''"' 'V011 V017 V019' 'systemctl start mariadb'
fault 'Postfix may read the hashes' '
	sql "GRANT SELECT ON mail.users TO postfix@localhost"' \
	V020 'REVOKE ALL' \
	accounts_again
fault "Dovecot may write the domains: a guide's GRANT ALL" '
	sql "GRANT ALL ON mail.* TO dovecot@localhost"' \
	V020 'REVOKE ALL' \
	accounts_again
fault 'Postfix may not read what its lookup asks for' '
	sql "REVOKE SELECT (may_receive) ON mail.users
		FROM postfix@localhost"' \
	V018 'mailadm config render grants' \
	accounts_again
fault 'the database does not understand a query' '
	query "$maps/sql_identity.cf" \
		"SELECT email FROM users WHER email = '\''%s'\''"' \
	'V012 V019' 'mailadm config render postfix'
fault 'one account for both servers' '
	sed_in /etc/dovecot/mailadm-sql.conf.ext \
		"s/$(secret_of dovecot)/$(secret_of postfix)/
		s/user( ?= ?)dovecot/user\1postfix/"' \
	'V018 V021' 'mailadm config render all'
fault 'a lookup reads a whole table' '
	query "$maps/sql_identity.cf" \
		"SELECT email FROM users WHERE name = '\''%s'\''" &&
	sql "GRANT SELECT (name) ON mail.users TO postfix@localhost"' \
	'V012 V020 V022' 'mailadm check --rule S008' \
	accounts_again
fault 'a mail domain is in mydestination as well' '
	postconf -e "mydestination = \$myhostname, example.org, localhost"' \
	V028 "postconf -e 'mydestination = "

fault 'SMTPUTF8 is offered, which LMTP does not take' '
	postconf -X smtpd_discard_ehlo_keywords' \
	V058 'smtpd_discard_ehlo_keywords = smtputf8'
fault 'another keyword is hidden, and SMTPUTF8 is not' '
	postconf -e "smtpd_discard_ehlo_keywords = chunking"' \
	V058 "smtpd_discard_ehlo_keywords = chunking, smtputf8"
fault 'one port offers SMTPUTF8' '
	postconf -P "submission/inet/smtpd_discard_ehlo_keywords=chunking"' \
	V058 "postconf -P submission/inet/smtpd_discard_ehlo_keywords="
fault 'mail of programs is marked SMTPUTF8 for an umlaut' '
	postconf -X smtputf8_autodetect_classes' \
	V058 'smtputf8_autodetect_classes = verify'
t 'without SMTPUTF8 nothing needs to be hidden' '
	postconf -e "smtputf8_enable = no" &&
	postconf -X smtpd_discard_ehlo_keywords && settle &&
	run verify --ignore V026 && is "$out" "" && again'

### Files

fault 'everybody can read the password of a map' '
	chmod 644 "$maps/sql_users.cf"' V023 "chmod o= $maps/sql_users.cf"
fault "everybody can read Dovecot's password" '
	chmod 644 /etc/dovecot/mailadm-sql.conf.ext' \
	V023 'chmod o= /etc/dovecot/mailadm-sql.conf.ext'
fault 'everybody can read all accounts' '
	chmod 644 /etc/mailadm/accounts.cnf' V023 \
	'chmod go= /etc/mailadm/accounts.cnf'
fault 'everybody can read the private key' '
	chmod 644 "$live/privkey.pem"' V023 "chmod o= $live/privkey.pem"
fault 'Postfix cannot read a map: it belongs to root alone' '
	chgrp root "$maps/sql_users.cf"' V024 \
	"chgrp postfix $maps/sql_users.cf"
fault 'Postfix may not pass the folder of the maps' '
	chmod 700 "$maps"' V024 "chmod o+x $maps"
fault 'a password stands behind a name with a typing error' '
	sed_in "$maps/sql_users.cf" "s/^password/pasword/"' \
	'V002 V007' 'mailadm config render postfix'
fault 'everybody can write main.cf' '
	chmod 666 /etc/postfix/main.cf' V025 'chmod o-w /etc/postfix/main.cf'
t 'a file that was edited since it was rendered: V026' '
	echo "# mine" >>/etc/postfix/main.cf && settle &&
	run verify && status 1 &&
	is "$(rules_found)" "V026 " && like "$out" /etc/postfix/main.cf &&
	again'

### Postfix

fault 'an open relay: the restriction is missing' '
	sed_in /etc/postfix/main.cf "/^ +reject_unauth_destination/d"' \
	V027 'reject_unauth_destination'
fault 'an open relay: a permit stands before the restriction' '
	postconf -e "smtpd_relay_restrictions = permit_mynetworks, permit" &&
	postconf -e "smtpd_recipient_restrictions = \
		check_recipient_access \${mailadm}blocks.cf, \
		check_recipient_access \${mailadm}disabled.cf, \
		check_recipient_access \${mailadm}internal.cf, \
		check_policy_service unix:private/quota-status"' \
	V027 'reject_unauth_destination'
fault 'an open relay: mynetworks is everybody' '
	postconf -e "mynetworks = 0.0.0.0/0"' V027 \
	"postconf -e 'mynetworks = 127.0.0.0/8"
fault 'who has logged in may send as anybody' '
	postconf -P "submission/inet/smtpd_sender_restrictions="' \
	V029 'smtpd_sender_restrictions=reject_sender_login_mismatch'
fault 'nothing limits who sends as which address' '
	postconf -e "smtpd_sender_login_maps ="' \
	V029 'mailadm config render postfix'
logins_on_25() {
	mismatch=reject_sender_login_mismatch
	postconf -P smtp/inet/smtpd_sasl_auth_enable=yes \
		"smtp/inet/smtpd_sender_restrictions=$mismatch"
}

fault 'port 25 takes passwords before TLS' '
	postconf -e "smtpd_tls_auth_only = no" &&
	logins_on_25' \
	'V030 V032' "postconf -e 'smtpd_tls_auth_only = yes'"
fault 'port 587 goes on without TLS' '
	postconf -P "submission/inet/smtpd_tls_security_level=may"' \
	V031 'submission/inet/smtpd_tls_security_level=encrypt'
fault 'port 25 takes logins' '
	postconf -e "smtpd_tls_auth_only = yes" &&
	logins_on_25' \
	V032 'smtp/inet/smtpd_sasl_auth_enable=no'
fault 'nobody counts what users send' '
	postconf -P "submission/inet/smtpd_data_restrictions=\
reject_multi_recipient_bounce"' \
	V117 'config render postfix'
fault 'the service that counts has no user' '
	userdel mailadm_policy' \
	V117 'systemd-sysusers' \
	'useradd --system --shell /usr/sbin/nologin mailadm_policy'
fault 'the service that counts cannot read its password' '
	chown root /etc/mailadm/policy.cnf' \
	V117 'config render postfix'
fault 'the service that counts is not there' '
	postconf -MX mailadm-policy/unix' \
	'V002 V117' 'config render postfix'

### Where mail goes

way() {
	sql "INSERT INTO relays (name, host, login) VALUES
	    ('provider', 'smtp.provider.example', 'anna')"
}

branch() {
	sql "INSERT INTO domains (domain, relay_to) VALUES
	    ('branch.example', '[mail.branch.example]:25')"
}

no_ways='sql "DELETE FROM relays; DELETE FROM domains WHERE domain <>
    '\''example.org'\''"'

t 'with ways out and relay domains nothing is wrong either' '
	way && branch && run verify && empty "$out$err"'
eval "$no_ways"
fault 'master.cf has no service for ways out' '
	postconf -MX wayout/unix' V118 'config render postfix'
fault 'a way out whose service may do without TLS' '
	postconf -P "wayouts/unix/smtp_tls_security_level=may"' \
	V118 'config render postfix'
fault 'the service of ways out does not log in' '
	postconf -P "wayout/unix/smtp_sasl_auth_enable=no"' \
	V118 'config render postfix'
fault 'ways out that nobody asks for' '
	way && postconf -e sender_dependent_default_transport_maps=' \
	V118 'config render postfix' "$no_ways"
fault 'everybody can read the passwords of the ways out' '
	chmod 644 "$maps/way_secrets.cf"' V023 \
	"chmod o= $maps/way_secrets.cf"
fault 'the passwords of the ways out are not there' '
	rm "$maps/way_secrets.cf"' V007 'config render postfix'
no_mechanism() {
	set -- /usr/lib/*/sasl2
	mkdir "$T/sasl2" && touch "$T/sasl2/libsasldb.so" &&
		mount --bind "$T/sasl2" "$1"
}

fault 'a login at a way out without the package for it' '
	way && no_mechanism' V119 'apt-get install libsasl2-modules' \
	"$no_ways; umount /usr/lib/*/sasl2"
fault 'relay domains that Postfix does not ask for' '
	branch && postconf -e relay_domains= "transport_maps ="' \
	V120 'config render postfix' "$no_ways"
fault 'a relay domain whose names are not asked for' '
	branch && postconf -e relay_recipient_maps=' \
	V120 'config render postfix' "$no_ways"
fault 'what is below a relay domain is one, too' '
	sed_in /etc/postfix/main.cf "/^parent_domain/,/smtpd_access_maps/d"' \
	V121 "postconf -e 'parent_domain_matches_subdomains = debug_peer_list"
t 'postsrsd of a server that forwards is not there: V122' '
	"$MAILADM" --yes --quiet config init --srs yes &&
	"$MAILADM" --quiet --yes config render postfix --out / --force &&
	settle && run verify && status 1 && is "$(rules_found)" "V122 " &&
	like "$out" "systemctl restart postsrsd" &&
	sql "INSERT INTO domains (domain) VALUES (\"srs.mx.example.org\")" &&
	run verify && is "$(rules_found)" "V122 V123 " &&
	like "$out" "config init --srs-domain" &&
	postconf -MX cleanup-srs/unix && run verify --rule V122 &&
	like "$out" "no service cleanup-srs"'
eval "$no_ways" && rm -f /etc/default/postsrsd && again
fault 'the recipe that comes with postsrsd' '
	postconf -e "recipient_canonical_maps = tcp:localhost:10002" \
	    "recipient_canonical_classes = envelope_recipient,header_recipient"
	' V124 'postconf -X recipient_canonical_maps'

fault "a guide's virtual_transport goes around Dovecot" '
	postconf -e "virtual_transport = virtual"' \
	'V033 V103' 'lmtp:unix:private'
fault 'Postfix and Dovecot split at another character' '
	postconf -e "recipient_delimiter = -"' V034 'recipient_delimiter = +'
fault 'a full mailbox is noticed too late' '
	sed_in /etc/postfix/main.cf "/quota-status/d"' \
	V035 'mailadm config render postfix'

### Sockets

fault "Postfix names another socket for logins than Dovecot makes" '
	postconf -e "smtpd_sasl_path = private/dovecot-auth"' \
	V036 'unix_listener /var/spool/postfix/private/dovecot-auth'
fault 'Postfix delivers to a socket that does not exist' '
	postconf -e "virtual_transport = lmtp:unix:private/lmtp"' \
	V036 'unix_listener /var/spool/postfix/private/lmtp'
# A folder that others may not enter shuts what is in it.
private=/var/spool/postfix/private
fault "a guide's auth socket with mode 0666" '
	chmod 755 "$private" && sed_in /etc/dovecot/dovecot.conf \
		"/private\/auth/,/}/s/mode = 0660/mode = 0666/"' \
	V037 'mode = 0660' 'chmod 700 "$private"'
fault 'everybody may ask about quotas' '
	chmod 755 "$private" && sed_in /etc/dovecot/dovecot.conf \
		"/private\/quota-status/,/}/s/mode = 0660/mode = 0777/"' \
	V037 'mode = 0660' 'chmod 700 "$private"'
t 'in a folder that others may not enter the mode does not matter' '
	sed_in /etc/dovecot/dovecot.conf \
		"/private\/auth/,/}/s/mode = 0660/mode = 0666/" &&
	run verify --severity note --ignore V026 && empty "$out$err" && again'
fault 'Postfix may not use the LMTP socket' '
	sed_in /etc/dovecot/dovecot.conf \
		"/dovecot-lmtp/,/}/s/(user|group) = postfix/\1 = dovecot/"' \
	V038 'user = postfix'

### TLS

fault 'outdated TLS for the mail of users' '
	postconf -e "smtpd_tls_mandatory_protocols = !SSLv2, !SSLv3"' \
	V039 '>=TLSv1.2'
fault 'outdated TLS for IMAP' '
	sed_in /etc/dovecot/dovecot.conf \
		"s/^ssl_min_protocol = .*/ssl_min_protocol = TLSv1/"' \
	V039 'ssl_min_protocol = TLSv1.2'
fault 'port 25 offers no TLS' '
	postconf -e "smtpd_tls_security_level = none"' \
	V040 'smtpd_tls_security_level = may'
fault 'the certificate does not exist' '
	rm "$live/fullchain.pem"' V041 'certbot certonly -d mx.example.org'
fault 'the certificate is none' '
	echo hello >"$live/fullchain.pem"' V041 'certbot certonly'
# Old releases of OpenSSL take no dates, new ones no days that are over.
expire() {
	openssl x509 -in "$live/fullchain.pem" -signkey "$live/privkey.pem" \
		"$@" -out "$T/cert" 2>"$T/openssl"
}

fault 'the certificate has expired' '
	expire -days -1 || expire -not_before 20250101000000Z \
		-not_after 20250201000000Z &&
	cp "$T/cert" "$live/fullchain.pem"' V042 'certbot renew'
fault 'the key is none' '
	echo hello >"$live/privkey.pem"' V041 'certbot certonly'
fault 'the certificate expires within two weeks' '
	certificate mx.example.org "$live" 10' V043 'certbot renew'
fault 'the certificate is for another name' '
	certificate www.example.org "$live" 90' V044 \
	'certbot certonly -d mx.example.org'
fault 'the key is not that of the certificate' '
	cp "$live/fullchain.pem" "$T/cert" &&
	certificate mx.example.org "$live" 90 &&
	cp "$T/cert" "$live/fullchain.pem"' V045 'letsencrypt'

### Dovecot

local_conf() {
	printf '%s\n' "$@" >/etc/dovecot/local.conf
}

# The same fault in the words of either release.
on() { # 2.3 2.4
	case $release in
	2.3*) printf '%s\n' "$1" ;;
	*) printf '%s\n' "$2" ;;
	esac
}

fault "a guide's disable_plaintext_auth = no and ssl = yes" '
	local_conf "$(on "disable_plaintext_auth = no" \
		"auth_allow_cleartext = yes")" "ssl = yes"' \
	V046 'ssl = required'
fault 'IMAP alone goes without TLS' '
	local_conf "protocol imap {" "  ssl = no" "}"' V046 'ssl = required'
fault 'hashes are taken for cleartext' '
	sed_in /etc/dovecot/mailadm-sql.conf.ext \
		"s/^( *default_pass(word)?_scheme) = .*/\1 = PLAIN/"' \
	V047 "$(on default_pass_scheme default_password_scheme) = CRYPT"
fault 'hashes are taken for MD5, which 2.4 refuses' '
	sed_in /etc/dovecot/mailadm-sql.conf.ext \
		"s/^( *default_pass(word)?_scheme) = .*/\1 = PLAIN-MD5/"' \
	"$(on V047 V057)" "$(on default_pass_scheme \
		default_password_scheme) = CRYPT"
fault 'a mechanism that hashes cannot serve' '
	local_conf "auth_mechanisms = plain login cram-md5"' \
	V048 'auth_mechanisms = plain login'
fault 'the auth cache lets a disabled user in' '
	local_conf "auth_cache_size = 10M"' V049 'auth_cache_size'
fault 'auth workers go on failing after the database was away' '
	local_conf "service auth-worker {" \
		"  $(on service_count restart_request_count) = 10" "}"' \
	V050 "$(on service_count restart_request_count) = 1"
fault 'quotas are off' '
	sed_in /etc/dovecot/dovecot.conf "$(on \
		"s/^mail_plugins = .*/mail_plugins =/" \
		"/^mail_plugins \{/,/^\}/s/quota = yes/quota = no/")"' \
	'V051 V113' 'mailadm config render dovecot'
ask_pam() {
	case $release in
	2.3*) sed_in /etc/dovecot/dovecot.conf \
		"/^passdb/,/^}/{s/driver = sql/driver = pam/;/args/d}" ;;
	*) sed_in /etc/dovecot/mailadm-sql.conf.ext \
		"/^passdb sql/,/^}/d" &&
		local_conf "passdb pam {" "}" ;;
	esac
}

fault 'Dovecot asks PAM and not the database' '
	ask_pam' V052 'mailadm config render dovecot'
fault 'the password query cannot see disabled domains and may_login' '
	sed_in /etc/dovecot/mailadm-sql.conf.ext "s/u\.may_login/1/"' \
	V011 'mailadm config render dovecot'
fault "Dovecot's query compares with '%'" '
	sed_in /etc/dovecot/mailadm-sql.conf.ext \
		"/^#/!s/.(%u|%\{user\})./'\''%'\''/"' \
	V008 "write '$(on %u '%{user}')'"
fault 'a letter that this release of Dovecot does not know' '
	sed_in /etc/dovecot/mailadm-sql.conf.ext \
		"/^ *WHERE/{s/%u|%\{user\}/$(on %q %u)/;:x;n;bx}"' \
	V009 "write $(on %u '%{user}') for $(on %q %u)"
case $release in
2.3*)
	fault "a guide's connect line has no time-out" '
		sed_in /etc/dovecot/mailadm-sql.conf.ext \
			"s/read_timeout=[0-9]+//"' V015 read_timeout
	fault 'the process that notes logins cannot read its file' '
		chgrp root /etc/dovecot/mailadm-dict-sql.conf.ext' \
		V024 'chgrp dovecot /etc/dovecot/mailadm-dict-sql.conf.ext'
	;;
esac
fault 'Dovecot cannot read its configuration' '
	local_conf "ssl_requird = yes"' V003 'doveconf -n'

### Mail

fault 'there is no vmail' 'userdel vmail' 'V053 V109' 'useradd --uid 5000'
fault 'vmail has another uid' '
	usermod -u 6000 vmail && chown 6000 /var/vmail' V053 vmail_uid \
	'chown 5000:5000 /var/vmail'
fault 'the mail directory is missing' 'mv /var/vmail /var/vmail.away' \
	V054 'install -d -o vmail' 'mv /var/vmail.away /var/vmail'
fault 'the mail directory belongs to root' 'chown root /var/vmail' \
	V054 'chown vmail:vmail /var/vmail' 'chown vmail /var/vmail'
fault 'everybody can read the mail' 'chmod 755 /var/vmail' \
	V055 'chmod 0700 /var/vmail' 'chmod 700 /var/vmail'

### Not installed

t 'a tree can be looked at before it is installed' '
	"$MAILADM" -q config render all --out /var/tree >"$T/tree" &&
	run verify --root /var/tree && empty "$out$err" && status 0 &&
	chmod o+r /var/tree$maps/sql_users.cf &&
	run verify --root /var/tree && status 1 &&
	is "$(rules_found)" "V023 " && like "$out" "/var/tree$maps" &&
	run verify && status 0 &&
	run verify --postfix-dir /var/tree/etc/postfix && status 1 &&
	is "$(rules_found)" "V023 "'

### Settings of one's own

t 'local.cf: what is not merged yet is said, and then nothing is' '
	printf "%s\n" "relayhost = [relay.example.net]:587" \
		"submission/inet/smtpd_client_port_logging = yes" \
		>/etc/postfix/local.cf &&
	run verify && status 1 && is "$(rules_found)" "V026 " &&
	lines "$out" 2 && like "$out" "config render postfix --out /" &&
	"$MAILADM" -q config render postfix --out / && settle &&
	run verify && status 0 && empty "$out$err" &&
	rm /etc/postfix/local.cf &&
	"$MAILADM" -q config render postfix --out / && settle &&
	run verify && status 0 && empty "$out$err"
	again'

### What cannot be seen

t 'a frozen database is reported in seconds, and ends nothing' '
	{ cat /etc/mailadm/mailadm.conf; echo "connect_timeout = 1"; } \
		>"$T/conf" && kill -STOP "$server_pid" &&
	run timeout 300 "$MAILADM" -c "$T/conf" config verify
	kill -CONT "$server_pid" &&
	status 1 && is "$(rules_found)" "V017 " && lines "$out" 2 &&
	like "$err" "not checked: V018, V019, V020, V022, V028"'

t 'without Postfix its rules are not checked, and the others are' '
	mount --bind /dev/null /usr/sbin/postconf &&
	chmod o+r /etc/dovecot/mailadm-sql.conf.ext && run verify
	umount /usr/sbin/postconf
	again && status 1 && is "$(rules_found)" "V023 " || return 1
	like "$err" "program not found: postconf" && like "$err" "V004"'

t 'without Dovecot its rules are not checked, and the others are' '
	mount --bind /dev/null /usr/bin/doveconf && rm "$maps/sql_users.cf" &&
	settle && run verify
	umount /usr/bin/doveconf
	again && status 1 && is "$(rules_found)" "V007 V026 " || return 1
	like "$err" "program not found: doveconf" && like "$err" "V003, V021"'

t 'without root, what cannot be seen is reported' '
	cp "$MAILADM" /var/lib/mailadm.test &&
	run setpriv --reuid=nobody --regid=nogroup --clear-groups \
		env -i /var/lib/mailadm.test config verify &&
	like "$err" "not checked: " && like "$err" "Permission denied" &&
	unlike "$out$err" "$(secret_of postfix)"'

t 'formats, --rule, --ignore, --severity and --nagios are as in check' '
	chmod o+r "$maps/sql_users.cf" &&
	run verify --rule V023 -o json && status 1 &&
	like "$out" "\"rule\":\"V023\"" &&
	like "$err" "1 error: mail flows, passwords or keys" &&
	run verify --ignore V026 --ignore "V023:*/sql_users.cf" &&
	status 0 && empty "$out$err" &&
	run verify --rule v012 --rule V008 && status 0 &&
	run verify --ignore V026 --nagios && status 2 &&
	like "$out" "MAILADM CRITICAL - 1 error | errors=1;;0;0" &&
	unlike "$out" "domains=" && again'

t 'after all that it has no fault again' '
	run verify && empty "$out$err" && status 0'

echo "# $faults faults were planted, $fixed fixed by the advice"
finish
