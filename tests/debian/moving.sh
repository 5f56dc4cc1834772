# shellcheck shell=sh
# A server of the ISPmail guide moves to mailadm by the commands of "help
# moving": run by release.sh, in the root of a release with Dovecot 2.3.
#
# Mail flows before, during and after; the passwords are those of before, and
# the way back leads back.
. tests/lib.sh
. tests/debian/lib-mail.sh
[ "$(hostname) $(pwd)" = "$ME /usr/local/src/mailadm" ] ||
	bail_out 'run by tests/debian/release.sh, in a root of its own'

# shellcheck disable=SC2016 # for the inner shell
flock build/.lock sh -c \
    'make -s "-j$(nproc)" all && make -s install' >build/moving.log 2>&1 ||
	bail_out 'mailadm cannot be built'
{ world_up && certificate 1 && database_up; } || bail_out 'no world'

### The server as the guide makes it

query() { # FILE QUERY
	printf '%s\n' 'user = mailserver' 'password = old-secret' \
	    'hosts = 127.0.0.1' 'dbname = mailserver' "query = $2" \
	    >"/etc/postfix/mysql-$1.cf"
	chgrp postfix "/etc/postfix/mysql-$1.cf"
	chmod 640 "/etc/postfix/mysql-$1.cf"
}

old_database() {
	bo=$(printf 'pw-bo\npw-bo\n' | doveadm pw -s BLF-CRYPT)
	anna=$(doveadm pw -s SHA256-CRYPT -p pw-anna)
	mariadb <<-END
		CREATE DATABASE mailserver CHARACTER SET utf8mb4;
		GRANT SELECT ON mailserver.* TO mailserver@'127.0.0.1'
		    IDENTIFIED BY 'old-secret';
		USE mailserver;
		CREATE TABLE virtual_domains (id INT AUTO_INCREMENT PRIMARY KEY,
		    name VARCHAR(50) NOT NULL);
		CREATE TABLE virtual_users (id INT AUTO_INCREMENT PRIMARY KEY,
		    domain_id INT NOT NULL, email VARCHAR(100) NOT NULL UNIQUE,
		    password VARCHAR(150) NOT NULL,
		    quota BIGINT NOT NULL DEFAULT 0,
		    FOREIGN KEY (domain_id) REFERENCES virtual_domains (id));
		CREATE TABLE virtual_aliases (id INT AUTO_INCREMENT PRIMARY KEY,
		    domain_id INT NOT NULL, source VARCHAR(100) NOT NULL,
		    destination VARCHAR(100) NOT NULL,
		    FOREIGN KEY (domain_id) REFERENCES virtual_domains (id));
		INSERT INTO virtual_domains VALUES (1, 'example.test'),
		    (2, 'rest.test');
		INSERT INTO virtual_users (domain_id, email, password) VALUES
		    (1, 'anna@example.test', '$anna'),
		    (1, 'bo@example.test', '$bo');
		INSERT INTO virtual_aliases (domain_id, source, destination)
		    VALUES (1, 'info@example.test', 'anna@example.test'),
		    (1, 'info@example.test', 'bo@example.test'),
		    (1, 'ext@example.test', 'somebody@outside.test'),
		    (2, '@rest.test', 'bo@example.test');
	END
}

old_postfix() {
	query virtual-mailbox-domains \
	    "SELECT 1 FROM virtual_domains WHERE name='%s'"
	query virtual-mailbox-maps \
	    "SELECT 1 FROM virtual_users WHERE email='%s'"
	query virtual-alias-maps \
	    "SELECT destination FROM virtual_aliases WHERE source='%s'"
	query email2email "SELECT email FROM virtual_users WHERE email='%s'"
	old=mysql:/etc/postfix/mysql
	postconf "myhostname = $ME" 'mydestination = localhost' \
	    'inet_interfaces = all' 'mynetworks = 127.0.0.0/8 [::1]/128' \
	    'recipient_delimiter = +' \
	    "virtual_mailbox_domains=$old-virtual-mailbox-domains.cf" \
	    "virtual_mailbox_maps=$old-virtual-mailbox-maps.cf" \
	    "virtual_alias_maps=$old-virtual-alias-maps.cf, \
$old-email2email.cf" \
	    virtual_transport=lmtp:unix:private/dovecot-lmtp \
	    smtpd_sasl_type=dovecot smtpd_sasl_path=private/auth \
	    smtpd_sasl_auth_enable=yes smtpd_tls_security_level=may \
	    smtpd_tls_auth_only=yes \
	    "smtpd_tls_cert_file=$live/fullchain.pem" \
	    "smtpd_tls_key_file=$live/privkey.pem" &&
	postconf -M 'submission/inet=submission inet n - y - - smtpd' &&
	postconf -P submission/inet/smtpd_tls_security_level=encrypt \
	    submission/inet/smtpd_recipient_restrictions=\
permit_sasl_authenticated,reject
}

