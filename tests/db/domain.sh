# The commands of the noun domain.
. tests/lib.sh
server_start

column() {
	mailadm domain show "$1" -o tsv --columns "$2"
}

ok() {
	run mailadm "$@" && status 0
}

refused() {
	t_want=$1
	shift
	run mailadm "$@" && status "$t_want" && empty "$out"
}

# --- add, set, show ------------------------------------------------------

fresh
t 'a domain is added, once' '
	ok domain add example.com && is "$err" "domain example.com added" &&
	refused 5 domain add example.com && like "$err" "example.com" &&
	refused 5 domain add EXAMPLE.com'

t 'every option of add is stored and shown' '
	ok domain add full.example --description "Full & \"co\"" --quota 2G \
	    --max-users 5 --max-aliases 7 --postmaster pm@elsewhere.example &&
	is "$(column full.example \
	    quota,max_users,max_aliases,description,alias_of)" \
	    "2147483648	5	7	Full & \"co\"	\\N" &&
	is "$(mailadm alias list --columns mail,destination)" \
	    "postmaster@full.example	pm@elsewhere.example"'

t 'set changes only what is named, and says when nothing changes' '
	ok domain set full.example --quota none --max-users none &&
	is "$err" "domain full.example changed: quota none (was 2G), \
max users none (was 5)" &&
	is "$(column full.example quota,max_users,max_aliases)" \
	    "\\N	\\N	7" &&
	ok domain set full.example --quota none &&
	is "$err" "domain full.example unchanged" &&
	ok domain set full.example --description "" &&
	is "$(column full.example description)" "\\N" &&
	refused 2 domain set full.example &&
	refused 4 domain set nowhere.example --quota 1M'

t 'sizes are powers of 1024' '
	for size in 1:1 1k:1024 1K:1024 500M:524288000 3T:3298534883328; do
		ok domain set full.example --quota "${size%:*}" &&
		is "$(column full.example quota)" "${size#*:}" || return 1
	done && status 0'

t '--postmaster of set replaces the alias' '
	ok domain set full.example --postmaster new@elsewhere.example &&
	is "$(mailadm alias list --columns mail,destination)" \
	    "postmaster@full.example	new@elsewhere.example" &&
	ok domain set full.example --postmaster new@elsewhere.example &&
	like "$err" unchanged'

t 'add --if-not-exists compares' '
	ok domain add full.example --if-not-exists --max-aliases 7 &&
	is "$err" "domain full.example unchanged" &&
	refused 5 domain add full.example --if-not-exists --max-aliases 8 \
	    --description other &&
	like "$err" "a different description, max_aliases" &&
	ok domain add full.example --if-not-exists \
	    --postmaster new@elsewhere.example &&
	refused 5 domain add full.example --if-not-exists \
	    --postmaster other@elsewhere.example && like "$err" postmaster &&
	is "$(mailadm alias list --columns destination)" \
	    new@elsewhere.example'

t 'an international name is stored as A-label and shown in both forms' '
	ok domain add Bücher.example &&
	is "$err" "domain xn--bcher-kva.example (bücher.example) added" &&
	is "$(mailadm domain list "*bcher*" --columns domain)" \
	    xn--bcher-kva.example &&
	refused 5 domain add xn--bcher-kva.example &&
	ok domain show bücher.example'

t 'show of an unknown name is status 4' '
	refused 4 domain show nowhere.example && like "$err" nowhere.example'

# --- enable, disable -----------------------------------------------------

t 'several are disabled and enabled at once, all or none' '
	ok domain disable example.com full.example &&
	like "$err" "domain example.com disabled" &&
	like "$err" "doveadm kick" &&
	is "$(mailadm domain list --inactive --columns domain)" \
	    "example.com
full.example" &&
	ok domain disable example.com &&
	is "$err" "domain example.com unchanged" &&
	refused 4 domain enable example.com nowhere.example &&
	is "$(column example.com active)" 0 &&
	ok domain enable example.com full.example &&
	is "$(mailadm domain list --inactive --count)" 0'

# --- limits --------------------------------------------------------------

t 'limits count users and alias addresses, and stop the next' '
	ok domain add small.example --max-users 1 --max-aliases 1 &&
	ok user add a@small.example --no-password &&
	refused 6 user add b@small.example --no-password &&
	like "$err" "no more than 1 user" &&
	ok alias add x@small.example a@small.example &&
	ok alias add x@small.example out@elsewhere.example &&
	refused 6 alias add y@small.example a@small.example &&
	like "$err" "--max-aliases" &&
	ok user remove a@small.example --cascade --yes &&
	ok user add b@small.example --no-password'

t 'postmaster@ does not count, as every domain needs it' '
	ok domain add must.example --max-aliases 1 --max-users 1 &&
	ok alias add postmaster@must.example x@elsewhere.example &&
	ok alias add a@must.example x@elsewhere.example &&
	refused 6 alias add b@must.example x@elsewhere.example &&
	ok domain set must.example --max-aliases 0 &&
	like "$err" "note: must.example already has 1 alias, more than" &&
	ok alias remove a@must.example &&
	ok domain set must.example --max-aliases 0 && unlike "$err" note: &&
	run mailadm check && unlike "$out" "must.example has"'

