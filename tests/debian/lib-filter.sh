# shellcheck shell=sh disable=SC2154 # of lib.sh and lib-mail.sh
# Mail filters and their world: tests/debian/filter.sh and costs.sh source it
# after lib-mail.sh.
#
#   build                mailadm is built and installed
#   accounts             of the system and the database
#   people               users of two domains, and an alias domain
#   names_up             unbound on 127.0.0.1, with the names of .example
#   keys_add             the keys of our domains, into the database
#   publish DOMAIN SELECTOR    the record of a key, into the names
#   systemctl_make       the command by which "dkim sync" reloads
#   FILTER_up FILTER_down
#   servers_up           Postfix and Dovecot
#
#   compose FROM TO SUBJECT [HEADER...]      a message, on standard output
#   submit_file PORT USER PASSWORD FROM TO   $T/mail; see $err
#   receive ADDRESS FROM TO                  $T/mail over 25, from 192.0.2.N or
#                                            10.9.0.2
#   sunk_file SUBJECT    the file of a message that went outside
#   verified SUBJECT DOMAIN    it has a signature of that domain that holds
#   unsigned SUBJECT           it has none
#   header USER SUBJECT NAME   of a message in a mailbox

KEYS=/var/lib/mailadm/dkim
POSTFIX=/var/spool/postfix

### mailadm

# Both tests of a release share what is built.
build() {
	# shellcheck disable=SC2016 # for the inner shell
	flock build/.lock sh -c \
	    'make -s "-j$(nproc)" all && make -s install'
}

accounts() {
	database_up && mailadm schema init &&
	mariadb </etc/mailadm/grants.sql &&
	useradd --system mailadm_check &&
	useradd --system mailadm_policy &&
	groupadd --gid 5000 vmail &&
	useradd --uid 5000 --gid vmail --home /var/vmail \
		--shell /usr/sbin/nologin vmail &&
	install -d -o vmail -g vmail -m 0700 /var/vmail
}

people() {
	cat >"$T/batch" <<-END
	domain add alpha.example
	domain add beta.example
	domain add aka.example --alias-of alpha.example
	END
	mailadm -q -f "$T/batch" &&
	for t_user in anna@alpha.example bo@alpha.example \
	    eve@beta.example; do
		echo "pw-${t_user%%@*}" | mailadm -q user add "$t_user" \
			--password-stdin --force || return 1
	done
}

### Names

# What DNS has of a key.
key_record() { # KEY-FILE
	openssl pkey -in "$1" -pubout -outform DER 2>/dev/null | base64 -w 0
}

ed_record() { # KEY-FILE
	openssl pkey -in "$1" -pubout -outform DER 2>/dev/null | tail -c 32 |
		base64
}

# A TXT record in pieces of at most 200 characters.
txt() { # NAME TEXT
	printf '%s TXT' "$1"
	printf '%s' "$2" | fold -w 200 | sed 's/.*/ "&"/' | tr -d '\n'
	echo
}

zone() {
	cat tests/debian/filter.zone
	for d in alpha beta aka; do
		txt "r1._domainkey.$d" "v=DKIM1; k=rsa; p=$(
			key_record "$W/keys/$d.pem")"
	done
	txt e1._domainkey.alpha "v=DKIM1; k=ed25519; p=$(
		ed_record "$W/keys/alpha.ed")"
	for d in pass fail soft neutral nospf two loose strict; do
		txt "s1._domainkey.$d" "v=DKIM1; k=rsa; p=$(
			key_record "$W/keys/sender.pem")"
	done
	for d in pass soft; do
		txt "e1._domainkey.$d" "v=DKIM1; k=ed25519; p=$(
			ed_record "$W/keys/sender.ed")"
	done
}

