# Archives: who gets a copy of what users send, and of what comes to them.
. tests/lib.sh
. tests/db/lib-lookups.sh
server_start && fresh

ok() {
	run mailadm "$@" && status 0
}

# copy_of SENDER: what the lookup of Postfix answers.
copy_of() {
	sql "$(lookup_query postfix/sql_bcc_out.cf:query "$1")"
}

mailadm -q -f - <<-'END' || bail_out 'no world'
	domain add x.org
	domain add store.org
	domain add aka.org --alias-of x.org
	user add anna@x.org --no-password
	user add bo@x.org --no-password
	user add sent@store.org --no-password
	user add other@store.org --no-password
	user add off@store.org --no-password
	user disable off@store.org
END

t 'without an archive nobody gets a copy' '
	empty "$(copy_of anna@x.org)"'

t 'that of the domain gets what all of its addresses send' '
	ok domain set x.org --bcc-out Sent@Store.org &&
	like "$err" "domain x.org changed" &&
	is "$(copy_of anna@x.org)" sent@store.org &&
	is "$(copy_of info@x.org)" sent@store.org &&
	is "$(copy_of anna@aka.org)" sent@store.org &&
	empty "$(copy_of sent@store.org)" && empty "$(copy_of a@side.org)"'

t 'that of the user comes first, for every tag and in an alias domain' '
	ok user set anna@x.org --bcc-out other@store.org &&
	is "$(copy_of anna@x.org)" other@store.org &&
	is "$(copy_of anna+tag@x.org)" other@store.org &&
	is "$(copy_of anna@aka.org)" other@store.org &&
	is "$(copy_of bo@x.org)" sent@store.org'

t 'an archive that does not exist is refused' '
	run mailadm user set bo@x.org --bcc-out no@store.org && status 4 &&
	like "$err" "archive no@store.org does not exist" &&
	run mailadm domain add y.org --bcc-out no@store.org && status 4 &&
	is "$(copy_of bo@x.org)" sent@store.org'

t 'one inside of what it archives is refused' '
	run mailadm domain set x.org --bcc-out bo@x.org && status 6 &&
	like "$err" "archive bo@x.org is inside of x.org" &&
	run mailadm user set bo@x.org --bcc-out bo@x.org && status 6 &&
	ok user set bo@x.org --bcc-out anna@x.org'

t 'one outside of this server, or disabled, is noted' '
	ok user set bo@x.org --bcc-out archive@side.org &&
	like "$err" "is not on this server: all copies leave it" &&
	ok user set bo@x.org --bcc-out off@store.org &&
	like "$err" "archive off@store.org is disabled"'

t 'it is shown, exported, planned, remembered and taken back' '
	is "$(mailadm domain list x.org --columns bcc_out)" sent@store.org &&
	like "$(mailadm export)" "bcc_out: other@store.org" &&
	mailadm export >"$T/all.yaml" && run mailadm plan "$T/all.yaml" &&
	status 0 &&
	ok user set anna@x.org --bcc-out sent@store.org &&
	like "$(mailadm history --limit 1)" \
	    "copy of outgoing mail other@store.org -> sent@store.org" &&
	ok undo "$(mailadm history --limit 1 --columns change)" --yes &&
	is "$(copy_of anna@x.org)" other@store.org'

t 'none ends it' '
	ok user set anna@x.org --bcc-out none &&
	is "$(copy_of anna@x.org)" sent@store.org &&
	ok domain set x.org --bcc-out none && empty "$(copy_of anna@x.org)"'

### Incoming mail

# goes ADDRESS: what virtual_alias_maps answers for the plain name, sorted.
goes() {
	goes_answer=$(sql "$(lookup_query postfix/sql_aliases.cf:query "$1")")
	[ -n "$goes_answer" ] || goes_answer=$(sql "$(lookup_query \
		postfix/sql_identity.cf:query "$1")")
	printf "%s\n" "$goes_answer" | sort | tr "\n" " "
}

t 'what comes to a user goes to their archive, or to that of the domain' '
	is "$(goes anna@x.org)" "anna@x.org " &&
	ok domain set x.org --bcc-in Sent@Store.org &&
	is "$(goes anna@x.org)" "anna@x.org sent@store.org " &&
	ok user set anna@x.org --bcc-in other@store.org &&
	is "$(goes anna@x.org)" "anna@x.org other@store.org " &&
	is "$(goes bo@x.org)" "bo@x.org sent@store.org " &&
	is "$(goes sent@store.org)" "sent@store.org "'

