# Batches against a real server: all or nothing, or each on its own.
# shellcheck disable=SC2002,SC2015,SC2086 # words and numbers, on purpose
. tests/lib.sh
server_start

ok() {
	run mailadm "$@" && status 0
}

# Writes a batch from standard input, and runs it with these options.
batch() {
	cat >"$T/b" && run mailadm "$@" -f "$T/b"
}

changes() {
	sql 'SELECT COUNT(*) FROM changes'
}

fresh
t 'all commands of a file are one transaction and one change' '
	batch <<-"END" && status 0 && is "$(changes)" 1 &&
		# what the README shows
		domain add example.com
		user add anna@example.com --no-password

		alias add info@example.com \
		    anna@example.com
		user set anna@example.com --name "Anna Ek"
	END
	is "$(mailadm user list --columns email,name)" \
	    "anna@example.com	Anna Ek" &&
	is "$(sql "SELECT COUNT(*) FROM history")" 4 &&
	like "$err" "alias info@example.com added"'

t 'the first error rolls all back and names the line' '
	batch <<-"END" && status 5 && empty "$out" && is "$(changes)" 1 &&
		domain add one.example

		domain add two.example
		domain add example.com
		domain add three.example
	END
	is "$err" "mailadm: $T/b:4: domain example.com already exists" &&
	is "$(mailadm domain list --count)" 1'

t 'standard input is a batch, too' '
	printf "domain add std.example\n" >"$T/b" &&
	run mailadm <"$T/b" && status 0 &&
	run mailadm -f - <"$T/b" && status 5 &&
	like "$err" "mailadm: stdin:1: " &&
	ok domain remove std.example'

t 'with -o json results are one object a line, the error has its line' '
	batch -o json <<-"END" && status 4 && lines "$out" 0 &&
		domain list --columns domain
		domain show nowhere.example
	END
	is "$err" "{\"error\":\"not-found\",\"message\":\
\"no such domain: nowhere.example\",\"line\":2}" &&
	batch -o json <<-"END" && status 0 &&
		domain list --columns domain
		user list --columns email
		user add gen@example.com --generate
	END
	lines "$out" 3 && matches "$out" "^\{\"domain\":\"example.com\"\}$" &&
	matches "$out" "^\{\"email\":\"gen@example.com\",\"password\":"'

t 'a refused write in the middle leaves no password on standard output' '
	batch <<-"END" && status 5 && empty "$out"
		user add shown@example.com --generate
		domain add example.com
	END'

t '-k: each command is its own change, the first status counts' '
	before=$(changes) &&
	batch -k <<-"END" && status 5 && is "$(changes)" $((before + 2)) &&
		domain add k1.example
		domain add example.com
		domain show nowhere.example
		domain frobnicate
		domain add k2.example
	END
	like "$err" "b:2: domain example.com" && like "$err" "b:3: no such" &&
	like "$err" "b:4: unknown command" &&
	is "$(mailadm domain list "k?.example" --count)" 2'

t '-k allows what has a transaction of its own' '
	batch -k <<-"END" && status 0 && like "$out" "1	mail	applied"
		schema status
	END'

t '-k goes on behind a line that is too long' '
	{
		head -c 65537 /dev/zero | tr "\\0" " "
		printf "\ndomain add k3.example\n"
	} >"$T/b" && run mailadm -k -f "$T/b" && status 3 &&
	like "$err" "b:1: the line is longer" &&
	ok domain remove k1.example k2.example k3.example'

t '-n says what would change, and changes nothing' '
	before=$(changes) &&
	batch -n <<-"END" && status 0 && is "$(changes)" "$before" &&
		domain add n.example
		user add a@n.example --generate
	END
	like "$err" "user a@n.example added" &&
	like "$err" "note: dry run: nothing was changed" &&
	is "$(mailadm domain list n.example --count)" 0'

t 'what a line does, the next one sees' '
	batch <<-"END" && status 0 && is "$out" "0
1
0"
		domain list see.example --count
		domain add see.example
		domain list see.example --count
		domain remove see.example
		domain list see.example --count
	END'