names_up() {
	mkdir -p "$W/keys" "$W/unbound" &&
	for d in alpha beta aka sender; do
		openssl genrsa -out "$W/keys/$d.pem" 2048 2>/dev/null ||
			return 1
	done &&
	for d in alpha sender; do
		openssl genpkey -algorithm ed25519 -out "$W/keys/$d.ed" ||
			return 1
	done &&
	openssl pkey -in "$W/keys/sender.ed" -outform DER | tail -c 32 |
		base64 >"$W/keys/sender.seed" &&
	zone >"$W/unbound/zone" &&
	cp tests/debian/filter-org.zone "$W/unbound/org" &&
	cat >"$W/unbound/conf" <<-END &&
	remote-control:
	    control-enable: yes
	    control-interface: "$W/unbound/control"
	    control-use-cert: no
	server:
	    interface: 127.0.0.1
	    chroot: ""
	    username: ""
	    directory: "$W/unbound"
	    pidfile: "$W/unbound/pid"
	    use-syslog: no
	    logfile: "$W/unbound/log"
	    module-config: "iterator"
	    local-zone: "test." nodefault
	    local-zone: "2.0.192.in-addr.arpa." nodefault
	    cache-max-negative-ttl: 1
	auth-zone:
	    name: "example."
	    zonefile: "$W/unbound/zone"
	    for-downstream: yes
	    for-upstream: yes
	auth-zone:
	    name: "example.org."
	    zonefile: "$W/unbound/org"
	    for-downstream: yes
	    for-upstream: yes
	forward-zone:
	    name: "test."
	    forward-addr: 192.0.2.2
	forward-zone:
	    name: "2.0.192.in-addr.arpa."
	    forward-addr: 192.0.2.2
	END
	ip addr add 10.9.0.1/24 dev mail &&
	ip -n outside addr add 10.9.0.2/24 dev client &&
	unbound -c "$W/unbound/conf" &&
	echo 'nameserver 127.0.0.1' >/etc/resolv.conf &&
	eventually getent hosts mx.out.example
}

### Keys

# The key goes into the database, and signs, as DNS has its record.
key_add() { # DOMAIN SELECTOR FILE
	mailadm -q dkim add "$1" --selector "$2" --import "$3" --activate \
		--no-sync
}

keys_add() {
	for d in alpha beta aka; do
		key_add "$d.example" r1 "$W/keys/$d.pem" || return 1
	done &&
	key_add alpha.example e1 "$W/keys/alpha.ed"
}

# What the owner of the domain does: DNS gets the record of the key.
publish() { # DOMAIN SELECTOR
	mailadm -o tsv --columns name,value dkim show "$1" "$2" |
	while read -r p_name p_value; do
		txt "${p_name%.}." "$p_value"
	done >>"$W/unbound/zone" && zone_load
}

zone_load() {
	unbound-control -c "$W/unbound/conf" auth_zone_reload example. \
		>"$T/unbound"
}

# In place of systemd, which does not run here: what the units of Debian do at
# a reload, and nothing while the filter is not running.
systemctl_make() {
	cat >/usr/local/sbin/systemctl <<-END
	#!/bin/sh
	case \$* in
	"try-reload-or-restart rspamd") signal=HUP pid=$W/rspamd.pid ;;
	"try-reload-or-restart opendkim")
		signal=USR1 pid=/run/opendkim/opendkim.pid ;;
	*) echo "not expected: \$*" >&2; exit 1 ;;
	esac
	[ ! -e \$pid ] || kill -\$signal \$(cat \$pid)
	END
	chmod 755 /usr/local/sbin/systemctl
}

# The pattern for spam by agreement, in the kinds that only tests want: a file
# that we do not render.
test_patterns() {
	printf '%s\n' 'enable_test_patterns = true;' 'gtube_patterns = "all";' \
		>/etc/rspamd/local.d/options.inc
}

### Programs, as their units start them

rspamd_up() {
	install -d -o _rspamd -m 755 /run/rspamd &&
	setpriv --reuid _rspamd --regid _rspamd --init-groups \
		rspamd -c /etc/rspamd/rspamd.conf -f >"$W/rspamd.out" 2>&1 &
	rspamd_pid=$!
	echo "$rspamd_pid" >"$W/rspamd.pid"
	within 300 milter_answers rspamd/milter.sock
}

