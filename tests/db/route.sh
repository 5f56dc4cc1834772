# Where mail goes and why, as a person and as a script sees it.  That Postfix
# does the same is what tests/e2e/route.sh shows.
. tests/lib.sh
server_start

ok() {
	run mailadm "$@" && status 0
}

# The verdict on an address: step and result of the last rows, one a line.
verdict() {
	mailadm route --columns step,result,reason -- "$1" | tr '\t' '|' |
	    grep -E '^(mailbox|external|bounce|refused|deferred)[|]' |
	    cut -d '|' -f 1-2
}

# step|result|reason of the hop $2 on the way of $1.
hop() {
	mailadm route --columns hop,step,result,reason -- "$1" |
	    awk -F '\t' -v hop="$2" '$1 == hop { print $2 "|" $3 "|" $4 }'
}

says() { # ADDRESS VERDICT...
	t_address=$1
	shift
	is "$(verdict "$t_address")" "$(printf '%s\n' "$@")"
}

# Rows that mailadm itself would refuse to write.
force() {
	sql "INSERT INTO aliases (mail, destination) VALUES ('$1', '$2')"
}

lost() { # ADDRESS WHAT WHY
	matches "$(hop "$1" "$1")" "^not used[|]$2[|]$3"
}

fresh
mailadm -q <<'END' 2>/dev/null
domain add ex.test
domain add aka.test --alias-of ex.test
domain add off.test
user add anna@ex.test --no-password
user add bob@ex.test --no-password
user add carl@ex.test --no-password
user add gina@off.test --no-password
user disable carl@ex.test
alias add info@ex.test anna@ex.test bob@ex.test
alias add all@ex.test info@ex.test friend@out.test anna@ex.test
alias add old@ex.test anna@ex.test
alias disable old@ex.test
alias add some@ex.test anna@ex.test bob@ex.test
alias disable some@ex.test --to bob@ex.test
alias add sales@ex.test bob@ex.test
alias add sales+eu@ex.test anna@ex.test
alias add all@aka.test bob@ex.test
alias add away@ex.test gina@off.test
alias add lost@ex.test nobody@ex.test --force
alias add late@ex.test old@ex.test carl@ex.test --force
domain disable off.test
domain add grab.test
user add cat@grab.test --no-password
alias add @grab.test rest@out.test
domain add grabaka.test --alias-of grab.test
END

# --- verdicts ------------------------------------------------------------

t 'a user gets their own mail, a tag and capitals make no difference' '
	says anna@ex.test "mailbox|anna@ex.test" &&
	says Anna+News@Ex.TEST "mailbox|anna@ex.test"'

t 'a tag keeps its capitals, as it does on the way' '
	ok route ANNA+News@EX.test --columns address,step,key,reason &&
	like "$out" "anna+News@ex.test	mailbox	anna+News@ex.test	as \
anna+News@ex.test"'

t 'what is unknown, foreign or disabled is refused in the words of Postfix' '
	says no@ex.test "refused|550 5.1.1 <no@ex.test>: Recipient address \
rejected: User unknown in virtual mailbox table" &&
	says x@out.test "refused|554 5.7.1 <x@out.test>: Relay access denied" &&
	says gina@off.test "refused|554 5.7.1 <gina@off.test>: Relay access \
denied" &&
	says carl@ex.test "refused|550 5.1.1 <carl@ex.test>: Recipient address \
rejected: User unknown" &&
	says old+x@ex.test "refused|550 5.1.1 <old+x@ex.test>: Recipient \
address rejected: User unknown"'

t 'a name with a ! is taken for a route, whoever has it' '
	mailadm -q alias add "a!b@ex.test" anna@ex.test &&
	says "a!b@ex.test" "refused|554 5.7.1 <a!b@ex.test>: Relay access \
denied" && force bang@ex.test "a!b@ex.test" &&
	says bang@ex.test "mailbox|anna@ex.test"'

t 'an alias fans out, each recipient once' '
	says all@ex.test "mailbox|anna@ex.test" "external|friend@out.test" \
	    "mailbox|bob@ex.test"'

t 'a row that is disabled is left out, and said to be' '
	says some@ex.test "mailbox|anna@ex.test" &&
	lost some@ex.test "some@ex.test -> bob@ex.test" disabled'

