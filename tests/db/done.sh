# What is done and cannot be printed: the error says that it is done.
# shellcheck disable=SC2086 # words
. tests/lib.sh

FAIL=$(preloaded fail.so)

server_start && fresh
mailadm -q <<'END'
domain add x.org
user add anna@x.org --no-password
alias add info@x.org anna@x.org
END
printf 'email,hash\n' >"$T/none.csv"
mkdir "$T/maps"

changes() {
	sql 'SELECT COUNT(*), COALESCE(MAX(id), 0) FROM changes'
}

# The Nth write() fails.  Of writing to standard error nobody can be told.
failing() {
	rm -f "$T/mark"
	run env FAIL_CALL=write FAIL_AT="$1" FAIL_MARK="$T/mark" \
	    LD_PRELOAD="$FAIL" \
	    ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0" \
	    "$MAILADM" --defaults-file="$T/client.cnf" $2
}

# Status 0 and changed, or a status and not changed, or it is said.
is_honest() {
	after=$(changes)
	if [ "$before" = "$after" ]; then
		unlike "$err" "done and committed"
	elif [ "$status" -ne 0 ]; then
		[ -z "$err" ] || like "$err" "$1 is done and committed, but"
	fi
}

# Each write of the command fails once; # in it is another number each time.
each_write() {
	n=1
	while :; do
		before=$(changes)
		number=$((number + 1))
		failing $n "$(echo "$2" | sed "s/#/$number/g")"
		is_honest "$1" || return 1
		[ -e "$T/mark" ] || break
		n=$((n + 1))
	done
	[ "$n" -gt 1 ]
}

number=0

t 'each write of each command that changes the database fails once' '
	bad= && while IFS="|" read -r name command; do
		each_write "$name" "$command" || bad="$bad
$command at $n: $t_notes $err"
	done <<-"END" && empty "$bad"
		domain add|domain add d#.org
		domain add|domain add j#.org --json
		domain set|domain set x.org --description d#
		user add|user add u#@x.org --generate
		user add|user add v#@x.org --generate -o table
		user passwd|user passwd anna@x.org --generate
		user set|user set anna@x.org --name n#
		alias add|alias add a#@x.org anna@x.org
		domain rename|domain rename x.org x.org --yes
		user disable|user disable anna@x.org
		user enable|user enable anna@x.org
	END'

# What is printed behind the commit.
t 'so it is where something is printed after the commit' '
	sql "SET check_constraint_checks = 0; INSERT INTO aliases (mail,
	    destination) VALUES (\"f@x.org\", \"Root@Y.org\")" &&
	before=$(changes) && mailadm check --fix --yes >/dev/full 2>"$T/err"
	status=$?; err=$(cat "$T/err"); status 10 &&
	like "$err" "check is done and committed, but: cannot write" &&
	[ "$before" != "$(changes)" ] &&
	sql "SET check_constraint_checks = 0; INSERT INTO aliases (mail,
	    destination) VALUES (\"g@x.org\", \"Root@Y.org\")" &&
	each_write check "check --fix --yes"'

t 'a standard output that is closed or left has the password or no user' '
	mailadm user add c1@x.org --generate >&- 2>"$T/err"; status=$?
	status 10 && unlike "$(cat "$T/err")" "done and" &&
	is "$(mailadm user list c1@x.org --count)" 0 &&
	{ { mailadm user add c2@x.org --generate 2>"$T/err"
	    echo $? >"$T/status"; } | exec true; }
	is "$(mailadm user list c2@x.org --count)" \
	    "$([ "$(cat "$T/status")" -eq 0 ] && echo 1 || echo 0)"'

t 'a batch is named as one' '
	printf "domain add b1.org\ndomain add b2.org\n" >"$T/b" &&
	printf "user add g@b1.org --generate\nhistory --limit 1\n" >>"$T/b" &&
	before=$(changes) && n=1 && while :; do
		failing $n "-f $T/b" && is_honest "the batch" || return 1
		[ -e "$T/mark" ] && [ "$before" = "$(changes)" ] || break
		n=$((n + 1))
	done'

t 'each command of a batch of single ones is named' '
	bad= && for n in 1 2 3 4 5 6; do
		number=$((number + 1))
		printf "domain add k$number.org\ndomain set k$number.org %s\n" \
		    "--description x" >"$T/b"
		before=$(changes)
		failing $n "--keep-going -f $T/b"
		[ "$status" -eq 0 ] || unlike "$err" "batch" || bad=$n
	done; empty "$bad"'

# --- files ---------------------------------------------------------------

# NAME WHAT COMMAND: results cannot be written, but the file is.
written_but() {
	"$MAILADM" -c "$T/conf" --defaults-file="$T/client.cnf" $3 \
	    >/dev/full 2>"$T/err"
	status=$?
	err=$(cat "$T/err")
	t_ran=$3
	status 10 && like "$err" "$2, but: cannot write standard output" &&
	[ -s "$1" ]
}

t 'files that are written are named when the list of them cannot be' '
	cp "$MAILADM_CONFIG" "$T/conf" && mkdir -p "$T/server" &&
	written_but "$T/server/etc/mailadm/mailadm.conf" \
	    "the files below $T/server are written" \
	    "config init --yes --hostname mx.example.org --out $T/server" &&
	printf "hostname = mx.example.org\n" >"$T/conf" &&
	printf "[mailadm]\npassword=a\n[mailadm_check]\npassword=a\n\
[mailadm_policy]\npassword=a\n[postfix]\npassword=a\n\
[postfix_relay]\npassword=a\n[dovecot]\npassword=a\n" >"$T/accounts" &&
	chmod 600 "$T/accounts" &&
	written_but "$T/rendered/etc/mailadm/grants.sql" \
	    "the files below $T/rendered are written" \
	    "--defaults-file $T/accounts config render grants \
--out $T/rendered" &&
	printf "domains: {m.org: {}}\n" >"$T/m.yaml" &&
	written_but "$T/maps/virtual_mailbox_domains" \
	    "the files are written" "export --postfix-maps $T/maps"'

t 'a file that cannot be written is not said to be' '
	run mailadm export --postfix-maps /dev/full/x && [ "$status" -ne 0 ] &&
	unlike "$err" "are written"'

# --- nothing that was not done -------------------------------------------

t 'what changes nothing is not said to be done' '
	mailadm domain list >/dev/full 2>"$T/err"; status=$?
	status 10 && unlike "$(cat "$T/err")" "done and" &&
	run mailadm domain add x.org && status 5 && unlike "$err" "done and" &&
	mailadm -n user add dry@x.org --generate >/dev/full 2>"$T/err"
	status=$?; status 10 && unlike "$(cat "$T/err")" "done and" &&
	mailadm user add lost@x.org --generate >/dev/full 2>"$T/err"
	status=$?; status 10 && unlike "$(cat "$T/err")" "done and" &&
	like "$(cat "$T/err")" "passwords shown are not valid" &&
	is "$(mailadm user list lost@x.org --count)" 0'

finish
