# The timer and the cron file: what they run does what they say.
. tests/lib.sh
server_start && fresh

state=$T/lib/state
mkdir "$T/lib"

# What config render makes for this server.
accounts_sql '' >"$T/grants.sql"
server_sql -e "source $T/grants.sql" || bail_out 'no accounts'
echo "database_hosts = $server_socket" >>"$T/accounts/conf"
own_system "$T/accounts"

render_cron() {
	"$MAILADM" -c "$T/accounts/conf" --defaults-file "$T/accounts/cnf" \
	    config render cron --out "$T/accounts"
}

render_cron >"$T/rendered" || bail_out 'no cron file'
cnf=$T/check.cnf
cp "$T/accounts/etc/mailadm/check.cnf" "$cnf"

# The words of the unit, with the files of this test.
service_words() { # [UNIT]
	sed -n '/^ExecStart=/,/[^\\]$/{ s/^ExecStart=//; s/\\$//; p; }' \
	    "src/examples/mailadm-${1:-check}.service" | here
}

# Of the line that this user runs, or would run without the #.
cron_words() { # USER [#]
	sed -n "s/^$2[0-9]* [0-9]* \* \* \*  $1  //p" \
	    "$T/accounts/etc/cron.d/mailadm" |
	    sed "s|^\[ -d [a-z/]* \] .. ||; s|^\[ ! -x [^]]* \] .. ||" | here
}

# The program has a name of one word, whatever its folder is.
ln -s "$MAILADM" "$T/mailadm"
here() {
	tr '\n' ' ' | sed "s|^/usr/local/sbin/mailadm |$T/mailadm |
	    s|^'*$MAILADM'* |$T/mailadm |
	    s|=/etc/mailadm/check.cnf |=$cnf |
	    s|=/var/lib/mailadm/check/state *\$|=$state|"
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

t 'DNS is checked only where somebody has said so, by the same account' '
	service=$(service_words dns | tr -s " ") &&
	like "$service" " --defaults-file=$cnf " &&
	like "$service" " dns check --new " &&
	is "$(cron_words mailadm_check "#" | tr -s " ")" "$service"'

t 'it runs as the account that sees no hashes, and reports what is wrong' '
	mailadm --quiet domain add x.org && runs service_words &&
	status 1 && like "$out" "x.org" && like "$err" "found 1 new warning" &&
	like "$err" "not checked: " &&
	is "$(stat -c %a "$state")" 600'

t 'the next time it prints nothing that is known' '
	runs cron_words mailadm_check && status 0 && empty "$out"'

t 'a password that others can read is refused before it is used' '
	chmod 640 "$cnf" && runs service_words && status 9 && empty "$out" &&
	like "$err" "hint: chmod 600" && chmod 600 "$cnf"'

t 'where systemd runs, cron leaves the check to the timer' '
	grep -q "  mailadm_check  \[ -d /run/systemd/system \] || " \
	    "$T/accounts/etc/cron.d/mailadm"'

t 'the history is pruned where the settings say how much is kept' '
	is "$(cron_words root)" "" &&
	echo "history_keep = 30" >>"$T/accounts/conf" &&
	run render_cron && status 0 && like "$(cron_words root)" prune'

t 'the line that prunes the history does what it says' '
	words="$(cron_words root) --defaults-file=$T/client.cnf" &&
	like "$words" "history prune --yes" &&
	echo "history_keep = 30" >"$T/conf" &&
	run $words --config "$T/conf" && status 0 && empty "$out$err"'

# What sh says of all commands of the file, where the program is gone.
gone() {
	sed -n "s/^#*[0-9]* [0-9]* \* \* \*  [a-z_]*  //p" \
	    "$T/accounts/etc/cron.d/mailadm" |
	    sed "s|-d /run/systemd/system|-d /no|; s|$MAILADM|/no|g" \
	    >"$T/commands" && sh "$T/commands"
}

t 'where mailadm was removed, what cron still runs says nothing' '
	run gone && status 0 && empty "$out$err" &&
	lines "$(grep " /no " "$T/commands")" 3'

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

t 'the option file is for the user of the check alone' '
	is "$(stat -c %a "$T/accounts/etc/mailadm/check.cnf")" 600 && {
		[ "$(id -u)" != 0 ] ||
		is "$(stat -c %u "$T/accounts/etc/mailadm/check.cnf")" 990
	}'

# --- the deploy hook -----------------------------------------------------

hook=$T/accounts/etc/letsencrypt/renewal-hooks/deploy/mailadm
mkdir "$T/bin"
for program in postfix doveadm; do
	printf '#!/bin/sh\necho %s "$@"\n[ ! -e "%s" ]\n' $program \
	    "$T/$program.fails" >"$T/bin/$program"
done
chmod 755 "$T"/bin/*

t 'after a renewal both servers read the new certificate' '
	is "$(stat -c %a "$hook")" 755 &&
	PATH=$T/bin:$PATH run "$hook" && status 0 &&
	is "$out" "postfix reload
doveadm reload"'

t 'when one fails the other is reported all the same' '
	: >"$T/postfix.fails" && PATH=$T/bin:$PATH run "$hook" && status 1 &&
	like "$out" "doveadm reload"'

finish
