# What the doctor finds: each planted fault is the first row of its report.
# The other servers are none, so "config verify" always has something to say;
# what it says is tried in tests/e2e/verify.sh.
. tests/lib.sh
. tests/db/lib-check.sh
server_start && fresh
. tests/db/lib-doctor.sh

t 'a server without faults has ok rows, and the status says what is wrong' '
	doctor && is "$wrong" "" && row database ok "answers: " &&
	row clock ok "that of the database" && row disk ok "$T/mail" &&
	row disk ok "$server_dir" && row certificate ok "is valid for" &&
	row check ok "finds no errors"'

t 'wrong rows come first, and JSON has the same columns' '
	doctor -o json && status 1 &&
	like "$err" "are wrong" &&
	like "$out" "[{\"step\":\"dns\",\"state\":\"wrong\",\"what\":"'

t 'people read sentences, in at most 80 columns' '
	run mailadm -o table doctor --timeout 600 && status 1 &&
	is "$(echo "$out" | head -n 6)" "$(cat tests/data/doctor.screen)" &&
	empty "$(echo "$out" | awk "length > 80")" &&
	matches "$out" "^ok       resolver: the resolver answers$" &&
	run mailadm -o table --columns step,state doctor --timeout 600 &&
	matches "$out" "^resolver *ok"'

t 'steps are listed' '
	run mailadm doctor steps && status 0 && like "$out" "certificate" &&
	run mailadm doctor steps -o json && status 0'

### Faults

