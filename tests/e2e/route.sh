#!/bin/sh
# route against Postfix itself: random mail systems, the same answer for
# every address, to the last recipient.  ROUTE_STATES=2000 asks for more of
# them, ROUTE_SEED for others.
# shellcheck disable=SC2015,SC2016,SC2154,SC2317 # t evaluates the code
. tests/lib.sh
. tests/e2e/lib-stack.sh
stack_needs
ls /usr/lib/*/sasl2/libplain.so* >/dev/null 2>&1 ||
	skip_all 'libsasl2-modules is not installed'
stack_folder
states=${ROUTE_STATES:-40}
seed=${ROUTE_SEED:-6}

keep_ports 9
# shellcheck disable=SC2086 # numbers
set -- $ports
smtp=$1 lmtp=$2 sink=$3
shift 3
servers=$*
database_up
sql "SET GLOBAL max_connections = 2000"
maps_up

# master SERVICE LINE...: more lines of a service in master.cf.
master() {
	m_service=$1
	shift
	printf '    -o %s\n' "$@" >"$T/lines"
	sed -i "/^$m_service  *\(unix\|inet\)/r $T/lines" "$E/etc/master.cf"
}

# Nothing here is about where mail goes: all of it goes to our sink, and a
# client may be refused as often as it likes, without pauses.
# Each is set once: Postfix warns of a second line in every process, and its
# log writer, which writes its warning to its own socket, stops for good where
# the others have filled that.
postconf -e "virtual_transport = lmtp:inet:127.0.0.1:$lmtp" \
	'smtpd_error_sleep_time = 0' 'smtpd_soft_error_limit = 100000' \
	'smtpd_hard_error_limit = 100000' \
	'smtpd_junk_command_limit = 100000' 'in_flow_delay = 0' \
	'lmtp_destination_concurrency_limit = 5' \
	'smtp_destination_concurrency_limit = 5' \
	'address_verify_poll_count = 60' 'address_verify_poll_delay = 1s' \
	'address_verify_negative_cache = no'
# Nor about a database that takes its time on a busy machine.
sed -i 's/^connect-timeout = .*/connect-timeout = 60/
	s/max_statement_time = 2/max_statement_time = 60/' \
	"$E/etc/mailadm/client.cnf"
sed -i 's/daemon_timeout=20s/daemon_timeout=120s/' "$E/etc/master.cf"
# The sink has no TLS, and knows a service by its name in HELO.
sed -i '/-o \(max_use=1$\|smtpd\?_tls_\|smtp_sasl_security\)/d' \
	"$E/etc/master.cf"
master smtp smtp_helo_name=smtp
master relay smtp_helo_name=relay
master lmtp lmtp_lhlo_name=lmtp
master wayout smtp_helo_name=wayout smtp_sasl_security_options=noanonymous \
	smtp_tls_security_level=none
master "127.0.0.1:$submission" smtpd_tls_security_level=none \
	smtpd_tls_auth_only=no