t '--yes and --quiet of the run hold for its lines, those of a line for it' '
	batch -y -q <<-"END" && status 0 && empty "$err" &&
		domain add y.example
		user add a@y.example --no-password
		domain remove y.example --recursive
	END
	batch <<-"END" && status 0 && lines "$err" 1
		domain add y.example -q
		domain remove y.example
	END'

t 'a question is not asked in a batch, it is refused' '
	batch <<-"END" && status 6 && like "$err" "b:3: refusing to"
		domain add y.example
		user add a@y.example --no-password
		domain remove y.example --recursive
	END'

t 'columns and format of a line are its own' '
	batch <<-"END" && status 0 && is "$out" "example.com
{\"domain\":\"example.com\"}
example.com"
		domain list --columns domain
		domain show example.com --columns domain -o json
		domain list --columns domain
	END'

t 'limits are kept within a batch' '
	batch <<-"END" && status 6 && like "$err" "b:4: " &&
		domain add lim.example --max-users 2
		user add a@lim.example --no-password
		user add b@lim.example --no-password
		user add c@lim.example --no-password
	END
	batch <<-"END" && status 0
		domain add lim.example --max-users 2
		user add a@lim.example --no-password
		user add b@lim.example --no-password
		user remove a@lim.example
		user add c@lim.example --no-password
		domain set lim.example --max-users 3
		user add d@lim.example --no-password
		domain remove lim.example --recursive --yes
	END'

t 'a loop that only the whole batch closes is refused' '
	batch <<-"END" && status 6 && like "$err" "b:3: loop: "
		alias add l1@example.com out@elsewhere.example
		alias add l2@example.com l1@example.com
		alias add l1@example.com l2@example.com
	END'

t 'a password file is read before anything is locked' '
	echo secret >"$T/secret" && chmod 600 "$T/secret" &&
	batch <<-END && status 0 &&
		user add file@example.com --password-file $T/secret
		user passwd file@example.com --password-file $T/secret
	END
	is "$(mailadm user show file@example.com --columns scheme)" \
	    SHA256-CRYPT'

t 'SQL, shell and LIKE characters are only text' '
	batch <<-"END" && status 0 &&
		domain set example.com \
		    --description "x'\''; DROP TABLE users; -- "
		user set anna@example.com --name "$(id) `id` ${HOME} %_|\\"
		alias add "x'\''or'\''1@example.com" anna@example.com
	END
	is "$(mailadm domain show example.com --columns description)" \
	    "x'\''; DROP TABLE users; -- " &&
	is "$(mailadm user show anna@example.com --columns name)" \
	    "\$(id) \`id\` \${HOME} %_|\\\\" &&
	ok alias show "x'\''or'\''1@example.com" &&
	ok user list "'\'' OR 1=1 -- " && empty "$out"'

t 'thousands of lines go through in one change' '
	before=$(changes) &&
	{
		echo domain add many.example
		seq 1000 | sed "s/.*/user add u&@many.example --no-password/"
		seq 500 | sed "s/.*/alias add a&@many.example u&@many.example/"
	} >"$T/b" && run mailadm -q -f "$T/b" && status 0 && empty "$err" &&
	is "$(changes)" $((before + 1)) &&
	is "$(mailadm user list --domain many.example --count)" 1000'

# Another session that holds the lock of the aliases, until exec 7>&-.
hold_aliases() {
	rm -f "$T/hold" && mkfifo "$T/hold" || return
	mariadb --no-defaults --skip-ssl -n --socket="$server_socket" \
	    --user=root mail <"$T/hold" >"$T/held" 2>&1 &
	exec 7>"$T/hold" &&
	echo 'START TRANSACTION; UPDATE locks SET taken = 7; SELECT 1;' >&7 &&
	eventually [ -s "$T/held" ]
}

waits_for_the_lock() {
	[ "$(sql "SELECT COUNT(*) FROM information_schema.processlist
		WHERE info LIKE 'UPDATE locks%'")" = 1 ]
}

waits_for_the_table() {
	[ "$(sql "SELECT COUNT(*) FROM information_schema.processlist
		WHERE state LIKE '%metadata lock%'")" = 1 ]
}

# Each call of a function fails in turn, or each N-th where failing_step=N:
# failing CALL PROGRAM...  What is
# reported must be what is done.  One that is never called proves nothing.
failing_step=1
failing() {
	FAIL_CALL=$1
	FAIL_MARK=$T/mark
	export FAIL_CALL FAIL_MARK
	shift
	failing_at=1
	while [ $failing_at -lt 2000 ]; do
		rm -f "$T/mark"
		sql "DELETE FROM domains WHERE domain = \"fail.example\""
		export FAIL_AT=$failing_at
		run "$@"
		[ -e "$T/mark" ] || break
		failing_done=$(sql "SELECT COUNT(*) FROM domains WHERE
		    domain = \"fail.example\"")
		case $status in
		0) is "$failing_done" 1 ;;
		1??) return 1 ;;
		*) is "$failing_done" 0 && [ -n "$err" ] ;;
		esac || return 1
		failing_at=$((failing_at + failing_step))
	done
	[ ! -e "$T/mark" ] && [ $failing_at -gt 1 ]
}

