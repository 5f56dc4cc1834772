# import --columns: CSV files whose headers are in other words.
. tests/lib.sh
server_start && fresh
mailadm --quiet domain add x.org

import() { # KIND COLUMNS [OPTION...]: standard input is the file
	import_kind=$1
	import_columns=$2
	shift 2
	cat >"$T/in.csv"
	run mailadm import "$import_kind" "$T/in.csv" \
	    --columns "$import_columns" "$@"
}

users() {
	sql "SELECT email, name, quota FROM users ORDER BY email"
}

t 'each column may have any name, in any case' '
	import users "email=E-Post,name=Person,quota=Plass,hash=Hash" <<-END &&
		PERSON;e post;Plass;hash
		Anna;anna@x.org;1G;!
	END
	status 0 && is "$(users)" "anna@x.org	Anna	1073741824"'

t 'known names need no word, and words of other programs have theirs' '
	import aliases "goto=Weiter an" <<-END && status 0 &&
		Address,WEITER AN
		info@x.org,anna@x.org
	END
	is "$(sql "SELECT mail, destination FROM aliases")" \
	    "info@x.org	anna@x.org" &&
	import aliases "address=Email,goto=Ziel" <<-END && status 0 &&
		Email,Ziel
		office@x.org,anna@x.org
	END
	import domains "domain=Zone,description=Was" <<-END && status 0 &&
		Was,Zone
		other,y.org
	END
	is "$(sql "SELECT description FROM domains
	    WHERE domain = \"y.org\"")" other'

t 'numbers are multiplied, and sizes with a unit stay' '
	import users "quota=Quota (MB)*1M" --update <<-END && status 0 &&
		email,hash,Quota (MB)
		anna@x.org,!,500
		bo@x.org,!,2G
		carl@x.org,!,none
	END
	is "$(users)" "anna@x.org	Anna	524288000
bo@x.org	NULL	2147483648
carl@x.org	NULL	9223372036854775807" &&
	import users "quota=MB*1M" --update <<-END && status 3 &&
		email,MB
		anna@x.org,9223372036854775807
	END
	like "$err" "in.csv:2:2: quota" &&
	is "$(users | head -n 1)" "anna@x.org	Anna	524288000"'

t 'a column is left out by its name alone, and only so' '
	import users "=Phone,=Room" --update <<-END && status 0 &&
		Phone,email,Room,hash
		1,dora@x.org,2,!
	END
	import users "=Phone" --update <<-END && status 3 &&
		Phone,email,Room,hash
		1,dora@x.org,2,!
	END
	like "$err" "in.csv:1:3: unknown column \"Room\"" &&
	like "$err" "--columns NAME=HEADER"'

t 'a header that is chosen takes the place of a known one' '
	import users "email=Login,=Mail" <<-END && status 0 &&
		Mail,Login,hash
		elsewhere@y.org,emil@x.org,!
	END
	import users "email=Login" <<-END && status 3 &&
		Mail,Login,hash
		elsewhere@y.org,fritz@x.org,!
	END
	like "$err" "unknown column \"Mail\""'

t 'a password may have any header, and is hashed' '
	import users "password=Kennwort" <<-END && status 0 &&
		email,Kennwort
		gerd@x.org,secret
	END
	echo secret >"$T/pw" &&
	run mailadm user verify gerd@x.org --password-stdin <"$T/pw" &&
	status 0'

t 'what --columns names must be in the file' '
	import users "name=Nobody" <<-END && status 3 &&
		email,hash
		hans@x.org,!
	END
	like "$err" "in.csv:1:1: the header has no \"Nobody\""'

t 'what is no such list is an error of usage, and names what is known' '
	for columns in email "email=" "=" "email=A,email=B" "email=A,name=a" \
	    "wrong=A" "email=A,,name=B" "email=A*1M" "quota=A*0"; do
		import users "$columns" </dev/null
		status 2 && like "$err" "mailadm: --columns: " || return 1
	done
	import users "wrong=A" </dev/null
	like "$err" "unknown column \"wrong\"" &&
	like "$err" "hint: known are: email, active" &&
	import users "email" </dev/null
	like "$err" "hint: email=E-Post"'
finish
