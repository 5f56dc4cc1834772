# The test library: cases are sentences, results are TAP.
# shellcheck shell=sh
#
#   . tests/lib.sh
#   server_start && fresh
#   t 'an alias may not close a loop' '
#           run mailadm alias add b@x.org a@x.org && status 0 &&
#           run mailadm alias add a@x.org b@x.org &&
#           status 6 && like "$err" "loop: a@x.org, b@x.org"'
#   finish
#
# Run a file from the top of the tree: sh tests/db/alias.sh.  Of each t one
# command after the other is evaluated here, in this shell, so variables and
# functions live on.  A file ends with finish: without it, it has crashed.
#
#   run COMMAND...      sets $status, $out and $err ($T/out, $T/err as they
#                       came); standard input is /dev/null or "run ... <file"
#   mailadm ARG...      the program under test on this file's server, or on
#                       a socket that nobody serves
#   status N            the status of the last run was N
#   is TEXT EXPECTED    the same        like TEXT PART     holds PART
#   empty TEXT          nothing         unlike TEXT PART   does not hold it
#   matches TEXT ERE    some line does  lines TEXT N       has N lines
#   holds CHECK         the same as a question: "! holds like A B"
#   eventually COMMAND  true in the end; asked again and again.  The limit,
#                       minutes, is there to end a test that fails
#   on_terminal ARG...  run mailadm on a terminal, typing what the script on
#                       standard input says (see pty/drive.c)
#   skip 'sentence' 'reason'            skip_all 'reason'
#   need_root           need_command NAME...
#   server_start [FLAG...], server_stop, server_kill9, sql: see server.sh;
#                       SERVER_DURABLE=1 for what kills the server
#   server_in_memory    in front of it: no disk, for what makes many tables
#   step N              N, or 1 where WHOLE=1: what is killed at any call is
#                       killed at each Nth, and at each by make check-killed
#   fresh               an empty database "mail" with today's schema
#   accounts_sql PASSWORD  what config render makes of sql/grants.sql; where it
#                       is empty each has the password of-ACCOUNT
#   own_system FOLDER   users and groups for what is rendered below it
#   patient [NAME N]    settings for a busy machine: what waits gives up late,
#                       but one; any password is taken.  server_start makes
#                       them the default.
#   keep_ports N        sets $ports: nobody else listens on them or gets
#                       them, until the test ends
#   preloaded NAME      the path of $OUT/tests/NAME for LD_PRELOAD
#   $T                  a scratch folder, removed at the end unless KEEP=1

OUT=${OUT:-build}
TOP=$(pwd)
[ -f tests/lib.sh ] || { echo 'Bail out! run from the top'; exit 99; }
case $OUT in
/*) BUILT=$OUT ;;
*) BUILT=$TOP/$OUT ;;
esac
MAILADM=${MAILADM:-$BUILT/mailadm}
DRIVE=$BUILT/tests/drive
. tests/server.sh

# Settings take paths of plain characters alone: from a tree with others, the
# scratch folder is elsewhere.
mkdir -p "$OUT/test"
t_scratch=$BUILT/test
case $t_scratch in
*[!a-zA-Z0-9._+@:/-]*) t_scratch=${TMPDIR:-/tmp} ;;
esac
T=$(mktemp -d "$t_scratch/$(basename "$0" .sh).XXXXXX") || exit 99
t_count=0
t_failed=0
t_notes=
t_wrong=
t_held=
t_keepers=
server_dir=$T/db
server_place_socket

# The machine's and the user's own settings must not matter.
unset MAILADM_CONFIG NO_COLOR MYSQL_HOME MYSQL_HOST MYSQL_TCP_PORT \
    MYSQL_UNIX_PORT MAKEFLAGS MAKELEVEL MFLAGS
HOME=$T/home XDG_CONFIG_HOME=$T/home/config XDG_STATE_HOME=$T/home/state
LC_ALL=C.UTF-8 TZ=UTC TERM=xterm
# Reports go to files, so that no test can overlook one.
ASAN_OPTIONS=exitcode=99:log_path=$T/san
UBSAN_OPTIONS=print_stacktrace=1:log_path=$T/san
LSAN_OPTIONS=exitcode=99
export HOME XDG_CONFIG_HOME XDG_STATE_HOME LC_ALL TZ TERM ASAN_OPTIONS \
    UBSAN_OPTIONS LSAN_OPTIONS
umask 022
mkdir -p "$HOME"
exec </dev/null

cat >"$T/client.cnf" <<END
[client]
socket=$server_socket
user=root
[mailadm]
database=mail
[mailadm-admin]
database=mail
END
chmod 600 "$T/client.cnf"

t_exit() {
	t_status=$?
	trap - EXIT
	server_stop
	server_remove_socket
	# shellcheck disable=SC2086 # numbers
	[ -z "$t_keepers" ] || kill $t_keepers
	[ -n "${KEEP:-}" ] || rm -rf "$T" ${t_memory:+"$t_memory"}
	exit "$t_status"
}
trap t_exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

mailadm() {
	"$MAILADM" --defaults-file="$T/client.cnf" "$@"
}

step() {
	if [ -n "${WHOLE:-}" ]; then
		echo 1
	else
		echo "$1"
	fi
}

# shellcheck disable=SC2120 # tests pass them
patient() {
	printf '%s = %s\n' connect_timeout 600 read_timeout 3600 \
	    write_timeout 3600 lock_timeout 600 password_policy no |
	    sed "s/^${1:-none} = .*/${1:-} = ${2:-}/"
}

