#!/bin/sh
# Runs mailadm on a private database: sh tests/try.sh MAILADM FOLDER
#
# On a terminal that is the shell, otherwise commands from standard input.
# The data stays for the next time; the server ends with this script, also
# when it is killed.

MAILADM=$1
case $2 in
/*) HERE=$2 ;;
*) HERE=$(pwd)/$2 ;;
esac
. tests/server.sh

say() {
	echo "mailadm: $*" >&2
}

end() {
	status=$?
	trap - EXIT
	[ -z "$child" ] || kill -TERM "$child" 2>/dev/null
	server_stop
	server_remove_socket
	exit "$status"
}

configure() {
	cat >"$HERE/client.cnf" <<-END
		[client]
		socket="$server_socket"
		user=root
		[mailadm]
		database=mail
		[mailadm-admin]
		database=mail
	END
	cat >"$HERE/mailadm.conf" <<-END
		# make try: every other setting has its default.
		dkim_secret = $HERE/dkim.secret
	END
	[ -s "$HERE/dkim.secret" ] || head -c 32 /dev/urandom |
		base64 | tr -d = >"$HERE/dkim.secret"
	chmod 600 "$HERE/client.cnf" "$HERE/mailadm.conf" "$HERE/dkim.secret"
	# The history of the shell too stays in this folder.
	export MAILADM_CONFIG="$HERE/mailadm.conf" XDG_STATE_HOME="$HERE/state"
}

# A folder without its mark was left half-made.
prepare() {
	if [ ! -e "$HERE/ready" ]; then
		rm -rf "$HERE/data"
		server_install "$HERE/data" && : >"$HERE/ready"
	fi
}

# Like the server, it must not outlive this script.
mailadm() {
	setpriv --pdeathsig TERM "$MAILADM" \
	    --defaults-file="$HERE/client.cnf" "$@"
}

prepare_schema() {
	if sql 'SELECT 1 FROM mail.schema_version LIMIT 1' >/dev/null 2>&1; then
		mailadm --quiet schema upgrade
	else
		mailadm --quiet schema init
	fi </dev/null >&2
}

# The shell gets a process group of its own in front of the terminal: make
# would end at the first Ctrl-C, which only clears the line.
on_terminal() {
	set -m
	mailadm
	status=$?
	# Ctrl-Z: there is nothing behind us to go back to.
	while [ "$status" -eq $((128 + 20)) ]; do
		fg >/dev/null
		status=$?
	done
	return $status
}

# In the background, where a signal to this script is not put off until
# mailadm ends.  There "<&0" would be /dev/null.
on_input() {
	exec 3<&0
	setpriv --pdeathsig TERM "$MAILADM" \
	    --defaults-file="$HERE/client.cnf" <&3 3<&- &
	child=$!
	wait "$child"
	status=$?
	child=
	return $status
}

umask 077
mkdir -p "$HERE" || exit 10

# Held by the server too: whoever gets it finds the data files closed.
exec 9>"$HERE/lock"
flock -w 3 9 || {
	say 'make try is running already in this folder; end that one first'
	exit 6
}
child=
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
server_dir=$HERE
# shellcheck disable=SC2119 # no flags of its own
server_place_socket && configure && prepare && server_run || exit 7
prepare_schema || exit
exec 9>&-
if [ -t 0 ]; then
	on_terminal
else
	on_input
fi
