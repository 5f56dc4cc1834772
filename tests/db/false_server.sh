# Servers that are not what they should be: an enemy, or another make.
. tests/lib.sh

FALSE=$BUILT/tests/false
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
	case $status in 7 | 9) ;; *) status 7 ;; esac &&
	unlike "$got" Geheim9 && unlike "$err" Geheim9
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

# What would open the ways again, as a user may write it.
t 'nor where an option file allows such ways' '
	bad= && for plugin in mysql_clear_password dialog; do
		for option in restricted-auth=$plugin \
		    restricted_auth=mysql_native_password,$plugin \
		    loose-restricted-auth=$plugin restricted-auth= \
		    restricted-auth skip-restricted-auth \
		    disable-restricted-auth=1 enable-cleartext-plugin \
		    enable-cleartext-plugin=1 loose-enable-cleartext-plugin \
		    plugin_dir=$T default_auth=$plugin \
		    "default-auth=$plugin restricted-auth=$plugin" \
		    "default-auth=$plugin enable-cleartext-plugin=1"; do
			# shellcheck disable=SC2086 # words
			secret_for $plugin $option ||
				bad="$bad [$plugin $option: $t_notes $err]"
		done
	done; empty "$bad"'

t 'a file that allows them is named, with the line' '
	to_false restricted-auth=mysql_native_password,dialog && status 9 &&
	like "$err" "$T/false.cnf:5: restricted-auth" &&
	like "$err" "hint: remove that line"'

t 'a server that asks for a file gets none, whatever an option file says' '
	echo inner-secret >"$T/file" &&
	for option in local-infile=1 local-infile local_infile=ON \
	    loose-local-infile=1 disable-local-infile=0 \
	    "init-command=SELECT/**/1"; do
		false_start "$REAL" file "$T/file" &&
		to_false $option
		false_end
		[ "$status" -ne 0 ] && [ "$status" -lt 100 ] &&
		unlike "$got" inner-secret || return 1
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
