#!/bin/sh
# "mailadm policy": what it answers Postfix about users who send, and what its
# account may do.
# shellcheck disable=SC2015,SC2016,SC2034,SC2119,SC2154,SC2317 # t evaluates it
. tests/lib.sh
server_start
fresh
accounts_sql >"$T/grants.sql"
sql "SOURCE $T/grants.sql"

sed 's|^user=.*|user=mailadm_policy\npassword=of-mailadm_policy|' \
	"$T/client.cnf" >"$T/policy.cnf"
chmod 600 "$T/policy.cnf"

mailadm -q domain add example.com
mailadm -q domain add example.org
mailadm -q domain add aka.example --alias-of example.com
for name in anna@example.com bo@example.com carl@example.org; do
	mailadm -q user add $name --no-password
done
A=anna@example.com B=bo@example.com C=carl@example.org

request() { # NAME=VALUE...
	echo request=smtpd_access_policy
	printf '%s\n' "$@" ''
}

data() { # LOGIN RECIPIENTS
	request protocol_state=DATA "sasl_username=$1" recipient= \
		"recipient_count=$2"
}

rcpt() { # LOGIN RECIPIENT
	request protocol_state=RCPT "sasl_username=$1" "recipient=$2" \
		recipient_count=0
}

policy() {
	"$MAILADM" --defaults-file="$T/policy.cnf" policy
}

# $status, $out and $err are those of the service.
answers() { # ACTION FUNCTION ARG...
	a_action=$1
	shift
	"$@" >"$T/request" && run policy <"$T/request" &&
	is "$status $out" "0 action=$a_action"
}

refused_at() { # LIMIT FUNCTION ARG...
	r_limit=$1
	shift
	answers "450 4.7.1 Sending limit of $r_limit recipients an hour \
reached; try again later" "$@"
}

usage() {
	sql "SELECT email, SUM(n) FROM send_usage WHERE slot > 0
	    GROUP BY email ORDER BY email"
}

t 'without a limit it counts, and lets pass' '
	answers DUNNO data $A 2 && answers DUNNO data $A 1 &&
	is "$(usage)" "$A	3"'

t 'who has not logged in, or is no user, is not counted' '
	answers DUNNO data "" 5 && answers DUNNO data nobody@example.com 5 &&
	answers DUNNO data "x'\'' OR 1=1 -- " 5 && is "$(usage)" "$A	3"'

t 'several requests are answered one after the other' '
	{ data $A 1; data $B 2; data $B 0; } >"$T/request" &&
	run policy <"$T/request" && status 0 && lines "$out" 5 &&
	is "$(usage)" "$A	4
$B	2"'

t 'the limit of a user, that of the domain, none: what was sent counts' '
	mailadm -q user set $A --send-limit 5/h &&
	answers DUNNO data $A 1 && refused_at 5 data $A 1 &&
	mailadm -q domain set example.com --send-limit 3/h &&
	answers DUNNO data $B 1 && refused_at 3 data $B 1 &&
	answers DUNNO data $C 100 &&
	mailadm -q user set $B --send-limit none && answers DUNNO data $B 9 &&
	mailadm -q user set $B --send-limit default &&
	refused_at 3 data $B 1'

t 'what is refused does not count' '
	is "$(usage)" "$A	5
$B	12
$C	100"'

t 'a message that can never pass is refused for good' '
	answers "550 5.7.1 More recipients than the sending limit of 5 an \
hour" data $A 6'

t 'an hour later they may send again, and old slots are gone' '
	sql "UPDATE send_usage SET slot = slot - 12 WHERE slot > 0" &&
	answers DUNNO data $A 5 && refused_at 5 data $A 1 &&
	is "$(sql "SELECT COUNT(*) FROM send_usage WHERE email = '\''$A'\''
	    AND slot > 0")" 1'

t 'twelve at once and a limit of five: exactly five pass' '
	mailadm -q user set $C --send-limit 5/h &&
	sql "DELETE FROM send_usage" && data $C 1 >"$T/one" && pids= &&
	for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
		policy <"$T/one" >"$T/answer.$i" 2>&1 & pids="$pids $!"
	done && for pid in $pids; do wait "$pid" || return 1; done &&
	is "$(cat "$T"/answer.* | grep -c "^action=DUNNO")" 5 &&
	is "$(cat "$T"/answer.* | grep -c "^action=450 4.7.1")" 7 &&
	is "$(usage)" "$C	5"'

t 'who was refused is in check for a day' '
	refused_at 5 data $C 1 && run mailadm check --rule U025 &&
	status 1 && like "$out" "user $C has reached the sending limit" &&
	sql "UPDATE send_usage SET n = n - 290 WHERE slot = 0" &&
	run mailadm check --rule U025 && status 0'

t 'user show says what was sent in the last hour' '
	run mailadm -o jsonl user show $C --columns sent,send_limit &&
	is "$out" "{\"sent\":5,\"send_limit\":5}"'