t 'a tag goes on to every destination, where the key had none' '
	ok route info+neu@ex.test --columns step,key &&
	matches "$out" "^mailbox	anna[+]neu@ex.test$" &&
	matches "$out" "^mailbox	bob[+]neu@ex.test$"'

t 'a key with the tag wins over the one without, which is named' '
	says sales+eu@ex.test "mailbox|anna@ex.test" &&
	lost sales+eu@ex.test "sales@ex.test -> bob@ex.test" \
	    "sales[+]eu@ex.test is more specific"'

# refused_as_unknown ADDRESS WHY
refused_as_unknown() {
	says "$1" "refused|550 5.1.1 <$1>: Recipient address rejected: \
User unknown" && ok route "$1" && like "$out" "$2"
}

t 'what only leads to something disabled or unknown is refused, and why' '
	refused_as_unknown lost@ex.test \
	    "leads to nobody who takes mail: no user nobody@ex.test" &&
	refused_as_unknown late@ex.test "user carl@ex.test is disabled" &&
	ok route late@ex.test && like "$out" "alias old@ex.test is disabled"'

t 'and so is what leads to a disabled domain of ours' '
	refused_as_unknown away@ex.test "off.test is disabled"'

t 'beside another destination a disabled one is left out' '
	force both@ex.test bob@ex.test && force both@ex.test carl@ex.test &&
	says both@ex.test "mailbox|bob@ex.test" &&
	lost both@ex.test "both@ex.test -> carl@ex.test" \
	    "the user gets no mail" &&
	force far@ex.test both@ex.test && force far@ex.test x@out.test &&
	says far@ex.test "mailbox|bob@ex.test" "external|x@out.test"'

t 'at the end of a chain, too, and behind a tag' '
	force far3@ex.test far2@ex.test && force far2@ex.test far1@ex.test &&
	force far1@ex.test carl+x@ex.test &&
	refused_as_unknown far3+y@ex.test "user carl@ex.test is disabled"'

# --- what answered, and what is not used ---------------------------------

t 'the lookup that answered stands there with its key' '
	ok route info+neu@ex.test --columns hop,step,key,result,reason &&
	like "$out" "info+neu@ex.test	aliases	info@ex.test	\
anna@ex.test, bob@ex.test	without +neu, which is kept" &&
	like "$out" "anna+neu@ex.test	exists	anna@ex.test"'

t 'an alias on a mailbox shadows it, unless it keeps a copy' '
	mailadm -q user add dora@ex.test --no-password &&
	mailadm -q alias add dora@ex.test bob@ex.test &&
	says dora@ex.test "mailbox|bob@ex.test" &&
	lost dora@ex.test "user dora@ex.test" "shadowed: aliases" &&
	mailadm -q alias add dora@ex.test dora@ex.test &&
	says dora@ex.test "mailbox|bob@ex.test" "mailbox|dora@ex.test" &&
	unlike "$(hop dora@ex.test dora@ex.test)" shadowed'

t 'the copy of a disabled user is left out' '
	mailadm -q user disable dora@ex.test &&
	says dora@ex.test "mailbox|bob@ex.test" &&
	lost dora@ex.test "dora@ex.test -> dora@ex.test" \
	    "the user is disabled, so no copy is kept"'

t 'who may not receive mail is refused, and no catch-all gets it' '
	mailadm -q user add paul@grab.test --no-password --may-receive no &&
	says paul@grab.test "refused|550 5.1.1 <paul@grab.test>: Recipient \
address rejected: User unknown" &&
	says paul+x@grab.test "refused|550 5.1.1 <paul+x@grab.test>: \
Recipient address rejected: User unknown" &&
	ok route paul@grab.test &&
	like "$out" "user paul@grab.test may not receive mail"'

t 'what leads to them is refused, and their alias leads on without a copy' '
	force topaul@ex.test paul@grab.test &&
	refused_as_unknown topaul@ex.test \
	    "user paul@grab.test may not receive mail" &&
	force paul@grab.test paul@grab.test &&
	says paul@grab.test "refused|550 5.1.1 <paul@grab.test>: Recipient \
address rejected: User unknown" &&
	force paul@grab.test bob@ex.test &&
	says paul@grab.test "mailbox|bob@ex.test" &&
	lost paul@grab.test "paul@grab.test -> paul@grab.test" \
	    "the user may not receive mail, so no copy is kept" &&
	sql "DELETE FROM aliases WHERE mail = \"paul@grab.test\""'

