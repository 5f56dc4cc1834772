# Hooks: programs that run after a commit, and can do no harm to it.
. tests/lib.sh
server_start && fresh
need_command perl

hooks=$T/hooks.d
mkdir "$hooks"
{
	cat "$T/patient.conf"
	echo "hooks = $hooks"
	echo 'hook_timeout = 60'
} >"$T/hooks.conf"
sed 's/^hook_timeout = .*/hook_timeout = 1/' "$T/hooks.conf" \
    >"$T/short.conf"
export MAILADM_CONFIG="$T/hooks.conf"

ok() {
	run mailadm "$@" && status 0
}

# hook NAME: a program of these lines.
hook() {
	{
		echo '#!/bin/sh'
		cat
	} >"$hooks/$1"
	chmod 755 "$hooks/$1"
}

# Without hooks, and what they have written.
clean() {
	rm -rf "$hooks" "$T"/got*
	mkdir "$hooks"
}

# kept ADDRESS: the change is there.
kept() {
	is "$(sql "SELECT COUNT(*) FROM users WHERE email = '$1'")" 1
}

# told JSON-PATH: what the last hook was told.
told() {
	perl -MJSON::PP -0777 -ne '
		my $v = decode_json($_);
		for my $key (split /[.]/, $ARGV) {}
		for my $key (split /[.]/, $ENV{WAY}) {
			$v = ref $v eq "ARRAY" ? $v->[$key] : $v->{$key};
		}
		print ref $v ? JSON::PP->new->canonical->encode($v) :
		    defined $v ? $v : "null";' "$T/got"
}
t_told() {
	WAY=$1 told
}

# A process that nobody has waited for yet has ended, too.
runs() {
	grep -qs "^State:.[^ZX]" "/proc/$1/status"
}
not_running() {
	! runs "$1"
}

# Each line a run: its words.
record() {
	hook "${1:-10-record}" <<-END
		cat >$T/got
		cat $T/got >>$T/got.all
		echo "\$@" >>$T/got.words
	END
}

ok domain add x.org

t 'a hook gets its words, and the change on standard input' '
	record && ok user add anna@x.org --no-password --name "Anna Ek" &&
	is "$err" "user anna@x.org added" &&
	matches "$(cat "$T/got.words")" "^[0-9]+ user add$" &&
	is "$(t_told change) user add" "$(cat "$T/got.words")" &&
	is "$(t_told rows.0.kind) $(t_told rows.0.name)" "user anna@x.org" &&
	is "$(t_told rows.0.action)" added &&
	is "$(t_told rows.0.old)" null &&
	is "$(t_told rows.0.new.name)" "Anna Ek" &&
	is "$(t_told rows.0.new.may_send)" true &&
	is "$(t_told rows.0.new.quota)" null &&
	is "$(t_told complete)" true &&
	matches "$(t_told program)" "^mailadm "'

t 'it sees what is committed, on a connection of its own' '
	clean && hook look <<-END &&
		mariadb --defaults-file=$T/client.cnf -N mail -e \
		    "SELECT COUNT(*) FROM users" >$T/got
	END
	ok user add bo@x.org --no-password && is "$(cat "$T/got")" 2'

t 'no hash and no part of a key is told' '
	clean && record &&
	ok user add carl@x.org --generate &&
	ok user add dora@x.org --hash-file /dev/stdin <<-END &&
		\$5\$canary\$0000000000000000000000000000000000000000000
	END
	ok user passwd carl@x.org --generate &&
	ok domain set x.org --description old &&
	like "$(cat "$T/got.all")" "password changed" &&
	unlike "$(cat "$T/got.all")" crypt &&
	unlike "$(cat "$T/got.all")" "\$5\$" &&
	unlike "$(cat "$T/got.all")" canary'

t 'a batch is one commit, and runs them once' '
	clean && record &&
	printf "%s\n" "user add b1@x.org --no-password" \
	    "user add b2@x.org --no-password" >"$T/batch" &&
	ok -f "$T/batch" && is "$(wc -l <"$T/got.words")" 1 &&
	like "$(cat "$T/got.words")" batch &&
	is "$(t_told rows.1.name)" b2@x.org'

t 'line by line each is a commit' '
	clean && record &&
	printf "%s\n" "user add k1@x.org --no-password" "user add nonsense" \
	    "user add k2@x.org --no-password" >"$T/batch" &&
	run mailadm --keep-going -f "$T/batch" &&
	is "$(wc -l <"$T/got.words")" 2'

