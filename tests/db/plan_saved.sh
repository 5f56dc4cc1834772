# mailadm plan --out and apply PLAN: what was shown is done, or nothing.
. tests/lib.sh
server_start && fresh

HASH='$5$rounds=5000$abcdefghijklmnop$'$(printf '%043d' 0 | tr 0 A)
M=$T/mail.yaml
P=$T/saved.plan
wants() {
	cat >"$M"
}
saves() {
	rm -f "$P"
	wants
	run mailadm plan --out "$P" "$M"
}

saves <<END
domains: {x.org: {quota: 2G, description: "null"}, aka.org: {alias_of: x.org}}
users:
  anna@x.org: {name: Anna, hash: "$HASH"}
  bo@x.org: {hash: "!", quota: none}
aliases:
  team@x.org: {destination: [anna@x.org], inactive: [bo@x.org]}
END

t 'a plan is saved for its owner only, and shown as without saving' '
	status 1 &&
	like "$out" "add	user	anna@x.org	name	\\N	Anna" &&
	like "$err" "apply it with: mailadm apply $P" &&
	is "$(stat -c %a "$P")" 600'

t 'a saved plan needs --yes off a terminal, and is shown' '
	run mailadm apply "$P" && status 6 && like "$err" "+ user anna@x.org"'

t 'it does what it says' '
	run mailadm apply --yes "$P" && status 0 &&
	run mailadm plan "$M" && status 0 &&
	is "$(sql "SELECT description FROM domains
	    WHERE domain = \"x.org\"")" null'

t 'applied again it is stale, and changes nothing' '
	run mailadm apply --yes "$P" && status 6 && like "$err" stale &&
	is "$(sql "SELECT COUNT(*) FROM changes")" 1'

t 'what goes and what changes is written from the file alone' '
	saves <<-END && status 1 &&
		users: {anna@x.org: {name: Anne}, bo@x.org: {absent: true}}
		aliases: {team@x.org: {destination: [anna@x.org], inactive: []}}
	END
	rm "$M" && run mailadm apply --yes "$P" && status 0 &&
	is "$(sql "SELECT email, name FROM users")" "anna@x.org	Anne" &&
	is "$(sql "SELECT destination FROM aliases")" anna@x.org'

t 'a change by somebody else in between makes it stale' '
	saves <<-END && status 1 &&
		users: {anna@x.org: {name: Third}}
	END
	mailadm --quiet user disable anna@x.org &&
	run mailadm apply --yes "$P" && status 6 &&
	like "$err" "the plan is stale: user anna@x.org has changed since" &&
	is "$(sql "SELECT name FROM users")" Anne'

t 'so does another password' '
	saves <<-END && status 1 &&
		users: {anna@x.org: {name: Third}}
	END
	mailadm --quiet user passwd anna@x.org --no-password &&
	run mailadm apply --yes "$P" && status 6'

t 'and a new name in a domain that is pruned' '
	for n in 1 2 3; do
		mailadm --quiet user add u$n@x.org --no-password || return 1
	done &&
	wants <<-END && rm -f "$P" &&
		domains: {x.org: }
		users: {anna@x.org: , u1@x.org: }
		aliases: {team@x.org: anna@x.org}
	END
	run mailadm plan --prune --out "$P" "$M" && status 1 &&
	cp "$P" "$T/twice.plan" &&
	mailadm --quiet user add u4@x.org --no-password &&
	run mailadm apply --yes "$P" && status 6 &&
	like "$err" "or other names were added or removed since" &&
	mailadm --quiet user remove u4@x.org &&
	run mailadm apply --yes "$T/twice.plan" && status 0 &&
	is "$(sql "SELECT COUNT(*) FROM users")" 2'

t 'a plan for one database is refused in another' '
	saves <<-END && status 1 &&
		domains: {new.org: }
	END
	mailadm --quiet --database other schema init &&
	run mailadm --database other apply --yes "$P" && status 6 &&
	like "$err" "was made for another database"'

t 'no cleartext is in it, and no hash that is not to be written' '
	printf "correct horse\n" >"$T/pw" && chmod 600 "$T/pw" &&
	saves <<-END && status 1 &&
		users: {pw@x.org: {password_file: pw},
		  gen@x.org: {generate: true}, anna@x.org: {name: Fourth},
		  u1@x.org: {absent: true}}
	END
	! grep -q "correct horse" "$P" &&
	grep -q "pw@x.org.*\"hash\":\".5" "$P" &&
	! grep -q "u1@x.org.*hash" "$P"'