rspamd_down() {
	kill "$rspamd_pid" && wait "$rspamd_pid"
	rm -f "$POSTFIX/rspamd/milter.sock" "$W/rspamd.pid"
}

gone() {
	! pidof "$1" >"$T/pids"
}

opendkim_up() {
	install -d -o opendkim -m 755 /run/opendkim &&
	opendkim && within 20 milter_answers opendkim/opendkim.sock &&
	opendmarc_up
}

opendmarc_up() {
	install -d -o opendmarc -m 755 /run/opendmarc &&
	setpriv --reuid opendmarc --regid opendmarc --init-groups opendmarc &&
	within 20 milter_answers opendmarc/opendmarc.sock
}

# It removes its socket some time after the signal, so its end is waited for.
opendkim_down() {
	kill "$(cat /run/opendkim/opendkim.pid)" \
	    "$(cat /run/opendmarc/opendmarc.pid)" &&
	within 30 gone opendkim && within 30 gone opendmarc
}

# By the account that asks.
milter_answers() {
	setpriv --reuid postfix --regid postfix --init-groups \
		perl -MIO::Socket::UNIX -e '
	    exit !IO::Socket::UNIX->new(Peer => $ARGV[0])' "$POSTFIX/$1"
}

servers_up() {
	/etc/init.d/postfix start && /etc/init.d/dovecot start
}

### Mail

compose() {
	printf 'From: <%s>\r\nTo: <%s>\r\nSubject: %s\r\n' "$1" "$2" "$3"
	printf 'Date: %s\r\nMessage-ID: <%s@client.example>\r\n' \
		"$(date -R)" "$3"
	shift 3
	for c_header; do
		printf '%s\r\n' "$c_header"
	done
	printf '\r\nHow do you do?\r\n'
}

submit_file() {
	t_url=smtps://$ME:465
	[ "$1" = 465 ] || t_url=smtp://$ME:$1
	run client --ssl-reqd --url "$t_url/client.sender.test" \
		-u "$2:$3" --mail-from "${4:-<>}" --mail-rcpt "$5" \
		--upload-file "$T/mail"
}

receive() { # ADDRESS FROM TO
	interface=$1
	run client --url "smtp://$ME/client.sender.test" \
		--mail-from "${2:-<>}" --mail-rcpt "$3" \
		--upload-file "$T/mail"
}

sunk_file() {
	grep -ls "^Subject: $1\$" "$W"/sink/* | head -n 1
}

# Without the lines that smtp-sink puts in front.
sunk_mail() {
	sed '1,/^Received: /{/^X-/d}' "$(sunk_file "$1")"
}

signatures() { # SUBJECT
	sunk_mail "$1" | sed '/^$/q' | grep -ci '^DKIM-Signature:'
}

# By a program of another make than both filters: "SUBJECT DOMAIN SELECTOR
# ALGORITHM ok" of each signature, a line for each.
signed() { # FILE...
	python3 tests/debian/signed.py "$@"
}

verified() { # SUBJECT DOMAIN
	gone_out "$1" && run signed "$(sunk_file "$1")" && status 0 &&
	is "$(printf '%s\n' "$out" | cut -d ' ' -f 2,5 | sort -u)" "$2 ok"
}

unsigned() {
	gone_out "$1" && is "$(signatures "$1")" 0
}

header() { # USER SUBJECT NAME
	doveadm fetch -u "$1" "hdr.$3" mailbox '*' header subject "$2" |
		sed "s/^hdr.$3: //" | tr -d '\n\f' | tr -s ' \t' ' '
}

# To bo, in that mailbox or one of those.
arrived() { # SUBJECT MAILBOX
	doveadm search -u bo@alpha.example mailbox "$2" header subject "$1" |
		grep -q .
}
