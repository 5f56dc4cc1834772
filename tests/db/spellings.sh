# What people and other programs write: sizes, headers of CSV files, names
# that do not exist.  Each has one meaning everywhere, or a hint.
. tests/lib.sh
server_start
fresh
mailadm --quiet domain add x.org --quota 3G

quota_of() {
	sql "SELECT COALESCE(quota, 'default') FROM users
	    WHERE email = 'a@x.org'"
}

# --- sizes ----------------------------------------------------------------

# Each way to give a user a quota; the user is new.
by_option() {
	run mailadm user add a@x.org --no-password --quota "$1"
}

by_cell() {
	printf '%s\n' email,quota,hash "a@x.org,\"$1\",!" >"$T/in.csv" &&
	run mailadm import users "$T/in.csv"
}

by_yaml() {
	printf '%s\n' "users:" "  a@x.org: {hash: \"!\", quota: \"$1\"}" \
	    >"$T/in.yaml" && run mailadm -y apply "$T/in.yaml"
}

by_json() {
	printf '%s\n' "{\"users\": {\"a@x.org\": {\"hash\": \"!\"," \
	    "\"quota\": \"$1\"}}}" >"$T/in.json" &&
	run mailadm -y apply "$T/in.json"
}

by_each() {
	for by in by_option by_cell by_yaml by_json; do
		if ! { sql "DELETE FROM users" && "$by" "$1" && "$2" "$3"; }
		then
			t_notes="$by: ${t_notes:-}"
			return 1
		fi
	done
}

it_is() {
	status 0 && is "$(quota_of)" "$1"
}

it_is_refused() {
	status 3 && like "$err" "quota: expected a size, got " &&
	like "$err" "like 500M; none: no limit; default: that of the domain" &&
	empty "$(quota_of)"
}

while read -r bytes text; do
	t "the quota \"$text\" is $bytes, wherever it stands" '
		by_each "$text" it_is "$bytes"'
done <<-END
	524288000	500M
	524288000	500MB
	524288000	500 MB
	524288000	500mb
	524288000	500MiB
	524288000	500 MiB
	524288000	524288000
	1073741824	1G
	1073741824	1GB
	1073741824	1GiB
	1073741824	1 GB
	1073741824	1073741824
	1073741824	1024 M
	1	1B
	9223372036854775807	none
	9223372036854775807	unlimited
	9223372036854775807	Unlimited
	default	default
END

# 0 means no limit to some programs and no space to others.
for text in 0 0M 1.5G 1,5G 500X 500MBB -1 '5 00' 'MB' '10 %'; do
	t "the quota \"$text\" is refused with the form that is right" '
		by_each "$text" it_is_refused "$text"'
done

t 'of a domain, none and unlimited are no limit, and nothing is a default' '
	for text in none unlimited; do
		run mailadm domain set x.org --quota 3G && status 0 &&
		run mailadm domain set x.org --quota $text && status 0 &&
		is "$(sql "SELECT quota IS NULL FROM domains")" 1 || return 1
	done && run mailadm domain set x.org --quota "3 GB" && status 0 &&
	for text in 0 default; do
		run mailadm domain set x.org --quota $text && status 3 &&
		like "$err" "like 500M; none: no limit" &&
		unlike "$err" "default:" || return 1
	done && is "$(sql "SELECT quota FROM domains")" 3221225472'

t 'so is a limit of users and aliases' '
	run mailadm domain set x.org --max-users 5 --max-aliases 5 &&
	status 0 && run mailadm domain set x.org --max-users unlimited \
	    --max-aliases none && status 0 &&
	is "$(sql "SELECT max_users IS NULL, max_aliases IS NULL
	    FROM domains")" "1	1"'

# --- headers --------------------------------------------------------------

imports() { # KIND HEADER ROW
	printf '%s\n' "$2" "$3" >"$T/in.csv" &&
	run mailadm import "$1" "$T/in.csv" && status 0
}

