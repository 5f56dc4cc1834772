# mailadm plan and apply: the wanted state in a file.
. tests/lib.sh
server_start && fresh

HASH='$5$rounds=5000$abcdefghijklmnop$'$(printf '%043d' 0 | tr 0 A)
# wants: standard input becomes the manifest of the next runs.
M=$T/mail.yaml
wants() {
	cat >"$M"
}

# All rows of the three tables.
dump() {
	for table in domains users aliases history; do
		sql "SELECT * FROM $table"
	done
}

wants <<END
domains:
  x.org: {quota: 2G, max_users: 3, description: The X}
  aka.org: {alias_of: x.org}
users:
  anna@x.org: {name: Anna, hash: "$HASH"}
  bo@x.org: {quota: 500M, hash: "!", active: false}
aliases:
  team@x.org: {destination: [anna@x.org, bo@x.org]}
  sales@x.org: [anna@x.org]
  old@x.org: anna@x.org
END

t 'a plan lists what would be added, and changes nothing' '
	run mailadm plan "$M" && status 1 &&
	like "$out" "add	user	anna@x.org	name	\\N	Anna" &&
	like "$err" "Plan: 7 to add, 0 to change, 0 to remove." &&
	is "$(sql "SELECT COUNT(*) FROM domains")" 0'

t 'on a terminal it reads like a difference' '
	run mailadm plan -o table "$M" && status 1 &&
	like "$out" "+ domain aka.org
    alias_of: x.org
+ domain x.org
    description: The X
    quota: 2G
    max_users: 3
+ user anna@x.org" &&
	like "$out" "Plan: 7 to add, 0 to change, 0 to remove."'

t 'no hash is shown' '
	unlike "$out" abcdefghij && like "$out" "hash: (secret)"'

t 'apply is refused off a terminal without --yes, and shows the plan' '
	run mailadm apply "$M" && status 6 && empty "$out" &&
	like "$err" "+ user anna@x.org" && like "$err" "without --yes" &&
	is "$(sql "SELECT COUNT(*) FROM domains")" 0'

t 'on a terminal it asks' '
	on_terminal apply "$M" <<-END &&
		expect "Apply this plan\\?"
		send "n\r"
		status 6
	END
	is "$(sql "SELECT COUNT(*) FROM domains")" 0'

t 'apply makes it so, in one change' '
	run mailadm apply --yes "$M" && status 0 && empty "$out" &&
	is "$(sql "SELECT COUNT(*) FROM changes")" 1 &&
	is "$(sql "SELECT name, quota, active FROM users ORDER BY email")" \
	    "Anna	NULL	1
NULL	524288000	0" &&
	is "$(sql "SELECT alias_of FROM domains WHERE domain=\"aka.org\"")" \
	    x.org &&
	is "$(sql "SELECT COUNT(*) FROM aliases")" 4'

t 'applied again it writes nothing' '
	dump >"$T/before" &&
	written=$(sql "SHOW GLOBAL STATUS LIKE \"Handler_write\"" | cut -f2) &&
	run mailadm apply --yes "$M" && status 0 &&
	like "$err" "nothing to do" &&
	dump >"$T/after" && cmp -s "$T/before" "$T/after" &&
	is "$(sql "SELECT COUNT(*) FROM changes")" 1 &&
	run mailadm plan "$M" && status 0 && empty "$out"'

t 'the same is true of a state of more objects than are asked one by one' '
	{ echo users:; seq 1100 | sed "s/.*/  u&@big.org: {hash: \"!\"}/"
	echo "domains: {big.org: }"
	echo aliases:; seq 1100 | sed "s/.*/  a&@big.org: u&@big.org/"
	} >"$T/big.yaml" &&
	run mailadm apply --yes --quiet "$T/big.yaml" && status 0 &&
	is "$(sql "SELECT COUNT(*) FROM users
	    WHERE domain = \"big.org\"")" 1100 &&
	run mailadm plan "$T/big.yaml" && status 0 && empty "$out" &&
	sed -i "s/u7@big.org: {/u7@big.org: {name: Seven, /" "$T/big.yaml" &&
	run mailadm plan "$T/big.yaml" && status 1 &&
	is "$out" "change	user	u7@big.org	name	\\N	Seven"'

