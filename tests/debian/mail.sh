# shellcheck shell=sh
# A bare Debian becomes a mail server, as README.md says, and mail goes
# through it: run by release.sh, in the root of each release.
#
# Nothing of the configuration is changed for the test: the files are those
# of "config render all --out /", byte for byte, the ports and paths the real
# ones.  Who asks stands outside, on a network that the server does not trust.
. tests/lib.sh
. tests/debian/lib-mail.sh
. tests/debian/lib-doctor.sh
. tests/e2e/lib-cases.sh
. tests/e2e/lib-hashes.sh
[ "$(hostname) $(pwd)" = "$ME /usr/local/src/mailadm" ] ||
	bail_out 'run by tests/debian/release.sh, in a root of its own'

### From the bare system to a server

# Both tests of a release share what is built.
build() {
	# shellcheck disable=SC2016 # for the inner shell
	flock build/.lock sh -c \
	    'make -s "-j$(nproc)" all && make -s install'
}

t 'mailadm builds and installs here' '
	run build && status 0 &&
	run mailadm --version && status 0'

# The packages as they are installed, before anything is set up.
t 'config verify says what to do next, and little else' '
	run mailadm config verify && status 1 &&
	is "$(cut -f 1,6 "$T/out")" "V077	mailadm config init; \
mailadm schema init; mailadm config render all --out /" &&
	like "$err" "nothing is set up yet" &&
	is "$(cat "$T/out" "$T/err" | awk "END { print NR <= 6 }")" 1'

world_up || bail_out 'no names, no log'
certificate 1 || bail_out 'no certificate'

t 'config init makes settings, passwords and grants' '
	run mailadm config init --hostname "$ME" --pop3 yes && status 0'

# As config init says next.
accounts() {
	database_up &&
	mailadm schema init &&
	mariadb </etc/mailadm/grants.sql &&
	useradd --system mailadm_check &&
	useradd --system mailadm_policy &&
	groupadd --gid 5000 vmail &&
	useradd --uid 5000 --gid vmail --home /var/vmail \
		--shell /usr/sbin/nologin vmail &&
	install -d -o vmail -g vmail -m 0700 /var/vmail
}

t 'schema and accounts are made as config init says' '
	run accounts && status 0 &&
	run mailadm status && status 0'

t 'what the packages installed is replaced, unless it was edited' '
	cp -p /etc/postfix/main.cf "$T/main.cf" &&
	postconf -e relayhost=relay.example.test &&
	run mailadm config render all --out / && status 6 &&
	! grep -q mailadm /etc/postfix/main.cf &&
	cp -p "$T/main.cf" /etc/postfix/main.cf &&
	run mailadm config render all --out / && status 0 &&
	grep -q mailadm /etc/postfix/main.cf &&
	run mailadm config render all --out / && status 0 &&
	unlike "$out" written'

unchanged() {
	rm -rf "$T/again"
	mailadm -q config render all --out "$T/again" >/dev/null || return 1
	# Where there is no cron, nobody would read it.
	[ -d /etc/cron.d ] || rm -r "$T/again/etc/cron.d"
	(cd "$T/again" && find etc -type f) | while read -r file; do
		cmp "$T/again/$file" "/$file" || exit 1
	done
}

t 'the files in place are those that render makes elsewhere' '
	run unchanged && status 0'

secrets() {
	sed -n 's/^password *= *//p' /etc/mailadm/accounts.cnf | tr -d '"'
}

public() {
	secrets >"$T/secrets"
	find /etc /var/lib/mailadm -type f -perm -o=r \
		-exec grep -lFf "$T/secrets" {} +
}

t 'no password of the database can be read by others' '
	lines "$(secrets)" 6 && empty "$(public)"'

servers() {
	/etc/init.d/postfix start && /etc/init.d/dovecot start
}

greets() { # PORT
	talk "$1" && matches "$out" '^(220 |\* OK |\+OK)'
}

t 'Postfix and Dovecot start and listen on their ports' '
	run servers && status 0 &&
	for port in 25 587 143 110; do
		eventually greets $port || return 1
	done &&
	for port in 465 993 995; do
		eventually is_certificate $port || return 1
	done'

t 'config verify finds nothing wrong' '
	run mailadm config verify && status 0 && empty "$out"'

### Who is there

