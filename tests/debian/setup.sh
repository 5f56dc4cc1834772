# shellcheck shell=sh disable=SC2016
# "mailadm setup", from the packages of the servers to a mail that is read and
# answered: run by release.sh, in the root of each release.
. tests/lib.sh
. tests/debian/lib-mail.sh
[ "$(hostname) $(pwd)" = "$ME /usr/local/src/mailadm" ] ||
	bail_out 'run by tests/debian/release.sh, in a root of its own'

flock build/.lock sh -c \
    'make -s "-j$(nproc)" all build/tests/drive && make -s install' \
    >build/setup.log 2>&1 ||
	bail_out 'mailadm cannot be built'
world_up || bail_out 'no names, no log'

first=anna@example.test
DRIVE=build/tests/drive
echo pw-anna-ek >"$T/password"
chmod 600 "$T/password"

# shellcheck disable=SC2317 # by cases
setup() { # OPTION...
	run mailadm setup "$ME" "$first" --password-file "$T/password" \
	    --yes "$@"
}

# shellcheck disable=SC2317 # by cases
fits_80() {
	awk 'length > 80 { print "# " $0; long = 1 } END { exit long }' \
	    build/setup.screen
}

t 'only root may' '
	run setpriv --reuid nobody --clear-groups \
	    /usr/local/sbin/mailadm setup "$ME" $first --dry-run
	status 9 && like "$err" "only root can" && like "$err" "sudo mailadm"'

t 'the plan is shown, and nothing is changed' '
	run mailadm setup "$ME" $first --dry-run && status 0 &&
	is "$(cut -f 1 "$T/out" | tr "\n" " ")" \
	    "settings certificate owner database schema grants configuration \
aliases people services proof " &&
	[ ! -e /etc/mailadm ] && ! getent passwd vmail &&
	! grep -q mailadm /etc/postfix/main.cf'

t 'a first user who is the postmaster needs no alias' '
	run mailadm setup "$ME" postmaster@example.test --dry-run &&
	status 0 && is "$(sed -n "s/^people	//p" "$T/out")" "add the \
domain example.test, add the user postmaster@example.test"'

t 'a person is asked for the first user, sees the plan, and may say no' '
	"$DRIVE" - mailadm setup "$ME" >"$T/screen" 2>"$T/err" <<-"END"
		resize 24 80
		expect "first user .*: "
		send "anna\r"
		expect "first user .*: "
		send "anna@example.test\r"
		expect "settings  +write"
		expect "people  +add the domain example.test"
		expect "Make mail.example.test this mail server.*"
		send "n\r"
		expect "cancelled; nothing was changed"
		absent "New password"
		status 6
	END
	t_result=$?
	cat "$T/err" && tr -d "\r" <"$T/screen" >build/setup.screen &&
	fits_80 && [ $t_result -eq 0 ] && [ ! -e /etc/mailadm ] &&
	! getent passwd vmail'

t 'what is taken or missing is named before anything is written' '
	useradd --uid 4711 lodger &&
	run mailadm setup "$ME" --vmail-uid 4711 --dry-run && status 6 &&
	like "$err" "choose another one with --vmail-uid" &&
	run mailadm setup "$ME" --database-hosts 192.0.2.2 --dry-run &&
	status 7 && like "$err" "cannot reach the database" &&
	run mailadm setup "$ME" --certificate /etc/none --certificate-key \
	    /etc/none --dry-run && status 4 &&
	like "$err" "give another one with --certificate" &&
	if ! command -v rspamd; then
		run mailadm setup "$ME" --filter rspamd --dry-run &&
		status 4 && like "$err" \
		    "apt install --no-install-recommends rspamd dovecot-sieve"
	fi >/dev/null && [ ! -e /etc/mailadm ]'

t 'a file that somebody edited stops it, with the difference' '
	cp -p /etc/postfix/master.cf "$T/master.cf" &&
	echo "# ours" >>/etc/postfix/master.cf && setup && status 6 &&
	like "$out" "/etc/postfix/master.cf" && like "$err" "--replace" &&
	[ ! -e /etc/mailadm ] &&
	cp -p "$T/master.cf" /etc/postfix/master.cf'

t 'so does a relayhost, until it is said what becomes of it' '
	postconf -e "relayhost = [192.0.2.2]:25" && setup && status 6 &&
	like "$err" "--relayhost" && [ ! -e /etc/mailadm ]'

