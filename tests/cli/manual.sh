# The pages of the manual name all that the program knows, in clean man macros.
. tests/lib.sh

# All pages, one behind the other, and each in a file of its name.
page=$T/pages
pages() {
	find src/manual -name "*.text" | sort | sed 's|.*/||; s|\.text$||'
}

# The source as plain text: one usage, one example, one title is one line.
plain() {
	sed 's/\\f[BIR]//g; s/\\%//g; s/\\&//g; s/\\-/-/g; s/\\(aq/'\''/g
	    s/\\(dq/"/g; s/\\(ha/^/g; s/\\(ti/~/g; s/\\e/\\/g' "$page"
}

# has TEXT: a line of the page, whole.
has() {
	grep -Fxq -e "$1" "$T/plain" || { t_notes="no line: $1"; return 1; }
}

# names TEXT: anywhere.
names() {
	grep -Fq -e "$1" "$T/plain" || { t_notes="not named: $1"; return 1; }
}

# A setting and its default, in the table of places and among the items.
has_setting() {
	t_notes="setting: $1"
	grep -q "^$1 = " "$T/plain" &&
	grep -q "^$1;mailadm.conf;" "$T/plain"
}

# The line of the example file is the term of the page; or it has no value.
is_in_example() {
	case $(grep "^$1 =" src/examples/mailadm.conf.example) in
	'') t_notes="not in the example: $1"; return 1 ;;
	*=) ;;
	*) has "$(grep "^$1 =" src/examples/mailadm.conf.example)" ;;
	esac
}

# each FILE COMMAND: true for every line, and there are some.
each() {
	[ -s "$1" ] || { t_notes='nothing to look for'; return 1; }
	while read -r each_line; do
		"$2" "$each_line" || return 1
	done <"$1"
}

mailadm help | awk -F "  +" "/^options:/ { exit }
	listed && /^  [a-z]/ { print \$2 }
	/^commands:/ { listed = 1 }" >"$T/commands"
while read -r command; do
	# shellcheck disable=SC2086 # two words
	mailadm help $command >"$T/help" && cat "$T/help" >>"$T/helps"
	sed -n '/^usage: /,/^$/p' "$T/help" | tr -s ' \n' '  ' |
	    sed 's/^usage: mailadm //; s/ *$/\n/' >>"$T/usages"
done <"$T/commands"

t 'the pages are written' '
	mkdir "$T/man" && for p in $(pages); do
		run mailadm manual "$p" && status 0 && empty "$err" &&
		cp "$T/out" "$T/man/$p" &&
		sed "2s/.-/-/g; 2q" "$T/man/$p" |
		    grep -qi "^.TH ${p%.*} ${p##*.} " || return 1
	done && cat "$T"/man/* >"$page" && plain >"$T/plain" &&
	[ "$(find "$T/man" -type f | wc -l)" -eq 5 ]'

t 'mailadm(8) comes without a name, and no other page exists' '
	run mailadm manual && status 0 && cmp "$T/out" "$T/man/mailadm.8" &&
	run mailadm manual mailadm.9 && status 4 && empty "$out" &&
	like "$err" "no such page: mailadm.9"'

t 'make knows each page' '
	is "$(sed -n "/^PAGES := /{N; s/PAGES :=//; s/\\\\//; p;}" Makefile |
	    tr -s " \t\n" "\n" | sed "/^\$/d" | sort)" "$(pages)"'

t 'each page names the others at its end' '
	for p in $(pages); do
		for other in $(pages); do
			[ "$p" = "$other" ] || sed "1,/^\.SH SEE ALSO/d
			    s/.f[BR]//g; s/.-/-/g; s/.%//g" "$T/man/$p" |
			    grep -q "^${other%.*}(${other##*.})" ||
				{ t_notes="$p: $other"; return 1; }
		done
	done'

t 'its version is that of the program' '
	run mailadm --version && names "$(head -n 1 "$T/out")"'

# The titles of a page, with commas.
titles() {
	sed -n "s/^\.SH //p" "$T/man/$1" | tr "\n" ,
}

t 'they have the sections that an admin looks for' '
	is "$(titles mailadm.8)" "NAME,SYNOPSIS,DESCRIPTION,THE MANUAL,\
QUICK START,OPTIONS,EXIT STATUS,ENVIRONMENT,FILES,SECURITY,SEE ALSO," &&
	is "$(titles mailadm-commands.8)" "NAME,COMMANDS,BATCH FILES,OUTPUT,\
ADDRESSES,PASSWORDS,QUOTAS AND LIMITS,REMOVING,HISTORY AND UNDO,\
THE CHECKER,CHECKER RULES,THE SHELL,EXAMPLES,SEE ALSO," &&
	is "$(titles mailadm.conf.5)" "NAME,CONFIGURATION,SEE ALSO," &&
	is "$(titles mailadm-server.7)" "NAME,THE MAIL SERVER,\
WHEN THE DATABASE IS AWAY,THE DOCTOR,SIGNING AND FILTERING,DKIM KEYS,\
RECORDS IN DNS,RULES OF DNS,VERIFIER RULES,SEE ALSO,"'

t 'it has every command, with its usage' '
	is "$(wc -l <"$T/usages")" "$(wc -l <"$T/commands")" &&
	grep -qx "user set EMAIL .*--quota SIZE.*" "$T/usages" &&
	each "$T/usages" has'

t 'every command has its example' '
	sed -n "/^example:/{n; s/^  //p;}" "$T/helps" >"$T/examples" &&
	is "$(wc -l <"$T/examples")" "$(wc -l <"$T/commands")" &&
	each "$T/examples" has'

t 'it has every option' '
	{ mailadm help; cat "$T/helps"; } |
	    grep -oE "^  (-[a-zA-Z], )?--[a-z-]+[^ ]*( ([A-Z]|yes)[^ ]*)?" |
	    sed "s/^ *//" | sort -u >"$T/options" &&
	grep -qx -e "-o, --output FORMAT" "$T/options" &&
	grep -qx -e "--quota SIZE" "$T/options" &&
	grep -qx -e "--generate\[=LENGTH\]" "$T/options" &&
	each "$T/options" has'