t 'other permissions make no difference for mail to the user' '
	mailadm -q user set cat@grab.test --may-login no --may-send no &&
	says cat@grab.test "mailbox|cat@grab.test" &&
	mailadm -q user set cat@grab.test --may-login yes --may-send yes'

t 'a catch-all gets what nobody has, and is said to be skipped' '
	says any@grab.test "external|rest@out.test" &&
	says any+x@grab.test "external|rest@out.test" &&
	says cat@grab.test "mailbox|cat@grab.test" &&
	lost cat@grab.test "@grab.test -> rest@out.test" \
	    "catch-all skipped: user cat@grab.test exists" &&
	mailadm -q user disable cat@grab.test &&
	matches "$(verdict cat@grab.test)" "^refused.550 5.1.1" &&
	lost cat@grab.test "@grab.test -> rest@out.test" \
	    "catch-all skipped: user cat@grab.test exists" &&
	mailadm -q user enable cat@grab.test'

t 'a disabled catch-all is no catch-all' '
	mailadm -q alias disable @grab.test &&
	matches "$(verdict any@grab.test)" "^refused" &&
	lost any@grab.test "@grab.test -> rest@out.test" disabled &&
	mailadm -q alias enable @grab.test'

t 'an alias domain has the names of its target, its own aliases win' '
	says anna+x@aka.test "mailbox|anna@ex.test" &&
	says info@aka.test "mailbox|anna@ex.test" "mailbox|bob@ex.test" &&
	says all@aka.test "mailbox|bob@ex.test" &&
	lost all@aka.test "all@ex.test -> .*" \
	    "the alias domain.s own alias wins" &&
	matches "$(hop anna@aka.test anna@aka.test)" \
	    "^domain[|]ours[|]alias domain of ex.test" &&
	matches "$(verdict no@aka.test)" "^refused" &&
	matches "$(verdict carl@aka.test)" "^refused"'

t 'and the catch-all of its target, unless it has one, enabled or not' '
	says any@grabaka.test "external|rest@out.test" &&
	mailadm -q alias add @grabaka.test anna@ex.test &&
	says any@grabaka.test "mailbox|anna@ex.test" &&
	lost any@grabaka.test "@grab.test -> rest@out.test" \
	    "the alias domain.s own catch-all wins" &&
	mailadm -q alias disable @grabaka.test &&
	matches "$(verdict any@grabaka.test)" "^refused" &&
	lost any@grabaka.test "@grab.test -> rest@out.test" \
	    "the alias domain has a catch-all of its own, though disabled"'

t 'nor is an alias domain ours whose target is disabled' '
	mailadm -q domain disable ex.test &&
	matches "$(verdict anna@aka.test)" "^refused.554 5.7.1" &&
	ok route anna@aka.test &&
	like "$out" "alias domain of ex.test, which is disabled" &&
	mailadm -q domain enable ex.test'

# --- loops and limits ----------------------------------------------------

t 'a loop is deferred for ever, and named' '
	force l1@ex.test l2@ex.test && force l2@ex.test l3@ex.test &&
	force l3@ex.test l1@ex.test && force into@ex.test l2@ex.test &&
	says into@ex.test "deferred|451 4.6.0 Alias expansion error" &&
	ok route into@ex.test &&
	like "$out" "loop: l2@ex.test, l3@ex.test, l1@ex.test, l2@ex.test"'

t 'a loop in which the message multiplies, too' '
	force m1@ex.test m2@ex.test && force m2@ex.test m1@ex.test &&
	force m1@ex.test anna@ex.test && force m2@ex.test bob@ex.test &&
	says m1@ex.test "deferred|451 4.6.0 Alias expansion error" &&
	ok route m1@ex.test &&
	like "$out" "loop: m1@ex.test, m2@ex.test, m1@ex.test"'

