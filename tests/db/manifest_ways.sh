#!/bin/sh
# Manifests of what says where mail goes: relay domains and their recipients,
# blocks, ways out.
# shellcheck disable=SC2016,SC2154 # t evaluates the code
. tests/lib.sh

server_start
fresh

# By the account of every day, which may do this, and no more.
cp -p "$T/client.cnf" "$T/root.cnf"
# shellcheck disable=SC2119 # with the passwords that it makes itself
accounts_sql >"$T/grants.sql"
sql "source $T/grants.sql"
sed -i 's|^user=.*|user=mailadm\npassword=of-mailadm|' "$T/client.cnf"

# Another database, in which nothing is.
copy() {
	"$MAILADM" --defaults-file="$T/root.cnf" --database copy "$@"
}

fresh_copy() {
	sql 'DROP DATABASE IF EXISTS copy' && copy --quiet schema init
}

M=$T/mail.yaml
wants() {
	cat >"$M"
}

# The rows that a manifest is of, in one of the databases.
rows() {
	sql "SELECT address, note FROM $1.recipients;
	    SELECT address, note FROM $1.blocks;
	    SELECT name, host, port, login, tls FROM $1.relays;
	    SELECT domain, active, alias_of, relay_to, accepts, transport,
		send_through, send_limit, bcc_in, bcc_out FROM $1.domains;
	    SELECT email, send_through, send_limit, bcc_in, bcc_out, expires,
		may_send FROM $1.users;
	    SELECT mail, destination, active, writers, may_send, expires
		FROM $1.aliases;
	    SELECT domain, local, destination, active, note
		FROM $1.patterns;
	    SELECT email, address, expires FROM $1.send_as"
}

undo_last() {
	run mailadm undo "$(sql "SELECT MAX(id) FROM changes")" --yes &&
	status 0
}

# To undo the last change again would be to redo it.
undo_two() {
	t_last=$(sql "SELECT MAX(id) FROM changes") &&
	run mailadm undo "$t_last" --yes && status 0 &&
	run mailadm undo "$((t_last - 1))" --yes && status 0
}

# What the manifest is refused for, each with its place; nothing is changed.
refused() {
	t_before=$(rows mail)
	run mailadm plan "$M" && status 3 && empty "$out" || return 1
	for t_words; do
		like "$err" "mail.yaml:$t_words" || return 1
	done
	run mailadm apply --yes "$M" && status 3 &&
	is "$(rows mail)" "$t_before"
}

### There and back

printf 'hush\n' >"$T/secret" && chmod 600 "$T/secret"
mailadm -q <<CMDS
relay add smart --server mail.side.example --login us --tls verify
relay set smart --password-file $T/secret
relay add other --server mail.side.example --login them
relay add plain --server 192.0.2.7:25 --tls may
domain add x.example --send-through smart --send-limit 500
domain set x.example --bcc-out archive@side.example
domain set x.example --bcc-in journal@side.example
domain add aka.example --alias-of x.example
domain add branch.example --relay-to mail.branch.example
domain add all.example --relay-to mx --accept-all
domain add lists.example --transport lmtp:unix:/run/lists/lmtp
user add anna@x.example --no-password --send-through other --send-limit none
user add bo@x.example --no-password --expires 2099-01-31
user set bo@x.example --bcc-in anna@x.example
user grant bo@x.example --send-as anna@x.example --expires 2099-02-01
alias add team@x.example anna@x.example --from members --may-send no
alias add team@x.example bo@x.example --expires 2098-01-01
alias add office@x.example any@all.example
alias add "bo-*@x.example" anna@x.example --note shops
recipient add bo@branch.example carl@branch.example --note "of the list"
recipient add "o'hara@branch.example"
alias add branch@x.example bo@branch.example
alias block sold@x.example --note "gets spam only"
alias block anna+t@x.example
CMDS

t 'what is exported gives the same rows in an empty database' '
	run mailadm export --with-hashes && status 0 &&
	cp "$T/out" "$T/all.yaml" && chmod 600 "$T/all.yaml" &&
	unlike "$out" hush && fresh_copy &&
	run copy apply --yes "$T/all.yaml" && status 0 &&
	is "$(rows copy)" "$(rows mail)" &&
	run copy export --with-hashes && cmp -s "$T/out" "$T/all.yaml"'
