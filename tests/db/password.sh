# Where a password comes from, what is stored, and that it shows nowhere.
. tests/lib.sh
SERVER_LOG=$T/general.log
export SERVER_LOG
# Row images and their statements, as a replica gets them.
server_start --binlog-format=ROW --binlog-annotate-row-events=1

ok() {
	run mailadm "$@" && status 0
}

refused() {
	t_want=$1
	shift
	run mailadm "$@" && status "$t_want" && empty "$out"
}

crypt() {
	sql "SELECT crypt FROM users WHERE email = '$1'"
}

# verify USER PASSWORD: does it match?
verify() {
	printf '%s\n' "$2" >"$T/secret" &&
	run mailadm user verify "$1" --password-stdin <"$T/secret"
}

canary=Kanarienvogel7

fresh
{ patient; echo 'rounds = 5000'; } >"$T/conf"
MAILADM_CONFIG=$T/conf
export MAILADM_CONFIG
mailadm -q domain add example.com

# --- from standard input -------------------------------------------------

t '--password-stdin takes one line, as it is' '
	printf "%s1\nnot this\n" $canary >"$T/in" &&
	run mailadm user add anna@example.com --password-stdin <"$T/in" &&
	status 0 && empty "$out" &&
	matches "$(crypt anna@example.com)" \
	    "^[$]5[$]rounds=5000[$][./0-9A-Za-z]{16}[$][./0-9A-Za-z]{43}$" &&
	verify anna@example.com ${canary}1 && status 0 &&
	like "$err" "anna@example.com has this password" &&
	verify anna@example.com "${canary}1 " && status 1 && empty "$out" &&
	like "$err" "password does not match"'

t 'blanks, quotes, UTF-8 and a missing newline are kept exactly' '
	for secret in " blank ${canary}2 " "\"q\" '\'' \\ % $ ${canary}3" \
	    "pä$canary→4" "$(printf "\\377\\001\\033${canary}5")"; do
		printf %s "$secret" >"$T/in" &&
		run mailadm user passwd anna@example.com --password-stdin \
		    <"$T/in" && status 0 &&
		verify anna@example.com "$secret" && status 0 || return 1
	done && status 0 && verify anna@example.com "" && status 1'

t 'only the newline is cut: a carriage return is refused' '
	printf "%s6\r\n" $canary >"$T/in" &&
	run mailadm user passwd anna@example.com --password-stdin <"$T/in" &&
	status 3 && unlike "$err" $canary'

t 'an empty one, NUL, and more than 511 bytes are refused' '
	for secret in "\\n" "" "a\\0b\\n" "$(head -c 512 /dev/zero |
	    tr "\\0" x)\\n"; do
		printf "$secret" >"$T/in" &&
		run mailadm user passwd anna@example.com --password-stdin \
		    <"$T/in" && status 3 && empty "$out" || return 1
	done && status 3 &&
	head -c 511 /dev/zero | tr "\\0" x >"$T/in" &&
	run mailadm user passwd anna@example.com --password-stdin <"$T/in" &&
	status 0 && head -c 1048576 /dev/zero | tr "\\0" x >"$T/in" &&
	run mailadm user passwd anna@example.com --password-stdin <"$T/in" &&
	status 3'

# --- from a file ---------------------------------------------------------

t '--password-file reads a file that nobody else can read' '
	printf "%s7\n" $canary >"$T/file" && chmod 600 "$T/file" &&
	ok user add bo@example.com --password-file "$T/file" &&
	verify bo@example.com ${canary}7 && status 0 &&
	for mode in 640 604 660 602 644; do
		chmod $mode "$T/file" &&
		refused 9 user passwd bo@example.com --password-file \
		    "$T/file" && like "$err" "hint: chmod 600 $T/file" ||
			break
	done && status 9 &&
	refused 4 user passwd bo@example.com --password-file "$T/none" &&
	refused 10 user passwd bo@example.com --password-file "$T"'

if [ "$(id -u)" = 0 ]; then
	t 'nor one of another user' '
		chmod 600 "$T/file" && chown 65534 "$T/file" &&
		refused 9 user passwd bo@example.com --password-file \
		    "$T/file" && like "$err" "another user owns $T/file" &&
		like "$err" "hint: chown root $T/file" && rm "$T/file"'
fi