# Each run is killed when its first step is done, or a later one: until the
# servers start, which would take the kill for an end of all.
# shellcheck disable=SC2317 # by cases
killed() {
	while [ ! -s /var/lib/mailadm/rendered ]; do
		/usr/local/sbin/mailadm setup "$ME" "$first" --yes \
		    --relayhost "" --password-file "$T/password" \
		    2>"$T/killed" &
		t_pid=$!
		eventually grep -q "done$" "$T/killed" || return 1
		kill -9 "$t_pid"
		wait "$t_pid" 2>/dev/null
	done
	[ -s /var/lib/mailadm/rendered ]
}

t 'killed again and again, it is finished by the same command' '
	killed && setup --relayhost "" && status 0 && empty "$out" &&
	like "$err" "proof          done" && unlike "$err" pw-anna-ek &&
	like "$err" "records that DNS needs: mailadm dns show example.test" &&
	like "$err" "does it all work? mailadm doctor" &&
	like "$err" "one that they trust: apt install certbot" &&
	cp "/etc/ssl/certs/mailadm-$ME.pem" "$W/ca.pem" &&
	cp "$T/err" "$T/first"'

t 'the mail is there to be read, and can be answered' '
	arrives $first pw-anna-ek "$ME works" &&
	submit 465 $first pw-anna-ek $first somebody@outside.test answer &&
	status 0 && gone_out answer'

t 'mail comes in for postmaster, and for root of this machine' '
	send in postmaster@example.test && arrives $first pw-anna-ek in &&
	echo "Subject: cron" | sendmail root && arrives $first pw-anna-ek cron'

# shellcheck disable=SC2317 # by cases
everything() {
	find /etc /var/lib/mailadm -type f -exec sha256sum {} + | sort
	mariadb -N mail -e "SELECT COUNT(*) FROM changes"
	mariadb -N mysql -e "SELECT User, authentication_string
	    FROM global_priv ORDER BY User" 2>/dev/null
	pidof master dovecot
}

if command -v rspamd >/dev/null; then
	t 'the filter that is installed signs, once DNS has the key' '
		is "$(mailadm config init --dry-run --yes -q >/dev/null &&
		    sed -n "s/^filter = //p" /etc/mailadm/mailadm.conf)" \
		    rspamd && run mailadm dkim list && status 0 &&
		matches "$out" "^example.test	.*	pending" &&
		like "$(cat "$T/first")" "mailadm dkim activate example.test" &&
		run mailadm dns show example.test && like "$out" _domainkey'
fi

t 'the id of vmail is not changed: the mail on disk has it' '
	run mailadm setup "$ME" --vmail-uid 7000 --dry-run && status 6 &&
	like "$err" "give that with --vmail-uid 5000"'

t 'an alias, or a name in a disabled domain, is no first user' '
	mailadm -q alias add info@example.test $first &&
	run mailadm setup "$ME" info@example.test --dry-run && status 6 &&
	like "$err" "mailadm alias show info@example.test" &&
	mailadm -q alias remove info@example.test &&
	mailadm -q domain add off.test && mailadm -q domain disable off.test &&
	run mailadm setup "$ME" a@off.test --dry-run && status 6 &&
	like "$err" "mailadm domain enable off.test" &&
	mailadm -q domain remove off.test --yes'

t 'two at once are refused' '
	run flock /run/mailadm-setup.lock /usr/local/sbin/mailadm setup \
	    "$ME" --yes && status 8 && like "$err" "another setup runs"'

t 'a second run changes nothing, and needs no password' '
	everything >"$T/before" && run mailadm setup --yes &&
	status 0 && like "$err" "nothing to do" &&
	everything >"$T/after" && run cmp "$T/before" "$T/after" && status 0 &&
	run mailadm setup "$ME" $first --yes && status 0 &&
	like "$err" "nothing to do"'

t 'what a killed run left out is done by the same command' '
	rm /var/lib/mailadm/applied &&
	mariadb -e "DROP USER postfix@localhost" &&
	run mailadm setup "$ME" $first --yes && status 0 &&
	is "$(grep " done$" "$T/err" | cut -d " " -f 1 | tr "\n" " ")" \
	    "grants services proof " &&
	send granted postmaster@example.test &&
	arrives $first pw-anna-ek granted'

t 'a schema of an earlier release is brought up to date' '
	mariadb mail -e "DELETE FROM schema_version ORDER BY version DESC
	    LIMIT 1" && run mailadm setup "$ME" $first --yes &&
	status 6 && like "$err" "without an address" &&
	run mailadm setup --yes && status 0 && matches "$err" "^schema *done" &&
	run mailadm setup "$ME" $first --yes && status 0 &&
	like "$err" "nothing to do"'