t 'an address that grows with each step is stopped at 1,000 characters' '
	force grow@ex.test grow+x@ex.test &&
	says grow@ex.test "deferred|451 4.6.0 Alias expansion error" &&
	ok route grow@ex.test && like "$out" "grows to more than 1000"'

t '1,000 addresses are enough, 1,001 too many' '
	sql "INSERT INTO aliases (mail, destination) SELECT '\''big@ex.test'\'',
	    CONCAT('\''x'\'', seq, '\''@out.test'\'') FROM seq_1_to_1000" &&
	is "$(verdict big@ex.test | grep -c "^external")" 1000 &&
	force big@ex.test x1001@out.test &&
	says big@ex.test "deferred|451 4.6.0 Alias expansion error" &&
	ok route big@ex.test && like "$out" "more than 1000 addresses"'

t '999 steps are enough, 1,000 too many' '
	sql "INSERT INTO aliases (mail, destination)
	    SELECT CONCAT('\''c'\'', seq, '\''@ex.test'\''),
	    CONCAT('\''c'\'', seq + 1, '\''@ex.test'\'')
	    FROM seq_1_to_1000" && force c1001@ex.test end@out.test &&
	says c3@ex.test "external|end@out.test" &&
	says c2@ex.test "deferred|451 4.6.0 Alias expansion error" &&
	ok route c2@ex.test &&
	like "$out" "more than 1000 steps one after the other"'

# --- formats -------------------------------------------------------------

t 'a terminal gets a tree' '
	run on_terminal route all@ex.test <<END
expect "  info@ex.test"
expect "      aliases "
expect "    bob@ex.test"
expect "all@ex.test"
expect "    external      friend@out.test"
END
	status 0'

t 'and so does whoever asks for a table, with columns a table' '
	ok route -o table info@ex.test && is "$(grep -c "^  " "$T/out")" \
	    "$(($(wc -l <"$T/out") - 2))" &&
	matches "$out" "^  anna@ex.test$" &&
	matches "$out" "^    mailbox       bob@ex.test$" &&
	ok route -o table --columns hop,step info@ex.test &&
	matches "$out" "^HOP  *STEP$"'

t 'a tree shows the beginning of a long list' '
	ok route -o table big@ex.test &&
	matches "$out" "^    aliases  *x.*@out.test, [.][.][.]$" &&
	[ "$(wc -L <"$T/out")" -lt 250 ]'

t '--json is -o json: an object with its hops, several are an array' '
	ok route --json info@ex.test && cp "$T/out" "$T/object" &&
	ok route -o json info@ex.test && cmp "$T/out" "$T/object" &&
	is "$(jq -r .address "$T/out")" info@ex.test &&
	is "$(jq -r ".hops[] | select(.step == \"mailbox\").result" "$T/out")" \
	    "anna@ex.test
bob@ex.test" &&
	ok route --json info@ex.test bob@ex.test &&
	is "$(jq -r ".[].address" "$T/out" | tr "\n" " ")" \
	    "info@ex.test bob@ex.test " && ok --json domain list &&
	is "$(jq -r ".[0].domain" "$T/out")" aka.test &&
	ok --json domain list -o tsv --columns domain &&
	matches "$out" "^aka.test$" && run mailadm --json route x &&
	status 3 && is "$(jq -r .error "$T/err")" invalid'

t 'jsonl and csv are rows' '
	ok route -o jsonl bob@ex.test &&
	is "$(jq -r .step "$T/out" | tail -n 1)" mailbox &&
	ok route -o csv bob@ex.test &&
	matches "$out" "^address,depth,hop,step,key,result,reason"'

t '--verbose shows what was asked in vain' '
	ok route -v anna+x@ex.test --columns step,key,reason &&
	like "$out" "virtual_alias_maps	anna+x@ex.test	no answer" &&
	like "$out" "smtpd_recipient_restrictions	anna+x@ex.test"'

t 'an address that is none is status 3' '
	for address in "" anna "a b@ex.test" a@b@ex.test "@ex.test" \
	    "\"a\"@ex.test" anna@ex.test. "a%b@ex.test"; do
		run mailadm route -- "$address" && status 3 || return 1
	done'

# --- many ----------------------------------------------------------------

