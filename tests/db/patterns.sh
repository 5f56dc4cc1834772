#!/bin/sh
# Patterns, blocks, and who may write to an alias or send as it: the commands,
# files, history and undo, and what route says.
# shellcheck disable=SC2016,SC2154 # t evaluates the code
. tests/lib.sh

server_start
fresh

# By the account of every day, which may do this, and no more.
accounts_sql secret >"$T/grants.sql"
sql "SOURCE $T/grants.sql"
sed -i 's/^\[mailadm\]/&\nuser=mailadm\npassword=secret/' "$T/client.cnf"

ok() {
	run mailadm "$@" && status 0
}

refused() {
	t_want=$1
	shift
	run mailadm "$@" && status "$t_want" && empty "$out"
}

# "mail destination;" for each row.
rows() {
	mailadm alias list "$@" --columns mail,destination | tr '\t\n' ' ;'
}

# The last row of a route: "mailbox bo@x.example", or "refused 550 5.1.1 ...".
ends() {
	mailadm route --columns step,result "$1" | tail -n 1 | tr '\t' ' '
}

undone() {
	run mailadm undo "$(sql 'SELECT MAX(id) FROM changes')" && status 0
}

mailadm -q <<'END'
domain add x.example
domain add y.example
user add anna@x.example --no-password
user add bo@x.example --no-password
user add carl@y.example --no-password
user add dora@x.example --no-password
domain add aka.example --alias-of x.example
END

### Patterns

t 'a name with a star is a pattern, beside the aliases' '
	ok alias add "bo-*@x.example" bo@x.example &&
	is "$err" "alias bo-*@x.example added: now bo@x.example" &&
	ok alias add "bo-*@x.example" carl@y.example --note shops &&
	ok alias add info@x.example anna@x.example &&
	is "$(rows)" "info@x.example anna@x.example;bo-*@x.example \
bo@x.example;bo-*@x.example carl@y.example;" &&
	is "$(sql "SELECT COUNT(*) FROM aliases")" 1 &&
	ok alias show "bo-*@x.example" --columns destination,note &&
	is "$out" "bo@x.example	shops
carl@y.example	shops" &&
	ok alias list "bo*" --count && is "$out" 2 &&
	ok alias list --limit 2 --columns mail &&
	is "$out" "info@x.example
bo-*@x.example" &&
	ok alias list --sort -destination --columns destination &&
	is "$out" "carl@y.example
bo@x.example
anna@x.example"'

t 'it has what nobody else has, before the catch-all, and keeps the tag' '
	ok alias add @x.example dora@x.example &&
	ok alias remove "bo-*@x.example" carl@y.example &&
	is "$(ends bo-new@x.example)" "mailbox bo@x.example" &&
	ok alias add bo-anna@x.example anna@x.example &&
	is "$(ends bo-anna@x.example)" "mailbox anna@x.example" &&
	is "$(ends bo-new+t@x.example)" "mailbox bo@x.example" &&
	is "$(ends bo@x.example)" "mailbox bo@x.example" &&
	is "$(ends other@x.example)" "mailbox dora@x.example" &&
	is "$(ends bo-new@aka.example)" "mailbox bo@x.example" &&
	ok route bo-new@x.example --columns step,reason &&
	like "$out" "patterns	pattern bo-*@x.example" &&
	like "$out" "not used	catch-all skipped: bo-*@x.example is more"'

t 'a tag goes to the name before a pattern could match it' '
	ok alias add "ann*@x.example" carl@y.example &&
	is "$(ends anna+x@x.example)" "mailbox anna@x.example" &&
	is "$(ends annb+x@x.example)" "mailbox carl@y.example" &&
	ok alias remove "ann*@x.example"'

t 'of several the one with most other characters wins, then the alphabet' '
	ok alias add "bo-*shop@x.example" anna@x.example &&
	ok alias add "*-s*@x.example" carl@y.example &&
	ok alias add "*-e*@x.example" dora@x.example &&
	is "$(ends bo-x-shop@x.example)" "mailbox anna@x.example" &&
	is "$(ends bo-se@x.example)" "mailbox bo@x.example" &&
	is "$(ends co-se-e@x.example)" "mailbox dora@x.example" &&
	ok alias remove "*-s*@x.example" && ok alias remove "*-e*@x.example" &&
	ok alias remove "bo-*shop@x.example"'