t '--hash-file, too, and its trailing text is not read' '
	hash=$(crypt bo@example.com) &&
	printf "%s\nmore\n" "$hash" >"$T/file" && chmod 600 "$T/file" &&
	ok user add cy@example.com --hash-file "$T/file" &&
	is "$(crypt cy@example.com)" "$hash" &&
	chmod 644 "$T/file" &&
	refused 9 user passwd cy@example.com --hash-file "$T/file"'

# --- hashes --------------------------------------------------------------

t '--hash and --hash-stdin store what they are given' '
	hash="{SSHA256}SoB6DSxaQfJOxYyaSLaKBaItzGQ6URr8TtSkcrWmVCBhbGljZQ==" &&
	ok user passwd cy@example.com --hash "$hash" &&
	is "$(crypt cy@example.com)" "$hash" &&
	is "$(mailadm user show cy@example.com --columns scheme,rounds)" \
	    "SSHA256	\\N" && crypt bo@example.com >"$T/in" &&
	run mailadm user passwd cy@example.com --hash-stdin <"$T/in" &&
	status 0 && is "$(crypt cy@example.com)" "$(cat "$T/in")" &&
	is "$(mailadm user show cy@example.com --columns scheme,rounds)" \
	    "SHA256-CRYPT	5000"'

t 'cleartext, reversible, unsalted, broken and costly hashes are invalid' '
	for hash in $canary "{PLAIN}$canary" "{CLEARTEXT}$canary" \
	    "{CRAM-MD5}$canary" "{SHA256}$canary" "{PLAIN-MD5}$canary" \
	    "\$5\$rounds=5000001\$abcdefghijklmnop\$x" "\$5\$$canary" \
	    "*" "!" "x" "{}" "\$1\$\$"; do
		printf "%s\n" "$hash" >"$T/in" &&
		run mailadm user passwd cy@example.com --hash-stdin \
		    <"$T/in" && status 3 && unlike "$err" $canary || return 1
	done && status 3'

t 'what cannot be verified here is said to be so, never a mismatch' '
	ok user passwd cy@example.com --hash \
	    "{SSHA256}SoB6DSxaQfJOxYyaSLaKBaItzGQ6URr8TtSkcrWmVCBhbGljZQ==" &&
	verify cy@example.com x && status 3 && like "$err" SSHA256 &&
	refused 4 user verify nobody@example.com --password-stdin'

# --- made here, or none --------------------------------------------------

t '--generate shows it once, in every format' '
	ok user passwd bo@example.com --generate && lines "$out" 1 &&
	matches "$out" "^bo@example.com	[A-Za-z2-9]{20}$" &&
	verify bo@example.com "${out#*	}" && status 0 &&
	ok user passwd bo@example.com --generate=12 --header &&
	matches "$out" "^email	password$" &&
	matches "$out" "^bo@example.com	[A-Za-z2-9]{12}$" &&
	ok -o json user passwd bo@example.com --generate=128 &&
	matches "$out" "^\{\"email\":\"bo@example.com\",\"password\":\
\"[A-Za-z2-9]{128}\"\}$" &&
	ok -o csv user add gen@example.com --generate --columns password &&
	matches "$out" "^[A-Za-z2-9]{20}.?$"'

t 'the length of the settings is taken' '
	printf "rounds = 5000\npassword_length = 33\n" >"$T/conf33" &&
	ok -c "$T/conf33" user passwd bo@example.com --generate &&
	matches "$out" "	[A-Za-z2-9]{33}$"'

t '--no-password lets nobody in, not even with an empty one' '
	ok user passwd bo@example.com --no-password &&
	is "$(crypt bo@example.com)" "!" &&
	for secret in "" "!" x; do
		verify bo@example.com "$secret" && status 1 || return 1
	done && status 1'

t 'a hash that is set already is unchanged' '
	ok user passwd bo@example.com --no-password &&
	is "$err" "user bo@example.com unchanged" &&
	hash=$(crypt anna@example.com) &&
	ok user passwd anna@example.com --hash "$hash" &&
	is "$err" "user anna@example.com unchanged"'

t 'two sources are too many, none is a usage error with a hint' '
	refused 2 user passwd bo@example.com --generate --no-password &&
	refused 2 user passwd bo@example.com --hash-stdin \
	    --hash "$(crypt anna@example.com)" &&
	refused 2 user passwd bo@example.com && like "$err" "--generate" &&
	refused 2 user add new@example.com &&
	refused 2 user verify bo@example.com &&
	like "$err" "--password-stdin"'