t 'then a plan has nothing to do, there and here, and does not prune' '
	run copy plan "$T/all.yaml" && status 0 && empty "$out" &&
	run copy plan --prune "$T/all.yaml" && status 0 && empty "$out" &&
	run mailadm plan --prune "$T/all.yaml" && status 0 && empty "$out"'
t 'a way out comes without its password, and a note says how to set it' '
	fresh_copy && run copy plan "$T/all.yaml" && status 1 &&
	like "$err" "note: smart has a login and no password" &&
	like "$err" "mailadm relay set smart --password-file FILE" &&
	unlike "$err" "plain has" &&
	run copy apply --yes "$T/all.yaml" && status 0 &&
	like "$err" "note: smart has a login and no password" &&
	is "$(sql "SELECT COUNT(*) FROM copy.relay_secrets")" 0 &&
	is "$(sql "SELECT secret FROM relay_secrets")" hush'
t 'one that is known keeps its password, unless it loses its login' '
	wants <<-END &&
		relays: {smart: {tls: secure}}
	END
	run mailadm plan "$M" && status 1 && unlike "$err" note &&
	run mailadm apply --yes "$M" && status 0 && unlike "$err" note &&
	is "$(sql "SELECT secret FROM relay_secrets")" hush &&
	wants <<-END &&
		relays: {smart: {login: none}}
	END
	run mailadm apply --yes "$M" && status 0 &&
	is "$(sql "SELECT COUNT(*) FROM relay_secrets")" 0 &&
	undo_two'
t 'JSON lines are the same objects' '
	run mailadm export --format jsonl --with-hashes && status 0 &&
	like "$out" "{\"recipient\":\"o'\''hara@branch.example\",\
\"note\":null}" &&
	like "$out" "{\"block\":\"sold@x.example\",\
\"note\":\"gets spam only\"}" &&
	like "$out" "{\"relay\":\"plain\",\"host\":\"192.0.2.7\",\"port\":25,\
\"login\":null,\"tls\":\"may\"}" &&
	cp "$T/out" "$T/all.jsonl" && chmod 600 "$T/all.jsonl" && fresh_copy &&
	run copy apply --yes "$T/all.jsonl" && status 0 &&
	is "$(rows copy)" "$(rows mail)"'
t 'each kind is a table of CSV' '
	run mailadm export relays --format csv && status 0 &&
	is "$out" "name,host,port,login,tls
other,mail.side.example,587,them,secure
plain,192.0.2.7,25,,may
smart,mail.side.example,587,us,verify" &&
	run mailadm export blocks --format csv && status 0 &&
	is "$out" "address,note
anna+t@x.example,
sold@x.example,gets spam only" &&
	run mailadm export recipients --format csv && status 0 &&
	like "$out" "carl@branch.example,of the list"'
t 'a domain comes with the ways that it or its users take, and no others' '
	run mailadm export relays --domain x.example && status 0 &&
	like "$out" smart && like "$out" other && unlike "$out" plain &&
	run mailadm export --domain branch.example && status 0 &&
	like "$out" "o'\''hara@branch.example" && unlike "$out" x.example &&
	like "$out" "relays:
  {}"'

### Changes

t 'what is added, changed and removed is shown, done, and undone' '
	wants <<-END &&
		relays:
		  plain: {absent: true}
		  new: {host: New.side.example, port: 2525}
		  other: {host: 192.0.2.9}
		recipients:
		  bo@branch.example: {note: null}
		  new@branch.example: {}
		  carl@branch.example: {absent: true}
		blocks:
		  sold@x.example: {note: again}
		  anna+t@x.example: {absent: true}
		  New+t@x.example:
	END
	before=$(rows mail) && run mailadm plan "$M" && status 1 &&
	is "$out" "change	recipient	bo@branch.example	note\
	of the list	\\N
remove	recipient	carl@branch.example	\\N	\\N	\\N
add	recipient	new@branch.example	\\N	\\N	\\N
remove	block	anna+t@x.example	\\N	\\N	\\N
add	block	new+t@x.example	\\N	\\N	\\N
change	block	sold@x.example	note	gets spam only	again
add	relay	new	host	\\N	new.side.example
add	relay	new	port	\\N	2525
change	relay	other	host	mail.side.example	192.0.2.9
remove	relay	plain	\\N	\\N	\\N" &&
	run mailadm apply --yes "$M" && status 0 &&
	run mailadm plan "$M" && status 0 && empty "$out" &&
	is "$(sql "SELECT name, host, port, pad FROM relays
	    ORDER BY name")" \