add_user() { # EMAIL OPTION...
	t_user=$1
	shift
	echo "pw-${t_user%%@*}" |
		mailadm -q user add "$t_user" --password-stdin --force \
			"$@"
}

people() {
	cat >"$T/batch" <<-END
	domain add example.test
	domain add rest.test
	domain add off.test
	domain add aka.test --alias-of example.test
	END
	mailadm -q -f "$T/batch" &&
	add_user anna@example.test && add_user bo@example.test &&
	add_user carl@example.test && add_user full@example.test --quota 1M &&
	add_user dora@off.test &&
	add_user bot@example.test --may-login no --may-receive no &&
	add_user mute@example.test --may-send no &&
	mailadm -q user disable carl@example.test &&
	mailadm -q domain disable off.test &&
	cat >"$T/batch" <<-END &&
	alias add postmaster@example.test anna@example.test
	alias add info@example.test bo@example.test
	alias add team@example.test anna@example.test bo@example.test
	alias add ext@example.test somebody@outside.test
	alias add @rest.test bo@example.test
	END
	mailadm -q -f "$T/batch"
}

t 'domains, users and aliases are made' '
	run people && status 0 &&
	run doveadm user "*" && status 0 &&
	is "$out" "anna@example.test
bo@example.test
bot@example.test
full@example.test
mute@example.test"'

anna='anna@example.test pw-anna'
bo='bo@example.test pw-bo'

### Mail comes in

t 'mail for a user is taken over 25 and read over 993' '
	send to-user anna@example.test && arrives $anna to-user'

t 'mail for an alias reaches all of its destinations' '
	send to-team team@example.test &&
	arrives $anna to-team && arrives $bo to-team'

t 'mail for an alias to elsewhere goes out' '
	send to-ext ext@example.test && gone_out to-ext'

t 'mail for a name in an alias domain reaches the user' '
	send to-aka anna@aka.test && arrives $anna to-aka'

t 'a +tag reaches the user' '
	send to-tag anna+news@example.test && arrives $anna to-tag'

t 'a catch-all gets what nobody has, and nothing else' '
	send to-rest whoever@rest.test && arrives $bo to-rest'

t 'postmaster is reached' '
	send to-postmaster postmaster@example.test &&
	arrives $anna to-postmaster'

t 'unknown names are refused, in alias domains too' '
	try nobody@example.test && like "$err" "550 5.1.1" &&
	try nobody@aka.test && like "$err" "550 5.1.1"'

t 'a disabled user is refused, and a disabled domain is not ours' '
	try carl@example.test && like "$err" "550 5.1.1" &&
	try dora@off.test && matches "$err" "< (454|55[04]) "'

t 'who may not receive is refused' '
	try bot@example.test && like "$err" "550 5.1.1"'

t 'mail is not relayed for strangers' '
	try somebody@outside.test && like "$err" "554 5.7.1"'

t 'mail comes in over TLS when the sender wants that' '
	run client --ssl-reqd --url "smtp://$ME/client.sender.test" \
		--mail-from tls@sender.test --mail-rcpt anna@example.test \
		--upload-file "$T/message" && status 0 &&
	is_certificate 25 smtp'

### Logging in

t 'IMAP works with STARTTLS on 143 as well' '
	run client --ssl-reqd -u anna@example.test:pw-anna \
		"imap://$ME/INBOX" -X NOOP && status 0 &&
	is_certificate 143 imap'

t 'POP3 works with TLS on 995 and STARTTLS on 110' '
	run client -u anna@example.test:pw-anna "pop3s://$ME/" && status 0 &&
	run client --ssl-reqd -u anna@example.test:pw-anna "pop3://$ME/" &&
	status 0'

t 'a name may be typed in capitals' '
	logs_in Anna@Example.Test pw-anna'

t 'folders for drafts, junk, sent and trash are there' '
	run imap $anna "" "LIST (SPECIAL-USE) \"\" *" && status 0 &&
	for folder in Drafts Junk Sent Trash; do
		like "$out" "\\$folder" || return 1
	done'