t 'apply runs them once' '
	clean && record &&
	printf "%s\n" "users:" "  m1@x.org: {hash: \"!\"}" \
	    "  m2@x.org: {hash: \"!\"}" >"$T/two.yaml" &&
	ok apply --yes "$T/two.yaml" && is "$(wc -l <"$T/got.words")" 1 &&
	like "$(cat "$T/got.words")" apply && is "$(t_told rows.1.kind)" user'

t 'in the shell the commit runs them, and not the commands' '
	clean && record &&
	run on_terminal <<-"END" &&
		expect "mailadm> "
		send "begin\ruser add s1@x.org --no-password\r"
		expect "added"
		send "user add s2@x.org --no-password\rcommit\r"
		expect "^committed: 2 users added$"
		expect "^mailadm> "
		send "quit\r"
		status 0
	END
	status 0 &&
	is "$(wc -l <"$T/got.words")" 1 &&
	like "$(cat "$T/got.words")" commit'

t 'what changes nothing, is refused or only tried runs none' '
	clean && record && ok user list &&
	ok user set anna@x.org --name "Anna Ek" &&
	run mailadm user add anna@x.org --no-password && status 5 &&
	ok user add no@x.org --no-password --dry-run &&
	! [ -e "$T/got.words" ]'

t 'undo is a change, and says of which' '
	clean && record && ok user set anna@x.org --name Anna &&
	n=$(t_told change) && ok undo "$n" --yes &&
	is "$(t_told undoes)" "$n" && is "$(t_told rows.0.old.name)" Anna &&
	is "$(t_told rows.0.new.name)" "Anna Ek"'

t 'a hook that fails is told, and the command has succeeded' '
	clean && hook bad <<-END &&
		echo "no such host" >&2
		exit 3
	END
	record zz && ok user add f1@x.org --no-password && kept f1@x.org &&
	like "$err" "user f1@x.org added" &&
	like "$err" "note: hook bad failed with status 3" &&
	like "$err" "note: hook bad: no such host" &&
	empty "$out" && [ -s "$T/got" ]'

t 'a hook that succeeds is silent, but with --verbose' '
	clean && echo "echo fine" | hook good &&
	ok user add f2@x.org --no-password &&
	is "$err" "user f2@x.org added" &&
	ok --verbose user add f3@x.org --no-password &&
	like "$err" "hook good: fine" && empty "$out"'

t 'a hook that hangs is ended with all that it has started' '
	clean && hook hang <<-END &&
		sleep 1000 &
		echo \$! >$T/got.child
		echo \$\$ >$T/got.pid
		wait
	END
	ok -c "$T/short.conf" user add h1@x.org --no-password &&
	kept h1@x.org && like "$err" "hook hang: " &&
	like "$err" "gave no answer for 1 s, and was ended" &&
	! runs "$(cat "$T/got.pid")" &&
	eventually not_running "$(cat "$T/got.child")"'

t 'a hook that closes its output and hangs is ended, too' '
	clean && echo "exec >/dev/null 2>&1; exec sleep 1000" | hook shut &&
	ok -c "$T/short.conf" user add h2@x.org --no-password &&
	like "$err" "gave no answer for 1 s"'

t 'a hook that prints a megabyte ends, and its output is cut' '
	clean && hook loud <<-END &&
		head -c 1048576 /dev/zero | tr "\\\\0" x
		head -c 1048576 /dev/zero | tr "\\\\0" y >&2
		echo "\$?" >$T/got
		exit 1
	END
	ok user add l1@x.org --no-password && is "$(cat "$T/got")" 0 &&
	like "$err" "hook loud failed with status 1" &&
	[ "$(wc -c <"$T/err")" -lt 2000 ]'

t 'a hook that is killed is told' '
	clean && echo "kill -9 \$\$" | hook killed &&
	ok user add k3@x.org --no-password &&
	like "$err" "hook killed was ended by signal 9"'

t 'a hook that reads nothing of a large change ends all the same' '
	clean && echo "exit 0" | hook deaf &&
	{ echo "email,hash"; seq -f "many%g@x.org,!" 3000; } >"$T/many.csv" &&
	ok import users "$T/many.csv" --yes && unlike "$err" hook'

t 'of a change of many rows it gets the first, and is told so' '
	clean && record &&
	{ echo "email,hash"; seq -f "more%g@x.org,!" 10001; } >"$T/many.csv" &&
	ok import users "$T/many.csv" --yes &&
	is "$(t_told complete)" false &&
	is "$(t_told rows.9999.name)" more10000@x.org &&
	is "$(t_told rows.10000)" null'