t 'what LIKE would take for more than itself is itself' '
	ok alias add "a_*@x.example" bo@x.example &&
	is "$(ends a_1@x.example)" "mailbox bo@x.example" &&
	is "$(ends ab1@x.example)" "mailbox dora@x.example" &&
	ok alias remove "a_*@x.example"'

t 'a disabled one matches nothing: the next gets the mail' '
	ok alias disable "bo-*@x.example" &&
	is "$(ends bo-new@x.example)" "mailbox dora@x.example" &&
	ok alias enable "bo-*@x.example" &&
	is "$(ends bo-new@x.example)" "mailbox bo@x.example"'

t 'one that leads only to who gets no mail is refused, not handed on' '
	ok user disable bo@x.example &&
	matches "$(ends bo-new@x.example)" "^refused 550 5.1.1" &&
	ok alias add "bo-*@x.example" anna@x.example &&
	is "$(ends bo-new@x.example)" "mailbox anna@x.example" &&
	ok alias remove "bo-*@x.example" anna@x.example &&
	ok user enable bo@x.example'

t 'refused: a tag, two stars, an alias domain, nothing, a loop' '
	refused 3 alias add "bo+*@x.example" bo@x.example &&
	like "$err" "a pattern has no +tag" &&
	refused 3 alias add "bo**x@x.example" bo@x.example &&
	refused 6 alias add "q-*@aka.example" bo@x.example &&
	like "$err" "it has the patterns of x.example" &&
	refused 6 alias add "q-*@y.example" none@y.example &&
	refused 6 alias add "q-*@y.example" q-x@y.example --force &&
	like "$err" "loop: " &&
	refused 3 alias add "q-*@x.example" bo@x.example --from users &&
	ok domain add z.example &&
	ok alias add "q-*@z.example" bo@x.example &&
	refused 6 domain set z.example --alias-of x.example &&
	like "$err" "z.example has patterns" &&
	like "$err" "an alias domain has those of its target" &&
	refused 6 domain remove z.example &&
	like "$err" "z.example still has 1 pattern" &&
	ok domain remove z.example --recursive'

t 'a domain has at most 100' '
	sql "INSERT INTO patterns (domain, local, destination) SELECT
	    \"y.example\", CONCAT(\"p\", seq, \"-*\"), \"carl@y.example\" FROM
	    seq_1_to_99" &&
	ok alias add "p100-*@y.example" carl@y.example &&
	refused 6 alias add "p101-*@y.example" carl@y.example &&
	like "$err" "y.example has 100" &&
	like "$err" "a domain has at most 100" &&
	ok alias add "p100-*@y.example" bo@x.example &&
	sql "DELETE FROM patterns WHERE domain = \"y.example\""'

t 'who is led to cannot go, or takes them along' '
	ok alias add "c-*@x.example" carl@y.example &&
	refused 6 user remove carl@y.example &&
	like "$err" "c-*@x.example" &&
	ok user rename carl@y.example cara@y.example &&
	is "$(rows "c-*")" "c-*@x.example cara@y.example;" &&
	undone && is "$(rows "c-*")" "c-*@x.example carl@y.example;" &&
	ok domain rename y.example w.example &&
	is "$(rows "c-*")" "c-*@x.example carl@w.example;" && undone &&
	ok domain rename x.example w.example &&
	is "$(rows "c-*")" "c-*@w.example carl@y.example;" && undone &&
	ok user remove carl@y.example --cascade --yes &&
	is "$(rows "c-*")" "" && undone &&
	is "$(rows "c-*")" "c-*@x.example carl@y.example;" &&
	ok alias remove "c-*@x.example"'

t 'history and undo know them' '
	ok alias add "u-*@x.example" anna@x.example &&
	ok history --limit 1 --columns kind,name,action,summary &&
	is "$out" "pattern	u-*@x.example	added	-> anna@x.example" &&
	undone && refused 4 alias show "u-*@x.example" &&
	ok alias add "u-*@x.example" anna@x.example &&
	ok alias disable "u-*@x.example" &&
	ok history --limit 1 --columns action,summary &&
	is "$out" "changed	-> anna@x.example, active yes -> no" &&
	undone && ok alias remove "u-*@x.example" && undone &&
	is "$(rows "u-*")" "u-*@x.example anna@x.example;" &&
	ok alias remove "u-*@x.example"'

