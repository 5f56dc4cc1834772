# What the command line may look like, and what is said when it does not.
# Nothing here reaches a database: there is none.
. tests/lib.sh

say() {
	run mailadm "$@"
}

t 'a noun without a verb names the verbs' '
	say user && status 2 && empty "$out" &&
	like "$err" "missing verb after user" &&
	like "$err" "hint: user: add, set, passwd"'

t 'a misspelled word gets a proposal' '
	say domian list && status 2 && like "$err" "did you mean: domain" &&
	say domain lsit && status 2 &&
	like "$err" "did you mean: domain list" &&
	say domain list --colums x && status 2 &&
	like "$err" "did you mean --columns?"'

t 'what other programs call it is named' '
	while IFS="|" read -r words here; do
		# shellcheck disable=SC2086 # words
		say $words && status 2 && like "$err" "unknown command: " &&
		matches "$err" "^hint: it is called here: $here\$" || return 1
	done <<-"END"
		user delete a@x.org|user remove
		domain rm x.org|domain remove
		alias new a@x.org|alias add
		user edit a@x.org|user set
		user ls|user list
		mailbox add a@x.org|user
		forward a@x.org b@x.org|alias
		trace a@x.org|route
		explain a@x.org|route
		log|history
		backup|export
		clear|Ctrl-L, in the shell
		?|help
		\?|help
		\q|quit
		\watch|watch mailadm COMMAND, outside the shell
		watch|watch mailadm COMMAND, outside the shell
		\dt|domain list, user list, alias list
		ls|domain list, user list, alias list
	END
	say user list -o yaml && status 2 &&
	like "$err" "hint: mailadm export writes YAML"'

t 'a noun with --help is about that noun' '
	say user --help && status 0 &&
	matches "$out" "^commands of user:" && like "$out" "user passwd" &&
	unlike "$out" "domain add" && say --help && status 0 &&
	like "$out" "usage: mailadm"'

t 'command words are exact: a prefix is another word' '
	say dom list && status 2 && say domain li && status 2 &&
	like "$err" "unknown command: domain li"'

t 'too few and too many arguments are usage errors with the usage' '
	say domain show && status 2 && like "$err" "missing argument: DOMAIN" &&
	like "$err" "hint: usage: mailadm domain show DOMAIN" &&
	say domain show a.org b.org && status 2 &&
	like "$err" "unexpected argument after a.org" &&
	say alias add info@a.org && status 2 &&
	like "$err" "missing argument: DESTINATION" &&
	say domain rename a.org && status 2'

t 'a password is no argument, and never shown' '
	for words in "user add anna@a.org s3cret" "-ps3cret domain list" \
	    "user passwd anna@a.org s3cret" "user verify a@a.org s3cret" \
	    "user passwd anna@a.org -ps3cret" "-p s3cret domain list" \
	    "user passwd anna@a.org --password s3cret" \
	    "user passwd anna@a.org --password=s3cret" \
	    "user add anna@a.org --passwords3cret" \
	    "user add anna@a.org --generate s3cret" "--pw=s3cret status" \
	    "-qps3cret status" "user set anna@a.org --password s3cret"; do
		say $words && status 2 && unlike "$err" s3cret &&
		like "$err" "passwords are not accepted on the command" &&
		like "$err" "you will be asked" || return 1
	done && status 2 &&
	say user add anna@a.org --password x && like "$err" "--generate" &&
	say user verify anna@a.org x && unlike "$err" "--generate" &&
	like "$err" "--password-stdin" &&
	say --password x status && like "$err" "help configuration"'

t 'nor is what else may be one: behind a letter, no text, a stray word' '
	say -Xs3cret domain list && status 2 && unlike "$err" s3cret &&
	like "$err" "unknown option: -X" &&
	say -qés3cret domain list && status 2 && unlike "$err" s3cret &&
	like "$err" "unknown option: -é" &&
	say user passwd a@a.org --password-stdin=s3cret && status 2 &&
	unlike "$err" s3cret &&
	say user set a@a.org s3cret && status 2 && unlike "$err" s3cret &&
	say user passwd a@a.org "$(printf "s3cret\\377")" && status 3 &&
	unlike "$err" s3cret && like "$err" "argument 5 is not valid UTF-8"'

t 'an option needs its value, a flag takes none' '
	say domain list --limit && status 2 &&
	like "$err" "--limit needs a value" &&
	say domain list --inactive=1 && status 2 &&
	like "$err" "--inactive takes no value"'