t 'it inherits no file, no connection and no environment' '
	clean && hook bare <<-END &&
		ls /proc/self/fd >$T/got
		env >$T/got.env
		pwd >$T/got.pwd
	END
	CANARY=canary ok user add e1@x.org --no-password &&
	is "$(tr "\n" " " <"$T/got")" "0 1 2 3 " &&
	unlike "$(cat "$T/got.env")" canary &&
	is "$(cat "$T/got.pwd")" /'

t 'what a hook changes runs no further hooks' '
	clean && record a && hook b <<-END &&
		$MAILADM --defaults-file=$T/client.cnf -c $T/hooks.conf \
		    user set e1@x.org --name "\$1"
	END
	ok user add e2@x.org --no-password &&
	is "$(wc -l <"$T/got.words")" 1 &&
	is "$(sql "SELECT name FROM users WHERE email = '\''e1@x.org'\''")" \
	    "$(t_told change)"'

t 'they run in the order of their names; hidden files are none' '
	clean && for i in 20-b 10-a 30-c; do
		echo "echo $i >>$T/got" | hook $i
	done
	echo "echo hidden >>$T/got" | hook .hidden &&
	echo text >"$hooks/README" && mkdir "$hooks/folder" &&
	ok user add o1@x.org --no-password &&
	is "$(tr "\n" " " <"$T/got")" "10-a 20-b 30-c " &&
	is "$err" "user o1@x.org added"'

t 'a program with another name is not run, and that is told' '
	clean && echo "echo ran >$T/got" | hook record.sh &&
	ok user add n1@x.org --no-password && ! [ -e "$T/got" ] &&
	like "$err" "hook record.sh is not run: its name has other"'

t 'a hook that others can write is refused' '
	clean && record open && record zz && chmod o+w "$hooks/open" &&
	ok user add w1@x.org --no-password && kept w1@x.org &&
	like "$err" "hook open is not run: others can write " &&
	like "$err" "chmod go-w " && is "$(wc -l <"$T/got.words")" 1'

t 'a directory that others can write is refused, with all in it' '
	clean && record && chmod g+w "$hooks" &&
	ok user add w2@x.org --no-password && kept w2@x.org &&
	like "$err" "no hook is run: others can write " &&
	! [ -e "$T/got" ]'

t 'a hook behind a link counts where it is' '
	clean && mkdir -p "$T/other" && record real &&
	mv "$hooks/real" "$T/other/real" && ln -s "$T/other/real" \
	    "$hooks/link" && chmod 755 "$T/other" &&
	ok user add i1@x.org --no-password && [ -s "$T/got" ] &&
	rm "$T/got" && chmod 777 "$T/other" &&
	ok user add i2@x.org --no-password && ! [ -e "$T/got" ] &&
	like "$err" "hook link is not run: others can write "'

t 'a hook of another user is refused' '
	if [ "$(id -u)" -eq 0 ]; then
		clean && record && chown 65534 "$hooks/10-record" &&
		ok user add a1@x.org --no-password && ! [ -e "$T/got" ] &&
		like "$err" "hook 10-record is not run: another user owns"
	else
		clean && ln -s "$(command -v true)" "$hooks/root" &&
		ok user add a1@x.org --no-password && unlike "$err" hook
	fi'

t 'a hook without an interpreter is told' '
	clean && echo "#!/nowhere/sh" >"$hooks/none" &&
	chmod 755 "$hooks/none" && ok user add p1@x.org --no-password &&
	like "$err" "hook none: cannot run $hooks/none"'

t 'where there is no directory, or the setting says none, nothing runs' '
	clean && record && ok user add q1@x.org --no-password &&
	sed "s|^hooks = .*|hooks = none|" "$T/hooks.conf" >"$T/none.conf" &&
	rm "$T/got" && ok -c "$T/none.conf" user add q2@x.org --no-password &&
	! [ -e "$T/got" ] && rm -r "$hooks" &&
	ok user add q3@x.org --no-password && is "$err" "user q3@x.org added" &&
	mkdir "$hooks"'

t 'standard output that is closed does not keep them from running' '
	clean && record &&
	mailadm user add r1@x.org --generate >"$T/out" &&
	[ -s "$T/got" ] && rm "$T/got" &&
	run sh -c "\"$MAILADM\" --defaults-file=\"$T/client.cnf\" \
	    user add r2@x.org --no-password >&-" &&
	kept r2@x.org && [ -s "$T/got" ]'

finish