"new	new.side.example	2525	0
other	192.0.2.9	587	0
smart	mail.side.example	587	0" &&
	like "$(mailadm history --columns kind,name,action | head -n 10)" \
		"relay	plain	removed" &&
	undo_last && is "$(rows mail)" "$before"'
t 'what is not given stays as it is' '
	wants <<-END &&
		relays: {other: {}, smart: }
		recipients: {bo@branch.example: }
		blocks: {sold@x.example: {}}
	END
	run mailadm plan "$M" && status 0 && empty "$out"'
t 'a second login at a server and port gets a next hop of its own' '
	wants <<-END &&
		relays:
		  third: {host: mail.side.example, login: c}
		  plain: {host: mail.side.example, port: 587}
	END
	run mailadm apply --yes "$M" && status 0 &&
	is "$(sql "SELECT COUNT(DISTINCT pad) FROM relays
	    WHERE host = \"mail.side.example\" AND port = 587")" 4 && undo_last'
t 'a way that is used goes with its last use, and with one left it stays' '
	wants <<-END &&
		relays: {other: {absent: true}, smart: {absent: true}}
		users: {anna@x.example: {send_through: plain}}
	END
	refused "1:33: relay smart: mail still leaves through it: x.example" &&
	unlike "$err" "relay other" &&
	sed -i "s/, smart.*/}/" "$M" && run mailadm apply --yes "$M" &&
	status 0 && is "$(sql "SELECT send_through FROM users
	    WHERE email = \"anna@x.example\"")" plain && undo_last'
t 'a domain becomes a relay domain as its users go, and back' '
	mailadm -q domain add old.example && mailadm -q user add \
		anna@old.example --no-password && wants <<-END &&
		domains: {old.example: {relay_to: "mail.old.example:26"}}
		recipients: {anna@old.example: }
	END
	refused "1:11: domain old.example: has users: anna@old.example" &&
	printf "users: {anna@old.example: {absent: true}}\n" >>"$M" &&
	run mailadm apply --yes "$M" && status 0 && wants <<-END &&
		domains: {old.example: {relay_to: none}}
		users: {anna@old.example: {hash: "!"}}
	END
	refused "1:11: domain old.example: is not passed on any more and has \
recipients: anna@old.example" &&
	printf "recipients: {anna@old.example: {absent: true}}\n" >>"$M" &&
	run mailadm apply --yes "$M" && status 0 &&
	undo_two &&
	is "$(sql "SELECT email FROM users WHERE domain = \"old.example\"")" \
		anna@old.example && mailadm -q domain remove old.example \
		--recursive --yes'
t 'what was saved as a plan is done as it was shown, or not at all' '
	wants <<-END && rm -f "$T/plan" &&
		relays: {plain: {tls: encrypt}, new: {host: new.side.example}}
		blocks: {sold@x.example: {absent: true}, spam@x.example: }
		recipients: {bo@branch.example: {note: bo}}
	END
	run mailadm plan --out "$T/plan" "$M" && status 1 &&
	cp -p "$T/plan" "$T/plan.again" &&
	run mailadm apply --yes "$T/plan" && status 0 &&
	is "$(sql "SELECT address FROM blocks ORDER BY 1")" "anna+t@x.example
spam@x.example" && undo_last &&
	mailadm -q relay set plain --tls secure &&
	run mailadm apply --yes "$T/plan.again" && status 6 &&
	like "$err" "the plan is stale: relay plain has changed since" &&
	undo_last'

### What is not in it

t 'pruning takes recipients and blocks where there is that section' '
	wants <<-END &&
		domains: {branch.example: , x.example: }
		users: {anna@x.example: , bo@x.example: }
		aliases:
		  team@x.example:
		    destination: [anna@x.example, bo@x.example]
		  office@x.example: any@all.example
		  "bo-*@x.example": anna@x.example
		  branch@x.example: bo@branch.example
	END
	run mailadm plan --prune "$M" && status 0 && empty "$out" &&
	printf "blocks: {sold@x.example: }\n" >>"$M" &&
	run mailadm plan --prune "$M" && status 1 &&
	lines "$out" 1 && like "$out" "remove	block	anna+t@x.example" &&
	printf "recipients: {bo@branch.example: }\nrelays: {}\n" >>"$M" &&
	run mailadm plan --prune "$M" && status 1 && lines "$out" 3 &&
	like "$out" "remove	recipient	carl@branch.example" &&
	unlike "$out" relay'
