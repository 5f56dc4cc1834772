# What goes wrong around mailadm; sourced after lib.sh.
# shellcheck shell=sh
#
#   $T/hurried.conf       gives up on the server after a second
#   $T/unlocked.conf      gives up on a row that is locked after a second
#   $T/tries.conf         after four, so that others have time to let it go
#   cut_mailadm ARG...    through the socket that cut listens on
#   cut_start WHEN WHAT [BYTES]   cut, in the background: see cut.c
#   cut_end               cut_was_time: WHEN has come
#   alone                 nobody but us is connected
#   other_open, other 'STATEMENT', other_close   another session
#   rollbacks             how many there have been
#   somebody_waits        for a row that is locked

CUT=$BUILT/tests/cut

# How mailadm commits.
COMMIT='BEGIN NOT ATOMIC RELEASE SAVEPOINT mailadm; UPDATE changes SET '\
'connection = NULL WHERE id = @mailadm_change; COMMIT; END'

printf '%s\n' 'connect_timeout = 1' 'read_timeout = 1' 'write_timeout = 1' \
    >"$T/hurried.conf"
patient lock_timeout 1 >"$T/unlocked.conf"
patient lock_timeout 4 >"$T/tries.conf"

cut_mailadm() {
	mailadm --socket="$T/cut.sock" "$@"
}

cut_start() {
	rm -f "$T/cut.out"
	"$CUT" "$T/cut.sock" "$server_socket" "$@" >"$T/cut.out" \
	    2>"$T/cut.err" &
	cut_pid=$!
	eventually grep -qs ready "$T/cut.out"
}

cut_was_time() {
	grep -qs now "$T/cut.out"
}

cut_end() {
	kill -KILL "$cut_pid" 2>/dev/null
	wait "$cut_pid" 2>/dev/null
}

# So no transaction is on its way any more.
alone() {
	[ "$(sql "SELECT COUNT(*) FROM information_schema.processlist
	    WHERE command <> 'Daemon'")" = 1 ]
}

# It does what is written to descriptor 8.
other_open() {
	[ -p "$T/other.in" ] || mkfifo "$T/other.in"
	mariadb --no-defaults --skip-ssl --socket="$server_socket" \
	    --user=root --database=mail --batch --skip-column-names \
	    --unbuffered <"$T/other.in" >"$T/other.out" 2>&1 &
	other_pid=$!
	exec 8>"$T/other.in"
}

# And waits until it is done.
other() {
	: >"$T/other.out"
	echo "$1; SELECT 'is done';" >&8
	eventually grep -q 'is done' "$T/other.out"
}

other_close() {
	exec 8>&-
	wait "$other_pid"
}

rollbacks() {
	sql "SHOW GLOBAL STATUS LIKE 'Com_rollback'" | cut -f 2
}

# Not from information_schema: that is not renewed while it is polled.
somebody_waits() {
	[ "$(sql "SHOW GLOBAL STATUS LIKE 'Innodb_row_lock_current_waits'" |
	    cut -f 2)" -gt 0 ]
}
