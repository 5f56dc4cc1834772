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
chown -R root:root /etc/postfix /etc/dovecot
echo mail.example.com >/etc/mailname
printf 'postmaster: root\nroot: anna\n' >/etc/aliases
for account in vmail:5000 docker:5001 vacation:5002 policyd-spf:5003; do
	groupadd -g "${account#*:}" "${account%:*}"
	useradd -u "${account#*:}" -g "${account#*:}" -d /nonexistent \
		-s /usr/sbin/nologin "${account%:*}"
done
install -d -o vmail -g vmail -m 0700 /var/vmail
install -d -o postfix -g root -m 0700 /var/spool/postfix/private
find /etc/postfix /etc/dovecot -type f -exec grep -qIE \
	'password|not-a-secret|SHA512-CRYPT}' {} \; -exec chmod 640 {} +
find /etc/postfix -type f -perm 640 -exec chgrp postfix {} +
find /etc/dovecot -type f -perm 640 -exec chgrp dovecot {} +
live=/etc/letsencrypt/live/mail.example.com
mkdir -p "$live" /etc/ssl/private
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
	-days 90 -subj /CN=mail.example.com \
	-addext subjectAltName=DNS:mail.example.com \
	-keyout "$live/privkey.pem" -out "$live/fullchain.pem" 2>/dev/null
cp "$live/fullchain.pem" /etc/ssl/mail.example.com.crt
cp "$live/privkey.pem" /etc/ssl/private/mail.example.com.key
chmod 600 "$live/privkey.pem" /etc/ssl/private/mail.example.com.key
find /etc/postfix /etc/dovecot -type f -exec touch -d '20 seconds ago' {} +
newaliases
for map in $(postconf -h alias_maps transport_maps virtual_alias_maps \
	smtpd_sender_login_maps smtp_sasl_password_maps \
	smtpd_client_restrictions | tr -s ', ' '\n' | grep ^hash: | sort -u)
do
	[ "$map" = hash:/etc/aliases ] || postmap "$map"
done
[ ! -e /etc/postfix/sasl_passwd.db ] || chmod 600 /etc/postfix/sasl_passwd.db
mariadb --no-defaults -uroot -S "$2" <"$here/db.sql"