t 'addresses may come from standard input' '
	printf "anna@ex.test\r\n\nbob@ex.test" >"$T/in" &&
	run mailadm route - --columns address,step <"$T/in" && status 0 &&
	is "$(printf "%s\n" "$out" | grep -c mailbox)" 2 &&
	like "$out" "bob@ex.test	mailbox" &&
	run mailadm route --json - <"$T/in" && status 0 &&
	is "$(jq length "$T/out")" 2'

t 'no input is no answer' '
	ok route - && empty "$out" && run mailadm --json route - </dev/null &&
	is "$(jq length "$T/out")" 0'

t 'a bad line is named, what stood before it is answered' '
	printf "anna@ex.test\nno address\nbob@ex.test\n" >"$T/in" &&
	run mailadm route - <"$T/in" && status 3 &&
	like "$err" "standard input, line 2" && like "$out" anna@ex.test &&
	unlike "$out" bob@ex.test &&
	printf "\nanna\377@ex.test\n" >"$T/in" &&
	run mailadm route - <"$T/in" && status 3 && like "$err" "line 2" &&
	like "$err" UTF-8 && printf "anna\000@ex.test\n" >"$T/in" &&
	run mailadm route - <"$T/in" && status 3 && like "$err" "NUL" &&
	head -c 1048576 /dev/zero | tr "\0" a >"$T/in" &&
	run mailadm route - <"$T/in" && status 3 &&
	like "$err" "line 1" && like "$err" "longer than"'

t '- goes with no address, and not in a batch' '
	run mailadm route - anna@ex.test && status 2 &&
	echo "route -" >"$T/in" && run mailadm <"$T/in" && status 2 &&
	like "$err" "cannot be used in the shell or a batch"'

# Less than two KiB an address would add; sanitizers need all there is.
limited() {
	# shellcheck disable=SC3045 # dash, bash and ksh have it
	( [ -n "${SAN:-}" ] || ulimit -v 40000; mailadm "$@" )
}

t '20,000 addresses go through constant memory' '
	awk "BEGIN { while (n++ < 20000)
		print \"u\" n \"@d\" n \".test\" }" >"$T/in" &&
	run limited route - --columns step <"$T/in" && status 0 &&
	is "$(grep -c refused "$T/out")" 20000'

# --- in a transaction ----------------------------------------------------

t 'in a transaction route sees what it has written' '
	printf "alias add new@ex.test bob@ex.test\nroute new@ex.test\n" \
	    >"$T/in" && run mailadm --columns step,result <"$T/in" &&
	status 0 && matches "$out" "^mailbox	bob@ex.test"'

# --- the way back --------------------------------------------------------

hops() {
	mailadm route --columns hop,step "$@" | tr '\t' '|' | sort
}

# --- who writes ----------------------------------------------------------

# from SENDER ADDRESS VERDICT...
from() {
	t_sender=$1 t_address=$2
	shift 2
	is "$(mailadm route --columns step,result --from "$t_sender" \
	    "$t_address" 2>/dev/null | tr '\t' '|' |
	    grep -E '^(mailbox|external|way out|refused|deferred)[|]')" \
	    "$(printf '%s\n' "$@")"
}

internal="550 5.7.1 <team@ex.test>: Recipient address rejected: Only users \
of this server may write to this address"
rejected='550 5.7.1 <team@ex.test>: Recipient address rejected'
mailadm -q <<'END'
domain add team.test
user add dora@team.test --no-password
alias add team@ex.test anna@ex.test
alias add team+bob@ex.test bob@ex.test
END

t 'a user of ours writes to anybody, who is elsewhere as well' '
	from anna@ex.test friend@out.test "external|friend@out.test" &&
	from Anna+x@aka.test friend@out.test "external|friend@out.test" &&
	from away@out.test friend@out.test "refused|554 5.7.1 \
<friend@out.test>: Relay access denied" &&
	from info@ex.test friend@out.test "refused|554 5.7.1 \
<friend@out.test>: Relay access denied" &&
	from carl@ex.test friend@out.test "refused|554 5.7.1 \
<friend@out.test>: Relay access denied"'