# Bound, but not listened on: the system gives such a port to nobody, and a
# server that sets SO_REUSEADDR, as all do, may listen there.
keep_ports() {
	rm -f "$T/ports"
	# shellcheck disable=SC2016 # Perl
	setpriv --pdeathsig TERM perl -MIO::Socket::INET -e '
		my @kept = map { IO::Socket::INET->new(ReuseAddr => 1,
		    Proto => "tcp", LocalAddr => "127.0.0.1") or die "$!" }
		    1 .. $ARGV[0];
		open my $out, ">", "$ARGV[1].new" or die;
		print $out join(" ", map { $_->sockport } @kept), "\n";
		close $out;
		rename "$ARGV[1].new", $ARGV[1];
		sleep;' "$1" "$T/ports" &
	t_keepers="$t_keepers $!"
	eventually test -e "$T/ports" || bail_out 'no free ports'
	# shellcheck disable=SC2034 # for the cases
	read -r ports <"$T/ports"
}

own_system() {
	mkdir -p "$1/etc"
	printf '%s\n' root:x:0:0::/: mailadm_check:x:990:990::/: \
	    mailadm_policy:x:991:991::/: \
	    >"$1/etc/passwd"
	printf '%s\n' root:x:0: postfix:x:901: dovecot:x:902: \
	    >"$1/etc/group"
}

accounts_sql() {
	mkdir -p "$T/accounts"
	echo 'hostname = mx.example.org' >"$T/accounts/conf"
	: >"$T/accounts/cnf"
	chmod 600 "$T/accounts/cnf"
	for t_account in mailadm mailadm_check mailadm_policy postfix \
	    postfix_relay dovecot; do
		printf '[%s]\npassword = %s\n' $t_account \
		    "${1:-of-$t_account}" >>"$T/accounts/cnf"
	done
	"$MAILADM" -q -c "$T/accounts/conf" \
	    --defaults-file "$T/accounts/cnf" \
	    config render grants --out "$T/accounts" --force >/dev/null &&
	cat "$T/accounts/etc/mailadm/grants.sql"
}

# Blanks and colons end a name there.
preloaded() {
	[ -e "$T/$1" ] || cp "$BUILT/tests/$1" "$T/$1" && echo "$T/$1"
}

# A function of its own, so that a loop can fail with "|| return 1": after
# "|| break" the loop, and with it the case, would have succeeded.
t_body() {
	eval "$1"
}

# What a check found wrong is a failure, also where a later line of the case
# holds: only the status of its last line comes back.
t() {
	t_count=$((t_count + 1))
	t_notes=
	t_wrong=
	t_ran=
	if t_body "$2" && t_sanitizers_are_silent && [ -z "$t_wrong" ]; then
		echo "ok $t_count - $1"
		return 0
	fi
	t_failed=$((t_failed + 1))
	echo "not ok $t_count - $1"
	{
		printf '%s\n' "$2"
		[ -z "$t_notes" ] || echo "failed: $t_notes"
		if [ -n "$t_ran" ]; then
			echo "last run: $(printf %.400s "$t_ran")"
			echo "status $status"
			echo "standard output:"
			head -n 40 "$T/out" | cut -c 1-1000
			echo "standard error:"
			head -n 40 "$T/err" | cut -c 1-1000
		fi
		cat "$T"/san.* 2>/dev/null && rm -f "$T"/san.*
		if [ -n "$server_pid" ] && ! server_alive; then
			echo "the server is gone:"
			tail -n 20 "$server_dir/error.log"
		fi
	} | sed 's/^/#   /'
}

t_sanitizers_are_silent() {
	for t_report in "$T"/san.*; do
		[ ! -e "$t_report" ] || {
			t_notes='a sanitizer has something to say'
			return 1
		}
	done
}

run() {
	t_ran=$*
	"$@" >"$T/out" 2>"$T/err"
	status=$?
	# shellcheck disable=SC2034 # for the cases
	out=$(tr -d '\000' <"$T/out")
	# shellcheck disable=SC2034
	err=$(tr -d '\000' <"$T/err")
}