touch -d '10 seconds ago' "$E"/etc/*.cf "$E"/etc/mailadm/*

route_pl() {
	t_verb=$1
	shift
	perl tests/e2e/route.pl "$t_verb" "$E/route" "$@"
}

# shellcheck disable=SC2086 # ports
sink_up() {
	setpriv --pdeathsig TERM perl tests/e2e/route.pl sink "$E/route" \
		"$E/spool" "$lmtp" "$sink" $servers \
		>"$E/log/route-sink" 2>&1 &
	sink_pid=$!
	eventually greets "$lmtp" '^220 ' && eventually greets "$sink" '^220 '
}

# Postfix alone: our sink is Dovecot, and the world outside.
spool_made() {
	mkdir "$E/spool" "$E/data" && chown postfix "$E/data" &&
	postfix check >"$E/log/postfix-check" 2>&1
}

mail_up() {
	setpriv --pdeathsig TERM setsid "$master" -d -c "$E/etc" \
		>"$E/log/postfix-master" 2>&1 &
	postfix_pid=$!
	eventually greets "$smtp" '^220 '
}

# As long as something still leaves the queue.
drained() {
	until queue_empty; do
		drained_before=$(wc -l <"$E/route/delivered")
		eventually drains || return 1
	done
}

drains() {
	queue_empty || [ "$(wc -l <"$E/route/delivered")" -gt \
	    "$drained_before" ]
}

mkdir "$E/route"
: >"$E/route/delivered"

# shellcheck disable=SC2086 # ports
t "$states mail systems are made" '
	perl tests/e2e/route_states.pl "$E/route" "$seed" "$states" \
		$servers && run mariadb --no-defaults -S "$server_socket" \
		-u root mail <"$E/route/states.sql" && status 0'

t 'Postfix is asked about each of their addresses' '
	spool_made && sink_up && mail_up &&
	run route_pl ask "$smtp" "$submission" 12 && status 0 &&
	drained && [ -s "$E/route/delivered" ]'

t 'route answers them all' '
	run mailadm -o tsv --columns address,hop,step,key,result,reason \
		--file "$E/route/batch" && status 0 &&
	mv "$T/out" "$E/route/routed"'

t 'and says of each what Postfix did' '
	run route_pl compare "$lmtp" "$sink" && status 0 && cat "$T/out" >&2 &&
	matches "$out" "^0 differences" && matches "$out" " delivered$" &&
	matches "$out" "^[0-9]+ 451 4.6.0 alias expansion error$"'

t 'the way back leads to each of them' '
	run mailadm route --to --columns address,hop - <"$E/route/users" &&
	status 0 && mv "$T/out" "$E/route/back" && run route_pl back &&
	status 0 && matches "$out" "^[1-9][0-9]* found, 0 missing$"'

### The limits, to the last step and address

mailadm -q domain add deep.test
mailadm -q user add end@deep.test --no-password

# deep.test: uN@ and xN@ lead in N steps to a user of ours, and outside; mN@
# to N addresses.
limits_made() {
	sql "INSERT INTO aliases (mail, destination)
	    SELECT CONCAT(side, seq, '@deep.test'),
	    IF(seq > 1, CONCAT(side, seq - 1, '@deep.test'), place)
	    FROM seq_1_to_1001, (SELECT 'u' side, 'end@deep.test' place
		UNION SELECT 'x', 'end@out.test') s;
	    INSERT INTO aliases (mail, destination)
	    SELECT CONCAT('m', a.seq, '@deep.test'),
	    CONCAT('e', b.seq, '@out.test')
	    FROM seq_999_to_1001 a, seq_1_to_1001 b WHERE b.seq <= a.seq"
}

# taken ADDRESS, deferred ADDRESS: by Postfix, and so says route.
taken() {
	run smtp -s limit "$1" && matches "$out" "^250 2.0.0" &&
	run mailadm route --columns step "$1" && status 0 &&
	unlike "$out" deferred
}

deferred() {
	run smtp -s limit "$1" && matches "$out" "^451 4.6.0" &&
	run mailadm route --columns step "$1" && like "$out" deferred
}

t 'Postfix and route take 999 steps, to a user or outside, not 1,000' '
	limits_made && taken u999@deep.test && taken x999@deep.test &&
	deferred u1000@deep.test && deferred x1000@deep.test &&
	deferred u1001@deep.test && deferred x1001@deep.test'

t 'and 1,000 addresses, not 1,001' '
	taken m999@deep.test && taken m1000@deep.test &&
	deferred m1001@deep.test'

t 'check finds what they defer, and nothing else' '
	run mailadm check --rule A013 --rule A014 --domain deep.test \
	    --columns rule,name && status 1 &&
	is "$out" "A013	m1001@deep.test
A014	u1000@deep.test
A014	u1001@deep.test
A014	x1000@deep.test
A014	x1001@deep.test"'

# refused_for WHY ADDRESS: it cannot get a destination more.
refused_for() {
	run mailadm alias add "$2" end@deep.test && status 6 &&
	like "$err" "$1"
}

t 'alias add refuses just these' '
	refused_for "more than 999" u1000@deep.test &&
	refused_for "more than 999" x1000@deep.test &&
	refused_for "more than 1000" m1000@deep.test &&
	sql "DELETE FROM aliases WHERE mail = \"u1000@deep.test\"
	    OR mail = \"x1000@deep.test\" OR mail = \"m1001@deep.test\"" &&
	run mailadm alias add u999@deep.test x1@deep.test && status 0 &&
	run mailadm alias add m999@deep.test end@deep.test && status 0 &&
	taken u999@deep.test && taken m999@deep.test'

t 'a loop through a name that keeps its copy ends, and is refused still' '
	sql "INSERT INTO aliases (mail, destination) VALUES
	    (\"end@deep.test\", \"end@deep.test\"),
	    (\"end@deep.test\", \"turn@deep.test\"),
	    (\"turn@deep.test\", \"end@deep.test\")" &&
	taken turn@deep.test && taken end@deep.test &&
	run mailadm check --rule A012 --domain deep.test --columns name &&
	is "$out" "end@deep.test" &&
	refused_for "loop: " turn2@deep.test &&
	sql "UPDATE aliases SET active = 0
	    WHERE mail = \"end@deep.test\" AND mail = destination" &&
	deferred turn@deep.test'

### The installed maps: route --live

mailadm -q domain add live.test
mailadm -q domain add aka.live.test --alias-of live.test
mailadm -q user add anna@live.test --no-password
mailadm -q user add bob@live.test --no-password
mailadm -q alias add info@live.test anna@live.test bob@live.test
mailadm -q alias add old@live.test anna@live.test
mailadm -q alias disable old@live.test
mailadm -q alias add some@live.test anna@live.test bob@live.test
mailadm -q alias disable some@live.test --to bob@live.test

# Postfix reads a configuration file again until it is 2 s old.
live() {
	find "$E/live" -type f -exec touch -d '10 seconds ago' {} +
	run mailadm route --columns step,key,result,reason --live \
		--postfix-dir "$E/live" "$@"
}

# A configuration that is the shipped one but for what the case changes.
shipped() {
	rm -rf "$E/live" && cp -r "$E/etc" "$E/live" &&
	sed -i "s|\$config_directory/mailadm|$E/live/mailadm|" \
		"$E/live/main.cf"
}

t 'the shipped maps answer as computed, whatever is asked' '
	shipped && live info+x@live.test anna@aka.live.test \
		old@live.test nobody@live.test x@out.test Some@live.test \
		"\`id\`@live.test" "a!b@live.test" && status 0 &&
	empty "$err" && ! holds matches "$out" "^differs"'

t 'so do they about the last of the random systems' '
	tail -n 15 "$E/route/asked" | cut -f 2 >"$E/route/few" &&
	live - <"$E/route/few" && status 0'

t 'a map that was changed is found out' '
	shipped && sed -i "/a.active = 1/d" \
		"$E/live/mailadm/sql_aliases.cf" &&
	live some@live.test && status 1 && matches "$out" \
"^differs	some@live.test	anna@live.test,bob@live.test	\
virtual_alias_maps of Postfix for some@live.test; computed: anna@live" &&
	like "$err" "1 difference"'

t 'and one that is missing' '
	shipped && sed -i "/sql_identity\|}identity.cf/d" \
		"$E/live/main.cf" && live anna@live.test && status 1 &&
	matches "$out" "^differs	anna@live.test	nothing	\
virtual_alias_maps .*; computed: anna@live.test" &&
	shipped && sed -i "/check_recipient_access/d" "$E/live/main.cf" &&
	live old@live.test && status 1 &&
	matches "$out" "^differs	old@live.test	nothing	smtpd_"'

t 'a map of somebody else counts when it stands before' '
	shipped && echo "info@live.test x@out.test" >"$E/live/more" &&
	sed -i "s|^virtual_alias_maps =|& texthash:$E/live/more,|" \
		"$E/live/main.cf" && live info@live.test && status 1 &&
	matches "$out" "^differs	info@live.test	x@out.test" &&
	live anna@live.test && status 0'

t 'a domain of ours that is of another class is one that differs' '
	shipped && echo "mydestination = localhost live.test" \
		>>"$E/live/main.cf" && live info@live.test && status 1 &&
	matches "$out" "^differs	live.test	.*	mydestination"'

t 'so is a setting that the maps rely on' '
	shipped && echo "recipient_delimiter = -" >>"$E/live/main.cf" &&
	live anna@live.test bob@live.test && status 1 &&
	is "$(grep -c "^differs" "$T/out")" 1 &&
	matches "$out" "^differs	.N	-	recipient_delimiter" &&
	shipped && sed -i "s/^ *reject_unauth_dest/ defer_unauth_dest/" \
		"$E/live/main.cf" && live bob@live.test && status 1 &&
	like "$out" "smtpd_relay_restrictions of Postfix; computed: reject_"'

t 'a map that cannot be asked is an error, no difference' '
	shipped && sed -i "s/^password = .*/password = wrong/" \
		"$E/live/mailadm/sql_users.cf" &&
	live nobody@live.test && status 10 && like "$err" sql_users.cf &&
	run mailadm route --live --postfix-dir "$E/none" anna@live.test &&
	status 10 && like "$err" "cannot ask Postfix" &&
	run mailadm route --postfix-dir "$E/live" anna@live.test && status 2 &&
	run mailadm route --live --to anna@live.test && status 2'

finish