t 'but not to a domain of ours that is disabled, nor to unknown names' '
	from anna@ex.test gina@off.test "refused|550 5.1.1 <gina@off.test>: \
Recipient address rejected: User unknown" &&
	run mailadm route --from anna@ex.test gina@off.test &&
	like "$out" "off.test is disabled" &&
	from anna@ex.test no@ex.test "refused|550 5.1.1 <no@ex.test>: \
Recipient address rejected: User unknown in virtual mailbox table"'

t 'an alias for users takes mail of each, and none from outside' '
	mailadm -q alias set team@ex.test --from users &&
	from dora@team.test team@ex.test "mailbox|anna@ex.test" &&
	from a@out.test team@ex.test "refused|$internal" &&
	says team@ex.test "refused|$internal"'

t 'one for its domain that of users there, one for members that of these' '
	mailadm -q alias set team@ex.test --from domain &&
	from bob@ex.test team@ex.test "mailbox|anna@ex.test" &&
	from dora@team.test team@ex.test "refused|$rejected: Only users of \
its domain may write to this address" &&
	mailadm -q alias set team@ex.test --from members &&
	from anna+x@ex.test team@ex.test "mailbox|anna@ex.test" &&
	from anna@aka.test Team+X@aka.test "mailbox|anna@ex.test" &&
	from bob@ex.test team@ex.test "refused|$rejected: Only its members \
may write to this address" &&
	run mailadm route --from bob@ex.test team@ex.test &&
	like "$out" "bob@ex.test may not write to it" &&
	from a@out.test team@ex.test "refused|$internal"'

t 'who may not send, or whose domain is disabled, has not logged in' '
	mailadm -q user set anna@ex.test --may-send no &&
	from anna@ex.test team@ex.test "refused|$internal" &&
	mailadm -q user set anna@ex.test --may-send yes &&
	mailadm -q domain disable team.test &&
	from dora@team.test team@ex.test "refused|$internal" &&
	mailadm -q alias remove team@ex.test --yes &&
	mailadm -q alias remove team+bob@ex.test --yes'

t '--to lists what reaches a user: tags, aliases, alias domains, chains' '
	is "$(hops --to cat@grab.test)" "cat+*@grab.test|tag
cat@grab.test|user
cat@grabaka.test|alias-domain" &&
	hops --to anna@ex.test >"$T/to" &&
	for row in "info@ex.test|alias" "info@aka.test|alias-domain" \
	    "all@ex.test|alias" "sales+eu@ex.test|alias" \
	    "anna+*@ex.test|tag"; do
		grep -qxF "$row" "$T/to" || return 1
	done && ! grep -E "old@|sales@|carl|all@aka|@grab" "$T/to" &&
	run mailadm route --to anna@ex.test --columns hop,depth,key &&
	like "$out" "all@ex.test	1	anna@ex.test" &&
	like "$out" "info@aka.test	2	info@ex.test"'

t 'also an alias that not everybody may write to' '
	mailadm -q alias add inner@ex.test anna@ex.test &&
	for writers in users domain members; do
		mailadm -q alias set inner@ex.test --from $writers &&
		hops --to anna@ex.test >"$T/to" &&
		grep -qxF "inner@ex.test|alias" "$T/to" || return 1
	done && mailadm -q alias remove inner@ex.test --yes'

t 'and the user of a domain whose mailboxes have a transport of their own' '
	mailadm -q domain set grab.test --transport lmtp:inet:127.0.0.1:24 &&
	run mailadm route cat@grab.test && like "$out" "own" &&
	hops --to cat@grab.test >"$T/to" &&
	grep -qxF "cat@grab.test|user" "$T/to" &&
	grep -qxF "cat@grabaka.test|alias-domain" "$T/to" &&
	mailadm -q domain set grab.test --transport none'

t 'a catch-all reaches a user, also by names that only it knows' '
	mailadm -q alias set @grab.test anna@ex.test &&
	mailadm -q alias add far@ex.test stray@grab.test &&
	hops --to anna@ex.test >"$T/to" &&
	grep -qxF "@grab.test|catch-all" "$T/to" &&
	grep -qxF "far@ex.test|alias" "$T/to" &&
	hops --sender anna@ex.test >"$T/sender" &&
	grep -qxF "far@ex.test|alias" "$T/sender" &&
	is "$(cat "$T/to")" "$(cat "$T/sender")"'