t 'it has every exit status, with its name in JSON' '
	sed -n "s/.*{ \([0-9]*\), \"\([a-z-]*\)\".*/\1 (\2)/p" src/base/err.c \
	    >"$T/statuses" && [ "$(wc -l <"$T/statuses")" -ge 12 ] &&
	each "$T/statuses" has && has 0'

# What is wrong begins with a capital there.
has_rule() {
	each_rule=${1%%	*}
	each_words=${1#*	}
	has "$each_rule (${each_words%%	*})" || return 1
	each_words=${each_words#*	}
	tr "\n" " " <"$T/plain" | grep -Fiq -e "${each_words%%	*}" ||
	    { t_notes="rule: $1"; return 1; }
}

t 'it has every rule of the checker, with what it finds and what to do' '
	mailadm check rules --columns rule,severity,problem >"$T/problem" &&
	mailadm check rules --columns rule,severity,advice >"$T/advice" &&
	[ "$(wc -l <"$T/problem")" -ge 60 ] &&
	each "$T/problem" has_rule && each "$T/advice" has_rule'

t 'it has the statuses of check for Nagios' '
	tr "\n" " " <"$T/plain" >"$T/joined" && for words in "0 OK: no" \
	    "1 WARNING: there" "2 CRITICAL: there" "3 UNKNOWN: the"; do
		grep -Fq " $words" "$T/joined" || return 1
	done'

t 'it has every setting, with its default' '
	echo "zzzzzzzzzzzz = 1" >"$T/conf" &&
	run mailadm --config "$T/conf" domain list && status 3 &&
	sed -n "s/^hint: the settings are: //p" "$T/err" | tr -s ", " "\n" \
	    >"$T/settings" && grep -qx rounds "$T/settings" &&
	each "$T/settings" has_setting'

t 'the example has every setting, at its default' '
	each "$T/settings" is_in_example'

t 'it has the option files and their groups' '
	names "[mailadm]" && names "[mailadm-admin]" && names /etc/my.cnf &&
	names /etc/mailadm/mailadm.conf && names --defaults-file'

t 'nothing is a request of roff but what was meant' '
	! grep "^\." "$page" | grep -vE "^\.(TH MAILADM|SH [A-Z]|SS [A-Z]|PP\$|\
TP\$|RS( 4)?\$|RE\$|EX\$|EE\$|TS\$|TE\$|br\$|ad l\$)" &&
	! sed "/^'\''.\" t\$/d" "$page" | grep "^'\''" &&
	! LC_ALL=C grep -n "[^ -~]" "$page"'

# tests/setup.sh installs groff; mandoc is stricter where there is one.
if command -v groff >/dev/null; then
	# A terminal has no pages, at the end of which a table may stand.
	t 'groff has nothing to warn of' '
		for p in $(pages); do
			{ echo .pl 9999v && cat "$T/man/$p"; } >"$T/endless" &&
			run groff -t -man -Tutf8 -rLL=78n -ww -z \
			    "$T/endless" && status 0 && empty "$out$err" ||
				return 1
		done'
fi
if command -v mandoc >/dev/null; then
	t 'mandoc has nothing to warn of' '
		for p in $(pages); do
			run mandoc -Tlint -Wwarning "$T/man/$p" && status 0 &&
			empty "$out$err" || return 1
		done'
fi

t 'README.md names commands that exist, as they are typed' '
	sed -z "s/\\\\\n */ /g" README.md |
	    sed -n "s/ && .*//; s/^    mailadm>\{0,1\} \([a-z].*\)/\1/p" \
	    >"$T/readme" && [ "$(wc -l <"$T/readme")" -gt 10 ] &&
	run mailadm --check --keep-going --file "$T/readme" && status 0 &&
	grep -o "mailadm help [a-z]*" README.md | sort -u >"$T/helps" &&
	while read -r words; do
		run $words && status 0 || return 1
	done <"$T/helps"'

t 'and the pages' '
	tr "\n" " " <README.md >"$T/readme" && for p in $(pages); do
		grep -q "man ${p%.*}[^a-z.-]" "$T/readme" || {
			t_notes=$p; return 1; }
	done'

t 'a page that cannot be written is an error' '
	full() { "$MAILADM" "$@" >/dev/full; } &&
	run full manual && status 10 && like "$err" "cannot write"'

finish