t 'a new name takes along what was sent, and nobody inherits it' '
	mailadm -q user rename $C dora@example.org &&
	is "$(usage)" "dora@example.org	5" &&
	mailadm -q user remove dora@example.org && is "$(usage)" "" &&
	sql "INSERT INTO send_usage VALUES ('\''$C'\'',
	    UNIX_TIMESTAMP() DIV 300, 7)" &&
	mailadm -q user add $C --no-password && is "$(usage)" ""'

# --- as every other value ---------------------------------------------------

t 'a limit is in export, plan, apply, the history, and undone' '
	mailadm -q user set $A --send-limit 7/h &&
	mailadm -q domain set example.com --send-limit 70/h &&
	mailadm export >"$T/manifest" &&
	is "$(grep -c "send_limit: 7/h," "$T/manifest")" 1 &&
	is "$(grep -c "send_limit: 70/h," "$T/manifest")" 1 &&
	run mailadm plan "$T/manifest" && status 0 &&
	sed -i "s|send_limit: 7/h|send_limit: none|" "$T/manifest" &&
	run mailadm apply "$T/manifest" --yes && status 0 &&
	is "$(mailadm user show $A --columns send_limit)" \
	    9223372036854775807 &&
	run mailadm history $A --limit 1 &&
	like "$out" "send limit 7/h -> none" &&
	mailadm -q undo "${out%%	*}" --yes &&
	is "$(mailadm user show $A --columns send_limit)" 7'

t 'and among the columns of CSV' '
	printf "%s\n" email,send_limit new@example.com,8 \
		other@example.com,default \
		>"$T/users.csv" &&
	run mailadm import users "$T/users.csv" --generate && status 0 &&
	is "$(mailadm user list --columns email,send_limit "*e*@example.com" |
	    grep -v ^bo)" "new@example.com	8
other@example.com	\N" &&
	mailadm -q user remove new@example.com other@example.com'

t 'what is no rate is refused, with a hint' '
	for rate in 0 0/h -1 5/d 5/min x 9223372036854775807 "5 /h" ""; do
		run mailadm user set $A --send-limit "$rate" && status 3 &&
		like "$err" "hint: " || return 1
	done
	run mailadm domain set example.com --send-limit default && status 3'

# --- what its account may do ------------------------------------------------

t 'the account counts and reads limits, and sees no hash, nor writes users' '
	as() { mariadb --no-defaults --skip-ssl -S "$server_socket" \
		-u mailadm_policy -pof-mailadm_policy mail -N -e "$1"; } &&
	run as "SELECT email, send_limit FROM users LIMIT 1" && status 0 &&
	for query in "SELECT crypt FROM users" "SELECT * FROM history" \
	    "UPDATE users SET send_limit = NULL" "SELECT * FROM send_as" \
	    "DELETE FROM aliases" "SELECT secret FROM relay_secrets"; do
		run as "$query" && status 1 && like "$err" denied || return 1
	done'

# --- aliases --------------------------------------------------------------

mailadm -q alias add team@example.com $A
mailadm -q alias add deep@example.com team@example.com
mailadm -q alias add team+x@example.com $B
mailadm -q alias add own@aka.example $C

members='550 5.7.1 Only its members may write to this address'
domain='550 5.7.1 Only users of its domain may write to this address'
unknown='451 4.3.0 Who may write to this address is not known now'

t 'members are those that an alias reaches, by any of its names' '
	mailadm -q alias set team@example.com --from members &&
	mailadm -q alias set deep@example.com --from members &&
	for to in team@example.com deep@example.com Team@Example.COM \
	    team+tag@example.com team@aka.example team@example.com.; do
		answers DUNNO rcpt $A $to && answers "$members" rcpt $B $to &&
		answers "$members" rcpt "" $to || return 1
	done'

# reached ANSWER LOGIN: by team@example.com, which is for its members.
reached() {
	answers "$1" rcpt "$2" team@example.com
}

t 'a row that has expired makes no member, nor does a disabled one' '
	mailadm -q alias add team@example.com $B && reached DUNNO $B &&
	sql "UPDATE aliases SET expires = UTC_TIMESTAMP()
	    WHERE mail = \"team@example.com\" AND destination = \"$B\"" &&
	reached "$members" $B && reached DUNNO $A &&
	sql "UPDATE aliases SET expires = NULL, active = 0
	    WHERE mail = \"team@example.com\" AND destination = \"$B\"" &&
	reached "$members" $B && mailadm -q alias remove team@example.com $B'

t 'a pattern on the way makes its users members, not those of a catch-all' '
	mailadm -q alias add @example.com $C 2>/dev/null &&
	mailadm -q alias add team@example.com new-bo+x@aka.example &&
	reached DUNNO $C && mailadm -q alias add "new-*@example.com" \
		x@elsewhere.example && reached "$members" $C &&
	mailadm -q alias add "n*@example.com" $A &&
	mailadm -q alias add "new-b*@example.com" $B && reached DUNNO $B &&
	reached "$members" $C &&
	sql "UPDATE patterns SET active = 0 WHERE local = \"new-b*\"" &&
	reached "$members" $B && mailadm -q alias remove @example.com &&
	mailadm -q alias remove team@example.com new-bo+x@aka.example &&
	sql "DELETE FROM patterns"'