status() {
	[ "$status" -eq "$1" ] || { t_wrong=1 t_notes="status $1"; return 1; }
}

is() {
	[ "$1" = "$2" ] || {
		t_wrong=1 t_notes="is:
$1
expected:
$2"
		return 1
	}
}

like() {
	case $1 in
	*"$2"*) ;;
	*) t_wrong=1 t_notes="like: $2
text: $1"
		return 1 ;;
	esac
}

unlike() {
	case $1 in
	*"$2"*) t_wrong=1 t_notes="unlike: $2
text: $1"
		return 1 ;;
	esac
}

matches() {
	printf '%s\n' "$1" | grep -Eq -e "$2" || {
		t_wrong=1 t_notes="matches: $2
text: $1"
		return 1
	}
}

empty() {
	is "$1" ''
}

lines() {
	if [ -z "$1" ]; then
		is "0 lines" "$2 lines"
	else
		is "$(printf '%s\n' "$1" | wc -l) lines" "$2 lines"
	fi
}

# holds CHECK...: a question, to which no is an answer and no failure.  What
# was wrong before stays so: a digit for each question inside of another.
holds() {
	t_held=${t_wrong:-0}$t_held
	"$@"
	set -- $?
	t_wrong=${t_held%"${t_held#?}"}
	t_held=${t_held#?}
	[ "$t_wrong" = 1 ] || t_wrong=
	return "$1"
}

eventually() {
	t_tries=0
	until holds "$@"; do
		t_tries=$((t_tries + 1))
		[ "$t_tries" -lt 6000 ] || {
			t_wrong=1 t_notes="eventually: $*"
			return 1
		}
		sleep 0.02
	done
}

on_terminal() {
	"$DRIVE" - "$MAILADM" --defaults-file="$T/client.cnf" "$@"
}

skip() {
	t_count=$((t_count + 1))
	echo "ok $t_count - $1 # SKIP $2"
}

skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

need_root() {
	[ "$(id -u)" -eq 0 ] || skip_all 'needs root'
}

need_command() {
	for t_name; do
		command -v "$t_name" >/dev/null ||
			skip_all "$t_name is not installed"
	done
}

bail_out() {
	echo "Bail out! $*"
	exit 99
}

finish() {
	echo "1..$t_count"
	[ "$t_failed" -eq 0 ]
	exit
}

# The data folder of a new server is made once and copied for each file; for
# each user, since some of the files are run by root.  "make clean" is not, so
# root gives its own away.
t_data_folder() {
	mkdir -m 0700 "$server_dir"
	t_template=$BUILT/db-template.$(id -u)
	(
		flock 9
		t_version=$(mariadbd --version)
		if [ "$(cat "$t_template/version" 2>/dev/null)" != \
		    "$t_version" ]; then
			rm -rf "$t_template"
			mkdir -m 0700 "$t_template" &&
			server_install "$t_template/data" &&
			echo "$t_version" >"$t_template/version"
			[ "$(id -u)" -ne 0 ] ||
				chown -R --reference="$OUT" "$t_template"
		fi
	) 9>"$t_template.lock"
	cp -r "$t_template/data" "$server_dir/data"
}

# A file system that keeps clear of what was deleted a moment ago makes a
# table in the tenfold time.
server_in_memory() {
	t_data_folder || bail_out 'no data folder for mariadbd'
	[ "$(df -kP /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')" -gt \
	    1000000 ] 2>/dev/null || return 0
	t_memory=$(mktemp -d /dev/shm/mailadm.XXXXXX) &&
	mv "$server_dir/data" "$t_memory/data" &&
	ln -s "$t_memory/data" "$server_dir/data"
}

# With a binary log, as a careful admin has it.
server_start() {
	# shellcheck disable=SC2119
	patient >"$T/patient.conf"
	export MAILADM_CONFIG="${MAILADM_CONFIG:-$T/patient.conf}"
	[ -d "$server_dir/data" ] || t_data_folder ||
		bail_out 'no data folder for mariadbd'
	t_flush=0
	[ -z "${SERVER_DURABLE:-}" ] || t_flush=1
	if [ -n "${SERVER_LOG:-}" ]; then
		set -- --general-log --general-log-file="$SERVER_LOG" "$@"
	fi
	server_run --log-bin=binlog --server-id=1 \
	    --sync-binlog=$t_flush \
	    --innodb-flush-log-at-trx-commit=$t_flush "$@" ||
		bail_out 'mariadbd did not start'
}

fresh() {
	server_database=
	sql 'DROP DATABASE IF EXISTS mail' || bail_out 'no database'
	mailadm --quiet schema init || bail_out 'no schema'
	server_database=mail
}