t 'an unknown user is said before standard input is read' '
	refused 4 user passwd nobody@example.com --password-stdin'

t 'add --if-not-exists verifies what was given' '
	printf "%s8\n" $canary >"$T/in" && chmod 600 "$T/in" &&
	ok user passwd bo@example.com --password-file "$T/in" &&
	ok user add bo@example.com --if-not-exists --password-file "$T/in" &&
	is "$err" "user bo@example.com unchanged" &&
	printf "%s9\n" $canary >"$T/in" &&
	refused 5 user add bo@example.com --if-not-exists \
	    --password-file "$T/in" && like "$err" "a different password" &&
	hash=$(crypt bo@example.com) &&
	ok user add bo@example.com --if-not-exists --hash "$hash" &&
	refused 5 user add bo@example.com --if-not-exists --hash \
	    "$(crypt anna@example.com)"'

t 'passwd names how the sessions that are open end' '
	ok user passwd bo@example.com --generate &&
	like "$err" "to end open sessions now: doveadm kick bo@example.com"'

t 'the hash is in no list, no column, no message' '
	ok user show bo@example.com && unlike "$out" "\$5\$" &&
	ok -o json user list && unlike "$out" "\$5\$" &&
	refused 2 user list --columns crypt'

t 'rounds of the settings are used, the default is 50,000' '
	ok -c /dev/null user passwd bo@example.com --generate &&
	is "$(mailadm user show bo@example.com --columns rounds)" 50000 &&
	echo "rounds = 4999" >"$T/low" &&
	refused 3 -c "$T/low" user passwd bo@example.com --generate &&
	echo "rounds = 5000001" >"$T/high" &&
	refused 3 -c "$T/high" user passwd bo@example.com --generate'

# --- where it must not be ------------------------------------------------

t 'what --show-sql prints has secrets masked' '
	printf "%s10\n" $canary >"$T/in" &&
	run mailadm --show-sql user add sql@example.com --password-stdin \
	    <"$T/in" && status 0 && like "$err" "INSERT INTO users" &&
	like "$err" "***" && unlike "$err" $canary &&
	unlike "$err" "\$5\$" && run mailadm --show-sql user passwd \
	    sql@example.com --password-stdin <"$T/in" && status 0 &&
	like "$err" "UPDATE users SET crypt" && unlike "$err" "\$5\$"'

t 'no password is in argv, environment or a core of the running program' '
	mkfifo "$T/fifo"
	"$MAILADM" --defaults-file="$T/client.cnf" user passwd \
	    sql@example.com --password-stdin <"$T/fifo" 2>/dev/null &
	pid=$! && exec 8>"$T/fifo" && printf "%s11" $canary >&8 &&
	eventually grep -q password-stdin "/proc/$pid/cmdline" &&
	! grep -q $canary "/proc/$pid/cmdline" "/proc/$pid/environ" &&
	exec 8>&- && wait $pid && verify sql@example.com ${canary}11 &&
	status 0'

t 'no password is in the general log, the binlog or the history' '
	[ -s "$T/general.log" ] && grep -q "user verify\|UPDATE users" \
	    "$T/general.log" && ! grep -q $canary "$T/general.log" &&
	ls "$server_dir"/data/binlog.0* >/dev/null &&
	! grep -q $canary "$server_dir"/data/binlog.0* &&
	sql "SELECT * FROM history" >"$T/history" && [ -s "$T/history" ] &&
	! grep -q $canary "$T/history" &&
	sql "SELECT * FROM changes" >"$T/history" &&
	! grep -q $canary "$T/history"'

t 'no account of the settings shows its password, either' '
	sql "CREATE USER secret@localhost IDENTIFIED BY \"${canary}12\";
		GRANT ALL ON mail.* TO secret@localhost" &&
	{
		cat "$T/client.cnf"
		printf "[mailadm]\nuser=secret\npassword=%s12\n" $canary
	} >"$T/secret.cnf" && chmod 600 "$T/secret.cnf" &&
	run "$MAILADM" --defaults-file="$T/secret.cnf" --show-sql -v status &&
	status 0 && like "$out" secret@localhost &&
	unlike "$out$err" $canary &&
	sed -i "s/${canary}12/${canary}wrong/" "$T/secret.cnf" &&
	run "$MAILADM" --defaults-file="$T/secret.cnf" domain list &&
	status 9 && unlike "$out$err" $canary'

finish