t 'a wrong password, an unknown and a disabled user log in nowhere' '
	no_login anna@example.test wrong &&
	no_login nobody@example.test pw-nobody &&
	no_login carl@example.test pw-carl &&
	no_login dora@off.test pw-dora &&
	no_login anna@example.test ""
	stranger &&
	submit 465 anna@example.test wrong anna@example.test \
		bo@example.test no && like "$err" "535 5.7.8" &&
	stranger &&
	submit 587 carl@example.test pw-carl carl@example.test \
		bo@example.test no && like "$err" "535 5.7.8"'

t 'who may not log in may send, and the other way round' '
	no_login bot@example.test pw-bot && stranger &&
	submit 465 bot@example.test pw-bot bot@example.test \
		anna@example.test from-bot && status 0 &&
	arrives $anna from-bot &&
	logs_in mute@example.test pw-mute &&
	submit 465 mute@example.test pw-mute mute@example.test \
		anna@example.test no && like "$err" "535 5.7.8"'

plain() { # USER PASSWORD
	printf '\0%s\0%s' "$1" "$2" | base64
}

t 'without TLS no password is taken' '
	stranger &&
	talk 143 "a LOGIN anna@example.test pw-anna" &&
	like "$out" "NO [PRIVACYREQUIRED]" &&
	talk 110 "USER anna@example.test" && like "$out" "-ERR" &&
	talk 587 "EHLO client.sender.test" "AUTH PLAIN $(plain $anna)" &&
	like "$out" "530 5.7.0" &&
	talk 25 "EHLO client.sender.test" "AUTH PLAIN $(plain $anna)" &&
	matches "$out" "^50[23] 5.5.1"'

tls() { # PORT VERSION
	out openssl s_client -connect "$ME:$1" "-tls1_$2" \
		-cipher DEFAULT@SECLEVEL=0 </dev/null 2>&1
}

t 'TLS before 1.2 is refused where passwords are taken' '
	for port in 465 993 995; do
		run tls $port 2 && status 0 && like "$out" "Cipher is ECDHE" &&
		run tls $port 1 && status 1 && like "$out" "Cipher is (NONE)" ||
			return 1
	done'

### Sending

t 'mail is sent over 465 and 587, to users and to elsewhere' '
	submit 465 $anna anna@example.test bo@example.test by-465 &&
	status 0 && arrives $bo by-465 &&
	submit 587 $anna anna@example.test somebody@outside.test by-587 &&
	status 0 && gone_out by-587'

t 'nobody sends without a login' '
	for port in 465 587; do
		t_url=smtp://$ME:587 &&
		if [ $port = 465 ]; then t_url=smtps://$ME:465; fi &&
		run client --ssl-reqd --url "$t_url/client.sender.test" \
			--mail-from anna@example.test \
			--mail-rcpt bo@example.test \
			--upload-file "$T/message" &&
		matches "$err" "< 5[35][034] 5.7" || return 1
	done'

# bo sends as ADDRESS; what is answered.
as() {
	# shellcheck disable=SC2086 # name and password
	submit 465 $bo "$1" anna@example.test "as-$1"
}

t 'another user is no sender of mine' '
	as anna@example.test && like "$err" "553 5.7.1" &&
	as somebody@outside.test && like "$err" "553 5.7.1" &&
	submit 587 $bo anna@example.test anna@example.test no &&
	like "$err" "553 5.7.1"'

t 'an alias that delivers to me is, a catch-all too, and an alias domain' '
	as info@example.test && status 0 &&
	as whoever@rest.test && status 0 &&
	as bo@aka.test && status 0'

t 'a grant lets me send as somebody else until it is revoked' '
	run mailadm user grant bo@example.test --send-as anna@example.test &&
	status 0 && as anna@example.test && status 0 &&
	run mailadm user revoke bo@example.test --send-as anna@example.test &&
	status 0 && as anna@example.test && like "$err" "553 5.7.1"'

t 'a grant of a domain covers each name of it' '
	run mailadm user grant bo@example.test --send-as @example.test &&
	status 0 && as anna@example.test && status 0 &&
	as whoever@example.test && status 0 &&
	run mailadm user revoke bo@example.test --send-as @example.test &&
	status 0 && as anna@example.test && like "$err" "553 5.7.1"'

as_bo() { # ADDRESS SUBJECT
	# shellcheck disable=SC2086 # name and password
	submit 587 $bo bo@example.test "$1" "$2"
}

