# mailadm export: the database as a file, and back.
. tests/lib.sh
server_start && fresh

HASH='$5$rounds=5000$abcdefghijklmnop$'$(printf '%043d' 0 | tr 0 A)
cat >"$T/mail.yaml" <<END
domains:
  x.org: {quota: 2G, max_users: 9, description: 'Tom''s "X"'}
  aka.org: {alias_of: x.org, active: false}
users:
  anna@x.org: {name: Anna, hash: "$HASH", home: old/place}
  bo@x.org: {quota: 500M, hash: "!", active: false}
  carl@x.org: {quota: none, hash: "!", name: "=1+2"}
aliases:
  team@x.org: {destination: [anna@x.org, out@side.org], inactive: [bo@x.org]}
  "@x.org": anna@x.org
  "a#{b'@x.org": [anna@x.org]
END
mailadm --quiet apply --yes "$T/mail.yaml"

# What users may do, where nothing was taken from them or granted to them.
# shellcheck disable=SC2034 # used in the cases
ALL_RIGHTS=', may_login: true, may_send: true, may_receive: true'\
', note: null, send_through: null, send_limit: default, bcc_in: null'\
', bcc_out: null, expires: none, send_as: []'

# shellcheck disable=SC2034 # used in the cases
ALL_WRITE=', note: null, writers: null, may_send: true'

# What a domain without ways of its own has.
# shellcheck disable=SC2034 # used in the cases
NO_WAYS=', relay_to: null, accepts: null, transport: null'\
', send_through: null, send_limit: none, bcc_in: null, bcc_out: null'