old_dovecot() {
	groupadd --gid 5000 vmail &&
	useradd --uid 5000 --gid vmail --home /var/vmail \
	    --shell /usr/sbin/nologin vmail &&
	install -d -o vmail -g vmail -m 0770 /var/vmail &&
	login='user=mailserver password=old-secret' &&
	cat >/etc/dovecot/dovecot-sql.conf.ext <<-END &&
		driver = mysql
		connect = host=127.0.0.1 dbname=mailserver $login
		user_query = SELECT email AS user, \
		    concat('*:bytes=', quota) AS quota_rule, \
		    '/var/vmail/%d/%n' AS home, 5000 AS uid, 5000 AS gid \
		    FROM virtual_users WHERE email='%u'
		password_query = SELECT password FROM virtual_users \
		    WHERE email='%u'
		iterate_query = SELECT email AS user FROM virtual_users
	END
	chmod go= /etc/dovecot/dovecot-sql.conf.ext &&
	cd /etc/dovecot/conf.d &&
	sed -i 's/^mail_location =.*/mail_location = maildir:~\/Maildir/' \
	    10-mail.conf &&
	sed -i 's/^!include auth-system/#&/
		s/^#!include auth-sql/!include auth-sql/
		s/^auth_mechanisms =.*/auth_mechanisms = plain login/' \
	    10-auth.conf &&
	sed -i "s|^ssl_cert =.*|ssl_cert = <$live/fullchain.pem|
		s|^ssl_key =.*|ssl_key = <$live/privkey.pem|
		s|^ssl = .*|ssl = required|" 10-ssl.conf &&
	cat >99-guide.conf <<-'END'
		service lmtp {
		  unix_listener /var/spool/postfix/private/dovecot-lmtp {
		    group = postfix
		    mode = 0600
		    user = postfix
		  }
		}
		service auth {
		  unix_listener /var/spool/postfix/private/auth {
		    mode = 0660
		    user = postfix
		    group = postfix
		  }
		}
		protocol lmtp {
		  postmaster_address = postmaster@example.test
		}
	END
}

servers() {
	/etc/init.d/postfix start && /etc/init.d/dovecot start
}

greets() { # PORT
	talk "$1" && matches "$out" '^(220 |\* OK |\+OK)'
}

up() {
	for port in 25 587 143; do
		eventually greets "$port" || return 1
	done
	eventually is_certificate 993
}

# works MARK: mail comes in by each kind of name, and goes out; logins work.
works() {
	send "anna-$1" anna@example.test &&
	send "info-$1" info+x@example.test &&
	send "rest-$1" whoever@rest.test && send "ext-$1" ext@example.test &&
	arrives anna@example.test pw-anna "anna-$1" &&
	arrives anna@example.test pw-anna "info-$1" &&
	arrives bo@example.test pw-bo "info-$1" &&
	arrives bo@example.test pw-bo "rest-$1" && gone_out "ext-$1" &&
	submit 587 anna@example.test pw-anna anna@example.test \
	    bo@example.test "sent-$1" && status 0 &&
	arrives bo@example.test pw-bo "sent-$1" &&
	no_login anna@example.test pw-bo
}

t 'the old server takes, keeps and sends mail' '
	run old_database && status 0 && run old_postfix && status 0 &&
	(run old_dovecot && status 0) && run servers && status 0 && up &&
	works old'

### The page

# What it says to type; the answers are given here.
mailadm help moving | sed -n 's/^    //p' |
    sed -e ':a' -e '/\\$/ { N; s/\\\n *//; ta' -e '}' |
    grep -E '^(mailadm|mariadb|cp|service) ' >"$T/page"
page() { # NUMBER: the command on that place
	sed -n "$1p" "$T/page" | sed '
		s/service \([a-z]*\) restart/\/etc\/init.d\/\1 restart/g
		s/config init$/config init --hostname mail.example.test/
		s/\(import from tables.*cnf\)$/\1 --yes/'
}

types() { # NUMBER
	typed=$(page "$1")
	run sh -c "$typed"
}

t 'the page is of eleven commands, and the way back' '
	lines "$(cat "$T/page")" 13 && mailadm help moving |
	    sed -n "/mailadm-source/,/^\$/p" | sed "s/^    //" \
	    >/root/old.cnf && chmod 600 /root/old.cnf'

t 'it shows what is there, and nothing is lost' '
	types 1 && status 0 && matches "$out" "^family	ISPmail" &&
	unlike "$out" "lost	" && like "$err" "+ 0 refused + 0 lost"'

t 'a database of its own and accounts come beside the old ones' '
	types 2 && status 0 && types 3 && status 0 && types 4 && status 0'

t 'mail would go where it goes today, and so it does with the data' '
	types 5 && status 1 &&
	like "$err" "routes: 5 addresses compared, 0 differ" &&
	types 6 && status 0 && types 6 && like "$err" "nothing to do" &&
	is "$(mailadm user list --columns email | sort | tr "\n" " ")" \
	    "anna@example.test bo@example.test " && works meanwhile'

t 'the new configuration takes over, with the mail and the passwords' '
	useradd --system mailadm_check &&
	useradd --system mailadm_policy && types 7 && status 0 &&
	types 8 && status 0 && types 9 && status 0 && up && works new &&
	arrives anna@example.test pw-anna anna-old'

t 'it is verified, and the doctor is content with the servers' '
	types 10 && status 0 && types 11 &&
	matches "$out" "^ports	ok" && matches "$out" "^dovecot	ok" &&
	matches "$out" "^postfix	ok"'

t 'the way back leads back, and forth again, and no mail is lost' '
	types 12 && status 0 && types 13 && status 0 && up && works back &&
	arrives bo@example.test pw-bo info-new && types 8 && status 0 &&
	types 9 && status 0 && up && works again &&
	arrives bo@example.test pw-bo info-back'

finish