t 'what a manifest does not name stays, and so does what it does not give' '
	wants <<-END &&
		users: {anna@x.org: {name: Anne}}
	END
	run mailadm plan "$M" && status 1 &&
	is "$out" "change	user	anna@x.org	name	Anna	Anne" &&
	run mailadm apply --yes "$M" && status 0 &&
	is "$(sql "SELECT crypt FROM users WHERE email = \"anna@x.org\"")" \
	    "$HASH"'

t 'null and none take a value away' '
	wants <<-END &&
		domains: {x.org: {quota: none, description: null}}
		users: {bo@x.org: {quota: default}}
	END
	run mailadm apply --yes "$M" && status 0 &&
	is "$(sql "SELECT quota, description FROM domains
	    WHERE domain = \"x.org\"")" "NULL	NULL" &&
	is "$(sql "SELECT quota FROM users WHERE email = \"bo@x.org\"")" NULL'

t 'the destinations of an alias are exactly those that are given' '
	wants <<-END &&
		aliases:
		  team@x.org: {destination: [anna@x.org, out@side.org],
		    inactive: [bo@x.org]}
	END
	run mailadm apply --yes "$M" && status 0 &&
	is "$(sql "SELECT destination, active FROM aliases
	    WHERE mail = \"team@x.org\" ORDER BY destination")" \
	    "anna@x.org	1
bo@x.org	0
out@side.org	1"'

t 'what is given in one list leaves the other' '
	wants <<-END &&
		aliases: {team@x.org: {destination: [bo@x.org, anna@x.org]}}
	END
	run mailadm apply --yes "$M" && status 0 &&
	is "$(sql "SELECT destination, active FROM aliases
	    WHERE mail = \"team@x.org\" ORDER BY destination")" \
	    "anna@x.org	1
bo@x.org	1"'

t 'absent removes' '
	wants <<-END &&
		users: {bo@x.org: {absent: true}, nobody@x.org: {absent: true}}
		aliases: {team@x.org: anna@x.org, old@x.org: {absent: true}}
	END
	run mailadm plan "$M" && status 1 &&
	like "$err" "Plan: 0 to add, 1 to change, 2 to remove." &&
	run mailadm apply --yes "$M" && status 0 &&
	is "$(sql "SELECT COUNT(*) FROM users WHERE email = \"bo@x.org\"")" 0'

t 'undo takes all of an apply back' '
	run mailadm undo "$(sql "SELECT MAX(id) FROM changes")" && status 0 &&
	is "$(sql "SELECT COUNT(*) FROM users WHERE email = \"bo@x.org\"")" 1 &&
	is "$(sql "SELECT COUNT(*) FROM aliases WHERE mail = \"old@x.org\"")" 1'

t 'a user is not removed while an alias leads to it' '
	wants <<-END &&
		users: {bo@x.org: {absent: true}}
	END
	run mailadm plan "$M" && status 3 &&
	like "$err" "mail.yaml:1:9: user bo@x.org: is still a destination"'

t 'a domain is not removed while something stays in it' '
	wants <<-END &&
		domains: {big.org: {absent: true}}
	END
	run mailadm plan "$M" && status 3 && like "$err" "is not empty" &&
	like "$err" "hint: give these absent: true, too, or use --prune"'

t 'all errors of a file are reported at once, each with its place' '
	wants <<-END &&
		domain: {a: b}
		domains:
		  -x.org: {quota: 2X}
		  y.org: {quota: 1G, quota: 2G, maxusers: 3}
		users:
		  a@nowhere.org: {hash: "!"}
		  b@x.org: {hash: "secret"}
		  c@x.org: {generate: yes}
		  d@x.org:
		aliases:
		  e@x.org: []
		  f@x.org: nobody@x.org
		  f@X.org: anna@x.org
	END
	run mailadm plan "$M" && status 3 && empty "$out" &&
	for place in "1:1: unknown key: domain" "3:3: invalid domain" \
	    "3:19: quota: expected a size, got (not shown" \
	    "4:22: this key is given twice" \
	    "4:33: unknown key: maxusers" "6:3: user a@nowhere.org: no such" \
	    "7:19: hash: invalid password hash" \
	    "8:23: generate: expected true" \
	    "9:3: user d@x.org: is new and has no password" \
	    "11:3: e@x.org: an alias without a destination" \
	    "12:3: alias f@x.org: nobody@x.org does not exist" \
	    "13:3: alias f@x.org is named twice"; do
		like "$err" "mail.yaml:$place" || return 1
	done
	unlike "$err" secret'