t 'it stops at a limit of all these' '
	run mailadm plan --prune --max-removes 2 "$M" && status 6 &&
	like "$err" "remove 3 of 11 users, aliases and other names"'
t 'a saved plan that prunes is stale when a block has come since' '
	rm -f "$T/plan" &&
	run mailadm plan --prune --out "$T/plan" "$M" && status 1 &&
	mailadm -q alias block more@x.example &&
	run mailadm apply --yes "$T/plan" && status 6 &&
	like "$err" "other names were added or removed since" && undo_last &&
	run mailadm apply --yes "$T/plan" && status 0 &&
	is "$(sql "SELECT address FROM recipients")" bo@branch.example &&
	is "$(sql "SELECT COUNT(*) FROM relays")" 3 && undo_last'
t 'a domain goes with all that is in it, if that is said' '
	wants <<-END &&
		domains: {branch.example: {absent: true}}
		aliases: {branch@x.example: {absent: true}}
	END
	refused "1:11: domain branch.example: is not empty: bo@branch.ex" &&
	run mailadm apply --yes --prune "$M" && status 0 &&
	is "$(sql "SELECT COUNT(*) FROM recipients")" 0 && undo_last &&
	is "$(sql "SELECT COUNT(*) FROM recipients")" 3'

### What is refused

t 'of a relay domain: what no server takes, and what goes round' '
	wants <<-END &&
		domains:
		  a.example: {relay_to: "a b"}
		  b.example: {relay_to: "mail.b.example:0"}
		  c.example: {relay_to: localhost}
		  d.example: {accepts: all}
		  e.example: {relay_to: mx, accepts: some}
		  f.example: {transport: nonsense}
		  g.example: {relay_to: [mx]}
	END
	refused "2:25: relay_to: expected the name or address" \
	    "3:25: relay_to: expected a port" \
	    "4:3: domain c.example: localhost is this server itself" \
	    "5:3: domain d.example: is not passed on to another server" \
	    "6:38: accepts: expected one of known, all, verify" \
	    "7:26: transport: expected a transport" \
	    "8:25: a single value was expected"'
t 'users, alias domains and a catch-all of one' '
	wants <<-END &&
		domains:
		  branch.example: {accepts: verify}
		  aka.branch.example: {alias_of: branch.example}
		  both.example: {alias_of: x.example, relay_to: mx}
		  way.example: {alias_of: x.example, transport: "smtp:"}
		  x.example: {relay_to: mx}
		users: {carl@branch.example: {hash: "!"}}
		aliases: {"@branch.example": anna@x.example}
	END
	refused "3:3: domain aka.branch.example: branch.example is passed on" \
	    "6:3: domain x.example: has users: anna@x.example, bo@x.example" \
	    "7:9: user carl@branch.example: branch.example is passed on to" \
	    "8:11: alias @branch.example: branch.example takes all names"'
t 'an alias domain that is passed on, or has users or patterns' '
	mailadm -q domain add pat.example &&
	mailadm -q alias add "a-*@pat.example" anna@x.example && wants <<-END &&
		domains:
		  both.example: {alias_of: lists.example, relay_to: mx}
		  way.example: {alias_of: lists.example, transport: "smtp:"}
		  pat.example: {alias_of: lists.example}
		aliases: {"b-*@aka.example": anna@x.example}
	END
	refused "2:3: domain both.example: is an alias of lists.example and" \
	    "3:3: domain way.example: is an alias of lists.example, by whose" \
	    "4:3: domain pat.example: has patterns: a-*@pat.example" \
	    "5:11: alias b-*@aka.example: an alias domain has the patterns" &&
	mailadm -q domain remove pat.example --recursive --yes &&
	wants <<-END &&
		domains: {x.example: {alias_of: lists.example}}
	END
	refused "1:11: domain x.example: has users: anna@x.example"'
t 'recipients elsewhere than in relay domains, or with a tag' '
	wants <<-END &&
		recipients:
		  bo@nowhere.example: {}
		  bo@x.example: {}
		  bo+tag@branch.example: {}
		  "@branch.example": {}
		  not-one: {}
		  carl@branch.example: {active: true}
		  Carl@branch.example: {note: twice}
		  bo@branch.example: [a, list]
	END
	refused "2:3: recipient bo@nowhere.example: no such domain" \
	    "3:3: recipient bo@x.example: x.example is not passed on" \
	    "4:3: not valid" "5:3: invalid address" "6:3: invalid address" \
	    "7:25: unknown key" "8:3: recipient carl@branch.example is named" \
	    "9:22: a map of attributes was expected"'
