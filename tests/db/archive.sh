# Archives: who gets a copy of what users send.
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

finish