t 'an export is a manifest, an object a line, sorted' '
	run mailadm export && status 0 && empty "$err" &&
	is "$out" "domains:
  aka.org: {active: false, description: null, alias_of: x.org, quota: none,\
 max_users: none, max_aliases: none$NO_WAYS}
  x.org: {active: true, description: \"Tom'\''s \\\"X\\\"\", alias_of: null,\
 quota: 2G, max_users: 9, max_aliases: none$NO_WAYS}
users:
  anna@x.org: {active: true, name: \"Anna\", quota: default,\
 home: \"old/place\"$ALL_RIGHTS}
  bo@x.org: {active: false, name: null, quota: 500M,\
 home: \"x.org/bo\"$ALL_RIGHTS}
  carl@x.org: {active: true, name: \"=1+2\", quota: none,\
 home: \"x.org/carl\"$ALL_RIGHTS}
aliases:
  \"@x.org\": {destination: [anna@x.org]$ALL_WRITE}
  \"a#{b'\''@x.org\": {destination: [anna@x.org]$ALL_WRITE}
  team@x.org: {destination: [anna@x.org, out@side.org],\
 inactive: [bo@x.org]$ALL_WRITE}
recipients:
  {}
blocks:
  {}
relays:
  {}"'

t 'no hash is in it, unless it is asked for' '
	unlike "$out" abcdefghij &&
	run mailadm export --with-hashes && like "$out" "hash: \"$HASH\""'

t 'applying it to the same database changes nothing' '
	run mailadm export && cp "$T/out" "$T/plain.yaml" &&
	run mailadm plan "$T/plain.yaml" && status 0 && empty "$out" &&
	run mailadm export --with-hashes && cp "$T/out" "$T/all.yaml" &&
	run mailadm plan "$T/all.yaml" && status 0 && empty "$out"'

t 'applied to an empty database with hashes it gives the same bytes' '
	mailadm --quiet --database copy schema init &&
	run mailadm --database copy apply --yes "$T/all.yaml" && status 0 &&
	run mailadm --database copy export --with-hashes &&
	cmp -s "$T/out" "$T/all.yaml"'

t 'without hashes it keeps the current ones' '
	mailadm --quiet user set anna@x.org --name Changed &&
	run mailadm apply --yes "$T/plain.yaml" && status 0 &&
	is "$(sql "SELECT name, crypt FROM users
	    WHERE email = \"anna@x.org\"")" "Anna	$HASH"'

t 'only a domain, or several' '
	run mailadm export --domain aka.org && status 0 &&
	lines "$out" 12 && like "$out" "  aka.org: {" &&
	like "$out" "users:
  {}
aliases:
  {}" &&
	run mailadm export --domain aka.org --domain x.org &&
	cmp -s "$T/out" "$T/plain.yaml"'

t 'a domain that is not there is status 4' '
	run mailadm export --domain z.org && status 4 && empty "$out" &&
	like "$err" "no such domain: z.org"'

t 'JSON is an object a line' '
	run mailadm export --format jsonl && status 0 && lines "$out" 8 &&
	like "$out" "{\"user\":\"carl@x.org\",\"active\":true,\
\"name\":\"=1+2\",\"quota\":\"none\",\"home\":\"x.org/carl\",\
\"may_login\":true,\"may_send\":true,\"may_receive\":true,\
\"note\":null,\"send_through\":null,\
\"send_limit\":\"default\",\
\"bcc_in\":null,\"bcc_out\":null,\"expires\":\"none\",\"send_as\":[]}"'

t 'CSV has a header, one kind, and no cell that is a formula' '
	run mailadm export users --format csv && status 0 &&
	like "$out" "email,active,name,quota,home,may_login,may_send,\
may_receive,note,send_through,send_limit,bcc_in,bcc_out,expires
anna@x.org,1,Anna,default,old/place,1,1,1," && like "$out" ",'\''=1+2,none," &&
	run mailadm export aliases --format csv && status 0 &&
	like "$out" "mail,destination,active,note,writers,may_send,expires
'\''@x.org,anna@x.org,1," && like "$out" "team@x.org,bo@x.org,0" &&
	run mailadm export --format csv && status 2 &&
	like "$err" "hint: mailadm export users --format csv"'

t 'an empty database is an empty manifest' '
	mailadm --quiet --database none schema init &&
	run mailadm --database none export && status 0 &&
	is "$out" "domains:
  {}
users:
  {}
aliases:
  {}
recipients:
  {}
blocks:
  {}
relays:
  {}" && cp "$T/out" "$T/none.yaml" &&
	run mailadm --database none plan "$T/none.yaml" && status 0'

t 'it is of one state, and no open transaction is left' '
	run mailadm -v --show-sql export &&
	like "$err" "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY" &&
	like "$err" "sql: ROLLBACK"'

t 'a disk that is full is an error' '
	mailadm export >/dev/full 2>"$T/err"; is $? 10'

# A random state: SEED.
random_state() {
	awk -v seed="$1" '
	function pick(n) { return int(rand() * n) }
	function text(   s, i, c) {
		s = ""
		for (i = pick(9); i > 0; i--) {
			c = letter[pick(letters) + 1]
			s = s (c == "\"" || c == "\\" ? "\\" : "") c
		}
		return "\"" s "\""
	}
	function quota() {
		return pick(3) ? "default" : pick(2) ? "none" : 1 + pick(9999)
	}
	function flag() { return pick(4) ? "true" : "false" }
	function grants(   s, i, x) {
		for (i = 0; i < 12; i++) {
			x = i < 9 ? "u" i "@d" i % n ".org" : i == 9 ? \
			    "\"@d0.org\"" : i == 10 ? "\"@out.org\"" : \
			    "\"a+b{\047@out.org\""
			if (!pick(6))
				s = s (s == "" ? "" : ", ") x
		}
		return pick(2) && s == "" ? "" : ", send_as: [" s "]"
	}
	BEGIN {
		srand(seed)
		letters = split("a Z _ \047 \" : { } [ ] , # & * ! | > % @ ` " \
		    "~ = - + ? 0 . \303\251 \\", letter, " ")
		n = 1 + pick(4)
		print "domains:"
		for (d = 0; d < n; d++)
			printf "  d%d.org: {description: %s, quota: %s, " \
			    "active: %s}\n", d, text(),
			    pick(2) ? "none" : pick(9) + 1 "M", flag()
		print "  aka.org: {alias_of: d0.org}\nusers:"
		for (u = 0; u < 12; u++)
			printf "  u%d@d%d.org: {name: %s, quota: %s, " \
			    "hash: \"!\", active: %s, may_login: %s, " \
			    "may_send: %s, may_receive: %s%s}\n", u, u % n,
			    text(), quota(), flag(), flag(), flag(), flag(),
			    grants()
		print "aliases:"
		for (a = 0; a < 12; a++) {
			printf "  \"%s%d@d%d.org\": {destination: [",
			    substr("a#!{\047", pick(5) + 1, 1), a, a % n
			for (i = pick(3); i >= 0; i--) {
				u = (a + i) % 12
				printf "u%d@d%d.org%s", u, u % n, i ? ", " : ""
			}
			printf "], inactive: [%s]}\n",
			    pick(2) ? "" : "x" a "@out.org"
		}
	}'
}

t 'random states come back byte for byte, and applying them is no change' '
	for seed in $(seq "${SEEDS:-12}"); do
		random_state "$seed" >"$T/random.yaml" || return 1
		sql "DROP DATABASE IF EXISTS r; DROP DATABASE IF EXISTS s"
		mailadm --quiet --database r schema init &&
		mailadm --quiet --database s schema init || return 1
		run mailadm --quiet --database r apply --yes "$T/random.yaml"
		status 0 || return 1
		mailadm --database r export --with-hashes >"$T/r.yaml"
		run mailadm --database r plan "$T/r.yaml"
		status 0 || return 1
		run mailadm --quiet --database s apply --yes "$T/r.yaml"
		status 0 || return 1
		mailadm --database s export --with-hashes >"$T/s.yaml"
		cmp "$T/r.yaml" "$T/s.yaml" || return 1
	done'

finish
