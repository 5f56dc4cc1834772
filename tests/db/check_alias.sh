# mailadm check: aliases, row by row and what they lead to.
. tests/lib.sh
server_start && fresh

# What this file asks: everything about aliases, and U017.
RULES=$(for i in 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18; do
	echo "--rule A0$i"
done)

check() {
	# shellcheck disable=SC2086 # a list of options
	run mailadm check $RULES --rule U017 --columns rule,name,text
}

# Nothing is found.
clean() {
	check && status 0 && empty "$out$err"
}

# found ID NAME: this is found, and nothing else.
found() {
	check && status 1 && lines "$out" 1 && like "$out" "$1	$2	"
}

# Statements wait for the next mailadm: a client for each would take most of
# the time.
waiting=
sql() {
	waiting="$waiting${1%;};
"
}

sql_now() {
	[ -z "$waiting" ] || server_sql --database="$server_database" \
	    -e "$waiting" || return 1
	waiting=
}

mailadm() {
	sql_now || return 99
	"$MAILADM" --defaults-file="$T/client.cnf" "$@"
}

# Rows that the database's own rules would refuse.
plant() {
	sql "SET check_constraint_checks = 0, foreign_key_checks = 0; $1"
}

# alias MAIL DESTINATION...: rows as another program may write them.
alias() {
	alias_rows=
	alias_mail=$1
	shift
	for alias_to; do
		alias_rows="$alias_rows${alias_rows:+, }
		    ('$alias_mail', '$alias_to')"
	done
	plant "INSERT INTO aliases (mail, destination) VALUES $alias_rows"
}

user() {
	for user_email; do
		plant "INSERT INTO users (email, crypt)
		    VALUES ('$user_email', '!')" || return 1
	done
}

# Only the domains x.org, y.org, aka.org (of x.org), and anna@x.org.
begin() {
	plant "DELETE FROM aliases; DELETE FROM users; DELETE FROM domains;
	    INSERT INTO domains (domain) VALUES ('x.org'), ('y.org');
	    INSERT INTO domains (domain, alias_of)
		VALUES ('aka.org', 'x.org');
	    INSERT INTO users (email, crypt) VALUES ('anna@x.org', '!')"
}

# --- rows ----------------------------------------------------------------

t 'aliases as mailadm writes them are clean, of every kind' '
	begin && user bo@y.org &&
	alias info@x.org anna@x.org out@elsewhere.example &&
	alias anna@x.org anna@x.org bo@y.org &&
	alias tag@x.org anna+news@x.org &&
	alias all@x.org info@x.org tag@x.org &&
	alias own@aka.org bo@y.org && alias @y.org anna@x.org &&
	check && status 1 && lines "$out" 1 &&
	like "$out" "A016	@y.org	" &&
	sql "DELETE FROM aliases WHERE mail = \"@y.org\"" && clean'

t 'an alias in a domain that does not exist is found once' '
	begin && alias a@gone.org anna@x.org bo@elsewhere.example &&
	alias a@x.org anna@x.org && found A001 a@gone.org'

t 'and nothing is said of where it leads' '
	begin && alias a@gone.org a@gone.org nobody@x.org &&
	found A001 a@gone.org'

t 'an address that is none' '
	begin && alias "a b@x.org" anna@x.org && found A002 "a b@x.org" &&
	like "$out" "a space is not allowed" &&
	begin && alias a anna@x.org && found A002 a &&
	begin && alias a..b@x.org anna@x.org && found A002 a..b@x.org'