t 'a sending limit counts what went before: 450, until there is none' '
	run mailadm user set bo@example.test --send-limit 1/h &&
	status 0 && as_bo anna@example.test limited &&
	like "$err" "450 4.7.1" && run mailadm check --rule U025 &&
	like "$out" bo@example.test &&
	run mailadm user set bo@example.test --send-limit default &&
	as_bo anna@example.test unlimited && status 0 &&
	arrives $anna unlimited'

t 'to an alias for its members only those send' '
	run mailadm alias add closed@example.test anna@example.test &&
	run mailadm alias set closed@example.test --from members &&
	status 0 && as_bo closed@example.test no &&
	like "$err" "550 5.7.1" &&
	submit 465 $anna anna@example.test closed@example.test member &&
	status 0 && arrives $anna member'

t 'the doctor asks the service that knows it' '
	run mailadm doctor && matches "$out" "^sending	ok	"'

### What is noted, and limits

shown() { # EMAIL COLUMN
	mailadm -o json user show "$1" |
		perl -MJSON::PP -e '
			$_ = decode_json(join "", <STDIN>)->{$ARGV[0]};
			print ref ? join(" ", @$_) : $_ // "null"' "$2"
}

noted() { # EMAIL COLUMN
	case $(shown "$@") in
	''|0|null) return 1 ;;
	esac
}

t 'user show has the last login and the used bytes' '
	eventually noted anna@example.test last_login &&
	eventually noted anna@example.test used &&
	like "$(shown anna@example.test last_login)" "$(date -u +%Y-)" &&
	is "$(shown bot@example.test last_login)" null'

# Fewer and fewer bytes go in; the grace lets one over the limit.
t 'a full mailbox is refused when the recipient is named' '
	transfer big@sender.test 940000 q1 full@example.test && status 0 &&
	arrives full@example.test pw-full q1 &&
	transfer big@sender.test 150000 q2 full@example.test && status 0 &&
	arrives full@example.test pw-full q2 &&
	try full@example.test && like "$err" "552 5.2.2" &&
	try full+tag@example.test && like "$err" "552 5.2.2" &&
	[ "$(shown full@example.test used)" -gt 1048576 ]'

t 'a greater quota holds at once' '
	run mailadm user set full@example.test --quota 10M && status 0 &&
	send q3 full@example.test && arrives full@example.test pw-full q3'

### Changes hold at once

t 'a changed password holds at once' '
	echo other | mailadm -q user passwd bo@example.test --password-stdin \
	    --force &&
	logs_in bo@example.test other &&
	no_login bo@example.test pw-bo && stranger &&
	echo pw-bo | mailadm -q user passwd bo@example.test --password-stdin \
	    --force &&
	logs_in $bo'

t 'a disabled user is out at once, and back when enabled' '
	run mailadm user disable bo@example.test && status 0 &&
	no_login $bo && stranger &&
	try bo@example.test && like "$err" "550 5.1.1" &&
	run mailadm user enable bo@example.test && status 0 &&
	logs_in $bo && send enabled bo@example.test && arrives $bo enabled'

is_out() {
	no_login "$bo" && try bo@example.test && like "$err" "550 5.1.1"
}

t 'who expires is out by the clock alone, and back with another time' '
	run mailadm user set bo@example.test --expires 5s && status 0 &&
	eventually is_out && stranger &&
	run mailadm user set bo@example.test --expires 30d && status 0 &&
	logs_in $bo && send expires bo@example.test && arrives $bo expires &&
	run mailadm user set bo@example.test --expires none && status 0'

t 'a domain is out at once, and back when enabled' '
	run mailadm domain disable example.test && status 0 &&
	no_login $bo && stranger &&
	try bo@example.test && matches "$err" "< (454|55[04]) " &&
	run mailadm domain enable example.test && status 0 &&
	logs_in $bo && send domain-enabled bo@example.test &&
	arrives $bo domain-enabled'

### Cases

case_store=/var/vmail
case_owner=vmail:vmail
case_log=/var/log/mail.log
case_queue=/var/spool/postfix
case_sink=$W/sink
case_host=$ME

case_smtp() {
	out perl tests/e2e/smtp.pl -h 192.0.2.1 -p 25 "$@"
}

case_sendmail() {
	sendmail -f outside@sender.test "$@"
}

case_doveadm() {
	doveadm "$@"
}

cases_run tests/data/mail.tsv

