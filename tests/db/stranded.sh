#!/bin/sh
# What is said of others when somebody gets no mail any more.
# shellcheck disable=SC2016,SC2154 # t evaluates the code
. tests/lib.sh

server_start && fresh

for domain in x.org y.org; do
	mailadm -q domain add $domain
done
mailadm -q domain add aka.org --alias-of x.org
for user in anna bo c d e f; do
	mailadm -q user add $user@x.org --no-password
done
mailadm -q alias add @x.org c@x.org 2>/dev/null
mailadm -q alias add info@x.org bo@x.org
mailadm -q alias add far@y.org info@x.org
mailadm -q alias add team@x.org bo@x.org anna@x.org

# notes COMMAND...: the sorted notes of a command that succeeds.
notes() {
	run mailadm "$@" && status 0 &&
	notes=$(sed -n 's/^note: //p' "$T/err")
}

t 'user disable: a catch-all that led only to them' '
	notes user disable c@x.org && is "$notes" \
"c@aka.org, catch-all @x.org, catch-all @aka.org led only to c@x.org: \
their mail is refused now" &&
	mailadm -q user enable c@x.org'

t 'aliases of aliases, elsewhere and in an alias domain, but no others' '
	notes user disable bo@x.org &&
	like "$notes" "led only to bo@x.org: their mail is refused now" &&
	for name in info@x.org far@y.org bo@aka.org info@aka.org; do
		like "$notes" "$name" || return 1
	done && unlike "$notes" team@ && unlike "$notes" catch-all'

t 'who is disabled has nobody more to lose' '
	notes user set bo@x.org --may-receive no && is "$notes" "" &&
	notes user disable bo@x.org && is "$notes" "" &&
	mailadm -q user set bo@x.org --may-receive yes &&
	mailadm -q user enable bo@x.org'

t 'user set --may-receive no: the same, and no other value' '
	notes user set bo@x.org --name Bo --may-send no && is "$notes" "" &&
	notes user set bo@x.org --may-receive no &&
	like "$notes" "far@y.org" && like "$notes" "refused now" &&
	mailadm -q user set bo@x.org --may-receive yes'

t 'mail that an alias of their own sends on' '
	mailadm -q alias add d@x.org d@x.org out@elsewhere.net &&
	notes user disable d@x.org && is "$notes" \
	    "mail for d@x.org still goes to out@elsewhere.net: \
alias disable d@x.org stops that" &&
	mailadm -q alias disable d@x.org && mailadm -q user enable d@x.org &&
	notes user disable d@x.org && is "$notes" \
	    "d@aka.org led only to d@x.org: its mail is refused now"'

t 'user remove: what a catch-all takes over is not refused' '
	mailadm -q alias add e2@x.org e@x.org &&
	notes user remove e@x.org --cascade --yes &&
	unlike "$notes" refused && like "$notes" catch-all &&
	mailadm -q alias remove @x.org &&
	mailadm -q alias add f2@x.org f@x.org &&
	notes user remove f@x.org --cascade --yes &&
	like "$notes" "f2@x.org" && like "$notes" "mail is refused now" &&
	mailadm -q user add f@x.org --no-password 2>/dev/null &&
	mailadm -q alias add f@x.org out@elsewhere.net 2>/dev/null &&
	notes user remove f@x.org --yes &&
	like "$notes" "mail for f@x.org still goes to out@elsewhere.net: \
alias remove f@x.org stops that"'

t 'domain disable: aliases elsewhere and alias domains' '
	mailadm -q alias add both@y.org bo@x.org out@elsewhere.net &&
	mailadm -q alias add near@y.org far@y.org &&
	notes domain disable x.org && is "$notes" \
"far@y.org, near@y.org led only to x.org: their mail is refused now
mail for aka.org is refused, too: an alias domain of x.org" &&
	notes domain disable aka.org && is "$notes" "" &&
	notes domain enable x.org && is "$notes" ""'

finish
