# Passwords that are made here are printed once, for each user that gets one.
. tests/lib.sh
server_in_memory
server_start && fresh
mailadm -q domain add x.org
mailadm -q user add old@x.org --no-password --name Old
printf '%s\n' email,name,hash 'a@x.org,A,' 'b@x.org,B,!' 'c@x.org,C,' \
    >"$T/users.csv"

# verified EMAIL PASSWORD
verified() {
	echo "$2" >"$T/secret"
	run mailadm user verify "$1" --password-stdin <"$T/secret" && status 0
}

t 'import --generate prints one row for each user that had nothing' '
	run mailadm import users "$T/users.csv" --generate -o csv && status 0 &&
	is "$(echo "$out" | cut -d , -f 1 | tr "\n" " ")" \
	    "email a@x.org c@x.org " &&
	like "$err" "3 users added" &&
	verified a@x.org "$(tr -d "\r" <"$T/out" |
	    sed -n "s/^a@x.org,//p")"'

t 'again, nobody is new: nothing is printed or changed' '
	run mailadm import users "$T/users.csv" --generate -o csv --update &&
	status 0 && empty "$out" && like "$err" "0 users added, 0 changed"'

t 'as JSON one array, and of the length that is asked for' '
	printf "%s\n" Mail,name d@x.org,D e@x.org,E >"$T/more.csv" &&
	run mailadm import users "$T/more.csv" --columns email=Mail \
	    --generate=30 -o json && status 0 &&
	matches "$out" "^\[{\"email\":\"d@x.org\",\"password\":\"[^\"]{30}\"},\
?\$" && is "$(echo "$out" | grep -c "e@x.org")" 1'

t 'without it such a user is an error, and one bad row refuses all' '
	printf "%s\n" email f@x.org g@nowhere.org >"$T/bad.csv" &&
	run mailadm import users "$T/bad.csv" && status 3 &&
	like "$err" "is new and has no hash or password" &&
	run mailadm import users "$T/bad.csv" --generate && status 3 &&
	empty "$out" && run mailadm user show f@x.org && status 4'

t 'with it such a user is no error, also where another row is wrong' '
	printf "%s\n" email f@x.org wrong >"$T/bad.csv" &&
	run mailadm import users "$T/bad.csv" --generate && status 3 &&
	like "$err" "1 error in" && unlike "$err" "has no hash or password"'

t 'user add --generate gives one object for each user of a batch' '
	printf "user add %s@x.org --generate\n" h i >"$T/batch" &&
	run mailadm -o json --file "$T/batch" && status 0 && lines "$out" 2 &&
	like "$(head -n 1 "$T/out")" "{\"email\":\"h@x.org\",\"password\":\"" &&
	like "$(tail -n 1 "$T/out")" "{\"email\":\"i@x.org\",\"password\":\""'

finish