t 'a configuration that Dovecot refuses is taken back' '
	mailadm config init --hostname "$ME" --pop3 yes -q >/dev/null &&
	echo "nonsense {" >/etc/dovecot/local.conf &&
	find /etc/dovecot /etc/postfix /var/lib/mailadm/rendered -type f \
	    -exec sha256sum {} + | sort >"$T/before" &&
	run mailadm setup "$ME" $first --yes && status 10 &&
	like "$err" "the old one is back" && like "$err" configuration &&
	find /etc/dovecot /etc/postfix /var/lib/mailadm/rendered -type f \
	    -exec sha256sum {} + | sort >"$T/after" &&
	run cmp "$T/before" "$T/after" && status 0 &&
	rm /etc/dovecot/local.conf &&
	run mailadm setup "$ME" $first --yes && status 0 &&
	talk 110 && matches "$out" "^.OK"'

# As a killed run, or an admin, leaves it: with nothing to be written.
t 'servers that run are not ended for files that they could not read' '
	echo "nonsense {" >/etc/dovecot/local.conf &&
	rm /var/lib/mailadm/applied && pidof dovecot >"$T/before" &&
	run mailadm setup "$ME" $first --yes && status 10 &&
	like "$err" "services: doveconf" && pidof dovecot >"$T/after" &&
	run cmp "$T/before" "$T/after" && status 0 &&
	rm /etc/dovecot/local.conf &&
	run mailadm setup "$ME" $first --yes && status 0'

# systemctl of Debian 12 says so of Postfix.
# shellcheck disable=SC2317 # by cases
systemd_that_starts_nothing() {
	mkdir /run/systemd/system &&
	printf "#!/bin/sh\n" >/usr/local/sbin/systemctl &&
	chmod 755 /usr/local/sbin/systemctl
}

command -v rspamd >/dev/null ||
t 'a server that is said to be started, and does not run, is named' '
	postfix stop 2>/dev/null && mkdir -p /run/systemd &&
	systemd_that_starts_nothing && run mailadm setup "$ME" --yes &&
	status 10 && like "$err" "Postfix was started, and does not run" &&
	unlike "$err" "services *done" &&
	rm -r /run/systemd/system /usr/local/sbin/systemctl &&
	run mailadm setup "$ME" $first --yes && status 0'

# It takes as long as setup waits, so one release is enough.
command -v rspamd >/dev/null ||
t 'a mail that does not arrive is said, and how to go on' '
	echo "defer_transports = lmtp" >/etc/postfix/local.cf &&
	run mailadm setup "$ME" $first --yes && status 8 &&
	like "$err" "the mail did not arrive" &&
	like "$err" "mailq says what waits; mailadm doctor" &&
	like "$err" "the same command goes on from here" &&
	rm /etc/postfix/local.cf &&
	run mailadm setup "$ME" $first --yes && status 0'

t 'a host that gets another name gets another certificate' '
	run mailadm setup mx2.example.test $first --dry-run && status 0 &&
	like "$out" "certificate	make one for mx2.example.test"'

t 'the certificate of Let'"'"'s Encrypt is taken once it is there' '
	rm "$W/ca.pem" && certificate 1 &&
	run mailadm setup "$ME" $first --yes && status 0 &&
	eventually is_certificate 993 && logs_in $first pw-anna-ek'

t 'the files of an earlier installation are known by their mark' '
	cp -p /etc/mailadm/dkim.secret "$T/secret" &&
	rm -rf /etc/mailadm /var/lib/mailadm && mkdir /etc/mailadm &&
	cp -p "$T/secret" /etc/mailadm/dkim.secret &&
	run mailadm setup "$ME" --yes && status 0 &&
	like "$err" "mailadm domain add DOMAIN" &&
	logs_in $first pw-anna-ek &&
	send again postmaster@example.test && arrives $first pw-anna-ek again'

t 'it finds the other mail server that listens' '
	postfix stop 2>/dev/null && cp "$(command -v perl)" /usr/sbin/exim4 &&
	/usr/sbin/exim4 -MIO::Socket::INET -e "
	    \$s = IO::Socket::INET->new(Listen => 1, LocalPort => 25,
	    ReuseAddr => 1) or die;
	    open F, q(>), q($T/ready); sleep 600" & pid=$!
	eventually test -e "$T/ready" &&
	run mailadm setup "$ME" $first --yes && status 6 &&
	like "$err" "/usr/sbin/exim4 listens on port 25"
	t_result=$?
	kill $pid
	[ $t_result -eq 0 ]'

finish