t 'find and completion know them' '
	ok find bo-new && empty "$out" &&
	ok find "bo-" --columns kind,name &&
	is "$out" "alias	bo-anna@x.example
pattern	bo-*@x.example" &&
	is "$(mailadm complete alias show "bo-" 2>&1 | sort | tr "\n" " ")" \
	    "bo-*@x.example bo-anna@x.example "'

t 'a manifest has them among the aliases, and so has a CSV file' '
	ok export >"$T/all.yaml" && cp "$T/out" "$T/all.yaml" &&
	like "$(cat "$T/all.yaml")" "bo-*@x.example" &&
	ok plan "$T/all.yaml" && like "$err" "Plan: 0 to add, 0 to change" &&
	ok alias remove "bo-*@x.example" &&
	ok apply --yes "$T/all.yaml" &&
	is "$(rows "bo-*")" "bo-anna@x.example anna@x.example;bo-*@x.example \
bo@x.example;" &&
	is "$(sql "SELECT COUNT(*) FROM aliases WHERE mail LIKE \"%*%\"")" 0 &&
	ok export aliases --format csv && cp "$T/out" "$T/all.csv" &&
	ok alias remove "bo-*@x.example" &&
	ok import aliases "$T/all.csv" && ok import aliases "$T/all.csv" &&
	is "$(rows "bo-*")" "bo-anna@x.example anna@x.example;bo-*@x.example \
bo@x.example;" &&
	is "$(sql "SELECT COUNT(*) FROM aliases WHERE mail LIKE \"%*%\"")" 0'

t 'a manifest names what is wrong with one' '
	printf "aliases:\n  \"q+*@x.example\": {destination: bo@x.example}\n" \
	    >"$T/wrong.yaml" &&
	run mailadm plan "$T/wrong.yaml" && status 3 &&
	like "$err" "a pattern has no +tag"'

t 'the way back names them, and so does who may send as what' '
	ok route --to bo@x.example --columns hop,step &&
	like "$out" "bo-*@x.example	pattern" &&
	ok route --sender bo@x.example --columns hop,step &&
	like "$out" "bo-*@x.example	pattern"'

### Blocks

t 'a blocked name is refused with all its tags, by alias domain too' '
	ok alias block other@x.example --note spam &&
	is "$err" "block other@x.example added" &&
	matches "$(ends other@x.example)" "^refused 550 5.1.1" &&
	matches "$(ends other+t@x.example)" "^refused 550 5.1.1" &&
	matches "$(ends other@aka.example)" "^refused 550 5.1.1" &&
	is "$(ends another@x.example)" "mailbox dora@x.example" &&
	ok route other@x.example --columns step,reason &&
	like "$out" "other@x.example is blocked" &&
	ok alias blocked --columns address,note &&
	is "$out" "other@x.example	spam" &&
	ok alias blocked --count && is "$out" 1'

t 'one +tag alone, in one domain alone' '
	ok alias block anna+shop@x.example &&
	matches "$(ends anna+shop@x.example)" "^refused 550" &&
	is "$(ends anna+other@x.example)" "mailbox anna@x.example" &&
	is "$(ends anna@x.example)" "mailbox anna@x.example" &&
	ok alias block bo@aka.example &&
	matches "$(ends bo@aka.example)" "^refused 550" &&
	is "$(ends bo@x.example)" "mailbox bo@x.example"'

t 'once; a domain of ours; not the postmaster' '
	ok -v alias block bo@aka.example &&
	is "$err" "block bo@aka.example unchanged" &&
	ok alias block bo@aka.example --note "no more" &&
	ok alias blocked bo@* --columns note && is "$out" "no more" &&
	refused 4 alias block a@elsewhere.example &&
	refused 6 alias block postmaster@x.example &&
	ok alias block postmaster@x.example --force &&
	ok alias unblock postmaster@x.example &&
	refused 4 alias unblock postmaster@x.example &&
	ok alias unblock postmaster@x.example --if-exists'