t 'an address in capitals, with blanks or U-labels' '
	begin && alias Info@x.org anna@x.org && found A003 Info@x.org &&
	like "$out" "must be written as info@x.org" &&
	begin && alias info@X.ORG anna@x.org && found A003 info@X.ORG &&
	begin && alias "info@x.org " anna@x.org && found A003 "info@x.org " &&
	begin && plant "INSERT INTO domains (domain)
	    VALUES (\"xn--mller-kva.org\")" &&
	alias info@müller.org anna@x.org && found A003 info@müller.org'

t 'a destination that is none' '
	begin && alias a@x.org "b c@x.org" && found A004 a@x.org &&
	like "$out" "a space is not allowed" &&
	begin && alias a@x.org @y.org && found A004 a@x.org &&
	begin && alias a@x.org "" && found A004 a@x.org &&
	begin && alias a@x.org "\"a,b\"@y.org" && found A004 a@x.org &&
	begin && alias a@x.org " , ,," && found A004 a@x.org &&
	begin && alias a@x.org "b@@y.org" && found A004 a@x.org'

t 'the alias exists all the same, for what leads to it' '
	alias b@y.org a@x.org && found A004 a@x.org'

t 'a destination in capitals, with blanks or U-labels' '
	begin && alias a@x.org Anna@x.org && found A005 a@x.org &&
	like "$out" "\"Anna@x.org\"" && like "$out" "as anna@x.org" &&
	begin && alias a@x.org " anna@x.org" && found A005 a@x.org &&
	begin && alias a@x.org info@münchen.example && found A005 a@x.org'

t 'several destinations in one row, each a destination of its own' '
	begin && alias a@x.org "anna@x.org,out@elsewhere.example" &&
	found A006 a@x.org &&
	begin && alias a@x.org " anna@x.org , out@elsewhere.example,, " &&
	found A006 a@x.org && like "$out" "2 destinations" &&
	begin && alias a@x.org "anna@x.org, nobody@x.org" && check &&
	lines "$out" 2 && like "$out" "A006	a@x.org" &&
	like "$out" "A009	a@x.org	alias a@x.org leads to nobody@x.org" &&
	begin && alias a@x.org "anna@x.org, a@x.org" && check &&
	lines "$out" 2 && like "$out" "A017	a@x.org"'

t 'a destination without a domain' '
	begin && alias a@x.org root && found A007 a@x.org &&
	like "$out" "leads to root, which has no domain" &&
	begin && alias a@x.org x.org && found A007 a@x.org &&
	begin && alias a@x.org "anna@x.org, root" && check &&
	lines "$out" 2 && like "$out" A006 && like "$out" A007'

t 'a command, a file, an included list' '
	for to in "|/usr/bin/vacation anna" "\"|vacation anna@x.org, bo\"" \
	    /var/mail/anna ":include:/etc/list@x.org" ":INCLUDE:/etc/list"; do
		begin && alias a@x.org "$to" && found A008 a@x.org ||
			return 1
	done'

t 'a destination twice, up to case: reported once for a pair' '
	begin && alias a@x.org b@elsewhere.example B@elsewhere.example \
	    b@Elsewhere.example && check && lines "$out" 3 &&
	matches "$out" "^A015	a@x.org	.* to b@elsewhere.example twice" &&
	begin && alias a@x.org anna@x.org "anna@x.org,anna@x.org" && check &&
	lines "$out" 2 && like "$out" A006 && like "$out" A015 &&
	begin && alias a@x.org root ROOT && check &&
	lines "$out" 3 && like "$out" A015'

t 'an alias twice, up to case, with the same destination' '
	begin && alias a@x.org anna@x.org && alias A@x.org anna@x.org &&
	check && lines "$out" 2 && like "$out" "A003	A@x.org" &&
	like "$out" "A015	a@x.org" &&
	begin && alias a@x.org anna@x.org &&
	alias A@x.org b@elsewhere.example &&
	found A003 A@x.org'

t 'a finding about an alias has the name as its row spells it' '
	begin && alias Info@x.org nobody@x.org && check && lines "$out" 2 &&
	like "$out" "A009	Info@x.org	alias Info@x.org leads" &&
	alias info@x.org anna@x.org && check && lines "$out" 2 &&
	like "$out" "A009	info@x.org" &&
	begin && alias Info@x.org anna@x.org Anna@x.org anna@aka.org &&
	check && like "$out" "A015	Info@x.org" &&
	like "$out" "A018	Info@x.org"'

# --- where a destination leads -------------------------------------------

t 'a destination of ours that nothing accepts' '
	begin && alias a@x.org nobody@x.org anna@x.org && found A009 a@x.org &&
	like "$out" "leads to nobody@x.org, which does not exist" &&
	begin && alias a@x.org nobody@aka.org && found A009 a@x.org &&
	begin && alias a@x.org nobody+tag@x.org && found A009 a@x.org'

t 'but not what a tag, a catch-all or an alias domain accepts' '
	begin && alias a@x.org anna+tag@x.org && clean &&
	begin && alias a@x.org any@y.org && alias @y.org anna@x.org && clean &&
	begin && alias a@x.org any+tag@y.org && alias @y.org anna@x.org &&
	clean &&
	begin && alias a@y.org anna@aka.org anna+tag@aka.org && check &&
	lines "$out" 2 && unlike "$out" A009 &&
	begin && alias a@y.org any@aka.org && alias @aka.org anna@x.org &&
	clean &&
	begin && alias a@y.org own@aka.org && alias own@aka.org anna@x.org &&
	clean'

t 'what leads to such an alias is clean itself' '
	begin && alias a@x.org nobody@x.org && alias b@x.org a@x.org &&
	found A009 a@x.org'

t 'a row that is disabled, or in a disabled domain, leads nowhere' '
	begin && alias a@x.org nobody@x.org &&
	sql "UPDATE aliases SET active = 0" && clean &&
	begin && alias a@y.org nobody@x.org &&
	sql "UPDATE domains SET active = 0 WHERE domain = \"y.org\"" && clean'

t 'a destination that is a disabled user or alias' '
	begin && alias a@y.org anna@x.org &&
	sql "UPDATE users SET active = 0" && found A010 a@y.org &&
	begin && alias b@x.org anna@x.org &&
	sql "UPDATE aliases SET active = 0" && alias a@y.org b@x.org &&
	found A010 a@y.org && like "$out" "leads to b@x.org, which is disabled"'

t 'a destination that is a user who may not receive mail' '
	begin && alias a@y.org anna@x.org &&
	sql "UPDATE users SET may_receive = 0" && found A010 a@y.org &&
	like "$out" "leads to anna@x.org, who may not receive mail" &&
	sql "UPDATE users SET active = 0" && found A010 a@y.org &&
	like "$out" "leads to anna@x.org, which is disabled" &&
	begin && alias a@y.org anna@x.org &&
	sql "UPDATE users SET may_login = 0, may_send = 0" && clean &&
	begin && sql "UPDATE users SET may_receive = 0" &&
	alias a@y.org anna+t@aka.org && found A010 a@y.org &&
	begin && sql "UPDATE users SET may_receive = 0" &&
	alias a@y.org anna@x.org &&
	alias anna@x.org anna@x.org out@elsewhere.example && clean'

t 'with a tag, in an alias domain, or by a catch-all, too' '
	begin && sql "UPDATE users SET active = 0" &&
	alias a@y.org anna+t@x.org && found A010 a@y.org &&
	begin && sql "UPDATE users SET active = 0" &&
	alias a@y.org anna@aka.org && found A010 a@y.org &&
	begin && alias @y.org anna@x.org &&
	sql "UPDATE aliases SET active = 0" && alias a@x.org any@y.org &&
	found A010 a@x.org'

t 'a disabled name is a name: no catch-all accepts its mail' '
	begin && user bo@y.org && sql "UPDATE users SET active = 0" &&
	alias @y.org out@elsewhere.example && alias a@x.org bo@y.org &&
	found A010 a@x.org'

t 'a disabled alias of a user leaves the mailbox its mail' '
	begin && alias anna@x.org out@elsewhere.example &&
	sql "UPDATE aliases SET active = 0" && alias a@y.org anna@x.org &&
	clean'

t 'an alias on a disabled user still forwards' '
	begin && sql "UPDATE users SET active = 0" &&
	alias a@y.org anna@x.org &&
	alias anna@x.org anna@x.org out@elsewhere.example && clean &&
	sql "DELETE FROM aliases WHERE destination LIKE \"out%\"" &&
	found A010 a@y.org'

t 'a destination in a disabled domain' '
	begin && alias a@y.org anna@x.org nobody@x.org out@elsewhere.example &&
	sql "UPDATE domains SET active = 0 WHERE domain = \"x.org\"" &&
	check && lines "$out" 2 && unlike "$out" A009 &&
	like "$out" "A011	a@y.org	" &&
	like "$out" "leads to anna@x.org, whose domain is disabled" &&
	begin && alias a@y.org anna@aka.org &&
	sql "UPDATE domains SET active = 0 WHERE domain = \"aka.org\"" &&
	found A011 a@y.org &&
	begin && alias a@y.org anna@aka.org &&
	sql "UPDATE domains SET active = 0 WHERE domain = \"x.org\"" &&
	found A011 a@y.org'

t 'a destination in an alias domain is a note' '
	begin && alias a@y.org anna@aka.org && found A018 a@y.org &&
	run mailadm check --severity note --domain y.org --ignore D004 \
	    --ignore D005 --columns rule,severity &&
	is "$out" "A018	note" &&
	begin && alias a@y.org own@aka.org && alias own@aka.org anna@x.org &&
	clean'

# --- loops ---------------------------------------------------------------

t 'an alias to itself is legal where the user is, and else is found' '
	begin && alias anna@x.org anna@x.org && clean &&
	begin && alias a@x.org a@x.org && found A017 a@x.org &&
	alias b@x.org a@x.org && found A017 a@x.org &&
	begin && alias anna@aka.org anna@aka.org && found A017 anna@aka.org'

# loop NAMES: this loop is found, and nothing else.
loop() {
	check && status 1 && is "$out" "A012	${1%%,*}	loop: $1"
}

t 'a loop of one, by a tag or a catch-all' '
	begin && alias a@x.org a+tag@x.org && loop a@x.org &&
	begin && alias @y.org any@y.org && loop @y.org'

t 'a loop of two, of three: reported once, from its least name on' '
	begin && alias b@x.org a@x.org && alias a@x.org b@x.org &&
	loop "a@x.org, b@x.org" &&
	begin && alias c@x.org a@y.org && alias b@x.org c@x.org &&
	alias a@y.org b@x.org && loop "a@y.org, b@x.org, c@x.org"'

t 'a loop of 1000' '
	begin && plant "INSERT INTO aliases (mail, destination)
	    SELECT CONCAT(\"a\", LPAD(seq, 4, 0), \"@x.org\"),
	    CONCAT(\"a\", LPAD(seq MOD 1000 + 1, 4, 0), \"@x.org\")
	    FROM seq_1_to_1000" && found A012 a0001@x.org &&
	like "$out" "loop: a0001@x.org, a0002@x.org, a0003@x.org, " &&
	like "$out" "a0020@x.org and 980 more"'

t 'a loop through tag, catch-all and alias domain' '
	begin && alias b@x.org a+tag@x.org && alias a@x.org b@x.org &&
	loop "a@x.org, b@x.org" &&
	begin && alias a@x.org any@y.org && alias @y.org a@x.org &&
	loop "@y.org, a@x.org" &&
	begin && alias a@x.org b@y.org && alias b@y.org a@aka.org && check &&
	lines "$out" 2 &&
	like "$out" "A012	a@aka.org	" &&
	like "$out" "loop: a@aka.org, a@x.org, b@y.org" &&
	begin && sql "DELETE FROM users" && alias @x.org b@y.org &&
	alias b@y.org any@aka.org && check && lines "$out" 2 &&
	like "$out" "A012	@x.org	loop: @x.org, b@y.org, any@aka.org"'

t 'what leads into a loop, or out of it, is no part of it' '
	begin && alias a@x.org b@x.org && alias b@x.org a@x.org anna@x.org &&
	alias in@x.org a@x.org && alias more@x.org in@x.org &&
	loop "a@x.org, b@x.org"'

t 'two loops that share an alias are two' '
	begin && alias a@x.org b@x.org c@x.org && alias b@x.org a@x.org &&
	alias c@x.org a@x.org && check && lines "$out" 2 &&
	like "$out" "loop: a@x.org, b@x.org
" && like "$out" "loop: a@x.org, c@x.org"'

t 'two loops that share a step are two, and two apart are two' '
	begin && alias a@x.org b@x.org && alias b@x.org c@x.org d@x.org &&
	alias c@x.org a@x.org && alias d@x.org a@x.org && check &&
	lines "$out" 2 && like "$out" "loop: a@x.org, b@x.org, c@x.org" &&
	like "$out" "loop: a@x.org, b@x.org, d@x.org" &&
	begin && alias a@x.org b@x.org && alias b@x.org a@x.org &&
	alias c@x.org d@x.org && alias d@x.org c@x.org && check &&
	lines "$out" 2'

t 'two ways from one alias to the other make one loop' '
	begin && alias a@x.org b@x.org b+tag@x.org && alias b@x.org a@x.org &&
	loop "a@x.org, b@x.org"'

t 'a disabled row, alias or domain makes no loop' '
	begin && alias a@x.org b@x.org anna@x.org && alias b@x.org a@x.org &&
	sql "UPDATE aliases SET active = 0 WHERE destination = \"b@x.org\"" &&
	clean &&
	begin && alias a@x.org b@y.org && alias b@y.org a@x.org &&
	sql "UPDATE domains SET active = 0 WHERE domain = \"y.org\"" &&
	found A011 a@x.org'

t 'a name of its own keeps the catch-all out of the circle' '
	begin && user any@y.org && alias a@x.org any@y.org &&
	alias @y.org a@x.org && found A016 @y.org'

t 'an alias that lost its mailbox to a loop has its own copy still' '
	begin && alias anna@x.org anna@x.org b@x.org &&
	alias b@x.org anna@x.org && loop "anna@x.org, b@x.org"'

t 'aliases that all lead to each other are a loop for each two' '
	begin && plant "INSERT INTO aliases (mail, destination)
	    SELECT CONCAT(\"a\", a.seq, \"@x.org\"),
	    CONCAT(\"a\", b.seq, \"@x.org\")
	    FROM seq_1_to_40 a, seq_1_to_40 b WHERE a.seq <> b.seq" &&
	check && status 1 && lines "$out" 780 && unlike "$out" "more loops"'

# --- size and depth ------------------------------------------------------

# expand MAIL N: an alias with N destinations outside.
expand() {
	plant "INSERT INTO aliases (mail, destination)
	    SELECT \"$1\", CONCAT(\"m\", seq, \"@elsewhere.example\")
	    FROM seq_1_to_$2"
}

t 'an expansion to 1,000 addresses is clean, to 1,001 it is found' '
	begin && expand a@x.org 1000 && clean &&
	alias a@x.org anna@x.org && found A013 a@x.org'

t 'expansions add up, and each alias above the limit is found' '
	begin && expand a@x.org 600 && expand b@x.org 400 &&
	alias c@x.org a@x.org b@x.org && clean &&
	alias c@x.org anna@x.org && alias d@x.org c@x.org && check &&
	lines "$out" 2 && like "$out" "A013	c@x.org" &&
	like "$out" "A013	d@x.org"'

t 'a copy of its own counts, a disabled row does not' '
	begin && expand anna@x.org 1000 && found U017 anna@x.org &&
	alias anna@x.org anna@x.org && found A013 anna@x.org &&
	sql "UPDATE aliases SET active = 0
	    WHERE destination = \"m1@elsewhere.example\"" && clean'

t 'a part of a loop counts as one address' '
	begin && alias a@x.org b@x.org && alias b@x.org a@x.org &&
	expand a@x.org 999 && loop "a@x.org, b@x.org" &&
	alias a@x.org more@elsewhere.example && check && lines "$out" 2 &&
	like "$out" "A013	a@x.org"'

t 'doubling twenty times is counted, not walked' '
	begin && plant "INSERT INTO aliases (mail, destination)
	    SELECT CONCAT(side, seq, \"@x.org\"),
	    CONCAT(other, seq + 1, \"@x.org\")
	    FROM seq_1_to_40,
	    (SELECT \"a\" side UNION SELECT \"b\") s,
	    (SELECT \"a\" other UNION SELECT \"b\") o;
	    INSERT INTO aliases (mail, destination) VALUES
	    (\"a41@x.org\", \"anna@x.org\"), (\"b41@x.org\", \"anna@x.org\")" &&
	check && status 1 && lines "$out" 62 &&
	like "$out" "A013	a31@x.org" &&
	unlike "$out" a32@x.org'

# chain N: s1 leads to anna, each other one to the one before.
chain() {
	plant "INSERT INTO aliases (mail, destination)
	    VALUES (\"s1@x.org\", \"anna@x.org\");
	    INSERT INTO aliases (mail, destination)
	    SELECT CONCAT(\"s\", seq, \"@x.org\"),
	    CONCAT(\"s\", seq - 1, \"@x.org\") FROM seq_2_to_$1"
}

t 'a chain of 999 aliases is clean, of 1,000 it is found' '
	begin && chain 999 && clean &&
	alias s1000@x.org s999@x.org && found A014 s1000@x.org'

# --- the checker, alias add and route ------------------------------------

# states N: so many random mail systems, the Nth in the domains xN.org, yN.org
# and akaN.org (of xN.org), all in one database.  $T/batch has an alias add
# for each of their aliases, $T/ways the addresses that mail to the first
# twenty may have.
#
# In the even ones no alias keeps a copy and no catch-all leads to a name of
# its own domain: there Postfix comes to an end, and the others do not ask.
states() {
	awk -v states="$1" -v batch="$T/batch" -v ways="$T/ways" "
	function one(list,   word, n) {
		n = split(list, word)
		return word[1 + int(rand() * n)]
	}
	function row(n, mail, to) {
		print \"INSERT INTO aliases (mail, destination)\"
		print \"VALUES ('\" mail \"', '\" to \"');\"
		print \"alias add \" mail \" new@elsewhere.example\" >batch
		if (n <= 20)
			print (mail ~ /^@/ ? \"zz\" : \"\") mail >ways
		if (n <= 20 && sub(/@/, \"+zz@\", mail) && mail !~ /^\\+/)
			print mail >ways
	}
	function state(n,   mail, to, rows) {
		print \"INSERT INTO domains (domain) VALUES\"
		print \"('x\" n \".org'), ('y\" n \".org');\"
		print \"INSERT INTO domains (domain, alias_of) VALUES\"
		print \"('aka\" n \".org', 'x\" n \".org');\"
		if (rand() < .5)
			print \"INSERT INTO users (email, crypt) VALUES\" \
			    \"('b@x\" n \".org', '!'),\" \
			    \"('c@y\" n \".org', '!');\"
		for (rows = 2 + int(rand() * 8); rows > 0; rows--) {
			mail = one(\"a b c a b c+t @\")
			mail = (mail == \"@\" ? \"\" : mail) \
			    one(\"@x @y @aka\") n \".org\"
			to = one(\"a@ b@ c@ a+t@ c+t@\")
			to = to one(\"x y aka\") n \".org\"
			if (seen[mail, to]++ || (n % 2 == 0 && (mail == to ||
			    (mail ~ /^@/ && index(to, mail) > 0))))
				continue
			row(n, mail, to)
		}
	}
	BEGIN {
		srand(7)
		for (n = 1; n <= states; n++)
			state(n)
	}"
}

# The numbers of the systems that a line of standard input names.
numbers() {
	grep -o "@[a-z]*[0-9]*[.]org" | tr -cd "0-9\n" | sort -u
}

# What mailadm says to a new destination of each alias: a loop, or not.
t 'a loop is found exactly where alias add would refuse it' '
	begin && plant "$(states 100)" &&
	run mailadm --dry-run --keep-going -f "$T/batch" && status 6 &&
	printf "%s\n" "$err" | grep "loop: " | numbers >"$T/refused" &&
	[ "$(wc -l <"$T/refused")" -gt 20 ] &&
	[ "$(wc -l <"$T/refused")" -lt 80 ] &&
	run mailadm check --rule A012 --rule A017 --columns name &&
	is "$(printf "%s\n" "$out" | numbers)" "$(cat "$T/refused")"'

# numbers_of FILE ERE: those up to twenty that look so.
numbers_of() {
	awk "\$1 <= 20" "$1" | grep "$2"
}

t 'and where mail goes in a circle' '
	run mailadm route --columns address,step - <"$T/ways" &&
	printf "%s\n" "$out" | grep "deferred\$" | numbers >"$T/circles" &&
	[ "$(wc -l <"$T/circles")" -gt 4 ] &&
	is "$(comm -23 "$T/circles" "$T/refused")" "" &&
	is "$(numbers_of "$T/circles" "[02468]\$")" \
	    "$(numbers_of "$T/refused" "[02468]\$")"'

# --- mailboxes -----------------------------------------------------------

t 'an alias that takes all mail of a mailbox is found, a copy is not' '
	begin && alias anna@x.org out@elsewhere.example &&
	found U017 anna@x.org && alias anna@x.org anna@x.org && clean'

t 'nor is one that is disabled, or of a disabled user' '
	begin && alias anna@x.org out@elsewhere.example &&
	sql "UPDATE aliases SET active = 0" && clean &&
	begin && alias anna@x.org out@elsewhere.example &&
	sql "UPDATE users SET active = 0" && clean &&
	begin && alias anna@x.org out@elsewhere.example &&
	sql "UPDATE users SET may_receive = 0" && clean'

t 'a copy that is disabled keeps nothing' '
	begin && alias anna@x.org out@elsewhere.example anna@x.org &&
	sql "UPDATE aliases SET active = 0 WHERE mail = destination" &&
	found U017 anna@x.org'

t 'a catch-all beside mailboxes is a note on our own schema' '
	begin && alias @y.org anna@x.org && clean &&
	user bo@y.org carl@y.org && found A016 @y.org &&
	like "$out" "would take, with other lookups, the mail of 2 mailboxes" &&
	like "$out" "for example bo@y.org" &&
	run mailadm check && unlike "$out" A016'

t 'not beside users who are disabled, or have an alias of their own' '
	alias bo@y.org bo@y.org && found A016 @y.org &&
	like "$out" "1 mailbox, carl@y.org" &&
	sql "UPDATE users SET active = 0 WHERE email = \"carl@y.org\"" &&
	clean && sql "UPDATE users SET active = 1, may_receive = 0
	    WHERE email = \"carl@y.org\"" && clean'

t 'a rule that is not asked for finds nothing' '
	begin && alias a@x.org a@x.org b@x.org nobody@x.org &&
	alias b@x.org a@x.org &&
	run mailadm check --rule A012 --columns rule && is "$out" A012 &&
	run mailadm check --rule A009 --columns rule && is "$out" A009'

# --- databases that were never ours --------------------------------------

sql 'CREATE DATABASE foreign_mail CHARACTER SET latin1;
    USE foreign_mail;
    CREATE TABLE domains (domain VARCHAR(100));
    CREATE TABLE users (email VARCHAR(100), crypt VARCHAR(100));
    CREATE TABLE aliases (mail VARCHAR(100), destination TEXT)'
sed 's/database=mail/database=foreign_mail/' "$T/client.cnf" >"$T/foreign.cnf"
chmod 600 "$T/foreign.cnf"
cp "$T/foreign.cnf" "$T/client.cnf"
sql_now
server_database=foreign_mail

begin() {
	sql "DELETE FROM aliases; DELETE FROM users; DELETE FROM domains;
	    INSERT INTO domains VALUES ('x.org'), ('Y.org');
	    INSERT INTO users VALUES ('Anna@x.org', '!')"
}

t 'a foreign database with good rows is clean' '
	begin && user bo@y.org && alias a@x.org anna@x.org &&
	alias b@Y.org bo@Y.org && check && lines "$out" 2 &&
	unlike "$out" A009 && sql "UPDATE aliases SET mail = LOWER(mail),
	    destination = LOWER(destination)" && clean'

t 'NULL in an address or a destination' '
	begin && sql "INSERT INTO aliases VALUES (NULL, \"anna@x.org\")" &&
	found A002 "" &&
	begin && sql "INSERT INTO aliases VALUES (\"a@x.org\", NULL)" &&
	found A004 a@x.org && like "$out" NULL &&
	begin && sql "INSERT INTO aliases VALUES (NULL, NULL)" && check &&
	status 1'

t 'the very same row twice, in a table without a key' '
	begin && alias a@x.org anna@x.org anna@x.org anna@x.org &&
	found A015 a@x.org'

t 'a long list in one row' '
	begin && sql "INSERT INTO aliases SELECT \"a@x.org\", GROUP_CONCAT(
	    CONCAT(\"m\", seq, \"@elsewhere.example\") SEPARATOR \", \")
	    FROM seq_1_to_1000" && found A006 a@x.org &&
	like "$out" "1000 destinations" &&
	alias a@x.org anna@x.org && check && lines "$out" 2 &&
	like "$out" "A013	a@x.org"'

t 'loops up to case, and in a list' '
	begin && alias A@x.org "b@x.org, out@elsewhere.example" &&
	alias b@X.org a@x.org && check &&
	like "$out" "A012	a@x.org	loop: a@x.org, b@x.org" &&
	lines "$out" 4 && unlike "$out" A009'

t 'a chain of 100,000 aliases is followed to its end' '
	begin && chain 100000 && check && status 1 && lines "$out" 99001 &&
	run mailadm check --rule A012 && status 0'

t 'and found to be a loop when it is one' '
	plant "DELETE FROM aliases WHERE mail = \"s1@x.org\"" &&
	alias s1@x.org s100000@x.org && found A012 s100000@x.org &&
	like "$out" "loop: s100000@x.org, s99999@x.org, s99998@x.org, "'

# reported N: at least so many loops are reported, and fewer than exist.
reported() {
	check && status 1 &&
	[ "$(echo "$out" | grep -c "	loop: ")" -ge "$1" ] &&
	[ "$(echo "$out" | grep -c "	loop: ")" -le 1000 ]
}

t 'of a tangle some loops are reported, and that there are more' '
	begin && sql "INSERT INTO aliases
	    SELECT CONCAT(\"a\", a.seq, \"@x.org\"),
	    CONCAT(\"a\", b.seq, \"@x.org\")
	    FROM seq_1_to_99 a, seq_1_to_99 b WHERE a.seq <> b.seq" &&
	reported 1000 &&
	matches "$out" "^A012	a10@x.org	more loops among 99 aliases"'

t 'the more there is to look at, the fewer' '
	begin && sql "INSERT INTO aliases
	    SELECT CONCAT(\"a\", a.seq, \"@x.org\"),
	    CONCAT(\"a\", b.seq * 10 + (a.seq + 1) MOD 10, \"@x.org\")
	    FROM seq_0_to_999 a, seq_0_to_99 b" &&
	reported 100 &&
	matches "$out" "^A012	a0@x.org	more loops among 1000 aliases"'

t 'what nothing accepts' '
	begin && alias a@x.org nobody@y.org && found A009 a@x.org'

t 'a catch-all takes what has no alias of its own: a warning here' '
	begin && user bo@y.org carl@y.org && alias @y.org anna@x.org &&
	found A016 @y.org && like "$out" "takes the mail of 2 mailboxes" &&
	run mailadm check --columns rule,severity &&
	like "$out" "A016	warning" &&
	alias bo@y.org bo@y.org && alias carl@y.org anna@x.org &&
	found U017 carl@y.org'

t 'but not in a domain without mailboxes' '
	begin && alias @y.org anna@x.org && clean'

finish