t 'an error in the tables is counted, and the rule named' '
	plant "INSERT INTO aliases (mail, destination) VALUES
	    (\"x@x.org\", \"gone@x.org\")" &&
	doctor && first check "finds 1 error; A" "route " &&
	plant "DELETE FROM aliases WHERE mail = \"x@x.org\""'

t 'a database that is a replica' '
	sql "SET GLOBAL read_only = 1" && doctor &&
	first database "read_only" "name the primary" &&
	sql "SET GLOBAL read_only = 0"'

# A server that copies from one that is not there.
replicates() {
	sql "CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = 1,
	    MASTER_USER = 'none', MASTER_CONNECT_RETRY = 3600;
	    START SLAVE"
}

# It has tried to connect.
tried() {
	doctor && printf "%s\n" "$wrong" | grep -q "^replica.*: error"
}

t 'a replica that no longer copies' '
	sql "SET GLOBAL server_id = 2" && replicates && eventually tried &&
	first replica "no longer copies from 127.0.0.1: error" "REPLICA" &&
	sql "STOP SLAVE" && doctor &&
	first replica "no longer copies from 127.0.0.1" &&
	sql "RESET SLAVE ALL" && doctor && row replica skipped "no other"'

# Root sets its clock as it likes; init_connect is for all others.
clock_off() {
	sql "CREATE USER other@localhost; GRANT ALL ON mail.* TO
	    other@localhost;
	    SET GLOBAL init_connect = 'SET timestamp = 1000000000'" &&
	doctor --user other
}

t 'a clock that is not that of the database server' '
	clock_off && first clock "s ahead of that" timedatectl &&
	sql "SET GLOBAL init_connect = \"\""'

t 'a certificate that expires' '
	certificate 5 mx.x.org && doctor &&
	first certificate "expires in [45] days" "certbot renew"'

t 'that is for another host' '
	certificate 90 other.x.org && doctor &&
	first certificate "is not for mx.x.org" "certbot certonly"'

t 'that is none, or does not exist' '
	echo no >"$T/cert.pem" && doctor &&
	first certificate "holds no certificate" "certbot" &&
	rm "$T/cert.pem" && doctor && first certificate "not " "certbot" &&
	certificate 90 mx.x.org'

t 'a schema that is not there' '
	doctor --database mysql && first database "" "schema init"'

t 'a wrong password' '
	sql "CREATE USER locked@localhost IDENTIFIED BY \"x\"" &&
	doctor --user locked &&
	first database "does not let this account in" ""'

t 'a disk that is nearly full' '
	if [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
		run unshare -m sh -c "
			mount -t tmpfs -o size=1m none $T/mail &&
			head -c 990000 /dev/zero >$T/mail/full &&
			exec \"\$@\"" sh "$MAILADM" \
		    --defaults-file="$T/client.cnf" doctor --timeout 600 &&
		wrong_rows && first disk "disk of the mail has" "df -h"
	fi'

t 'a disk of the database that is nearly full' '
	if [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
		data=$(sql "SELECT @@datadir") &&
		run unshare -m sh -c "
			mount -t tmpfs -o size=1m none $data &&
			head -c 990000 /dev/zero >$data/full &&
			exec \"\$@\"" sh "$MAILADM" \
		    --defaults-file="$T/client.cnf" doctor --timeout 600 &&
		wrong_rows && first disk "disk of the database has" "df -h"
	fi'

### A mail server elsewhere

# Port 25 of an address that no other test has.
elsewhere=127.36.$(($$ / 254 % 254 + 1)).$(($$ % 254 + 1))
greets_with() { # LINE
	setpriv --pdeathsig TERM perl -MIO::Socket::INET -e '
	    my $s = IO::Socket::INET->new(Listen => 5, LocalPort => 25,
		LocalAddr => shift) or die "$!\n";
	    while (my $c = $s->accept) { print $c "$ARGV[0]\r\n" }' \
	    "$elsewhere" "$1" &
	elsewhere_pid=$!
	eventually takes_connections
}

greets_no_more() {
	kill "$elsewhere_pid"
	wait "$elsewhere_pid" 2>"$T/said"
	true
}

takes_connections() {
	perl -MIO::Socket::INET -e 'exit !IO::Socket::INET->new(
	    PeerAddr => shift, PeerPort => 25)' "$elsewhere"
}

if [ "$(id -u)" = 0 ]; then
	echo "mx.elsewhere.example A $elsewhere" >>"$T/zone"
	t 'is connected to only with --outside' '
		greets_with "220 mx.elsewhere.example" &&
		doctor && unlike "$out" "outgoing" &&
		doctor --outside mx.elsewhere.example && is "$wrong" "" &&
		row outgoing ok "of mx.elsewhere.example [(]$elsewhere" &&
		doctor --outside "$elsewhere" &&
		row outgoing ok "mail goes out: port 25 of $elsewhere greets"'

	t 'that takes no mail from here' '
		greets_no_more && greets_with "554 your address is on a list" &&
		doctor --outside mx.elsewhere.example &&
		first outgoing "takes no mail from here: 554 your" \
		    "dns check --blocklists" && greets_no_more'
fi

t 'that cannot be reached, or does not exist' '
	doctor --outside "127.36.255.254" &&
	first outgoing "port 25 of 127.36.255.254 cannot be reached" \
	    "provider" &&
	doctor --outside none.example &&
	row outgoing unknown "none.example has no address in DNS"'

### Nobody hangs it, nobody is accused without reason

t 'a database that is frozen has its deadline' '
	kill -STOP "$server_pid" &&
	run mailadm doctor --timeout 1; kill -CONT "$server_pid"
	wrong_rows && first database "" "" && row check skipped "" &&
	row clock skipped ""'

t 'and so has the run: what is behind it was not asked' '
	kill -STOP "$server_pid" &&
	run mailadm doctor --timeout 1 --total 1; kill -CONT "$server_pid"
	wrong_rows && first database "" "" &&
	row disk unknown "the 1 s of the whole run are over" &&
	row check unknown "the whole run"'

t 'what another account may not see is unknown, not wrong' '
	if [ "$(id -u)" = 0 ]; then
		chmod 600 "$T/cert.pem" && chmod 755 "$T" &&
		as_nobody doctor --timeout 600 && wrong_rows &&
		row database unknown "" && row certificate unknown "" &&
		row check skipped "" && unlike "$wrong" database
	fi'

### Monitoring

# Programs read these: what they are called and their order stay.
json_rows() {
	perl -MJSON::PP -0777 -ne '
	    my @row = @{decode_json($_)};
	    my %state = map { $_ => 1 } qw(wrong unknown ok skipped);
	    for (@row) {
		print join(" ", sort keys %$_), "\n";
		die "$_->{state}\n" if !$state{$_->{state}};
		die "no advice\n" if $_->{state} eq "wrong" && !$_->{advice};
	    }' | sort -u
}

t 'JSON, CSV and TSV have the columns that the manual promises' '
	doctor -o json &&
	is "$(printf "%s\n" "$out" | json_rows)" "advice state step what" &&
	like "$out" "{\"step\":\"database\",\"state\":\"ok\",\"what\":" &&
	like "$out" ",\"advice\":null}" && doctor -o jsonl &&
	matches "$(printf "%s\n" "$out" | head -n 1)" \
	    "^{\"step\":\"dns\",\"state\":\"wrong\",.*,\"advice\":\"" &&
	doctor -o csv &&
	is "$(printf "%s\n" "$out" | head -n 1 | tr -d "\r")" \
	    "step,state,what,advice" &&
	doctor && is "$(printf "%s\n" "$out" | awk -F "\t" "NF != 4")" ""'

t '--nagios is one line with the first fault, and the statuses 2 and 3' '
	run mailadm doctor --nagios --timeout 600 && status 2 &&
	matches "$out" "^MAILADM CRITICAL - 2 errors.* [|] errors=2;;0;0" &&
	matches "$out" "^config error " &&
	run mailadm doctor --nagios -o json && status 3 &&
	like "$out" "UNKNOWN"'

t 'a database that is down' '
	server_stop && doctor &&
	first database "cannot reach the database" "running"'

finish