t 'options stand before or after the command, with = or a blank' '
	for where in "-o tsv domain list" "domain list -o tsv" \
	    "domain list --output=tsv" "domain -otsv list" "-qy domain list" \
	    "domain list --limit=1 --limit 2"; do
		say $where && status 7 || return 1
	done && status 7'

t 'options of other commands are refused' '
	say domain list --scheme x && status 2 &&
	like "$err" "domain list: unknown option: --scheme"'

t 'what stands behind -- is no option' '
	say domain show -- --limit && status 3 && like "$err" "--limit" &&
	say -- domain show -x && status 3'

t 'an unknown output format or colour lists the known' '
	say -o xml domain list && status 2 &&
	like "$err" "table, wide, tsv, csv, json, jsonl" &&
	say --color sometimes domain list && status 2 &&
	like "$err" "auto, always, never"'

t 'an unknown column lists the known, and no database is asked' '
	say domain list --columns domain,usres && status 2 &&
	like "$err" "unknown column \"usres\"" &&
	like "$err" "hint: columns: domain,active,users,aliases,quota" &&
	say user list --columns crypt && status 2 &&
	say alias list --columns mail, && status 2'

t 'a command and a batch exclude each other' '
	say -f - domain list && status 2 && like "$err" "--file"'

t 'commands of the shell mean nothing elsewhere' '
	for word in begin commit rollback quit; do
		say $word && status 2 && like "$err" "shell" || return 1
	done && status 2'

t 'several options for one password are too many' '
	say user passwd a@a.org --generate --no-password && status 7 &&
	printf "user passwd a@a.org --no-password=1\n" >"$T/b" &&
	say -f "$T/b" && status 2'

# --- values --------------------------------------------------------------

t 'a value that is not valid is status 3 and names the option' '
	while read -r words; do
		eval "say $words" && status 3 && empty "$out" || return 1
	done <<-"END" && status 3 && is "$words" ""
		domain add -- -a.org
		domain add a..org
		domain add a.org.
		domain add "a b.org"
		domain add org
		domain add a.org --quota 1X
		domain add a.org --quota -1
		domain add a.org --quota 0
		domain add a.org --quota 9223372036854775807
		domain add a.org --quota 99999999999T
		domain add a.org --quota ""
		domain add a.org --quota default
		domain add a.org --max-users -1
		domain add a.org --max-users 4294967296
		domain add a.org --max-users 1k
		domain add a.org --alias-of a@b.org
		domain add a.org --postmaster postmaster
		domain add a.org --description "$(printf "a\tb")"
		domain list --limit 0
		domain list --limit x
		user add anna --generate
		user add anna@ --generate
		user add @a.org --generate
		user add a@b@a.org --generate
		user add anna+tag@a.org --generate
		user add "anna ek@a.org" --generate
		user add .anna@a.org --generate
		user add an..na@a.org --generate
		user add -- -anna@a.org
		user add "ännä@a.org" --generate
		user add "\"anna\"@a.org" --generate
		user add anna@a.org --generate=11
		user add anna@a.org --generate=129
		user add anna@a.org --generate=
		user add anna@a.org --quota 1.5G --generate
		user add anna@a.org --hash secret
		user add anna@a.org --hash "{PLAIN}secret"
		user add anna@a.org --hash "!"
		user add anna@a.org --hash ""
		alias add a/b@a.org anna@a.org
		alias add a%b@a.org anna@a.org
		alias add "a|b@a.org" anna@a.org
		alias add info@a.org @b.org
		alias add info@a.org "|/bin/sh"
		alias add info@a.org "a@b.org,c@b.org"
		alias add info@a.org "anna@a.org "
		alias add info@a.org :include:/etc/passwd
	END'

t 'the message names the option and the word' '
	say domain add a.org --quota 1X && like "$err" "--quota" &&
	like "$err" "\"1X\"" && like "$err" "hint: a number of bytes" &&
	say alias add a@b@c.org x@y.org && like "$err" "a@b@c.org"'

t 'control characters and invalid UTF-8 are refused and shown escaped' '
	esc=$(printf "\\033[31m") &&
	say domain add "a${esc}.org" && status 3 && unlike "$err" "$esc" &&
	like "$err" "\\x1b[31m" &&
	say domain show "$(printf "\\377.org")" && status 3 &&
	like "$err" "argument 4 is not valid UTF-8" &&
	say domain list "$(printf "\\342\\200\\256x")" && status 3 &&
	like "$err" "U+202E"'