t 'a catch-all reaches its user, whatever names patterns take' '
	mailadm -q <<-END 2>/dev/null &&
	domain add rest.test
	user add rita@rest.test --no-password
	alias add @rest.test rita@rest.test
	alias add "*n*@rest.test" friend@out.test
	alias add "*q*@rest.test" friend@out.test
	END
	hops --to rita@rest.test >"$T/to" &&
	grep -qxF "@rest.test|catch-all" "$T/to" &&
	run mailadm user disable rita@rest.test && status 0 &&
	like "$err" "catch-all @rest.test led only to rita@rest.test"'

t 'and what leads to them or to a pattern by a name with a tag' '
	mailadm -q user enable rita@rest.test &&
	mailadm -q <<-END 2>/dev/null &&
	alias add "*-2@rest.test" rita@rest.test
	alias add two@ex.test any-2+x@rest.test
	alias add odd@ex.test odd+x@rest.test
	alias add odd+x@rest.test friend@out.test
	END
	hops --to rita@rest.test >"$T/to" &&
	grep -qxF "two@ex.test|alias" "$T/to" &&
	grep -qxF "odd+*@ex.test|tag" "$T/to" &&
	! grep -F "odd@ex.test" "$T/to"'

t 'and a name with a ! that users may write to' '
	hops --to anna@ex.test >"$T/to" &&
	grep -qxF "a!b@ex.test|alias" "$T/to"'

t 'users send as themselves though their mail is forwarded, and by grants' '
	mailadm -q user add fred@ex.test --no-password &&
	mailadm -q alias add fred@ex.test out@out.test 2>"$T/note" &&
	mailadm -q alias add desk@ex.test fred@ex.test &&
	mailadm -q user grant fred@ex.test --send-as info@ex.test &&
	mailadm -q user grant fred@ex.test --send-as @out.test &&
	is "$(hops --to fred@ex.test)" "" &&
	is "$(hops --sender fred@ex.test)" "@out.test|grant
desk@aka.test|alias-domain
desk@ex.test|alias
fred+*@ex.test|tag
fred@aka.test|alias-domain
fred@ex.test|user
info@ex.test|grant"'

t 'who may not send, or is disabled, has nothing to send as' '
	mailadm -q user set fred@ex.test --may-send no 2>"$T/note" &&
	run mailadm route --sender fred@ex.test && status 0 &&
	empty "$out" && like "$err" "user fred@ex.test may not send mail" &&
	mailadm -q user set fred@ex.test --may-send yes --may-receive no &&
	run mailadm route --sender fred@ex.test --columns hop &&
	matches "$out" "^desk@ex.test" && empty "$err" &&
	mailadm -q user disable fred@ex.test 2>"$T/note" &&
	run mailadm route --sender fred@ex.test && empty "$out" &&
	like "$err" "user fred@ex.test is disabled" &&
	mailadm -q alias remove desk@ex.test fred@ex.test &&
	mailadm -q alias remove fred@ex.test &&
	mailadm -q user remove fred@ex.test 2>"$T/note"'

t 'what reaches a user only with a tag is listed with it' '
	mailadm -q alias add key@ex.test way@ex.test --force 2>"$T/note" &&
	mailadm -q alias add way+vip@ex.test bob@ex.test &&
	mailadm -q alias add gate@ex.test gate2+x@ex.test --force \
		2>"$T/note" && mailadm -q alias add gate2@ex.test bob@ex.test &&
	mailadm -q alias add gate2+x@ex.test out@out.test &&
	hops --to bob@ex.test >"$T/to" &&
	for row in "key+vip@ex.test|alias" "gate+*@ex.test|tag" \
	    "gate2@ex.test|alias"; do
		grep -qxF "$row" "$T/to" || return 1
	done && ! grep -E "^(key|gate)@" "$T/to"'

t 'nothing reaches a disabled user, and nobody is not found' '
	ok route --to carl@ex.test && empty "$out" &&
	like "$err" "carl@ex.test is disabled" &&
	ok route --to paul@grab.test && empty "$out" &&
	like "$err" "user paul@grab.test may not receive mail" &&
	run mailadm route --to no@ex.test && status 4 &&
	run mailadm route --sender info@ex.test && status 4 &&
	run mailadm route --sender --to anna@ex.test && status 2'

finish
