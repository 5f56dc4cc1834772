# Where settings come from.  No server: what is asked of one fails with 7.
. tests/lib.sh

option_file() {
	cat >"$T/o.cnf" && chmod "$1" "$T/o.cnf"
}

with_option_file() {
	run "$MAILADM" --defaults-file="$T/o.cnf" domain list
}

# Sockets that nobody serves.  A name has at most 107 bytes; $T may be longer.
S=/nonexistent

personal=$XDG_CONFIG_HOME/mailadm/mailadm.conf
mkdir -p "$XDG_CONFIG_HOME/mailadm"

# --- mailadm's own settings ----------------------------------------------

t 'an unknown setting is an error with its file and line' '
	printf "# mine\n\nrounds = 6000\nround = 7000\n" >"$T/conf" &&
	run mailadm -c "$T/conf" domain list && status 3 && empty "$out" &&
	like "$err" "mailadm: $T/conf:4: unknown setting: round" &&
	like "$err" "hint: did you mean rounds?"'

t 'connection settings are sent to where they belong' '
	for name in host password database; do
		echo "$name = x" >"$T/conf" &&
		run mailadm -c "$T/conf" domain list && status 3 &&
		like "$err" "group [mailadm]" || return 1
	done && status 3'

t 'values out of range, twice, or of no setting' '
	for line in "rounds = 4999" "rounds = 5000001" "rounds = many" \
	    "rounds =" "connect_timeout = 0" "rounds" "= 5" \
	    "password_length = 11"; do
		printf "%s\n" "$line" >"$T/conf" &&
		run mailadm -c "$T/conf" domain list && status 3 &&
		like "$err" "$T/conf:1: " || return 1
	done && status 3 &&
	printf "rounds = 6000\nrounds = 6000\n" >"$T/conf" &&
	run mailadm -c "$T/conf" domain list && status 3 &&
	like "$err" "$T/conf:2: "'

t 'a file that was named must be there, and only its owner may write it' '
	run mailadm -c "$T/none" domain list && status 4 &&
	like "$err" "$T/none" &&
	MAILADM_CONFIG=$T/none run mailadm domain list && status 4 &&
	echo "rounds = 6000" >"$T/conf" && chmod 666 "$T/conf" &&
	run mailadm -c "$T/conf" domain list && status 9 &&
	like "$err" "hint: chmod go-w $T/conf" && chmod 644 "$T/conf" &&
	run mailadm -c "$T/conf" domain list && status 7 &&
	run mailadm -c "$T" domain list && status 10'

t 'the personal file, MAILADM_CONFIG, and --config instead of both' '
	echo "nonsense = 1" >"$personal" &&
	run mailadm domain list && status 3 && like "$err" "$personal:1" &&
	run mailadm -c "$T/conf" domain list && status 7 &&
	echo "rounds = 6000" >"$personal" &&
	echo "nonsense = 1" >"$T/other" && chmod 644 "$T/other" &&
	MAILADM_CONFIG=$T/other run mailadm domain list && status 3 &&
	like "$err" "$T/other:1" && run mailadm -c /dev/null domain list &&
	status 7 && rm "$personal"'

t 'the settings are read before a batch, and not for its lines' '
	echo "nonsense = 1" >"$T/other" && echo "domain list" >"$T/b" &&
	run mailadm -c "$T/other" -f "$T/b" && status 3 &&
	like "$err" "mailadm: $T/other:1: "'

# --- MariaDB's option files ----------------------------------------------

t 'a password in a file that others can read is refused' '
	for mode in 644 640 604; do
		printf "[mailadm]\nsocket=%s\npassword=Geheim9\n" "$T/sock" |
			option_file $mode
		with_option_file && status 9 && empty "$out" &&
		like "$err" "hint: chmod 600 $T/o.cnf" &&
		unlike "$err" Geheim9 || return 1
	done && status 9 && chmod 600 "$T/o.cnf" && with_option_file &&
	status 7'

t 'so is one in [client] and in the administrator'\''s group' '
	for group in client mailadm-admin client-mariadb; do
		printf "[%s]\npassword=x\n" $group | option_file 644
		with_option_file && status 9 || return 1
	done && status 9'

t 'without a password, or in a group that is not ours, all may read it' '
	printf "[mailadm]\nsocket=%s\n[mysqldump]\npassword=x\n" "$T/sock" |
		option_file 644 && with_option_file && status 7 &&
	like "$err" "$T/sock"'

t 'a file that others can write is refused, whatever it sets' '
	for mode in 664 646 620 602; do
		for group in mailadm mysqld; do
			printf "[%s]\nsocket=%s\n" $group "$T/sock" |
				option_file $mode
			with_option_file && status 9 && empty "$out" &&
			like "$err" "others can write $T/o.cnf" &&
			like "$err" "hint: chmod go-w $T/o.cnf" || return 1
		done
	done && status 9'

t 'so is a directory of option files that others can write' '
	mkdir "$T/conf.d" &&
	printf "!includedir %s\n" "$T/conf.d" | option_file 600 &&
	with_option_file && status 7 &&
	for mode in 777 1777 775; do
		chmod $mode "$T/conf.d" && with_option_file && status 9 &&
		like "$err" "hint: chmod go-w $T/conf.d" || return 1
	done && status 9 && rm -r "$T/conf.d"'

