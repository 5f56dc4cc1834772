#!/bin/sh
# Lays one of these servers out in /etc and fills its database.  Only in a
# view of /etc and /var of one's own, as root, with MariaDB on 127.0.0.1:3306
# and on the socket SOCKET, where root needs no password.
#   lay-out.sh SERVER SOCKET
set -eu
here=$(dirname "$(readlink -f "$0")")/$1
rm -rf /etc/dovecot /etc/mailadm /etc/postfix/main.cf /etc/postfix/master.cf \
	/var/lib/mailadm /var/vmail
cp -r "$here/etc/." /etc/
mkdir -p /etc/dovecot
chown -R root:root /etc/postfix /etc/dovecot
echo mail.example.com >/etc/mailname
printf 'postmaster: root\nroot: anna\n' >/etc/aliases
for account in vmail:5000 docker:5001 vacation:5002 policyd-spf:5003; do
	groupadd -g "${account#*:}" "${account%:*}"
	useradd -u "${account#*:}" -g "${account#*:}" -d /nonexistent \
		-s /usr/sbin/nologin "${account%:*}"
done
install -d -o vmail -g vmail -m 0700 /var/vmail /var/mail/vhosts
install -d -o postfix -g root -m 0700 /var/spool/postfix/private
# shellcheck disable=SC2016 # a pattern
find /etc/postfix /etc/dovecot -type f -exec grep -qIE \
	'password|not-a-secret|SHA512-CRYPT}|:\$6\$' {} \; -exec chmod 640 {} +
find /etc/postfix -type f -perm 640 -exec chgrp postfix {} +
find /etc/dovecot -type f -perm 640 -exec chgrp dovecot {} +
live=/etc/letsencrypt/live/mail.example.com
mkdir -p "$live" /etc/ssl/private
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
	-days 90 -subj /CN=mail.example.com \
	-addext subjectAltName=DNS:mail.example.com,DNS:mx1.example.org,DNS:\
mx2.example.com \
	-keyout "$live/privkey.pem" -out "$live/fullchain.pem" 2>/dev/null
cp "$live/fullchain.pem" /etc/ssl/mail.example.com.crt
cp "$live/privkey.pem" /etc/ssl/private/mail.example.com.key
cat "$live/privkey.pem" "$live/fullchain.pem" >/etc/ssl/mx-chain.pem
chmod 600 "$live/privkey.pem" /etc/ssl/private/mail.example.com.key \
	/etc/ssl/mx-chain.pem
find /etc/postfix /etc/dovecot -type f -exec touch -d '20 seconds ago' {} +
newaliases
for map in $(postconf -h alias_maps transport_maps virtual_alias_maps \
	smtpd_sender_login_maps smtp_sasl_password_maps smtp_tls_policy_maps \
	relay_recipient_maps smtpd_client_restrictions \
	smtpd_recipient_restrictions | tr -s ', ' '\n' | grep ^hash: | sort -u)
do
	[ "$map" = hash:/etc/aliases ] || postmap "$map"
done
[ ! -e /etc/postfix/sni.map ] || postmap -F hash:/etc/postfix/sni.map
for secret in sasl_passwd sni.map; do
	[ ! -e "/etc/postfix/$secret" ] ||
		chmod 600 "/etc/postfix/$secret" "/etc/postfix/$secret.db"
done
rmdir --ignore-fail-on-non-empty /etc/dovecot
mariadb --no-defaults -uroot -S "$2" <"$here/db.sql"
