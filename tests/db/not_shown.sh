# What may be a password is not shown: no message quotes it, wherever it got
# to, and the shell's history does not keep it.
#
# Each place that quotes what it was given stands below with the secret in
# it, and a place that takes no password beside it, which still quotes.
. tests/lib.sh
server_start && fresh

SECRET='Hu5h-Qz7wV'
HISTORY=$XDG_STATE_HOME/mailadm/history

mailadm -q domain add x.org
mailadm -q user add anna@x.org --no-password

# Adds to $bad: where something of it is found, or nothing was said.
hidden() {
	[ "$status" -ne 0 ] && [ -n "$out$err" ] &&
	unlike "$(cat "$T/out" "$T/err" "$HISTORY" 2>/dev/null |
	    tr '[:upper:]' '[:lower:]')" hu5h || bad="$bad
$1 --- $err"
}

# The same of a source that is taken over, perhaps with nothing wrong.
taken_over() {
	if [ "$status" -eq 2 ] || holds like "$(cat "$T/out" "$T/err" |
	    tr '[:upper:]' '[:lower:]')" hu5h; then
		bad="$bad
$1 --- $out$err"
	fi
}

# --- the command line -----------------------------------------------------

cat >"$T/lines" <<END
user passwd anna@x.org $SECRET
user passwd $SECRET anna@x.org
user passwd anna@x.org --password $SECRET
user passwd anna@x.org --password=$SECRET
user passwd anna@x.org --passwort=$SECRET
user passwd anna@x.org --kennwort=$SECRET
user passwd anna@x.org --kennwort $SECRET
user passwd anna@x.org -p$SECRET
user passwd anna@x.org -qp$SECRET
user passwd anna@x.org -p $SECRET
user passwd anna@x.org --$SECRET
user passwd anna@x.org --hash $SECRET
user passwd anna@x.org --hash={PLAIN}$SECRET
user passwd anna@x.org --hash {$SECRET}x
user passwd anna@x.org --hash-file $SECRET
user passwd anna@x.org --password-file $SECRET
user passwd anna@x.org --password-file=$SECRET/x
user passwd anna@x.org --password-file /$SECRET
user passwd anna@x.org --generate=$SECRET
user add $SECRET
user add $SECRET@x
user add anna@x.org@$SECRET
user add @$SECRET
user add $SECRET.x.org
user add anna@$SECRET..org
user add bo@x.org --no-password=$SECRET
user add bo@x.org $SECRET --no-password
user add bo@x.org --no-password -- $SECRET
user verify anna@x.org $SECRET
user verify $SECRET
-p$SECRET domain list
-p $SECRET domain list
domain list -p$SECRET
domain list --password=$SECRET
domain list --pass $SECRET
domain list --$SECRET
domain list --$SECRET=1
domain list x.org -p$SECRET
$SECRET
$SECRET anna@x.org
user $SECRET
user $SECRET anna@x.org
passwd anna@x.org $SECRET
user password anna@x.org $SECRET
--$SECRET
END

# Each line, as words of a command line.
typed() {
	bad= && while read -r line; do
		# shellcheck disable=SC2086 # words
		run mailadm "$@" $line
		hidden "$line"
	done <"$T/lines"
	empty "$bad"
}

t 'a command line' 'typed'

t 'a command line whose errors are JSON' 'typed --json'

t 'a line of a batch' '
	bad= && while read -r line; do
		for with in --check --keep-going --yes; do
			echo "$line" | run mailadm $with -f -
			hidden "$with $line"
		done
	done <"$T/lines"; empty "$bad"'

t 'a line of the shell, in its error, its hint and its history' '
	{
		echo "expect \"mailadm> \""
		# shellcheck disable=SC1003 # a return
		sed "s/.*/send \"&\\\\r\"\\nexpect \"mailadm: \"\\nexpect \
\"mailadm> \"/" "$T/lines"
		printf "%s\n" "send \"user passwd a \\\"$SECRET\\r\"" \
		    "expect \"mailadm: \"" "expect \"mailadm> \"" \
		    "send \"quit\\r\"" "status 0"
	} >"$T/script" &&
	run "$DRIVE" "$T/script" "$MAILADM" --defaults-file="$T/client.cnf" \
	    <"$T/script" && status 0 && [ -s "$HISTORY" ] &&
	is "$(grep -i hu5h "$HISTORY")" ""'

t 'the shell says nothing of what was typed but what was typed' '
	is "$(grep "mailadm: .*Hu5h\|hint: .*Hu5h" "$T/out")" "" &&
	rm -f "$HISTORY"'