if [ "$(id -u)" = 0 ]; then
	t 'a file of another user is refused, whatever it sets' '
		for content in "" "[mailadm]" "[client]
plugin-dir=/tmp/x
default-auth=x" "!include /dev/null"; do
			printf "%s\n" "$content" | option_file 600 &&
			with_option_file && status 7 &&
			chown 65534 "$T/o.cnf" && with_option_file &&
			status 9 && empty "$out" &&
			like "$err" "another user owns $T/o.cnf" &&
			like "$err" "hint: chown root $T/o.cnf" &&
			rm "$T/o.cnf" || return 1
		done && status 9'

	t 'so is the standard file in HOME, and an included one' '
		echo >"$HOME/.my.cnf" && chown 65534 "$HOME/.my.cnf" &&
		run "$MAILADM" --socket "$T/sock" domain list && status 9 &&
		like "$err" "another user owns $HOME/.my.cnf" &&
		rm "$HOME/.my.cnf" && echo >"$T/inc.cnf" &&
		printf "!include %s\n" "$T/inc.cnf" | option_file 600 &&
		with_option_file && status 7 && chown 65534 "$T/inc.cnf" &&
		with_option_file && status 9 &&
		like "$err" "another user owns $T/inc.cnf"'

	t 'a link counts as what it leads to' '
		ln -s "$T/inc.cnf" "$T/link" && rm -f "$T/o.cnf" &&
		run "$MAILADM" --defaults-file="$T/link" domain list &&
		status 9 && like "$err" "another user owns $T/link" &&
		chown 0 "$T/inc.cnf" && chown -h 65534 "$T/link" &&
		run "$MAILADM" --defaults-file="$T/link" --socket "$T/sock" \
		    domain list && status 7 && rm "$T/link"'

	t 'settings of another user are refused' '
		echo "rounds = 6000" >"$T/conf" && chown 65534 "$T/conf" &&
		run mailadm -c "$T/conf" domain list && status 9 &&
		like "$err" "another user owns $T/conf" &&
		chown 0 "$T/conf" && echo "rounds = 6000" >"$personal" &&
		chown 65534 "$personal" && run mailadm domain list &&
		status 9 && like "$err" "another user owns $personal" &&
		rm "$personal"'
fi

t 'an included file is looked at, too' '
	printf "[client]\npassword=x\n" >"$T/inc.cnf" &&
	chmod 644 "$T/inc.cnf" &&
	printf "!include %s\n" "$T/inc.cnf" | option_file 600 &&
	with_option_file && status 9 && like "$err" "$T/inc.cnf"'

t 'the standard file of the user is looked at' '
	printf "[mailadm]\npassword=x\n" >"$HOME/.my.cnf" &&
	chmod 644 "$HOME/.my.cnf" &&
	run "$MAILADM" --socket "$T/sock" domain list && status 9 &&
	like "$err" "$HOME/.my.cnf" && rm "$HOME/.my.cnf"'

t 'an option file that was named must be there' '
	run "$MAILADM" --defaults-file="$T/none.cnf" domain list &&
	status 4 && like "$err" "$T/none.cnf"'

t 'the setting defaults_file names the one that is read' '
	printf "[mailadm]\nsocket=%s\n" "$S/of-setting" | option_file 600 &&
	echo "defaults_file = $T/o.cnf" >"$T/conf" &&
	run "$MAILADM" -c "$T/conf" domain list && status 7 &&
	like "$err" "$S/of-setting" &&
	run "$MAILADM" -c "$T/conf" --defaults-file=/dev/null \
	    --socket "$S/named" domain list && status 7 &&
	like "$err" "$S/named" && rm "$T/o.cnf" &&
	run "$MAILADM" -c "$T/conf" domain list && status 4 &&
	like "$err" "$T/o.cnf" && like "$err" "hint: the setting"'

t 'a personal file takes it back, for who may not read what it names' '
	printf "[mailadm]\nsocket=%s\n" "$S/of-user" >"$HOME/.my.cnf" &&
	echo "defaults_file = $T/o.cnf" >"$personal" &&
	echo "defaults_file =" >"$T/other" &&
	MAILADM_CONFIG=$T/other run "$MAILADM" domain list && status 7 &&
	like "$err" "$S/of-user" && run "$MAILADM" domain list && status 4 &&
	rm "$HOME/.my.cnf" "$personal"'

t 'options of the command line win' '
	printf "[mailadm]\nsocket=%s\n" "$S/one" | option_file 600 &&
	run "$MAILADM" --defaults-file="$T/o.cnf" --socket "$S/two" \
	    domain list && status 7 && like "$err" "$S/two" &&
	like "$err" "hint: " && unlike "$err" "$S/one"'

t 'there is no option that takes a password' '
	for option in --password --password=x -p; do
		run mailadm $option domain list && status 2 || return 1
	done && status 2'

t '--host and --port need values that can be' '
	run mailadm --port 0 domain list && status 3 &&
	run mailadm --port 65536 domain list && status 3 &&
	run mailadm --host "" domain list && status 3'

t 'several hosts are tried in order, all in vain' '
	run "$MAILADM" --defaults-file=/dev/null --host 127.0.0.1,127.0.0.2 \
	    --port 1 domain list && status 7 && like "$err" "cannot reach"'

finish