t 'the name of the server itself is added with a warning' '
	echo "hostname = mail.own.example" >"$T/own.conf" &&
	ok --config "$T/own.conf" domain add mail.own.example &&
	like "$err" "note: mail.own.example is the host name of this server" &&
	like "$err" "mydestination" &&
	ok --config "$T/own.conf" domain add other.own.example &&
	unlike "$err" note: &&
	ok domain remove mail.own.example &&
	echo "domains: {mail.own.example: }" >"$T/own.yaml" &&
	ok --config "$T/own.conf" apply --yes "$T/own.yaml" &&
	like "$err" "mydestination" && ok domain remove mail.own.example &&
	ok --config "$T/own.conf" domain rename other.own.example \
	    mail.own.example &&
	like "$err" "mydestination" && ok domain remove mail.own.example'

t 'a limit below the current number is kept, with a note' '
	ok domain set small.example --max-users 0 &&
	like "$err" "note: small.example already has 1 user" &&
	is "$(column small.example max_users)" 0 &&
	refused 6 user add c@small.example --no-password &&
	ok user add c@example.com --no-password &&
	refused 6 user rename c@example.com c@small.example'

# --- alias domains -------------------------------------------------------

fresh
t 'an alias domain has no users and is no target' '
	ok domain add example.com && ok domain add other.example &&
	ok domain add alias.example --alias-of example.com &&
	refused 6 user add a@alias.example --no-password &&
	like "$err" "hint: add the user as a@example.com" &&
	refused 6 domain add second.example --alias-of alias.example &&
	like "$err" "--alias-of example.com" &&
	refused 6 domain set example.com --alias-of other.example &&
	refused 4 domain add third.example --alias-of nowhere.example &&
	refused 6 domain set other.example --alias-of other.example &&
	ok user add a@other.example --no-password &&
	refused 6 domain set other.example --alias-of example.com &&
	like "$err" "1 user"'

t 'it may have aliases of its own, and ends being one with none' '
	ok user add anna@example.com --no-password &&
	ok alias add own@alias.example anna@example.com &&
	ok domain set alias.example --alias-of none &&
	is "$(column alias.example alias_of)" "\\N" &&
	ok domain set alias.example --alias-of example.com'

t 'an alias may lead to a name of an alias domain that the target has' '
	ok alias add x@other.example anna@alias.example &&
	refused 6 alias add y@other.example nobody@alias.example'

# --- rename --------------------------------------------------------------

t 'rename takes users, aliases, destinations and alias domains along' '
	ok alias add info@example.com anna@example.com &&
	ok user set anna@example.com --quota 1G --name Anna &&
	ok domain set example.com --quota 5G --description ours &&
	before=$(column example.com quota,description,created) &&
	ok domain rename example.com example.org &&
	is "$(column example.org quota,description,created)" "$before" &&
	is "$(mailadm user list --columns email,quota,name,home)" \
	    "a@other.example	\\N	\\N	other.example/a
anna@example.org	1073741824	Anna	example.com/anna" &&
	is "$(mailadm alias list --columns mail,destination)" \
	    "info@example.org	anna@example.org
own@alias.example	anna@example.org
x@other.example	anna@alias.example" &&
	is "$(column alias.example alias_of)" example.org &&
	refused 4 domain show example.com'

t 'rename --keep-alias leaves the old name as an alias domain' '
	ok domain rename example.org example.net --keep-alias &&
	is "$(column example.org alias_of)" example.net &&
	is "$(column alias.example alias_of)" example.net &&
	ok alias add y@other.example anna@example.org'

t 'rename needs a free name and a domain that exists' '
	refused 5 domain rename example.net other.example &&
	refused 4 domain rename nowhere.example new.example &&
	is "$(mailadm domain list --count)" 4'

t 'a rename merges destinations that become the same' '
	ok domain add ren.example && ok user add u@ren.example --no-password &&
	ok alias add both@other.example u@ren.example u@rennew.example &&
	ok domain rename ren.example rennew.example &&
	is "$(mailadm alias list both@* --columns destination)" \
	    u@rennew.example'

t 'a rename that would close a loop is refused' '
	ok domain add loop.example &&
	ok alias add a@loop.example b@loopnew.example &&
	ok alias add b@loop.example a@loop.example &&
	refused 6 domain rename loop.example loopnew.example &&
	like "$err" "loop: " &&
	ok domain show loop.example'

t 'a rename that would let an alias lead to itself is refused' '
	ok domain add self.example &&
	ok alias add a@self.example a@selfnew.example &&
	refused 6 domain rename self.example selfnew.example &&
	like "$err" "leads to itself" &&
	ok alias remove a@self.example &&
	ok user add a@self.example --no-password &&
	ok alias add a@self.example a@self.example a@selfnew.example &&
	ok domain rename self.example selfnew.example &&
	is "$(mailadm alias list a@self* --columns mail,destination)" \
	    "a@selfnew.example	a@selfnew.example"'

