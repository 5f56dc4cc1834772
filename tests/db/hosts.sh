# Several hosts: which one is tried, which one is left, and what is said.
# shellcheck disable=SC2086 # words
. tests/lib.sh

keep_ports 3
set -- $ports
port=$1 replica=$2 nobody=$3
server_start --skip-networking=0 --bind-address=127.0.0.1 --port=$port \
    --skip-name-resolve
fresh
GRANTS="CREATE USER tcp@'127.0.0.1' IDENTIFIED BY 'Geheim9';
    GRANT ALL ON mail.* TO tcp@'127.0.0.1'"
sql "$GRANTS"

# A second server, to which nobody brings what the first one has.
replica_sql() (
	server_socket=$T/replica.sock
	server_sql "$@"
)

mkdir "$T/replica"
server_install "$T/replica/data" || bail_out 'no second server'
(
	server_dir=$T/replica server_socket=$T/replica.sock
	server_exec --skip-networking=0 --bind-address=127.0.0.1 \
	    --port=$replica --skip-name-resolve
) </dev/null >"$T/replica.out" 2>&1 &
replica_pid=$!
eventually replica_sql -e 'DO 0' 2>/dev/null
mailadm -q --socket "$T/replica.sock" schema init
replica_sql -e "$GRANTS; SET GLOBAL read_only = 1"

# The hosts, as an option file names them, then the command.
on() {
	printf '%s\n' '[client]' "host=$1" user=tcp password=Geheim9 \
	    '[mailadm]' database=mail >"$T/hosts.cnf"
	chmod 600 "$T/hosts.cnf"
	shift
	run "$MAILADM" --defaults-file="$T/hosts.cnf" "$@"
}

PRIMARY=127.0.0.1:$port
REPLICA=127.0.0.1:$replica
NOBODY=127.0.0.1:$nobody

domains() {
	sql 'SELECT GROUP_CONCAT(domain ORDER BY domain) FROM domains'
}

# --- how a host is written ------------------------------------------------

t 'HOST:PORT alone is a host with its port' '
	on $PRIMARY status && status 0 && like "$out" "tcp@127.0.0.1" &&
	on " $PRIMARY " status && status 0 &&
	run "$MAILADM" --defaults-file="$T/hosts.cnf" --host $PRIMARY status &&
	status 0 && run "$MAILADM" --defaults-file="$T/hosts.cnf" \
	    --host 127.0.0.1 --port $port status && status 0'

t 'its port is more than the one of all hosts' '
	on $PRIMARY --port $nobody status && status 0 &&
	on $NOBODY --port $port status && status 7'

t 'status shows host and port once' '
	on $NOBODY status && status 7 && like "$out" "$NOBODY" &&
	unlike "$out" "$NOBODY:3306"'

t 'what is no port is no host either, and it is said' '
	for host in "127.0.0.1:" "127.0.0.1:x" "127.0.0.1:0" \
	    "127.0.0.1:65536" "[127.0.0.1" "[127.0.0.1]x" ":$port"; do
		on "$host" status && [ "$status" -ne 0 ] &&
		like "$err" "hint: " || return 1
	done'

t 'an address of IPv6 is written as in all programs' '
	for host in "[::1]:$nobody" "::1" "[::1]" "[::1]:$nobody,::1"; do
		on "$host" --port $nobody status && status 7 &&
		like "$err" "cannot reach" && like "$err" "::1" &&
		unlike "$err" TLS || return 1
	done'

if [ -e /proc/net/if_inet6 ] && grep -q '^0*1 ' /proc/net/if_inet6; then
	t 'and reached where a server listens there' '
		server_stop && server_run --skip-networking=0 \
		    --bind-address=::1 --port=$port --skip-name-resolve \
		    --server-id=1 --log-bin=binlog &&
		server_sql -e "CREATE USER tcp@\"::1\" IDENTIFIED BY
			\"Geheim9\"; GRANT ALL ON mail.* TO tcp@\"::1\"" &&
		on "[::1]:$port" status && status 0 &&
		like "$out" "tcp@::1" && on ::1 --port $port status &&
		status 0
		server_stop && server_run --skip-networking=0 \
		    --bind-address=127.0.0.1 --port=$port \
		    --skip-name-resolve --server-id=1 --log-bin=binlog &&
		status 0'
fi

# --- hosts that do not answer ---------------------------------------------

t 'a host that does not answer is passed over' '
	on $NOBODY,$PRIMARY domain list && status 0 &&
	on "$NOBODY,, $PRIMARY" domain list && status 0'

t 'where none answers, the last one is named' '
	on $NOBODY,127.0.0.2:$nobody domain list && status 7 &&
	like "$err" "cannot reach the database" && like "$err" 127.0.0.2'

t 'a wrong password is not tried on the next host' '
	on $PRIMARY,$REPLICA --user nobody domain list && status 9'

# --- hosts that take no writes --------------------------------------------

t 'reading stays with the first host' '
	on $REPLICA,$PRIMARY domain add seen.org --dry-run;
	replica_sql mail -e "SET GLOBAL read_only = 0;
	    INSERT INTO domains (domain) VALUES (\"replica.org\");
	    SET GLOBAL read_only = 1" &&
	on $REPLICA,$PRIMARY domain list --columns domain && status 0 &&
	is "$out" replica.org'

t 'a write goes on to the next host, once and whole' '
	on $REPLICA,$PRIMARY domain add a.org && status 0 &&
	like "$err" "domain a.org added" && is "$(domains)" a.org &&
	is "$(sql "SELECT COUNT(*) FROM changes")" 1 &&
	is "$(replica_sql mail -e "SELECT COUNT(*) FROM changes")" 1'

t 'so does a batch, an import and a manifest' '
	printf "domain list\ndomain add b.org\nuser add a@b.org --generate\n" \
	    >"$T/batch" && on $REPLICA,$PRIMARY -f "$T/batch" && status 0 &&
	is "$(domains)" a.org,b.org &&
	is "$(printf "%s\n" "$out" | grep -c "a@b.org")" 1 &&
	printf "email,hash\nc@b.org,!\nd@b.org,!\n" >"$T/in.csv" &&
	on $REPLICA,$PRIMARY import users "$T/in.csv" && status 0 &&
	is "$(sql "SELECT COUNT(*) FROM users")" 3 &&
	printf "domains: {c.org: {}}\n" >"$T/m.yaml" &&
	on $REPLICA,$PRIMARY apply --yes "$T/m.yaml" && status 0 &&
	is "$(domains)" a.org,b.org,c.org'

t 'and the shell, which stays there' '
	on $REPLICA,$PRIMARY status && printf "%s\n" "domain list" \
	    "domain add d.org" "domain list d.org" >"$T/batch" &&
	on $REPLICA,$PRIMARY --keep-going -f "$T/batch" && status 0 &&
	like "$out" d.org && is "$(domains)" a.org,b.org,c.org,d.org'

t 'where none takes writes, that is said of all, and nothing is done' '
	on $REPLICA domain add no.org && status 7 &&
	like "$err" "takes no writes" &&
	like "$err" "hint: name the primary server" &&
	on $REPLICA,$REPLICA domain add no.org && status 7 &&
	like "$err" "none of the hosts does"'

t 'where the next one does not answer, both are said' '
	on $REPLICA,$NOBODY domain add no.org && status 7 &&
	like "$err" "takes no writes" && like "$err" "cannot reach"'

kill -KILL $replica_pid
finish