# One of them adds it, which config verify says is wrong.
mailadm -q domain remove "$ME" --yes

### Hashes, and what config verify and check say of them

release=$(dovecot --version | sed 's/^\([0-9]*\.[0-9]*\).*/\1/')

hash_sql() {
	mariadb mail -e "$1"
}

hash_doveadm() {
	doveadm "$@"
}

# Whose hash is old: the logins that differ between the releases.
old_hashes() {
	hashes_rows | awk -F '\t' '$4 == "yes" && $5 == "no" {
		print "u" $1 "@planted.test" }' | sort
}

refused_hashes() {
	mailadm check --rule U024 --domain planted.test --columns name | sort
}

settings=/etc/mailadm/mailadm.conf

dovecot_again() {
	mailadm -q config render dovecot --out / --force >/dev/null &&
		/etc/init.d/dovecot restart >/dev/null
}

t 'each hash logs in or not, as its release does' '
	hashes_plant planted.test && hashes_log_in planted.test "$release"'

t 'and as user add stores what it accepts' '
	hashes_store stored.test && hashes_log_in stored.test "$release"'

t 'U024 names those that Dovecot refuses, and nobody else' '
	if [ "$release" = 2.3 ]; then
		empty "$(refused_hashes)"
	else
		lines "$(old_hashes)" 9 &&
		is "$(refused_hashes)" "$(old_hashes)"
	fi'

t 'with allow_weak_schemes they log in at each release' '
	cp -p $settings "$T/settings" &&
	echo "allow_weak_schemes = yes" >>$settings && dovecot_again &&
	eventually greets 143 && hashes_log_in planted.test 2.3 &&
	empty "$(refused_hashes)" &&
	run mailadm config verify && status 0 && empty "$out"'

t 'and without it no longer' '
	cp -p "$T/settings" $settings && dovecot_again &&
	eventually greets 143 && hashes_log_in planted.test "$release" &&
	run mailadm config verify && status 0 && empty "$out"'

bare_hashes_fail() {
	scheme=default_password_scheme
	sed -i "s/$scheme = .*/$scheme = MD5-CRYPT/" \
		/etc/dovecot/mailadm-sql.conf.ext &&
	/etc/init.d/dovecot restart >/dev/null &&
	run mailadm config verify --rule V057 && status 1 &&
	like "$out" MD5-CRYPT && eventually greets 143 && stranger || return 1
	run imap bo@example.test pw-bo INBOX NOOP
	status 67 && like "$err" " NO ["
}

# Dovecot 2.3 knows them by their $5$.
if [ "$release" != 2.3 ]; then
	t 'V057: where bare hashes are taken for MD5, nobody logs in' '
		bare_hashes_fail'
	t 'and with the rendered file again all do' '
		dovecot_again && eventually greets 143 &&
		logs_in bo@example.test pw-bo'
fi

# A process of before may serve a client more.
utf8_taken() {
	run case_smtp -u -f jörg@sender.test -s utf8 bo@example.test &&
		like "$out" "250 2.0.0"
}

utf8_not_taken() {
	run case_smtp -u -f jörg@sender.test bo@example.test &&
		like "$out" "not sent"
}

bounced() {
	[ "$(case_bounces)" -gt "$case_bounced" ]
}

t 'V058: where SMTPUTF8 is announced, such mail bounces' '
	keywords=smtpd_discard_ehlo_keywords
	cp -p /etc/postfix/main.cf "$T/main.cf" &&
	postconf -e "$keywords =" && postfix reload 2>/dev/null &&
	run mailadm config verify --rule V058 && status 1 &&
	like "$out" V058 && case_bounced=$(case_bounces || :) &&
	eventually utf8_taken && eventually bounced &&
	cp -p "$T/main.cf" /etc/postfix/main.cf &&
	postfix reload 2>/dev/null &&
	run mailadm config verify && status 0 && empty "$out" &&
	eventually utf8_not_taken'

### The certificate

t 'the deploy hook puts a renewed certificate into use' '
	before=$(certificate_of 993) && certificate 2 &&
	run /etc/letsencrypt/renewal-hooks/deploy/mailadm && status 0 &&
	for port in 993 995 465; do
		eventually is_certificate $port || return 1
	done &&
	eventually is_certificate 25 smtp &&
	unlike "$(certificate_of 993)" "$before" &&
	logs_in $anna && send renewed anna@example.test &&
	arrives $anna renewed'

