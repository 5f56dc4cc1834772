# The timer and the cron file: what they run does what they say.
. tests/lib.sh
server_start && fresh

cnf=$T/check.cnf
state=$T/lib/check.state
mkdir "$T/lib"

# The accounts as sql/grants.sql makes them.
accounts_sql s3cret >"$T/grants.sql"
server_sql -e "source $T/grants.sql" || bail_out 'no accounts'

# The option file of the examples, on this server.
sed "s|^socket = .*|socket = $server_socket|; s|\"\.\.\.\"|s3cret|" \
    src/examples/check.cnf.example >"$cnf"
chmod 600 "$cnf"

# The words of the unit, with the files of this test.
service_words() {
	sed -n '/^ExecStart=/,/[^\\]$/{ s/^ExecStart=//; s/\\$//; p; }' \
	    src/examples/mailadm-check.service | here
}

# cron_words USER: of the line that this one runs, comment or not.
cron_words() {
	sed -n "s/^#\{0,1\}[0-9]* [0-9]* \* \* \*  $1  //p" \
	    src/examples/mailadm-check.cron | here
}

here() {
	tr '\n' ' ' | sed "s|^/usr/local/sbin/mailadm |$MAILADM |
	    s|=/etc/mailadm/check.cnf |=$cnf |
	    s|=/var/lib/mailadm/check.state *\$|=$state|"
}

# runs COMMAND: with its words split as systemd and cron do.
runs() {
	# shellcheck disable=SC2046 # words
	run $("$@")
}

t 'the unit and the cron file run the same command' '
	service=$(service_words | tr -s " ") &&
	like "$service" " --defaults-file=$cnf " && like "$service" " check" &&
	is "$(cron_words mailadm_check | tr -s " ")" "$service"'

t 'it runs as the account that sees no hashes, and tells what is wrong' '
	mailadm --quiet domain add x.org && runs service_words &&
	status 1 && like "$out" "x.org" && like "$err" "found 1 new warning" &&
	like "$err" "not checked: " &&
	is "$(stat -c %a "$state")" 600'

t 'the next time it prints nothing that is known' '
	runs cron_words mailadm_check && status 0 && empty "$out"'

t 'a password that others can read is refused before it is used' '
	chmod 640 "$cnf" && runs service_words && status 9 && empty "$out" &&
	like "$err" "hint: chmod 600" && chmod 600 "$cnf"'

t 'the line that prunes the history does what it says' '
	words="$(cron_words root) --defaults-file=$T/client.cnf" &&
	like "$words" "history prune --yes" &&
	echo "history_keep = 30" >"$T/conf" &&
	run $words --config "$T/conf" && status 0 && empty "$out$err"'

if command -v systemd-analyze >/dev/null; then
	t 'systemd finds no fault in the units' '
		sed "s|/usr/local/sbin/mailadm|/bin/true|" \
		    src/examples/mailadm-check.service \
		    >"$T/mailadm-check.service" &&
		cp src/examples/mailadm-check.timer "$T" &&
		run systemd-analyze verify --man=no \
		    "$T/mailadm-check.service" "$T/mailadm-check.timer" &&
		status 0 && unlike "$out$err" mailadm-check'
else
	skip 'systemd finds no fault in the units' 'no systemd-analyze'
fi

finish
