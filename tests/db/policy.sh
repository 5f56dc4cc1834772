# Passwords that are easy to guess are refused with the reason, wherever one
# is taken in clear.
. tests/lib.sh
server_in_memory
server_start && fresh
MAILADM_CONFIG=
mailadm -q domain add example.com

# set_by OPTION...: what is on standard input becomes anna's password.
set_by() {
	run mailadm user passwd anna@example.com "$@" <"$T/secret"
}

mailadm -q user add anna@example.com --no-password

t 'a short and a common password are refused, and nothing is changed' '
	echo 123 >"$T/secret" && set_by --password-stdin && status 6 &&
	like "$err" "too short: 3 of at least 8" &&
	like "$err" "hint: --generate makes a good one" &&
	echo "Passw0rd!" >"$T/secret" && set_by --password-stdin && status 6 &&
	like "$err" "one of the commonest" && unlike "$err" "assw0rd" &&
	chmod 600 "$T/secret" &&
	run mailadm user add bo@example.com --password-file "$T/secret" &&
	status 6 && run mailadm user show bo@example.com && status 4 &&
	is "$(sql "SELECT crypt FROM users")" !'

t 'a good one, a hash, a generated one and --force pass' '
	set_by --password-stdin --force && status 0 &&
	echo "early birds sing" >"$T/secret" && set_by --password-stdin &&
	status 0 && set_by --generate=12 && status 0 &&
	run mailadm user passwd anna@example.com --hash \
	    "\$1\$abcdefgh\$irWbblnpmw.5z7wgBnprh0" && status 0'

t 'a batch has the same policy' '
	echo 123 >"$T/secret" &&
	echo "user passwd anna@example.com --password-file $T/secret" \
	    >"$T/batch" &&
	run mailadm --file "$T/batch" && status 6 && like "$err" "batch:1: "'

t 'import reports each line that has one, and takes it with --force' '
	printf "%s\n" email,password a@example.com,tiny \
	    b@example.com,early-birds c@example.com,sommer2024 \
	    >"$T/users.csv" &&
	run mailadm import users "$T/users.csv" && status 3 &&
	like "$err" "users.csv:2:2: the password is too short" &&
	like "$err" "users.csv:4:2: the password is one of the commonest" &&
	unlike "$err" tiny && unlike "$err" sommer &&
	is "$(mailadm user list --count)" 1 &&
	run mailadm import users "$T/users.csv" --force && status 0 &&
	is "$(mailadm user list --count)" 4'

t 'settings: another length, or no policy' '
	echo "early birds sing" >"$T/secret" &&
	echo "password_min = 20" >"$T/long.conf" &&
	set_by --config "$T/long.conf" --password-stdin && status 6 &&
	like "$err" "16 of at least 20" &&
	echo "password_policy = no" >"$T/off.conf" && echo 1 >"$T/secret" &&
	set_by --config "$T/off.conf" --password-stdin && status 0'

t 'asked: the reason is said and it asks again, three times in all' '
	run on_terminal user passwd anna@example.com <<-"END" && status 0 &&
		expect "New password: "
		hidden
		send "123\r"
		expect "too short: 3 of at least 8 characters; try again"
		expect "New password: "
		hidden
		send "early birds\r"
		expect "Repeat the password: "
		hidden
		send "early bird\r"
		expect "the passwords are not the same; try again"
		expect "New password: "
		hidden
		send "early birds\r"
		expect "Repeat the password: "
		hidden
		send "early birds\r"
		expect "has a new password"
		status 0
	END
	echo "early birds" >"$T/secret" &&
	run mailadm user verify anna@example.com --password-stdin \
	    <"$T/secret" && status 0'

t 'after the third it gives up, and the old password stays' '
	run on_terminal user passwd anna@example.com <<-"END" && status 0 &&
		expect "New password: "
		hidden
		send "1\r"
		expect "try again"
		expect "New password: "
		hidden
		send "12\r"
		expect "try again"
		expect "New password: "
		hidden
		send "123\r"
		expect "^mailadm: the password is too short"
		expect "^hint: "
		status 6
	END
	run mailadm user verify anna@example.com --password-stdin \
	    <"$T/secret" && status 0'

finish
