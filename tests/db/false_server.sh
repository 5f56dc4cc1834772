# Servers that are not what they should be: an enemy, or another make.
. tests/lib.sh

FALSE=$TOP/$OUT/tests/false
REAL=10.11.6-MariaDB

# false_start VERSION WHAT [NAME]
false_start() {
	rm -f "$T/false.out"
	"$FALSE" "$T/false.sock" "$@" >"$T/false.out" 2>&1 &
	false_pid=$!
	eventually grep -qs ready "$T/false.out"
}

false_end() {
	kill -KILL "$false_pid" 2>/dev/null
	wait "$false_pid" 2>/dev/null
	got=$(cat "$T/false.out")
}

# With the lines that are given, in the group of all clients.
to_false() {
	printf '%s\n' '[client]' "socket=$T/false.sock" user=root \
	    password=Geheim9 "$@" '[mailadm]' database=mail \
	    >"$T/false.cnf"
	chmod 600 "$T/false.cnf"
	run timeout 20 "$MAILADM" --defaults-file="$T/false.cnf" status
}

secret_for() {
	false_start "$REAL" auth "$1" || return 1
	shift
	to_false "$@"
	false_end
	status 7 && unlike "$got" Geheim9 && unlike "$err" Geheim9
}

t 'a server that asks for the password in clear does not get it' '
	for plugin in mysql_clear_password dialog sha256_password \
	    caching_sha2_password mysql_old_password; do
		secret_for $plugin &&
		like "$err" "asks for the password in a way" &&
		like "$err" "ed25519" || return 1
	done'

t 'not even where an option file begins with such a way' '
	for plugin in mysql_clear_password dialog; do
		secret_for $plugin default-auth=$plugin || return 1
	done'

t 'a server that asks for a file gets none, whatever an option file says' '
	echo inner-secret >"$T/file" &&
	for option in local-infile=1 local-infile loose-local-infile=1; do
		false_start "$REAL" file "$T/file" &&
		to_false $option
		false_end
		[ "$status" -ne 0 ] && unlike "$got" inner-secret || return 1
	done'

t 'a server that is not MariaDB is named, before anything is done' '
	false_start 8.0.36 ok && to_false
	false_end
	status 7 && like "$err" "MySQL 8.0.36" &&
	like "$err" "MariaDB 10.6"'

t 'so is a MariaDB that is too old' '
	false_start 5.5.5-10.3.39-MariaDB-log ok && to_false
	false_end
	status 7 && like "$err" "MariaDB 10.3.39" &&
	like "$err" "10.6"'

t 'and where such a server does not even let mailadm in' '
	false_start 8.0.36 auth caching_sha2_password && to_false
	false_end
	status 7 && like "$err" "needs MariaDB 10.6" && unlike "$got" Geheim9'

finish