from_file() {
	LD_PRELOAD=$(preloaded fail.so) mailadm -q -f "$T/fail"
}

# The shell that goes on with the pipe has nothing that fails.
from_pipe() {
	cat "$T/fail" | LD_PRELOAD=$(preloaded fail.so) mailadm -q
}

# The library is not built with the sanitizers, and stands before theirs.
ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0"
echo "domain add fail.example" >"$T/fail"

for call in open fstat lseek read; do
	t "a file of which $call fails is not an empty batch" '
		failing $call from_file'
done

for call in dup fstat lseek memfd_create read write; do
	t "nor is a pipe of which $call fails" '
		failing $call from_pipe'
done

# Other commands that read a file.
printf "%s\n" domain fail.example >"$T/fail.csv"
echo "domains: {fail.example: {}}" >"$T/fail.yaml"
imports_domains() {
	LD_PRELOAD=$(preloaded fail.so) mailadm -q import domains "$T/fail.csv"
}
applies() {
	LD_PRELOAD=$(preloaded fail.so) mailadm -q -y apply "$T/fail.yaml"
}

for call in open fstat lseek read; do
	t "a CSV file of which $call fails is not an empty one" '
		failing $call imports_domains'
done
for call in open fstat read; do
	t "nor is a manifest of which $call fails" '
		failing $call applies'
done

# The sanitizers have a malloc() of their own.
adds() {
	LD_PRELOAD=$(preloaded fail.so) mailadm -q domain add fail.example
}
failing_step=$(step 9)
for command in adds from_file imports_domains applies; do
	[ -z "${SAN:-}" ] || break
	t "without memory $command ends in words, and is not half done" '
		failing memory $command'
done

t 'an interrupted batch leaves nothing' '
	hold_aliases &&
	cat >"$T/b" <<-"END"
		domain add int.example
		user add a@int.example --no-password
		alias add b@int.example a@int.example
	END
	"$MAILADM" --defaults-file="$T/client.cnf" -f "$T/b" \
	    2>"$T/said" 7>&- &
	pid=$!
	eventually waits_for_the_lock && kill -INT $pid
	wait $pid
	status=$?
	exec 7>&-
	status 130 && is "$(cat "$T/said")" "
mailadm: interrupted; rolled back" &&
	is "$(mailadm domain list int.example --count)" 0'

t 'an interrupted list is no empty list' '
	hold_aliases && echo "LOCK TABLES aliases WRITE; SELECT 2;" >&7 &&
	eventually grep -q 2 "$T/held" || return
	"$MAILADM" --defaults-file="$T/client.cnf" alias list \
	    >"$T/listed" 2>"$T/said" 7>&- &
	pid=$!
	eventually waits_for_the_table && kill -INT $pid
	wait $pid
	status=$?
	exec 7>&-
	status 130 && like "$(cat "$T/said")" "mailadm: interrupted" &&
	[ ! -s "$T/listed" ]'

finish
