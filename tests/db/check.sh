# mailadm check: what is asked, what is shown, and the statuses.
. tests/lib.sh
server_start && fresh

# A domain that nothing is wrong with.
clean() {
	mailadm --quiet domain add "$1" &&
	mailadm --quiet user add "anna@$1" --hash "$HASH" &&
	mailadm --quiet alias add "postmaster@$1" "anna@$1" &&
	mailadm --quiet alias add "abuse@$1" "anna@$1"
}
HASH='$5$rounds=50000$abcdefghijklmnop$'$(printf '%043d' 0 | tr 0 A)

# Rows that the database's own rules would refuse.
plant() {
	sql "SET check_constraint_checks = 0, foreign_key_checks = 0; $1"
}

t 'nothing is said, and the status is 0, where nothing is wrong' '
	clean x.org &&
	run mailadm check --severity note &&
	status 0 && empty "$out$err"'

t 'what is found is on standard output, its number on standard error' '
	plant "INSERT INTO users (email, crypt) VALUES
	    (\"bo@x.org\", \"secret\")" &&
	run mailadm check &&
	status 1 && lines "$out" 1 &&
	like "$out" "U008	error	user	bo@x.org" &&
	is "$err" "mailadm: found 1 error"'

t 'the advice names the row' '
	run mailadm check --columns advice &&
	like "$out" "user passwd bo@x.org"'

t 'the password is not in the finding' '
	run mailadm check -o json && status 1 && unlike "$out$err" secret'

t 'a note is reported, and the status 1, only when notes are asked for' '
	mailadm --quiet user add carl@x.org --no-password &&
	run mailadm check --ignore U008 && status 0 && empty "$out" &&
	run mailadm check --ignore U008 --severity note && status 1 &&
	like "$out" "U007	note	user	carl@x.org"'

t 'a rule that is asked for by its ID is reported whatever its severity' '
	run mailadm check --rule U007 && status 1 && lines "$out" 1'

t 'only errors are reported with --severity error' '
	mailadm --quiet domain add y.org &&
	run mailadm check --rule D004 && status 1 &&
	run mailadm check --severity error && status 1 && lines "$out" 1'

t 'only a domain is reported with --domain' '
	run mailadm check --domain y.org && status 1 && lines "$out" 1 &&
	like "$out" D004 &&
	run mailadm check --domain y.org --domain x.org && lines "$out" 2'

t 'a domain that does not exist is status 4, never clean' '
	run mailadm check --domain z.org && status 4 && empty "$out" &&
	like "$err" "no such domain: z.org"'

t 'what is ignored is no finding: a rule, or a rule for some names' '
	run mailadm check --ignore U008 --ignore D004 && status 0 &&
	run mailadm check --ignore "U008:b*@x.org" --ignore D004:y.org &&
	status 0 &&
	run mailadm check --ignore U008:c* --ignore D004 && status 1'

t 'the settings ignore as well' '
	echo "check_ignore = U008:bo@x.org D004" >"$T/conf" &&
	run mailadm --config "$T/conf" check && status 0 && empty "$out"'

t 'an unknown rule is a usage error, wherever it stands' '
	run mailadm check --rule U999 && status 2 &&
	like "$err" "no such rule: U999" &&
	run mailadm check --ignore X && status 2 &&
	echo "check_ignore = Z1" >"$T/conf" &&
	run mailadm --config "$T/conf" check && status 2 &&
	like "$err" "check_ignore: no such rule: Z1"'

t 'the rules are listed' '
	run mailadm check rules -o json && status 0 &&
	like "$out" "\"rule\":\"U005\",\"severity\":\"error\""'

t 'a database that cannot be reached is status 7, never clean' '
	run "$MAILADM" --socket "$T/nobody" check && status 7 && empty "$out"'

t 'a database without any of the tables is an error, not a finding' '
	sql "CREATE DATABASE bare" &&
	run mailadm --database bare check && status 7 &&
	like "$err" "the tables do not exist"'

t 'an account that may not read a table is status 9' '
	sql "CREATE USER blind; GRANT SELECT ON mail.domains TO blind" &&
	run mailadm --user blind check && status 9 && empty "$out" &&
	sql "GRANT SELECT ON mail.schema_version TO blind" &&
	run mailadm --user blind user list && status 9 &&
	like "$err" "hint: what each account needs: mailadm config render"'

finish
