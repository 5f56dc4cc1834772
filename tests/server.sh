# A private mariadbd on a socket of its own; sourced by lib.sh and try.sh.
# shellcheck shell=sh
#
#   server_install DATADIR      what mariadb-install-db makes
#   server_run [FLAG...]        in $server_dir; waits until it answers
#   server_stop, server_kill9   by its pid; server_run starts it again
#   sql 'STATEMENT'             as root; no header, tabs between columns
#
# The server is a child of the shell that starts it and asks the kernel for
# a SIGTERM when that shell dies, however it dies: none is ever left behind.
# Root's password is empty, so $server_dir must be closed to others.

# mariadbd is in /usr/sbin, which is not in the PATH of an ordinary user.
PATH=$PATH:/usr/sbin:/sbin

server_dir=
server_socket=
server_pid=
server_database=

# Small, and with nothing of the machine's own configuration.  A session of
# its own keeps a Ctrl-C at the terminal away from the server.  In a tmpdir
# that it shares, a server that starts deletes the others' temporary tables.
server_exec() {
	if [ "$(id -u)" -eq 0 ]; then
		set -- --user=root "$@"
	fi
	exec setpriv --pdeathsig TERM setsid mariadbd --no-defaults \
	    --datadir="$server_dir/data" --socket="$server_socket" \
	    --pid-file="$server_dir/pid" --log-error="$server_dir/error.log" \
	    --tmpdir="$server_dir" --sync-frm=0 \
	    --skip-networking --performance-schema=0 --max-connections=150 \
	    --innodb-log-file-size=4M --innodb-undo-tablespaces=0 \
	    --innodb-buffer-pool-size=8M --aria-log-file-size=8M \
	    --innodb-temp-data-file-path=ibtmp1:3M:autoextend \
	    --key-buffer-size=1M --aria-pagecache-buffer-size=1M "$@"
}

# Made in a short folder and moved: as root mariadb-install-db stumbles over
# a blank in the name.
server_install() {
	server_new=$(mktemp -d /tmp/mailadm.XXXXXX) || return 1
	server_data=$1
	shift
	[ "$(id -u)" -ne 0 ] || set -- --user=root
	if mariadb-install-db --no-defaults --datadir="$server_new/data" \
	    --skip-test-db --auth-root-authentication-method=normal \
	    --innodb-log-file-size=4M --innodb-undo-tablespaces=0 \
	    --aria-log-file-size=8M "$@" </dev/null >"$server_new/log" 2>&1
	then
		mv "$server_new/data" "$server_data"
	else
		cat "$server_new/log" >&2
	fi
	rm -rf "$server_new"
	[ -d "$server_data" ]
}

# A socket's name has at most 107 bytes: a deep folder needs another place.
server_place_socket() {
	server_socket=$server_dir/sock
	if [ "$(printf %s "$server_socket" | wc -c)" -gt 107 ]; then
		server_short=$(mktemp -d /tmp/mailadm.XXXXXX) || return 1
		server_socket=$server_short/sock
	fi
}

server_remove_socket() {
	[ -z "${server_short:-}" ] || rm -rf "$server_short"
}

server_run() {
	# setsid forks unless it leads no group: so never under "set -m".
	( server_exec "$@" ) </dev/null >>"$server_dir/error.log" 2>&1 &
	server_pid=$!
	server_tries=0
	until [ -S "$server_socket" ] && server_sql -e 'DO 0' 2>/dev/null; do
		server_tries=$((server_tries + 1))
		if ! server_alive || [ "$server_tries" -gt 15000 ]; then
			echo "mariadbd did not start:" >&2
			tail -n 20 "$server_dir/error.log" >&2
			return 1
		fi
		sleep 0.02
	done
}

# A dead child stays a zombie until it is waited for.
server_alive() {
	[ -n "$server_pid" ] &&
	read -r _ _ server_state _ 2>/dev/null <"/proc/$server_pid/stat" &&
	[ "$server_state" != Z ]
}

server_stop() {
	[ -n "$server_pid" ] || return 0
	kill -TERM "$server_pid" 2>/dev/null
	server_tries=0
	while server_alive && [ "$server_tries" -lt 15000 ]; do
		server_tries=$((server_tries + 1))
		sleep 0.02
	done
	server_kill9
}

server_kill9() {
	[ -n "$server_pid" ] || return 0
	kill -KILL "$server_pid" 2>/dev/null
	wait "$server_pid" 2>/dev/null
	server_pid=
	rm -f "$server_socket"
}

# The client of 11.8 wants TLS even on a socket unless told.
server_sql() {
	mariadb --no-defaults --skip-ssl --socket="$server_socket" \
	    --user=root --batch --skip-column-names "$@" </dev/null
}

sql() {
	server_sql ${server_database:+--database="$server_database"} -e "$1"
}
