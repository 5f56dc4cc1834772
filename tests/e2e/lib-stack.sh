# shellcheck shell=sh disable=SC2154 # of lib.sh
# A mail server of one's own: tests here source it after tests/lib.sh.
#
#   stack_up             database, Postfix and Dovecot, with the shipped
#                        templates and the accounts of sql/grants.sql;
#                        then mailadm works as the account "mailadm"
#   database_up, maps_up only the database, or that and Postfix's maps
#   database_again       after server_stop: the same data, the same socket
#   postfix_again        reload: until no process has the old configuration
#   dovecot_again        end it and start it
#   $stack_settings      more of mailadm.conf, for what is rendered next
#
#   send SUBJECT ADDRESS...     a message from outside; it is accepted
#   rcpt [-u] [-f FROM] ADDR... the replies to RCPT, and no message
#   refused ADDRESS             550 at RCPT
#   logs_in USER PASSWORD       no_login USER PASSWORD
#   arrives USER PASSWORD SUBJECT   a message in the INBOX, soon
#   absent USER PASSWORD SUBJECT    none, once the queue is empty
#   imap USER PASSWORD [MAILBOX [COMMAND]]
#
# Everything stands in $E and listens on ports of the loopback interface that
# are ours alone ($smtp, $submissions, $submission, $imap, $imaps); no system
# service, account or folder is touched.  The configuration is what "config
# render" writes, but for the paths of sockets between Dovecot and Postfix,
# and what here() and local_conf() set.
#
# Each server is a child of this shell and asks the kernel for a SIGTERM when
# the shell dies, as the database does (tests/server.sh).

E=
smtp='' sink='' imap='' imaps='' submission='' submissions=''
postfix_pid=
dovecot_pid=
sink_pid=
master=/usr/lib/postfix/sbin/master

stack_needs() {
	need_root
	need_command postfix postmap dovecot smtp-sink curl openssl perl
	[ -e /usr/lib/postfix/postfix-mysql.so ] ||
		skip_all 'postfix-mysql is not installed'
	[ -e /usr/lib/dovecot/modules/auth/libdriver_mysql.so ] ||
		skip_all 'dovecot-mysql is not installed'
}

# Postfix and Dovecot drop root, so they need a path that is open to them.
# The socket of the database is open to nobody else: in a test root has no
# password there.
stack_folder() {
	E=$(mktemp -d /tmp/mailadm-e2e.XXXXXX) || bail_out 'no folder'
	trap stack_exit EXIT
	chmod 755 "$E"
	mkdir -m 777 "$E/log"
	install -d -o dovecot -g postfix -m 750 "$E/db"
	server_socket=$E/db/sock
	sed -i "s|^socket=.*|socket=$server_socket|" "$T/client.cnf"
}

stack_exit() {
	e_status=$?
	bring_down "$postfix_pid"
	bring_down "$dovecot_pid"
	bring_down "$sink_pid"
	if [ -n "$server_pid" ]; then kill -CONT "$server_pid"; fi
	[ -n "${KEEP:-}" ] || rm -rf "$E"
	(exit "$e_status")
	t_exit
}

# Ends a child of ours and waits for it.
bring_down() {
	[ -n "$1" ] || return 0
	kill -TERM "$1" 2>/dev/null
	eventually gone "$1" || kill -KILL "$1"
	wait "$1" 2>/dev/null
}

# A dead child stays a zombie until it is waited for.
gone() {
	! read -r _ _ e_state _ 2>/dev/null <"/proc/$1/stat" ||
		[ "$e_state" = Z ]
}

### Database

database_up() {
	server_start
	fresh
	accounts_sql >"$E/grants.sql"
	mariadb --no-defaults -S "$server_socket" -u root <"$E/grants.sql" ||
		bail_out 'no accounts'
	sed -i 's|^user=.*|user=mailadm\npassword=of-mailadm|' "$T/client.cnf"
}

database_again() {
	server_run --log-bin=binlog --server-id=1
}

### Postfix