### The doctor

doctor_cases

### Without the database

# Never a final answer: neither 550 nor "wrong password".  What a frozen
# server was asked over an open connection stays without an answer: the client
# gives up, and comes again.
put_off() {
	stranger
	patience=15
	timed try anna@example.test
	unlike "$err" '< 5' || return 1
	[ "$status" -eq 28 ] || matches "$err" '< 4[25][0-9] ' || return 1
	echo "# $1: RCPT is put off after $took s, status $status"
	patience=100
	timed run imap anna@example.test pw-anna INBOX NOOP
	like "$err" 'NO [UNAVAILABLE]' || return 1
	echo "# $1: an IMAP login is put off after $took s"
	patience=15
	timed submit 465 anna@example.test pw-anna anna@example.test \
		bo@example.test no
	patience=100
	unlike "$err" '< 5' || return 1
	[ "$status" -eq 28 ] || matches "$err" '< 4[25][0-9] ' || return 1
	echo "# $1: a submission is put off after $took s, status $status"
}

submits() {
	submit 465 anna@example.test pw-anna anna@example.test \
		bo@example.test again && status 0
}

# It takes some seconds, which the log has; a busy machine has more time, but
# not the minute that the servers would wait as they are shipped.
works_again() {
	t_back=$(now)
	within 50 logs_in anna@example.test pw-anna || return 1
	echo "# $1: logins work again $(since "$t_back") s after its return"
	within 50 send "after-$1" anna@example.test || return 1
	echo "# $1: mail is taken again $(since "$t_back") s after its return"
	within 50 submits || return 1
	t_back=$(since "$t_back")
	echo "# $1: all works again $t_back s after its return"
	[ "${t_back%.*}" -lt 50 ] &&
		arrives anna@example.test pw-anna "after-$1"
}

t 'while the database is down, all is put off and nothing refused' '
	database_down && put_off down && doctor &&
	first database "cannot reach the database"'

t 'mail that is written meanwhile waits' '
	message waiting root@$ME anna@example.test >"$T/waiting" &&
	run sendmail -f "" anna@example.test <"$T/waiting" && status 0'

t 'within the minute of its return all works again' '
	database_up && works_again down &&
	postqueue -f && within 100 arrives $anna waiting'

t 'while the database is frozen, all is put off and nothing refused' '
	kill -STOP "$(database_pid)" && put_off frozen
	t_result=$?
	kill -CONT "$(database_pid)" && [ $t_result -eq 0 ]'

t 'within the minute of its thaw all works again' '
	works_again frozen'

# What a backup by mysqldump does.
locked() {
	mariadb mail -e "LOCK TABLES users READ, domains READ, aliases READ,
		logins READ, quota_usage READ, send_as READ;
		SELECT SLEEP(300)" >/dev/null 2>&1 &
	lock_pid=$!
	eventually sleeping
}

sleeping() {
	mariadb -e 'SHOW PROCESSLIST' | grep -q 'SLEEP(300)'
}

t 'where the tables can only be read, logins and delivery go on' '
	locked && timed logs_in $anna && took_login=$took &&
	timed send only-read anna@example.test && arrives $anna only-read &&
	echo "# read-only: a login takes $took_login s" &&
	[ "${took_login%.*}" -lt 5 ]
	t_result=$?
	kill $lock_pid
	[ $t_result -eq 0 ]'

### In the end

t 'the files are as render left them' '
	run unchanged && status 0'

# The first of the two does not exist.
two_hosts() {
	mailadm -q config init --database-hosts \
		'/run/away.sock /run/mysqld/mysqld.sock' &&
	mailadm -q config render all --out / && postfix reload &&
	doveadm reload
}

t 'of several database hosts the one that answers is asked' '
	run two_hosts && status 0 &&
	eventually logs_in $anna && timed logs_in $anna &&
	[ "${took%.*}" -lt 2 ] &&
	eventually send second-host anna@example.test &&
	arrives $anna second-host'

# What came before a bounce says why.
t 'nothing was bounced, but for what SMTPUTF8 let in' '
	empty "$(grep "status=bounced" /var/log/mail.log |
	    grep -v "dsn=5.6.7" | tail -n 40)"'

finish
