# shellcheck shell=sh disable=SC2154 # of lib.sh
# A mail server on a machine of its own: tests/debian/mail.sh sources it
# after tests/lib.sh.  It is root.sh that makes the machine and the network.
#
#   world_up             the names, the log and a server that takes mail
#   certificate NUMBER   a new one, put where Let's Encrypt puts it
#   out COMMAND...       on the other host, which nobody trusts
#   stranger             from now on with another address of that host: a
#                        wrong password makes the next logins slow
#
#   send SUBJECT ADDRESS...          a message over 25, which is taken
#   try ADDRESS [FROM [SIZE]]        a session over 25; see $err
#   submit PORT USER PASSWORD FROM TO SUBJECT
#                                    465, or 587 with STARTTLS; see $err
#   imap USER PASSWORD [MAILBOX [COMMAND]]
#   logs_in USER PASSWORD            no_login USER PASSWORD
#   arrives USER PASSWORD SUBJECT    in the INBOX, within seconds
#   gone_out SUBJECT                 to the other host's mail server
#   certificate_of PORT [PROTOCOL]   its fingerprint
#   timed COMMAND...                 and the seconds it took, in $took; of a
#                                    session at most $patience
#   within SECONDS COMMAND...        true at last; the seconds in $took

W=/srv/world
ME=mail.example.test
live=/etc/letsencrypt/live/$ME
interface=192.0.2.2
strangers=0
sessions=0
patience=100
took=

mailadm() {
	/usr/local/sbin/mailadm "$@"
}

out() {
	ip netns exec outside "$@"
}

### The world

world_up() {
	install -d -m 755 "$W"
	install -d -o postfix -m 755 "$W/sink"
	perl tests/debian/world.pl log /var/log/mail.log 2>"$W/log.err" &
	out perl tests/debian/world.pl dns 2>"$W/dns.err" &
	out smtp-sink -u postfix -d "$W/sink/%M." 192.0.2.2:25 100 \
		2>"$W/sink.err" &
	for n in $(seq 100 160); do
		ip -n outside addr add "192.0.2.$n/24" dev client || return 1
	done
	eventually test -S /dev/log && eventually getent hosts mx.outside.test
}

authority() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
		-nodes -days 365 -subj '/CN=Test authority' \
		-keyout "$W/ca.key" -out "$W/ca.pem" 2>"$W/openssl"
}

certificate() {
	[ -e "$W/ca.pem" ] || authority || return 1
	mkdir -p "$live"
	echo "subjectAltName=DNS:$ME" >"$W/san"
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
		-subj "/CN=$ME" -keyout "$live/privkey.pem" \
		-out "$W/csr" 2>"$W/openssl" &&
	openssl x509 -req -in "$W/csr" -CA "$W/ca.pem" -CAkey "$W/ca.key" \
		-set_serial "$1" -days 90 -extfile "$W/san" \
		-out "$live/fullchain.pem" 2>"$W/openssl"
}

stranger() {
	strangers=$((strangers + 1))
	interface=192.0.2.$((100 + strangers))
}

### Sessions

client() {
	out curl -sv --max-time "$patience" --interface "$interface" \
		--cacert "$W/ca.pem" "$@"
}

message() { # SUBJECT FROM TO BYTES
	printf 'From: <%s>\r\nTo: <%s>\r\nSubject: %s\r\n\r\n' "$2" "$3" "$1"
	yes 'All work and no play makes Jack a dull boy.' |
		head -n $((${4:-90} / 45)) | sed 's/$/\r/'
}

# A sender of its own each time: smtpd remembers for the same sender and
# recipient how it resolved the domain.
transfer() { # FROM SIZE SUBJECT ADDRESS...
	sessions=$((sessions + 1))
	t_from=$1
	message "$3" "$1" "$4" "$2" >"$T/message"
	shift 3
	for t_to; do
		set -- "$@" --mail-rcpt "$t_to"
		shift
	done
	run client --url "smtp://$ME/client.sender.test" \
		--mail-from "$t_from" "$@" --upload-file "$T/message"
}

send() {
	t_subject=$1
	shift
	transfer "outside-$sessions@sender.test" 90 "$t_subject" "$@" &&
		status 0
}

try() {
	transfer "${2:-outside-$sessions@sender.test}" "${3:-90}" try "$1"
}

submit() {
	t_url=smtps://$ME:465
	[ "$1" = 465 ] || t_url=smtp://$ME:$1
	message "$6" "$4" "$5" >"$T/message"
	run client --ssl-reqd --url "$t_url/client.sender.test" \
		-u "$2:$3" --mail-from "$4" --mail-rcpt "$5" \
		--upload-file "$T/message"
}

imap() {
	client -u "$1:$2" "imaps://$ME/${3-}" ${4:+-X "$4"}
}

logs_in() {
	run imap "$1" "$2" INBOX NOOP && status 0
}

no_login() {
	stranger
	run imap "$1" "$2" INBOX NOOP
	status 67 && like "$err" 'NO [AUTHENTICATIONFAILED]'
}

found() {
	imap "$1" "$2" INBOX "SEARCH SUBJECT \"$3\"" 2>/dev/null |
		grep -q 'SEARCH [0-9]'
}

arrives() {
	eventually found "$@"
}

absent() {
	eventually queue_empty && ! holds found "$@"
}

queue_empty() {
	[ "$(postqueue -p 2>/dev/null)" = 'Mail queue is empty' ]
}

sunk() {
	grep -qs "^Subject: $1" "$W"/sink/*
}

gone_out() {
	eventually sunk "$1"
}

talk() {
	run out perl tests/debian/world.pl talk "$@"
}

certificate_of() {
	out openssl s_client -connect "$ME:$1" -CAfile "$W/ca.pem" \
		-verify_return_error ${2:+-starttls "$2"} 2>/dev/null |
		openssl x509 -noout -fingerprint 2>/dev/null
}

is_certificate() {
	t_wanted=$(openssl x509 -noout -fingerprint -in "$live/fullchain.pem")
	[ "$(certificate_of "$1" ${2:+"$2"})" = "$t_wanted" ]
}

### Time

now() {
	date +%s.%N
}

since() {
	now | awk -v begun="$1" '{ printf "%.1f", $1 - begun }'
}

timed() {
	t_begun=$(now)
	"$@"
	t_result=$?
	took=$(since "$t_begun")
	return $t_result
}

within() {
	t_begun=$(now)
	t_end=$(($(date +%s) + $1))
	shift
	until holds "$@"; do
		took=$(since "$t_begun")
		[ "$(date +%s)" -lt "$t_end" ] || {
			t_notes="after $took s not yet: $*"
			return 1
		}
		sleep 0.2
	done
	took=$(since "$t_begun")
}

### Database

database_pid() {
	pidof mariadbd
}

database_up() {
	/etc/init.d/mariadb start >"$T/mariadb" 2>&1 &&
		mariadb -e 'DO 0'
}

# Cleanly: what started it would start a killed one again.
database_down() {
	mariadb-admin shutdown && eventually database_gone
}

database_gone() {
	! database_pid >/dev/null
}