t 'the password of a file, and one that is made, come with it' '
	rm "$M" && mv "$T/pw" "$T/pw.old" &&
	run mailadm apply --yes "$P" && status 0 && lines "$out" 1 &&
	printf %s "$out" | sed "s/^gen@x.org	//" >"$T/made" &&
	run mailadm user verify gen@x.org --password-stdin <"$T/made" &&
	status 0 &&
	run mailadm user verify pw@x.org --password-stdin <"$T/pw.old" &&
	status 0'

t 'one that is cut off, changed or not ours is invalid' '
	saves <<-END && status 1 &&
		domains: {c.org: , d.org: }
	END
	head -n 2 "$P" >"$T/cut.plan" && chmod 600 "$T/cut.plan" &&
	run mailadm apply --yes "$T/cut.plan" && status 3 &&
	like "$err" "cut off" &&
	sed 2d "$P" >"$T/less.plan" &&
	run mailadm apply --yes "$T/less.plan" && status 3 &&
	like "$err" "steps are missing" &&
	{ head -n 1 "$P"; echo "{}"; } >"$T/odd.plan" &&
	run mailadm apply --yes "$T/odd.plan" && status 3 &&
	{ head -n 1 "$P"; head -c 100000 /dev/urandom; } >"$T/noise.plan" &&
	run mailadm apply --yes "$T/noise.plan" && status 3 &&
	is "$(sql "SELECT COUNT(*) FROM domains WHERE domain IN
	    (\"c.org\", \"d.org\")")" 0'

# A saved plan in which the first line that holds something is edited.
edited() {
	sed "0,/$1/s/$1/$2/" "$P" >"$T/edited.plan" &&
	! cmp -s "$P" "$T/edited.plan" && chmod 600 "$T/edited.plan" &&
	run mailadm apply --yes "$T/edited.plan" && status 3
}

t 'a line may say only what fits its kind of object and its action' '
	saves <<-END && status 1 &&
		domains: {k.org: {quota: 1G}}
		users: {gen2@x.org: {generate: true}, pw@x.org: {absent: true},
		  anna@x.org: {name: Fifth}}
		aliases: {k@x.org: [anna@x.org]}
	END
	edited "\"generate\":false\(.*\"alias\"\)" "\"generate\":true\1" &&
	like "$err" "the flags do not fit the action" &&
	edited "\"generate\":false\(.*\"domain\"\)" "\"generate\":true\1" &&
	edited "\(\"remove\".*\"generate\":\)false" "\1true" &&
	edited "\"pruned\":false" "\"pruned\":true" &&
	edited "\"pruned\":false" "\"pruned\":1" &&
	edited "\"action\":\"add\"" "\"action\":\"change\"" &&
	like "$err" "the digest does not fit the action" &&
	edited "\"action\":\"remove\"" "\"action\":\"add\"" &&
	edited "\"changes\":[1-9]" "\"changes\":-9" &&
	edited "\"quota\":1073741824" "\"quota\":[1]" &&
	like "$err" "quota: a value of another type" &&
	edited "\"destination\":\[[^]]*\]" "\"destination\":\"k@y.net\"" &&
	edited "\"destination\":\[[^]]*\]" "\"destination\":[]" &&
	edited "\"destination\"" "\"crypt\":1,\"destination\"" &&
	edited "{\"alias\"" "{\"user\"" &&
	edited "\"quota\":1073741824" "\"password_file\":\"x\"" &&
	is "$(sql "SELECT COUNT(*) FROM domains WHERE domain = \"k.org\"")" 0'

t 'an object that two lines name is refused' '
	sed "2{p;}" "$P" | sed "s/\"steps\":5/\"steps\":6/" >"$T/two.plan" &&
	chmod 600 "$T/two.plan" &&
	run mailadm apply --yes "$T/two.plan" && status 3 &&
	like "$err" "twice"'

t 'as it was saved it is applied' '
	run mailadm apply --yes "$P" && status 0 &&
	is "$(sql "SELECT name FROM users WHERE email = \"anna@x.org\"")" \
	    Fifth'

t 'one that others can write, or that another user owns, is refused' '
	for mode in 666 660 620 602; do
		chmod $mode "$P" && run mailadm apply --yes "$P" &&
		status 9 && like "$err" "others can write $P, a saved plan" ||
			return 1
	done && chmod 600 "$P" &&
	if [ "$(id -u)" = 0 ]; then
		chown 65534 "$P" && run mailadm apply --yes "$P" &&
		status 9 && like "$err" "another user owns $P" && chown 0 "$P"
	fi'

t 'it is applied alone and without options' '
	chmod 600 "$P" && run mailadm apply --yes --prune "$P" && status 2 &&
	run mailadm apply --yes "$P" "$M" && status 2'

t 'a file that cannot be written is an error, after the plan was shown' '
	wants <<-END &&
		domains: {e.org: }
	END
	run mailadm plan --out "$T/no/such/folder" "$M" && status 10 &&
	like "$out" "add	domain	e.org"'

finish