t 'a word of 100 KiB is refused with a message that one can read' '
	long=$(head -c 100000 /dev/zero | tr "\\0" a) &&
	for where in "domain show $long" "$long" "domain list --$long" \
	    "user add $long@a.org" "domain add a.org --description $long" \
	    "domain list --columns $long" "domain list --sort $long" \
	    "-o $long domain list" "user show x@a.org $long" \
	    "domain add a.org --quota $long" "help $long"; do
		say $where && [ "$status" -ne 0 ] && [ "$status" -ne 7 ] &&
		[ "$(wc -c <"$T/err")" -lt 4400 ] || return 1
	done && [ "$status" -ne 0 ] && [ "$(wc -c <"$T/err")" -lt 4400 ]'

t '10,000 arguments are read' '
	many=$(seq 10000 | sed "s/.*/d&.example/") &&
	say domain disable $many && status 7 &&
	say domain show $many && status 2'

# --- errors as data ------------------------------------------------------

t 'with -o json an error is one object' '
	say -o json domain add a..org && status 3 && empty "$out" &&
	lines "$err" 1 && matches "$err" "^\{\"error\":\"invalid\"," &&
	like "$err" "\"message\":" &&
	say domain lsit -o jsonl && status 2 && lines "$err" 1 &&
	like "$err" "{\"error\":\"usage\",\"message\":\"unknown command: " &&
	like "$err" "\"hint\":\"did you mean"'

t 'so is an error in the words themselves, wherever the format stands' '
	for words in "-qo json frobnicate" "-qojson frobnicate" \
	    "frobnicate -o json" "--json frobnicate" "-qyo jsonl domain" \
	    "domain lsit --output=json" "--bogus -o json domain list" \
	    "-o json domain show" "domain list --bogus --json" \
	    "-q -o json --limit" "domain show a.org b.org --json" \
	    "-o tsv frobnicate --json"; do
		say $words && status 2 && empty "$out" && lines "$err" 1 &&
		matches "$err" "^\{\"error\":\"usage\"," || return 1
	done && status 2 &&
	say domain show "$(printf "\\377")" -qo json && status 3 &&
	matches "$err" "^\{\"error\":\"invalid\","'

t 'what stands behind -- or is the value of an option is no format' '
	say frobnicate -- --json && status 2 &&
	matches "$err" "^mailadm: unknown" &&
	say --config --json frobnicate && status 2 &&
	matches "$err" "^mailadm: unknown"'

t 'the last format that was named counts' '
	say --json -o table frobnicate && status 2 &&
	matches "$err" "^mailadm: unknown"'

t 'the object is JSON whatever the word holds' '
	say -o json domain add "$(printf "a\\001\"\\\\x")" && status 3 &&
	lines "$err" 1 && unlike "$err" "$(printf "\\001")" &&
	like "$err" "a\\\\x01\\\"\\\\"'

t 'colour is for terminals, or always when asked for' '
	red=$(printf "\\033[1;31m") &&
	say domain lsit && unlike "$err" "$red" &&
	say --color always domain lsit && like "$err" "$red" &&
	say domain lsit --bogus --color=always && like "$err" "$red"'

# --- help ----------------------------------------------------------------

t 'help is on standard output, for everything and each command' '
	for where in "help" "--help" "-h" "help user" "help user add" \
	    "user add --help" "user add anna@a.org -h"; do
		say $where && status 0 && empty "$err" &&
		[ -n "$out" ] || return 1
	done && status 0 && like "$out" "usage: mailadm user add EMAIL" &&
	like "$out" "--generate[=LENGTH]" && like "$out" "example:"'

t 'help on an unknown word is status 4' '
	say help domian && status 4 && like "$err" "domain" &&
	empty "$out"'

t 'help and version need no settings and no server' '
	echo "no such thing" >"$T/bad.conf" &&
	say -c "$T/bad.conf" --help && status 0 &&
	say -c "$T/bad.conf" help && status 0 &&
	say -c "$T/bad.conf" -V && status 0 && matches "$out" "^mailadm [0-9]"'

t '"-" is no file where nothing is written to standard output' '
	cd "$T" && for words in "plan m.yaml --out" "check --new --state" \
	    "export --dovecot-passwd-file" "export --postfix-maps" \
	    "dkim export a.org s --out" "config render --out" \
	    "import from ispmail --out"; do
		say $words - && status 2 && empty "$out" &&
		like "$err" "./-" && [ ! -e - ] || return 1
	done; cd "$TOP"'

t 'the tables of the program have no mistakes' '
	say self-check && status 0'

finish
