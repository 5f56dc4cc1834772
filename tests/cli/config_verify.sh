#!/bin/sh
# config verify without servers and database: its options, and its rules.
. tests/lib.sh

lines_of() {
	wc -l <"$1"
}

verify() {
	"$MAILADM" -c /dev/null config verify "$@"
}

t 'each rule has a name that stays, in order, and an advice' '
	run "$MAILADM" config rules && status 0 &&
	is "$(cut -f 1 "$T/out" | sort -u)" "$(cut -f 1 "$T/out")" &&
	is "$(cut -f 1 "$T/out" | tail -n 1)" \
		"$(lines_of "$T/out" | awk "{ printf \"V%03d\", \$1 }")" &&
	awk -F "\t" "NF != 6 || \$2 !~ /^(note|warning|error)\$/ ||
		\$4 == \"\" || \$5 == \"\" { exit 1 }" "$T/out"'

t 'the manual has all of them' '
	"$MAILADM" manual mailadm-server.7 >"$T/manual" &&
	run "$MAILADM" config rules &&
	for rule in $(cut -f 1 "$T/out"); do
		grep -q "^.fB$rule.fR" "$T/manual" || return 1
	done'

t '--explain prints the page of a rule: what, why, by hand, how to fix' '
	run verify --explain v029 && status 0 && empty "$err" &&
	like "$out" "V029 (error)" && like "$out" "WHAT" &&
	like "$out" "WHY" && like "$out" "BY HAND" &&
	like "$out" "smtpd_sender_login_maps" &&
	awk "length > 80 { exit 1 }" "$T/out" &&
	run verify --explain V999 && status 2'

t 'each rule has a page, which advises no render elsewhere' '
	run "$MAILADM" config rules && cut -f 1 "$T/out" >"$T/ids" &&
	while read -r rule; do
		verify --explain "$rule" -o json || return 1
	done <"$T/ids" >"$T/pages" &&
	is "$(lines_of "$T/pages")" "$(lines_of "$T/ids")" &&
	! grep -E "\"(what|why|check|fix)\":(null|\"\")" "$T/pages" &&
	! grep -E "\"elsewhere\":\"[^\"]*(config render|grants)" "$T/pages"'

t 'a rule that is not there is a usage error, and so is one of check' '
	run verify --rule V999 && status 2 && like "$err" "config rules" &&
	run verify --ignore D004 && status 2 &&
	run verify --rule V001:x && status 2 &&
	run mailadm check --rule V001 && status 2 && like "$err" "check rules"'

t 'what the settings ignore may be of both checkers' '
	echo "check_ignore = D004 V003:*.conf" >"$T/conf" &&
	run "$MAILADM" -c "$T/conf" config verify --rule V999 && status 2 &&
	echo "check_ignore = D004 Z999" >"$T/conf" &&
	run "$MAILADM" -c "$T/conf" config verify --rule V001 && status 2 &&
	like "$err" "check_ignore: no such rule: Z999"'

t '--nagios prints a line of its own, and what went wrong by status 3' '
	run verify --nagios -o json && status 3 && like "$out" UNKNOWN &&
	run verify --nagios --rule V999 && status 3 && like "$out" UNKNOWN'

t 'it stands in no batch' '
	printf "config verify\n" >"$T/batch" &&
	run mailadm -f "$T/batch" && status 2 || status 6'

t 'in empty directories nothing is set up yet' '
	mkdir "$T/none" && run verify --postfix-dir "$T/none" \
		--dovecot-dir "$T/none" --mailadm-dir "$T/none" &&
	status 1 && like "$out" "V077" && unlike "$out" V004 &&
	like "$err" "1 error: no mail comes in yet"'

finish