t 'what is dangerous in YAML is refused' '
	for text in "users: &a {}" "users: *a" "users: !!map {}" "a: 1
---
b: 2" "? [a]
: b" "users: {a@x.org: {name: \"\\0\"}}"; do
		printf "%s\n" "$text" >"$M"
		run mailadm plan "$M"
		status 3 || return 1
		matches "$err" "mail.yaml:[0-9]+:[0-9]+: " || return 1
	done'

t 'a million brackets and 64 MiB without an end fail at once' '
	head -c 1000000 /dev/zero | tr "\0" "[" >"$M" &&
	run mailadm plan "$M" && status 3 &&
	head -c 67108864 /dev/zero | tr "\0" a >"$M" &&
	([ -n "${SAN:-}" ] || ulimit -v 400000
	run mailadm plan "$M" && status 3 &&
	like "$err" "a line longer than")'

t 'what is no text, or not there, is an error' '
	printf "users: {\377: }\n" >"$M" && run mailadm plan "$M" && status 3 &&
	run mailadm plan "$T/nothing.yaml" && status 4 &&
	run mailadm plan "$T" && status 3 &&
	: >"$M" && run mailadm plan "$M" && status 0'

t 'a loop is refused, and nothing of the manifest is kept' '
	wants <<-END &&
		domains: {new.org: }
		aliases: {a@x.org: b@x.org, b@x.org: a@x.org}
	END
	run mailadm apply --yes "$M" && status 6 &&
	like "$err" "loop: a@x.org, b@x.org" &&
	is "$(sql "SELECT COUNT(*) FROM domains WHERE domain=\"new.org\"")" 0'

t 'two aliases that change places make no loop on the way' '
	mailadm --quiet alias add p@x.org q@x.org --force &&
	mailadm --quiet alias add q@x.org anna@x.org &&
	wants <<-END &&
		aliases: {p@x.org: anna@x.org, q@x.org: p@x.org}
	END
	run mailadm apply --yes "$M" && status 0'

t 'a limit is kept' '
	wants <<-END &&
		users: {u1@x.org: {hash: "!"}, u2@x.org: {hash: "!"}}
	END
	run mailadm apply --yes "$M" && status 6 && like "$err" "3 users"'

t 'a password of a file is hashed once, and then it is no change' '
	mailadm --quiet domain set x.org --max-users none &&
	printf "correct horse\n" >"$T/pw" && chmod 600 "$T/pw" &&
	wants <<-END &&
		users: {pw@x.org: {password_file: pw}}
	END
	run mailadm apply --yes "$M" && status 0 &&
	run mailadm user verify pw@x.org --password-stdin <"$T/pw" &&
	status 0 && run mailadm plan "$M" && status 0 &&
	printf "another one\n" >"$T/pw" &&
	run mailadm plan "$M" && status 1 &&
	like "$out" "change	user	pw@x.org	hash" &&
	like "$out" "(of pw)"'

t 'it stands beside the manifest, unless its name is absolute' '
	mkdir "$T/beside" "$T/far" && printf "%s\n" "users:" \
	    "  near@x.org: {password_file: pw}" \
	    "  far@x.org: {password_file: $T/far/pw}" >"$T/beside/m.yaml" &&
	printf "at your side\n" >"$T/beside/pw" &&
	printf "miles away\n" >"$T/far/pw" &&
	chmod 600 "$T/beside/pw" "$T/far/pw" &&
	run mailadm apply --yes "$T/beside/m.yaml" && status 0 &&
	run mailadm user verify near@x.org --password-stdin \
	    <"$T/beside/pw" && status 0 &&
	run mailadm user verify far@x.org --password-stdin <"$T/far/pw" &&
	status 0 && cd "$T/beside" && run mailadm plan m.yaml
	cd "$TOP" && status 0'

t 'a password file that others can read is refused' '
	chmod 644 "$T/pw" && run mailadm plan "$M" && status 3 &&
	like "$err" "mail.yaml:1:9: user pw@x.org: password_file"'

t 'a manifest that names one is nobody else'\''s to write' '
	chmod 600 "$T/pw" && chmod 664 "$M" && run mailadm plan "$M" &&
	status 9 && like "$err" "others can write $M" &&
	like "$err" "hint: chmod go-w $M" && chmod 644 "$M" &&
	run mailadm plan "$M" && status 1 &&
	if [ "$(id -u)" = 0 ]; then
		chown 65534 "$M" && run mailadm plan "$M" && status 9 &&
		like "$err" "another user owns $M" &&
		run mailadm plan - <"$M" && status 3 && rm "$M"
	fi'

t 'one without may be anybody'\''s: the user has named it' '
	wants <<-END && chmod 666 "$M" &&
		users: {anna@x.org: {}}
	END
	run mailadm plan "$M" && status 0 &&
	if [ "$(id -u)" = 0 ]; then
		chown 65534 "$M" && run mailadm plan "$M" && status 0
	fi; rm "$M"'

t 'a password is made for a user without a hash, and shown once' '
	wants <<-END &&
		users: {gen@x.org: {generate: true}, bo@x.org: {generate: true},
		  anna@x.org: {generate: true}}
	END
	run mailadm apply --yes "$M" && status 0 && lines "$out" 2 &&
	printf %s "$out" | sed -n "s/^gen@x.org	//p" >"$T/made" &&
	run mailadm user verify gen@x.org --password-stdin <"$T/made" &&
	status 0 && run mailadm apply --yes "$M" && status 0 && empty "$out"'

t 'a state that changed since the plan was shown is not overwritten' '
	wants <<-END &&
		users: {anna@x.org: {name: Anna}}
	END
	echo "\"$MAILADM\" --defaults-file=$T/client.cnf -q user set \
	    anna@x.org --name Other" >"$T/other" &&
	on_terminal apply "$M" <<-END &&
		expect "Apply this plan\\?"
		await "sh $T/other"
		send "y\r"
		expect "stale"
		status 6
	END
	is "$(sql "SELECT name FROM users WHERE email = \"anna@x.org\"")" Other'