t 'by an alias that keeps a copy, too, and not where it keeps none' '
	ok alias add anna@x.org anna@x.org bo@x.org &&
	is "$(goes anna@x.org)" "anna@x.org bo@x.org other@store.org " &&
	ok alias disable anna@x.org --to anna@x.org &&
	is "$(goes anna@x.org)" "bo@x.org " &&
	ok alias remove anna@x.org'

t 'route says the same, and the text maps do' '
	ok alias add info@aka.org anna@x.org bo@x.org &&
	run mailadm route info@aka.org anna+tag@x.org && status 0 &&
	for to in anna@x.org bo@x.org other@store.org sent@store.org; do
		like "$out" "mailbox	$to	" || return 1
	done && matches "$out" "mailbox.other[+]tag@store.org.other@store" &&
	matches "$out" "anna@x.org, other@store.org.the last is the archive" &&
	mkdir "$T/maps" && ok export --postfix-maps "$T/maps" &&
	grep -q "^anna@x.org	anna@x.org, other@store.org\$" \
		"$T/maps/virtual_alias_maps" &&
	grep -q "^bo@x.org	bo@x.org, sent@store.org\$" \
		"$T/maps/virtual_alias_maps"'

t 'the way back names those whose mail is copied' '
	run mailadm route --to sent@store.org && status 0 &&
	is "$err" "note: sent@store.org also gets copies of all mail that \
comes to: x.org" && is "$out" "$(mailadm -q route --to sent@store.org)"'

t 'an archive in the domain gets one copy of its own mail' '
	ok domain set x.org --bcc-in bo@x.org &&
	is "$(goes bo@x.org)" "bo@x.org "'

t 'one that gets no mail is left out, and nobody gets a bounce' '
	ok user set anna@x.org --bcc-in off@store.org &&
	like "$err" "archive off@store.org is disabled: until" &&
	is "$(goes anna@x.org)" "anna@x.org " &&
	run mailadm check --rule U031 && like "$out" "off@store.org" &&
	ok user set anna@x.org --bcc-in other@store.org &&
	ok alias add other@store.org sent@store.org &&
	is "$(goes anna@x.org)" "anna@x.org " &&
	run mailadm check --rule U031 && like "$out" "which is an alias" &&
	ok alias remove other@store.org'

t 'an alias, a tag, a name of an alias domain, the user: refused' '
	for to in info@aka.org bo+x@x.org bo@aka.org anna@x.org; do
		run mailadm user set anna@x.org --bcc-in "$to" && status 6 ||
			return 1
	done &&
	like "$err" "cannot be the user" &&
	run mailadm user set anna@x.org --bcc-in info@aka.org &&
	like "$err" "hint: copies of incoming mail go to a user" &&
	run mailadm user set anna@x.org --bcc-in ghost@x.org && status 4 &&
	ok user set anna@x.org --bcc-in far@away.example &&
	is "$(goes anna@x.org)" "anna@x.org far@away.example "'

t 'who is an archive is not removed unawares' '
	ok user set anna@x.org --bcc-in other@store.org &&
	ok user set anna@x.org --bcc-out other@store.org &&
	ok domain set x.org --bcc-in other@store.org &&
	run mailadm user remove other@store.org && status 6 &&
	like "$err" "still the archive of anna@x.org, x.org" &&
	like "$err" "hint: --cascade ends the archiving" &&
	ok user rename other@store.org more@store.org &&
	is "$(goes bo@x.org)" "bo@x.org more@store.org " &&
	ok domain rename store.org shop.org &&
	is "$(goes anna@x.org)" "anna@x.org more@shop.org " &&
	is "$(copy_of anna@x.org)" more@shop.org &&
	ok user remove more@shop.org --replace-with sent@shop.org &&
	is "$(goes anna@x.org)" "anna@x.org sent@shop.org " &&
	ok user remove sent@shop.org --cascade &&
	like "$err" "mail of anna@x.org, x.org is not archived any more" &&
	is "$(goes anna@x.org)" "anna@x.org " && empty "$(copy_of anna@x.org)"'

finish