t 'nor does the catch-all of a relay domain get names that are known there' '
	mailadm -q domain add branch.example --relay-to 192.0.2.1 &&
	mailadm -q alias add @branch.example $C 2>/dev/null &&
	mailadm -q alias add team@example.com known+x@branch.example &&
	reached DUNNO $C && mailadm -q recipient add known@branch.example &&
	reached "$members" $C &&
	mailadm -q alias remove team@example.com known+x@branch.example'

t 'for users of the domain, also by a name of an alias domain' '
	mailadm -q alias set team@example.com --from domain &&
	for to in team@example.com team@aka.example; do
		answers DUNNO rcpt $B $to && answers "$domain" rcpt $C $to ||
			return 1
	done'

t 'what it does not know waits, for Postfix has asked' '
	for to in nobody@example.com "" @ @example.com team \
	    "team%example.com@mx.example" "\"team\"@example.com"; do
		answers "$unknown" rcpt $A "$to" || return 1
	done'

# --- what does not work ---------------------------------------------------

t 'what is no request ends it, with nothing answered' '
	printf "request=smtpd_access_policy\n" >"$T/cut" &&
	run policy <"$T/cut" && status 3 && is "$out" "" &&
	like "$err" "within a request" &&
	head -c 1000000 /dev/zero >"$T/zero" && run policy <"$T/zero" &&
	status 3 && is "$out" "" && yes a=b | head -c 1000000 >"$T/much" &&
	run policy <"$T/much" && status 3 && is "$out" "" &&
	like "$err" "longer than 65536 bytes" && { data $A 1; echo x; echo; } \
		>"$T/second" && run policy <"$T/second" && status 3 &&
	lines "$out" 1'

t 'other questions and other states of a session get no opinion' '
	for state in CONNECT EHLO MAIL VRFY ETRN END-OF-MESSAGE ""; do
		answers DUNNO request protocol_state=$state \
			sasl_username=$A recipient_count=1 || return 1
	done
	printf "request=other\n\n" >"$T/other" && run policy <"$T/other" &&
	is "$out" "action=DUNNO" && like "$err" "request=other"'

# As under spawn(8): one socket for input, output and errors.
spawned() { # FILE
	perl -MSocket -e '
		$SIG{PIPE} = "IGNORE";
		socketpair(my $us, my $them, AF_UNIX, SOCK_STREAM, 0) or die;
		my $pid = fork // die;
		if (!$pid) {
			open STDIN, "<&", $them;
			open STDOUT, ">&", $them;
			open STDERR, ">&", $them;
			close $_ for $us, $them;
			exec @ARGV[1 .. $#ARGV];
		}
		close $them;
		open my $f, "<", $ARGV[0] or die;
		$us->autoflush(1);
		print {$us} <$f>;
		shutdown $us, 1;
		print <$us>;
		waitpid $pid, 0;
		exit($? >> 8)' "$1" \
		"$MAILADM" --defaults-file="$T/policy.cnf" policy
}

t 'what Postfix reads is the answers alone; errors are in the log' '
	data $A 1 >"$T/good" && run spawned "$T/good" &&
	is "$status $out" "0 action=DUNNO" &&
	run spawned "$T/cut" && is "$status $out" "3 " &&
	sed -i "s/^database=.*/database=nowhere/" "$T/policy.cnf" &&
	run spawned "$T/good" && is "$status $out" "0 action=DUNNO" &&
	chmod 644 "$T/policy.cnf" && run spawned "$T/good" &&
	is "$status $out" "9 " && chmod 600 "$T/policy.cnf" &&
	sed -i "s/^database=.*/database=mail/" "$T/policy.cnf"'

t 'while the table is locked it answers before Postfix gives up' '
	mkfifo "$T/lock" && {
		mariadb --no-defaults -n -S "$server_socket" -u root mail \
			<"$T/lock" >"$T/locked" &
	} && lock=$! && exec 7>"$T/lock" &&
	echo "LOCK TABLES send_usage WRITE; SELECT 1;" >&7 &&
	eventually grep -q 1 "$T/locked" &&
	data $A 1 >"$T/request" && began=$(date +%s) &&
	run policy <"$T/request"; exec 7>&-; wait "$lock"
	is "$status $out" "0 action=DUNNO" &&
	[ $(($(date +%s) - began)) -lt 5 ]'

t 'without a database mail goes on, and such an alias waits' '
	server_stop && data $A 1 >"$T/request" && run policy <"$T/request" &&
	is "$status $out" "0 action=DUNNO" && like "$err" "mailadm: " &&
	rcpt $A team@example.com >"$T/request" && run policy <"$T/request" &&
	is "$status $out" "0 action=$unknown"'

finish