t '--prune removes what no file names, in the domains that it names' '
	mailadm --quiet domain add p.org && mailadm --quiet domain add q.org &&
	for n in 1 2 3; do
		mailadm --quiet user add u$n@p.org --no-password &&
		mailadm --quiet user add u$n@q.org --no-password || return 1
	done &&
	wants <<-END &&
		domains: {p.org: }
		users: {u1@p.org: }
	END
	run mailadm plan "$M" && status 0 &&
	run mailadm plan --prune "$M" && status 1 &&
	is "$out" "remove	user	u2@p.org	\\N	\\N	\\N
remove	user	u3@p.org	\\N	\\N	\\N" &&
	run mailadm plan --prune --max-removes 1 "$M" && status 6 &&
	like "$err" "hint: look at the plan without --prune" &&
	run mailadm apply --yes --prune "$M" && status 0 &&
	is "$(sql "SELECT COUNT(*) FROM users WHERE domain IN
	    (\"p.org\", \"q.org\")")" 4'

t 'a plan shows how delivery would differ, and changes nothing' '
	wants <<-END &&
		domains: {later.org: }
		users: {new@later.org: {generate: true}}
		aliases: {info@later.org: [new@later.org, out@side.org]}
	END
	dump >"$T/before" &&
	run mailadm plan -o table --route info@later.org \
	    --route anna@x.org "$M" && status 1 &&
	like "$out" "= route info@later.org
    delivery: refused: 554" &&
	like "$out" "-> mailbox new@later.org, external out@side.org" &&
	like "$out" "= route anna@x.org
    delivery: mailbox anna@x.org
Plan:" &&
	dump >"$T/after" && cmp -s "$T/before" "$T/after" &&
	run mailadm plan --route info@later.org "$M" &&
	like "$out" "info@later.org	delivery	refused: 554"'

t '--dry-run changes nothing' '
	wants <<-END &&
		users: {u2@q.org: {absent: true}}
	END
	dump >"$T/before" &&
	run mailadm apply --dry-run "$M" && status 0 &&
	dump >"$T/after" && cmp -s "$T/before" "$T/after"'

t 'apply in a batch is part of its transaction' '
	printf "domain add r.org\napply --yes %s\nfail\n" "$M" >"$T/batch" &&
	run mailadm -f "$T/batch" && status 2 &&
	is "$(sql "SELECT COUNT(*) FROM users WHERE email=\"u2@q.org\"")" 1 &&
	printf "domain add r.org\napply --yes %s\n" "$M" >"$T/batch" &&
	run mailadm -f "$T/batch" && status 0 &&
	is "$(sql "SELECT COUNT(*) FROM users WHERE email=\"u2@q.org\"")" 0'

finish