t 'completion offers nothing of it' '
	bad= && while read -r line; do
		COMP_LINE="mailadm $line" COMP_POINT=$((${#line} + 8)) \
		    run mailadm complete mailadm "${line##* }" x
		unlike "$out$err" "$SECRET" || return 1
	done <"$T/lines"'

# --- files ----------------------------------------------------------------

t 'a manifest' '
	bad= && while read -r line; do
		printf "%b\n" "$line" >"$T/m.yaml"
		for what in "plan" "apply --yes"; do
			# shellcheck disable=SC2086 # words
			run mailadm $what "$T/m.yaml"
			hidden "$what: $line"
		done
	done <<-END && empty "$bad"
		$SECRET: {}
		users: $SECRET
		users: [$SECRET]
		- $SECRET
		users: {$SECRET: {}}
		users: {$SECRET@x: {}}
		users: {a@x.org: {$SECRET: 1}}
		users: {a@x.org: {$SECRET}}
		users: {a@x.org: $SECRET}
		users: {a@x.org: {password: $SECRET}}
		users: {a@x.org: {generate: $SECRET}}
		users: {a@x.org: {generate: [$SECRET]}}
		users: {a@x.org: {active: $SECRET}}
		users: {a@x.org: {may_send: "$SECRET"}}
		users: {a@x.org: {absent: $SECRET}}
		users: {a@x.org: {quota: $SECRET}}
		users: {a@x.org: {home: /$SECRET}}
		users: {a@x.org: {home: $SECRET/..}}
		users: {a@x.org: {hash: $SECRET}}
		users: {a@x.org: {hash: "{$SECRET}"}}
		users: {a@x.org: {send_as: $SECRET}}
		users: {a@x.org: {send_as: [$SECRET@x]}}
		users: {a@x.org: {send_as: [@$SECRET]}}
		users: {a@x.org: {password_file: $SECRET}}
		users: {a@x.org: {password_file: /$SECRET/x}}
		users: {a@x.org: {password_file: $SECRET, hash: $SECRET}}
		users: {a@x.org: {name: "\\\\a$SECRET"}}
		users: {a@x.org: {hash: *$SECRET}}
		users: {a@x.org: {hash: &$SECRET}}
		users: {a@x.org: {hash: !$SECRET x}}
		users: {a@x.org: {hash: %$SECRET}}
		users:\n  a@x.org:\n    password\n      $SECRET\n    x: y
		users:\n  a@x.org:\n  \t$SECRET: 1
		%$SECRET
		domains: {$SECRET: {}}
		domains: {x.org: {max_users: $SECRET}}
		domains: {x.org: {alias_of: $SECRET}}
		domains: {x.org: {active: $SECRET}}
		aliases: {a@x.org: $SECRET}
		aliases: {a@x.org: [$SECRET@x]}
		aliases: {$SECRET: b@x.org}
	END'

# LINE: as the second one of a plan, with the rest around it.
planned() {
	run mailadm apply "$T/plan" --yes
	hidden "$1"
}

t 'a saved plan' '
	printf "users: {a@x.org: {generate: true}}\n" >"$T/m.yaml" &&
	run mailadm plan "$T/m.yaml" --out "$T/good"; status 1 &&
	bad= && while read -r change; do
		sed "$change" "$T/good" >"$T/plan" && chmod 600 "$T/plan" &&
		! cmp -s "$T/good" "$T/plan" && planned "$change" ||
			bad="$bad $change"
	done <<-END && empty "$bad"
		1s/"pruned"/"$SECRET":1,&/
		1s/"database":"[^"]*"/"database":"$SECRET"/
		1s/"pruned":{/&"$SECRET":[],/
		1s/"pruned":{/&"domain":["$SECRET"],/
		2s/"object":{/&"$SECRET":1,/
		2s/"user":"[^"]*"/"user":"$SECRET"/
		2s/"user":"[^"]*"/"domain":"$SECRET"/
		2s/"user":"[^"]*"/"user":"a@$SECRET"/
		2s/"active":true/"active":"$SECRET"/
		2s/"quota":[^,]*/"quota":"$SECRET"/
		2s/"hash":null/"hash":"$SECRET"/
		2s/"action":"add"/"action":"$SECRET"/
		2s/"home":null/"home":"\/$SECRET"/
		2s/"send_as":\[/&"$SECRET"/
		2s/.*/$SECRET/
		2s/.*/"$SECRET"/
		2s/.*/{"$SECRET"/
		3s/.*/{"steps":"$SECRET"}/
	END'

t 'an import' '
	bad= && while IFS="|" read -r what header row; do
		printf "%s\n" "$header" "$row" >"$T/in.csv"
		chmod 600 "$T/in.csv"
		run mailadm import $what "$T/in.csv"
		hidden "$what $header $row"
	done <<-END && empty "$bad"
		users|$SECRET,a@x.org|b@x.org,x
		users|$SECRET,active,a@x.org|x,active,b@x.org
		users|email,password|$SECRET,a@x.org
		users|email,password,quota|a@x.org,x,$SECRET
		users|email,hash|$SECRET,!
		users|email,hash|a@x.org,$SECRET
		users|email,hash,quota|a@x.org,!,$SECRET
		users|email,hash,active|a@x.org,!,$SECRET
	END'

t 'a passwd-file of another system' '
	bad= && mkdir -p "$T/maps" && while read -r line; do
		echo "$line" >"$T/maps/passwd-file"
		for with in "" "--dry-run"; do
			# shellcheck disable=SC2086 # words
			run mailadm import from postfix-files --yes $with \
			    "$T/maps"
			taken_over "$line"
		done
	done <<-END && empty "$bad"
		a@x.org:{PLAIN}$SECRET::::::
		b@x.org:$SECRET::::::
		c@x.org:!::::::proxy=y pass=$SECRET
		d@x.org:!::::::$SECRET
		e@x.org:!::::::x$SECRET=1
		$SECRET
		f@x.org:{PLAIN}x:y:z:a:b:c:d:$SECRET
	END'

# The place of what is no address, or of a value, is not where passwords are.
t 'files that other systems export' '
	bad= && while IFS="|" read -r system text; do
		printf "%b\n" "$text" >"$T/file"
		for with in "" "--dry-run --verbose"; do
			# shellcheck disable=SC2086 # words
			run mailadm import from $system --yes $with "$T/file"
			taken_over "$system $text"
		done
	done <<-END && empty "$bad"
		mailu|user:\n- email: a@x.org\n  password: $SECRET
		mailu|user:\n- email: a\n  password: $SECRET\n  hash_password: 1
		mailu|user:\n- email: a@x.org\n  pasword: $SECRET
		mailu|user:\n- email: a@x.org\n  password: [x, $SECRET]
		mailu|user:\n- email: a@x.org\n  password: {a: $SECRET}
		mailu|user:\n- email: a@x.org\n  tokens: [{password: $SECRET}]
		mailu|user:\n- $SECRET
		mailu|user:\n- email: a@x.org\n  password: &$SECRET x
		mailu|user:\n- email: a@x.org\n  password: !$SECRET x
		mailu|user:\n- email: a@x.org\n  password: *$SECRET
		mailu|user:\n- email: a@x.org\n  password: "$SECRET
		mailu|user: $SECRET
		mailu|domain:\n- name: x.org\n  dkim_key: $SECRET
		modoboa-csv|account;a@x.org;$SECRET;A;B;1;SimpleUsers;a@x.org;1
		modoboa-csv|account;a@x.org;$SECRET;A;B;no!;SimpleUsers;a@x.org
		modoboa-csv|account;a@x.org;$SECRET
		modoboa-csv|account;a@x.org;"$SECRET
		modoboa-csv|account;a@x.org;"x"$SECRET
		modoboa-csv|account;a@x.org;$SECRET;;;1;SuperAdmins;;
		modoboa-csv|a@x.org;$SECRET
		modoboa-csv|$SECRET
		ldif|dn: a\nmail: a@x.org\nuserPassword: $SECRET
		ldif|dn:a\nmail: b@x.org\nuserPassword: x\nuserPassword:$SECRET
		ldif|dn: a\nmail: a@x.org\nuserPassword:: $SECRET
		ldif|dn: a\nmail: a@x.org\nuserPassword:< $SECRET
		ldif|dn: a\nmail: a@x.org\nuserPassword: x\n $SECRET
		ldif|dn: a\nmail: a@x.org\nuserPassword $SECRET
		ldif|dn: a\nmail: a@x.org\nuserPassword;x: $SECRET
		ldif|dn: a\nmail: a@x.org\nuserPasswort: $SECRET
		ldif|userPassword: $SECRET
		ldif|dn: a\n\n$SECRET
	END'

t 'settings' '
	bad= && while read -r line; do
		printf "%s\n" "$line" >"$T/conf" && chmod 600 "$T/conf" &&
		run mailadm --config "$T/conf" domain list
		hidden "$line"
	done <<-END && empty "$bad"
		$SECRET = x
		$SECRET
		=$SECRET
		password = $SECRET
		$SECRET=$SECRET
	END'

t 'an option file' '
	bad= && while read -r line; do
		printf "%b\n" "$line" >"$T/o.cnf" && chmod 600 "$T/o.cnf" &&
		run mailadm --defaults-file "$T/o.cnf" domain list
		hidden "$line"
	done <<-END && empty "$bad"
		password=$SECRET
		$SECRET
		[$SECRET
		[client]\nsocket=$server_socket\nuser=nobody\npassword=$SECRET
		[client]\nsocket=$server_socket\n$SECRET=1\nuser=nobody
	END'

# --- what takes no password -----------------------------------------------

t 'a typing error is still shown, and what takes no password' '
	bad= && while IFS="|" read -r line expected; do
		# shellcheck disable=SC2086 # words
		run mailadm $line; like "$err" "$expected" || bad=$line
	done <<-END && empty "$bad"
		domian list|unknown command: domian
		user lsit|unknown command: user lsit
		domain list --colums x|unknown option: --colums
		domain list --scheme x|unknown option: --scheme
		domain show nope..org|invalid domain "nope..org"
		alias add anna x@y.org|invalid address "anna"
		domain add y.org --quota 1X|got "1X"
		domain list x.org y.org|unexpected argument after x.org
	END'

finish