t 'blocks of domains that are not here, of no address, or twice' '
	wants <<-END &&
		blocks:
		  spam@nowhere.example: {}
		  "@x.example": {}
		  spam@x.example: {note: "line\nline"}
		  more@x.example: {}
		  MORE@x.example: {}
		  7: {}
	END
	refused "2:3: block spam@nowhere.example: no such domain" \
	    "3:3: invalid address" "4:26: note: " \
	    "6:3: block more@x.example is named twice" "7:3: invalid address"'
t 'ways out that are no servers, or named where there is none' '
	wants <<-END &&
		domains: {x.example: {send_through: gone}}
		users: {anna@x.example: {send_through: smart}}
		relays:
		  smart: {absent: true}
		  a: {login: us}
		  b: {host: localhost}
		  c: {host: c.example, port: 0}
		  d: {host: d.example, port: 70000}
		  e: {host: e.example, port: many}
		  f: {host: "f example"}
		  g: {host: g.example, tls: none, login: "a:b"}
		  h: {host: h.example, tls: may, login: us}
		  i: {host: i.example, tls: sometimes}
		  "j j": {host: j.example}
		  k: {host: k.example, password: hush}
	END
	refused "1:11: domain x.example: send_through: no such way out: gone" \
	    "2:9: user anna@x.example: send_through: no such way out: smart" \
	    "5:3: relay a: has no host" "6:3: relay b: localhost is this" \
	    "7:3: c: port: expected 1 to 65535" "8:3: d: port: expected 1" \
	    "9:30: port: expected a number" "10:13: host: expected the name" \
	    "11:42: login: expected a login without" \
	    "12:3: relay h: a login needs TLS" \
	    "13:29: tls: expected one of secure, verify" \
	    "14:3: (not shown" "15:24: unknown key" &&
	unlike "$err" hush'
t 'who writes to an alias is one of these, and of one address' '
	wants <<-END &&
		aliases:
		  a@x.example: {destination: [anna@x.example], writers: me}
		  "@x.example": {destination: [anna@x.example], writers: users}
		  "a-*@x.example": {destination: bo@x.example, may_send: false}
	END
	refused "2:57: writers: expected one of anyone, users" \
	    "3:3: @x.example: only an alias of one address has writers" \
	    "4:3: a-*@x.example: who gets the mail of a pattern may send as"'
t 'an alias leads to a name of a relay domain that is known' '
	wants <<-END &&
		aliases:
		  one@x.example: nobody@branch.example
		  two@x.example: [new+tag@branch.example, any@all.example]
		recipients: {new@branch.example: }
	END
	refused "2:3: alias one@x.example: nobody@branch.example does not" &&
	sed -i 2d "$M" && run mailadm plan "$M" && status 1 && wants <<-END &&
		recipients: {bo@branch.example: {absent: true}}
	END
	refused "1:14: recipient bo@branch.example: is still a destination of"'

### Many

awk 'BEGIN {
	print "domains: {many.example: , branch.example: }\nblocks:"
	for (i = 0; i < 100000; i++)
		printf "  spam%d@many.example: {note: \"number %d\"}\n", i, i
	print "recipients:\n  bo@branch.example:"
	for (i = 0; i < 20000; i++)
		printf "  name%d@branch.example:\n", i
}' >"$T/many.yaml"

t 'a hundred thousand blocks are one change, and nothing to do after it' '
	run mailadm --quiet apply --yes "$T/many.yaml" && status 0 &&
	is "$(sql "SELECT COUNT(*), MAX(note) FROM blocks
	    WHERE domain = \"many.example\"")" "100000	number 99999" &&
	is "$(sql "SELECT COUNT(*) FROM recipients")" 20003 &&
	run mailadm plan --prune --max-removes 2 "$T/many.yaml" && status 1 &&
	lines "$out" 2 && run mailadm plan "$T/many.yaml" && status 0 &&
	empty "$out"'
t 'undo takes them all back' '
	undo_last && is "$(sql "SELECT COUNT(*) FROM blocks")" 2 &&
	is "$(sql "SELECT COUNT(*) FROM recipients")" 3'

t 'the example of a manifest can be applied, and then nothing is to do' '
	t_example=$TOP/src/examples/manifest.yaml.example
	fresh_copy && run copy apply --yes "$t_example" && status 0 &&
	like "$err" "relay set provider --password-file" &&
	run copy plan "$t_example" && status 0'

finish