t 'history, undo, find, rename and removal know blocks' '
	ok history --limit 1 --columns kind,name,action &&
	is "$out" "block	postmaster@x.example	removed" &&
	undone && ok find postmaster --columns kind,name &&
	is "$out" "block	postmaster@x.example" && undone &&
	ok domain rename aka.example aka2.example &&
	ok alias blocked bo@* --columns address &&
	is "$out" "bo@aka2.example" && undone &&
	refused 6 domain remove aka.example &&
	ok domain remove aka.example --recursive &&
	ok alias blocked --count && is "$out" 2 && undone &&
	ok alias blocked --count && is "$out" 3'

### Who may write, and who may send

t 'only users may write to an internal alias: refused on port 25' '
	ok alias set info@x.example --from users &&
	matches "$(ends info@x.example)" "^refused 550 5.7.1" &&
	matches "$(ends info+t@x.example)" "^refused 550 5.7.1" &&
	matches "$(ends info@aka.example)" "^refused 550 5.7.1" &&
	ok alias add info+open@x.example bo@x.example &&
	is "$(ends info+open@x.example)" "mailbox bo@x.example" &&
	ok alias show info@x.example --columns writers && is "$out" users &&
	ok alias set info@x.example --from anyone &&
	is "$(ends info@x.example)" "mailbox anna@x.example" &&
	refused 3 alias set @x.example --from users &&
	refused 2 alias set info@x.example --from nobody'

t 'who gets the mail of a receiving alias may not send as it' '
	ok route --sender anna@x.example --columns hop &&
	like "$out" "info@x.example" &&
	ok alias set info@x.example --may-send no &&
	ok route --sender anna@x.example --columns hop &&
	unlike "$out" "info@" &&
	ok alias add team@x.example info@x.example &&
	ok route --sender anna@x.example --columns hop &&
	like "$out" "team@x.example" && unlike "$out" "info@" &&
	ok history info@x.example --limit 1 --columns summary &&
	is "$out" "-> anna@x.example, may send yes -> no" &&
	ok alias remove team@x.example &&
	ok alias set info@x.example --may-send yes'

### What is wrong in the tables

# found RULE NAME: and no other finding of these.
found() {
	run mailadm check --rule "$1" --columns name && status 1 &&
	is "$out" "$2"
}

clean() {
	run mailadm check --rule A009 --rule A019 --rule A020 --rule A021 \
	    --rule A022 --rule A023 --severity note && status 0
}

t 'check finds what leads to a blocked name, and what opens an internal one' '
	clean &&
	ok alias add b@x.example other@x.example && found A019 b@x.example &&
	ok alias remove b@x.example &&
	ok alias set info@x.example --from members &&
	ok alias add "in-*@x.example" info@x.example &&
	found A020 "in-*@x.example" && ok alias remove "in-*@x.example" &&
	ok alias set info@x.example --from anyone && clean'

t 'and patterns that have no name, or lead to nobody' '
	ok alias add "h*h*@x.example" bo@x.example &&
	ok alias add "*h*h*@x.example" bo@x.example &&
	found A021 "h*h*@x.example" && ok alias remove "*h*h*@x.example" &&
	ok alias add "h-*@y.example" none@y.example --force &&
	found A023 "h-*@y.example" && ok alias remove "h-*@y.example" &&
	ok alias remove "h*h*@x.example" && clean'

t 'a name with a star that is older than patterns is found, and works on' '
	ok alias add "lit-*@y.example" bo@x.example --literal &&
	found A022 "lit-*@y.example" &&
	is "$(ends "lit-*@y.example")" "mailbox bo@x.example" &&
	ok alias add "lit-*@y.example" anna@x.example &&
	is "$(rows --domain y.example)" "lit-*@y.example anna@x.example;\
lit-*@y.example bo@x.example;" &&
	is "$(sql "SELECT COUNT(*) FROM patterns WHERE local = \"lit-*\"")" 0 &&
	ok alias remove "lit-*@y.example" && clean'

t 'what leads to a name that a pattern has does not lead to nothing' '
	ok alias add to@y.example bo-any@x.example && clean &&
	ok alias add to2@y.example bo-any@aka.example && clean &&
	ok alias remove to@y.example && ok alias remove to2@y.example'

finish