# What "config render" writes for a server that stands in $E.  The policy
# service runs as a user of this machine who may enter the folder of the
# database's socket.
stack_render() { # SET
	mkdir -p "$E/rendered/etc"
	printf '%s\n' root:x:0:0::/: "mailadm_policy:x:$(id -u dovecot):0::/:" \
		>"$E/rendered/etc/passwd"
	cat >"$E/mailadm.conf" <<-END
	hostname = mx.mailadm.test
	certificate = $E/dovecot/private/dovecot.pem
	certificate_key = $E/dovecot/private/dovecot.key
	database_hosts = $server_socket
	mail_directory = $E/vmail
	vmail_uid = $(id -u nobody)
	postfix_directory = $E/etc
	dovecot_directory = $E/dovecot
	${stack_settings:-}
	END
	"$MAILADM" -q -c "$E/mailadm.conf" \
		--defaults-file "$T/accounts/cnf" config render "$1" \
		--out "$E/rendered" --force >"$E/log/render"
}

maps_up() {
	stack_render postfix || bail_out 'nothing is rendered'
	mkdir -p "$E/etc"
	cp -r -p "$E/rendered$E/etc/"* "$E/etc/"
	cp -p "$E/rendered/etc/mailadm/policy.cnf" "$E/etc/mailadm/"
	cp "$MAILADM" "$E/mailadm-policy" && chmod 755 "$E/mailadm-policy"
	MAIL_CONFIG=$E/etc
	export MAIL_CONFIG
	certificate || bail_out 'no certificate'
	here
	# Postfix reads a configuration file again until it is 2 s old.
	touch -d '10 seconds ago' "$E"/etc/*.cf "$E"/etc/mailadm/*
}

# A place and ports of one's own; clients on the loopback interface count as
# outside and may come as often as they like.
here() {
	keep_ports 2
	submission=${ports% *} submissions=${ports#* }
	sed -i -e "s/^smtp  *inet/127.0.0.1:$smtp inet/" \
		-e "s/^submissions  *inet/127.0.0.1:$submissions inet/" \
		-e "s/^submission  *inet/127.0.0.1:$submission inet/" \
		-e "s|=/etc/mailadm/|=$E/etc/mailadm/|" \
		-e "s|user=mailadm_policy argv=[^ ]*|user=dovecot:dovecot \
argv=$E/mailadm-policy|" \
		"$E/etc/master.cf"
	postconf -e "queue_directory = $E/spool" "data_directory = $E/data" \
		"maillog_file = $E/log/postfix" "maillog_file_prefixes = $E" \
		'inet_protocols = ipv4' 'mynetworks =' 'alias_maps =' \
		'alias_database =' 'smtp_dns_support_level = disabled' \
		'smtp_host_lookup = native' "relayhost = [127.0.0.1]:$sink" \
		'smtpd_client_event_limit_exceptions = 127.0.0.0/8' \
		'in_flow_delay = 0'
}

postfix_up() {
	mkdir "$E/spool" "$E/data" "$E/sink"
	chown postfix "$E/data" "$E/sink"
	postfix check >"$E/log/postfix-check" 2>&1 || return 1
	# -d: stay a child; without it the master detaches itself.
	setpriv --pdeathsig TERM setsid "$master" -d -c "$E/etc" \
		>"$E/log/postfix-master" 2>&1 &
	postfix_pid=$!
	setpriv --pdeathsig TERM smtp-sink -u postfix -d "$E/sink/%M." \
		"127.0.0.1:$sink" 100 >"$E/log/sink" 2>&1 &
	sink_pid=$!
	eventually greets "$smtp" '^220 ' && eventually greets "$sink" '^220 '
}

reloads() {
	grep -c 'postfix/master.*: reload' "$E/log/postfix"
}

more_reloads_than() {
	[ "$(reloads)" -gt "$1" ]
}

# A process that waited for work when the configuration changed still does
# that one with the old one.
postfix_again() {
	p_reloads=$(reloads)
	p_old=$(cat "/proc/$postfix_pid/task/$postfix_pid/children")
	postfix reload 2>/dev/null &&
	eventually more_reloads_than "$p_reloads" || return 1
	for p_child in $p_old; do
		eventually gone "$p_child" || return 1
	done
	eventually greets "$smtp" '^220 '
}

### Dovecot

# What is of this machine: ports, logs, an account for the mail that exists
# everywhere, and no waiting after a wrong password.
local_conf() {
	cat <<-END
	base_dir = $E/run
	state_dir = $E/state
	log_path = $E/log/dovecot
	listen = 127.0.0.1
	mail_uid = nobody
	mail_gid = nogroup
	auth_failure_delay = 0
	service anvil {
	  unix_listener anvil-auth-penalty {
	    mode = 0
	  }
	}
	service dict {
	  unix_listener dict {
	    group = nogroup
	  }
	}
	service imap-login {
	  inet_listener imap {
	    port = $imap
	  }
	  inet_listener imaps {
	    port = $imaps
	  }
	}
	END
}

certificate() {
	mkdir -p "$E/dovecot/private"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
		-nodes -days 2 -subj /CN=localhost \
		-addext subjectAltName=IP:127.0.0.1 \
		-keyout "$E/dovecot/private/dovecot.key" \
		-out "$E/dovecot/private/dovecot.pem" 2>"$E/log/openssl"
}

# Only the sockets for Postfix are elsewhere.
dovecot_conf() {
	stack_render dovecot || return 1
	cp -p "$E/rendered$E/dovecot/"* "$E/dovecot/"
	sed -i "s|/var/spool/postfix/|$E/spool/|" "$E/dovecot/dovecot.conf"
	local_conf >"$E/dovecot/local.conf"
}

dovecot_up() {
	install -d -o nobody -g nogroup -m 700 "$E/vmail"
	dovecot_conf && dovecot_run
}

dovecot_again() {
	bring_down "$dovecot_pid" && dovecot_run
}

dovecot_run() {
	setpriv --pdeathsig TERM setsid \
		dovecot -F -c "$E/dovecot/dovecot.conf" \
		>"$E/log/dovecot-master" 2>&1 &
	dovecot_pid=$!
	eventually greets "$imap" '^\* OK'
}

### All of it

greets() { # PORT PATTERN
	perl -MIO::Socket::INET -e '
		my $s = IO::Socket::INET->new(PeerPort => $ARGV[0],
		    PeerAddr => "127.0.0.1", Timeout => 20) or exit 1;
		alarm 20;
		exit 1 if (<$s> // "") !~ /$ARGV[1]/;' "$1" "$2"
}

stack_up() {
	stack_needs
	stack_folder
	keep_ports 4
	# shellcheck disable=SC2086 # numbers
	set -- $ports
	smtp=$1 sink=$2 imap=$3 imaps=$4
	database_up
	maps_up
	postfix_up || stack_failed Postfix
	dovecot_up || stack_failed Dovecot
}

stack_failed() {
	tail -n 20 "$E"/log/* | sed 's/^/# /'
	bail_out "$1 does not start"
}

### What the tests ask

smtp() {
	perl tests/e2e/smtp.pl -p "$smtp" "$@"
}

send() {
	e_subject=$1
	shift
	run smtp -s "$e_subject" "$@" && matches "$out" '^250 2.0.0'
}

rcpt() {
	run smtp "$@"
}

refused() {
	rcpt "$1" && matches "$out" '^550 5.1.1 '
}

imap() {
	curl -s --max-time 300 --cacert "$E/dovecot/private/dovecot.pem" \
		--ssl-reqd -u "$1:$2" "imap://127.0.0.1:$imap/${3-}" \
		${4:+-X "$4"}
}

logs_in() {
	run imap "$1" "$2" && status 0
}

# 67 is curl's "login denied", for whatever reason.
no_login() {
	run imap "$1" "$2"
	status 67
}

found() {
	imap "$1" "$2" INBOX "SEARCH SUBJECT \"$3\"" | grep -q 'SEARCH [0-9]'
}

arrives() {
	eventually found "$@"
}

queue_files() {
	find "$E/spool/incoming" "$E/spool/active" "$E/spool/maildrop" \
		"$E/spool/deferred" -type f 2>/dev/null
}

# Looked at twice: a message that moves meanwhile, or whose bounce takes its
# place, may be missed once.
queue_empty() {
	[ -z "$(queue_files; queue_files)" ]
}

absent() {
	eventually queue_empty && ! holds found "$@"
}

logged() {
	grep -Eq -e "$1" "$E/log/postfix"
}