t 'the mail of a renamed domain is not given to a new user' '
	ok domain add again.example &&
	ok user add u@again.example --no-password &&
	ok domain rename again.example later.example &&
	ok domain add again.example &&
	ok user add u@again.example --no-password &&
	like "$err" "note: the mail in again.example/u belongs to u@later" &&
	is "$(mailadm user show u@later.example --columns home)" \
	    again.example/u &&
	is "$(mailadm user show u@again.example --columns home)" \
	    again.example/u~2'

# --- remove --------------------------------------------------------------

fresh
t 'an empty domain goes without a question, what is in it does not' '
	ok domain add empty.example && ok domain remove empty.example &&
	is "$err" "domain empty.example removed" &&
	ok domain add example.com &&
	ok user add a@example.com --no-password &&
	ok alias add x@example.com a@example.com &&
	refused 6 domain remove example.com &&
	like "$err" "still has 1 user, 1 alias" && like "$err" "--recursive" &&
	refused 6 domain remove example.com --recursive &&
	like "$err" "without --yes" &&
	ok domain remove example.com --recursive --yes &&
	is "$(mailadm user list --count)$(mailadm alias list --count)" 00'

t 'what is elsewhere goes only with --cascade, and is listed' '
	ok domain add example.com && ok domain add other.example &&
	ok user add a@example.com --no-password &&
	ok alias add x@other.example a@example.com &&
	ok alias add y@other.example a@example.com out@elsewhere.example &&
	ok domain add alias.example --alias-of example.com &&
	refused 6 domain remove example.com --recursive --yes &&
	like "$err" "x@other.example -> a@example.com" &&
	like "$err" "--cascade" &&
	refused 6 domain remove example.com --recursive --cascade &&
	ok domain remove example.com --recursive --cascade --yes &&
	like "$err" "also removed: x@other.example -> a@example.com" &&
	like "$err" "alias domain alias.example also removed" &&
	is "$(mailadm alias list --columns mail,destination)" \
	    "y@other.example	out@elsewhere.example" &&
	is "$(mailadm domain list --columns domain)" other.example'

t 'an alias that lost its last destination so is listed' '
	ok domain add gone.example &&
	ok user add g@gone.example --no-password &&
	ok user add h@gone.example --no-password &&
	ok alias add last@other.example g@gone.example h@gone.example &&
	ok alias add before@other.example last@other.example &&
	ok domain remove gone.example --recursive --cascade --yes &&
	like "$err" "removed, as no destination is left: last@other.example" &&
	unlike "$err" "last@other.example, last@other.example" &&
	like "$err" "before@other.example still lead to last@other.example"'

t 'alias domains stand in the way, too' '
	ok domain add target.example &&
	ok domain add ad.example --alias-of target.example &&
	refused 6 domain remove target.example --yes &&
	like "$err" ad.example &&
	ok domain remove ad.example && ok domain remove target.example'

t 'several go together or not at all' '
	ok domain add one.example && ok domain add two.example &&
	refused 4 domain remove one.example nowhere.example two.example &&
	ok domain show one.example &&
	ok domain remove one.example nowhere.example two.example --if-exists &&
	like "$err" "domain nowhere.example does not exist" &&
	refused 4 domain show two.example'

# --- nothing stays open --------------------------------------------------

t 'a dry run says what would change, and changes nothing' '
	ok -n domain add dry.example &&
	like "$err" "domain dry.example added" &&
	like "$err" "note: dry run: nothing was changed" &&
	refused 4 domain show dry.example &&
	ok domain remove other.example --recursive -n &&
	ok domain show other.example'

t '--quiet leaves out the done lines, not the notes' '
	ok -q domain add quiet.example && empty "$err" &&
	ok -q domain disable quiet.example && empty "$err" &&
	ok domain set quiet.example --max-users 0 -q && empty "$err" &&
	ok -q -n domain remove quiet.example &&
	like "$err" "note: dry run"'

t 'the default postmaster of the settings is written for a new domain' '
	echo "postmaster = admin@elsewhere.example" >"$T/conf" &&
	ok -c "$T/conf" domain add pm.example &&
	is "$(mailadm alias list "postmaster@pm*" --columns destination)" \
	    admin@elsewhere.example &&
	ok -c "$T/conf" domain add pa.example --alias-of pm.example &&
	is "$(mailadm alias list "postmaster@pa*" --count)" 0 &&
	ok alias set postmaster@pm.example mine@elsewhere.example &&
	ok -c "$T/conf" domain add pm.example --if-not-exists &&
	is "$(mailadm alias list "postmaster@pm*" --columns destination)" \
	    mine@elsewhere.example &&
	echo "postmaster = nonsense" >"$T/conf" &&
	refused 3 -c "$T/conf" domain add pn.example &&
	like "$err" "postmaster in the settings"'

finish