# As panels, directories and mail suites name them.
while IFS='|' read -r header row; do
	t "users under the header $header" '
		sql "DELETE FROM users" && imports users "$header" "$row" &&
		is "$(sql "SELECT email, name, quota FROM users")" \
		    "anna@x.org	Anna Ek	1073741824"'
done <<-END
	email,name,quota,hash|anna@x.org,Anna Ek,1G,!
	Email,Name,Quota,Hash|anna@x.org,Anna Ek,1 GB,!
	EMAIL;NAME;QUOTA;PASSWORD_HASH|anna@x.org;Anna Ek;1GiB;!
	E-mail,Full Name,quota,Password|anna@x.org,Anna Ek,1073741824,w0rd-12
	Email Address [Required],Name,Quota,Password [Required]|\
anna@x.org,Anna Ek,1024 MB,w0rd-12
	EmailAddress,Display name,Quota,Password|anna@x.org,Anna Ek,1G,w0rd-12
	User principal name,Display name,Quota,Password|\
anna@x.org,Anna Ek,1G,w0rd-12
	UserPrincipalName,DisplayName,Quota,Password|\
anna@x.org,Anna Ek,1G,w0rd-12
	DisplayName,PrimarySmtpAddress,Quota,hash|Anna Ek,anna@x.org,1G,!
	username,password,full_name,quota|anna@x.org,w0rd-12,Anna Ek,1G
	mail;displayName;quota;passwordHash|anna@x.org;Anna Ek;1G;!
	Account,Real name,Quota,Password|anna@x.org,Anna Ek,1G,w0rd-12
END

while IFS='|' read -r header row; do
	t "aliases under the header $header" '
		sql "DELETE FROM aliases" &&
		imports aliases "$header" "$row" &&
		is "$(sql "SELECT mail, destination, active FROM aliases")" \
		    "info@x.org	bo@y.net	0"'
done <<-END
	mail,destination,active|info@x.org,bo@y.net,0
	Alias,Destination,Active|info@x.org,bo@y.net,FALSE
	address,goto,active|info@x.org,bo@y.net,no
	Source,Target,Active|info@x.org,bo@y.net,False
	From,Forward to,Active|info@x.org,bo@y.net,0
	Email,To,Active|info@x.org,bo@y.net,0
END

t 'a size in another unit is not taken for bytes' '
	printf "%s\n" "Email,Quota (MB),hash" "anna@x.org,500,!" >"$T/in.csv" &&
	run mailadm import users "$T/in.csv" && status 3 &&
	like "$err" "in.csv:1:2: unknown column \"Quota (MB)\""'

t 'two words for one column are reported as that column' '
	printf "%s\n" "Email,E-Mail Address,hash" >"$T/in.csv" &&
	run mailadm import users "$T/in.csv" && status 3 &&
	like "$err" "in.csv:1:2: column \"email\" is given twice"'

t 'nothing of a file without a header is shown' '
	printf "%s\n" "hunter2-hunter2,anna@x.org,1G" >"$T/in.csv" &&
	run mailadm import users "$T/in.csv" && status 3 &&
	like "$err" "in.csv:1:1: not a header" &&
	like "$err" "hint: the first line names the columns; known are: " &&
	unlike "$err" hunter2 && unlike "$err" anna'

# --- what does not exist --------------------------------------------------

t 'a domain that does not exist is status 4 wherever one is named' '
	for command in "user list" "alias list" "export" "export users" \
	    "export aliases" "export domains" check; do
		run mailadm $command --domain nope.example && status 4 &&
		is "$err" "mailadm: no such domain: nope.example" || return 1
	done'

t 'a number in history is the change, and status 4 where there is none' '
	run mailadm history 1 && status 0 && lines "$out" 1 &&
	matches "$out" "^1	" &&
	for of in 538999 "--change 538999"; do
		run mailadm history $of && status 4 && empty "$out" &&
		is "$err" "mailadm: no such change: 538999
hint: mailadm history lists the changes" || return 1
	done && run mailadm history 1 --actor nobody && status 0'

finish
