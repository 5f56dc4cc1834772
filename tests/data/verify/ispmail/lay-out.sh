#!/bin/sh
# Lays this server out in /etc and /var/vmail and fills its database.  Only
# in a view of /etc and /var of one's own, as root, with MariaDB on
# 127.0.0.1:3306 and on the socket SOCKET, where root needs no password.
#   lay-out.sh SOCKET
set -eu
here=$(dirname "$(readlink -f "$0")")
rm -rf /etc/dovecot /etc/mailadm /etc/postfix/main.cf /etc/postfix/master.cf
cp -r "$here/etc/." /etc/
getent group vmail >/dev/null || groupadd -g 5000 vmail
getent passwd vmail >/dev/null ||
	useradd -u 5000 -g 5000 -d /var/vmail -s /usr/sbin/nologin vmail
install -d -o vmail -g vmail -m 0700 /var/vmail
install -d -o postfix -g root -m 0700 /var/spool/postfix/private
chown root:postfix /etc/postfix/mysql-*.cf
chmod 640 /etc/postfix/mysql-*.cf
chmod 600 /etc/dovecot/dovecot-sql.conf.ext
mkdir -p /etc/ssl/private
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
	-days 90 -subj /CN=mail.example.com \
	-addext subjectAltName=DNS:mail.example.com \
	-keyout /etc/ssl/private/mail.example.com.key \
	-out /etc/ssl/mail.example.com.crt 2>/dev/null
chmod 600 /etc/ssl/private/mail.example.com.key
mariadb --no-defaults -uroot -S "$1" <"$here/db.sql"
find /etc/postfix /etc/dovecot -type f -exec touch -d '20 seconds ago' {} +
