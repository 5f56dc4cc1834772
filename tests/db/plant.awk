# Plants defects: SQL for the tables on standard output, "RULE NAME" of each
# finding that they must lead to in the file `wanted`.
#
#   awk -v each=25 -v seed=1 -v good=100000 -v wanted=FILE \
#       -v kind=ours|foreign -v secret=ID -f plant.awk
#
# The good rows are those of tests/bench/check.sh.  Names begin with a random
# letter and stand in a random one of the thousand domains, so that they are
# all over the tables.

function some_domain() {
	return "d" int(rand() * 1000) ".example"
}

function some_user(	n) {
	n = 1 + int(rand() * good)
	return "user" n "@d" n % 1000 ".example"
}

# local(): a new name in a domain that is there.
function local() {
	return sprintf("%c%s%d", 97 + int(rand() * 26), tolower(rule), ++made)
}

function some_name() {
	return local() "@" some_domain()
}

function new_domain() {
	return local() ".example"
}

# As valid as that of anybody else, and nobody else's.
function hash(	head) {
	head = head == "" ? "$5$rounds=50000$" : head
	return sprintf("%splanted%09d$%s", head, ++hashes, digest)
}

function q(text) {
	gsub(/'/, "''", text)
	return text == "" || text == "NULL" ? "NULL" : "'" text "'"
}

# The columns beside the name: "active, quota" and "0, 5".
function domain(name, columns, values) {
	print "INSERT INTO domains (domain" (columns ? ", " columns : "") \
	    ") VALUES (" q(name) (values != "" ? ", " values : "") ");"
}

function user(email, crypt, columns, values) {
	if (kind == "ours" && columns !~ /home/) {
		columns = columns (columns ? ", " : "") "home"
		values = values (values != "" ? ", " : "") q("home/" ++homes)
	}
	print "INSERT INTO users (email, crypt" (columns ? ", " columns : "") \
	    ") VALUES (" q(email) ", " (crypt == "''" ? crypt : q(crypt)) \
	    (values != "" ? ", " values : "") ");"
}

# A time within the days of the settings, or one that has passed.
function moment(to_come) {
	return "UTC_TIMESTAMP() " (to_come ? "+" : "-") " INTERVAL 7 DAY"
}

function grant(email, address, expires) {
	print "INSERT INTO send_as (email, address, expires) VALUES (" \
	    q(email) ", " q(address) ", " (expires ? expires : "NULL") ");"
}

function alias(mail, destination, columns, values) {
	print "INSERT INTO aliases (mail, destination" \
	    (columns ? ", " columns : "") ") VALUES (" q(mail) ", " \
	    q(destination) (values != "" ? ", " values : "") ");"
}

function want(id, name) {
	print id "\t" name >wanted
}

# key(DOMAIN, SELECTOR, STATE, SETS): "seen = NULL" of a row that is right.
function key(d, selector, state, sets) {
	if (kind != "ours")
		return
	print "INSERT INTO dkim_keys SET domain = " q(d) \
	    ", selector = " q(selector) ", algorithm = 'rsa', bits = 2048, " \
	    "state = " q(state) ", public_key = 'AAAA', private_key = " \
	    "IF(state = 'retired', NULL, '-----BEGIN ENCRYPTED PRIVATE " \
	    "KEY-----'), secret_id = " q(secret) ";"
	if (sets != "")
		print "UPDATE dkim_keys SET " sets " WHERE domain = " \
		    q(d) " AND selector = " q(selector) ";"
}

# A domain whose mail a key signs, but for what `rule` has of it.
function plant_key(	d) {
	d = right_domain(new_domain())
	user("u@" d, hash())
	if (rule == "D016")
		key(d, "s", "active", "state_since = UTC_TIMESTAMP() - " \
		    "INTERVAL 366 DAY")
	else if (rule != "D015")
		key(d, "s", "active")
	if (rule == "D017")
		key(d, "t", "active")
	else if (rule == "D018")
		key(d, "t", "pending", "secret_id = '0123456789abcdef'")
	else if (rule == "D019")
		key(d, "t", "pending", "seen = UTC_TIMESTAMP() - INTERVAL " \
		    "8 DAY")
	else if (rule == "D020")
		key(d, "t", "retired", "private_key = " \
		    "'-----BEGIN ENCRYPTED PRIVATE KEY-----'")
	want(rule, d)
}

# A domain that nothing is wrong with.
function right_domain(name, columns, values) {
	domain(name, columns, values)
	alias("postmaster@" tolower(name), some_user())
	alias("abuse@" tolower(name), some_user())
	return name
}

function plant_domain(	d, e) {
	d = new_domain()
	if (rule == "D001") {
		sub(/[.]/, "_.", d)
		domain(d)
	} else if (rule == "D002") {
		right_domain(toupper(d))
		d = toupper(d)
	} else if (rule == "D003") {
		right_domain(d)
		domain(kind == "ours" ? toupper(d) : d)
		if (kind == "ours")
			want("D002", toupper(d))
	} else if (rule == "D004") {
		domain(d)
		alias("abuse@" d, some_user())
	} else if (rule == "D005") {
		domain(d)
		alias("postmaster@" d, some_user())
	} else if (rule == "D006") {
		domain(d, "active", 0)
		user("u@" d, hash())
	} else if (rule == "D007") {
		domain(d, "alias_of", q("gone." d))
	} else if (rule == "D008") {
		domain("off." d, "active", 0)
		user("u@off." d, hash(), "active", 0)
		domain(d, "alias_of", q("off." d))
	} else if (rule == "D009") {
		domain("aka." d, "alias_of", q(some_domain()))
		domain(d, "alias_of", q("aka." d))
	} else if (rule == "D010") {
		right_domain(d, "max_users", 1)
		key(d, "s", "active")
		user("u@" d, hash())
		user("v@" d, hash())
	} else if (rule == "D011") {
		right_domain(d, "max_aliases", 1)
		alias("list@" d, some_user())
	} else if (rule == "D012") {
		domain(d)
		want("D004", d)
		want("D005", d)
	} else if (rule == "D013") {
		domain(d, "alias_of", q(some_domain()))
		user("u@" d, hash())
	} else if (rule == "D014") {
		right_domain(d, "quota", 0)
	}
	want(rule, d)
}

# Hashes that are wrong, each another one.
function bad_hash(	h) {
	h = hash()
	if (rule == "U005") return "''"
	if (rule == "U006") return "*0"
	if (rule == "U007") return "!"
	if (rule == "U008") return "secret " hashes
	if (rule == "U009") return "{FOO}" hashes
	if (rule == "U010") return "{SHA256}" h
	if (rule == "U011") return substr(h, 1, length(h) - 1)
	if (rule == "U012") return sprintf("{SHA}%027d=", hashes)
	if (rule == "U024") return sprintf("$1$%08d$%022d", hashes, 0)
	if (rule == "U013") return hash("$5$rounds=1000$")
	if (rule == "U014") return hash("$5$rounds=999999999$")
	return h
}

function plant_user(	u, h) {
	u = some_name()
	h = bad_hash()
	if (rule == "U001") {
		u = local() "@" new_domain()
		user(u, h)
	} else if (rule == "U002") {
		sub(/@/, " @", u)
		user(u, h)
	} else if (rule == "U003") {
		u = toupper(u)
		user(u, h)
	} else if (rule == "U004") {
		user(u, h)
		user(kind == "ours" ? toupper(u) : u, hash())
		if (kind == "ours")
			want("U003", toupper(u))
	} else if (rule == "U015") {
		user("a" u, h)
		u = "b" u
		user(u, h)
	} else if (rule == "U016") {
		sub(/@/, "+tag@", u)
		user(u, h)
	} else if (rule == "U017") {
		user(u, h)
		alias(u, some_user())
	} else if (rule == "U018") {
		user(u, h, "quota", 0)
	} else if (rule == "U019") {
		user("a" u, h, "home", q("shared/" hashes))
		u = "b" u
		user(u, hash(), "home", q("shared/" hashes - 1))
	} else if (rule == "U020") {
		user(u, h, "home", q("../" u))
	} else if (rule == "U021") {
		user(u, h, "may_login, may_send, may_receive", "0, 0, 0")
	} else if (rule == "U022") {
		user(u, h)
		grant(u, "nobody." u)
	} else if (rule == "U023") {
		user(u, h, "may_send", 0)
		grant(u, some_user())
	} else if (rule == "U026" || rule == "U027") {
		user(u, h, "expires", moment(rule == "U026"))
	} else if (rule == "U028" || rule == "U029") {
		user(u, h)
		grant(u, some_user(), moment(rule == "U028"))
	} else {
		user(u, h)
	}
	want(rule, u)
}

# many(MAIL, DESTINATION, TO): for each number 1 to TO; both are SQL.
function many(mail, destination, to) {
	print "INSERT INTO aliases (mail, destination) SELECT " mail ", " \
	    destination " FROM seq_1_to_" to ";"
}

# A thousand aliases, one behind the other.
function chain(a) {
	alias(a, "c1." a)
	many("CONCAT('c', seq, '." a "')", "CONCAT('c', seq + 1, '." a "')",
	    998)
	alias("c999." a, some_user())
}

function plant_alias(	a, b, i) {
	a = some_name()
	if (rule == "A001") {
		a = local() "@" new_domain()
		alias(a, some_user())
	} else if (rule == "A002") {
		sub(/@/, " @", a)
		alias(a, some_user())
	} else if (rule == "A003") {
		a = toupper(a)
		alias(a, some_user())
	} else if (rule == "A004") {
		alias(a, "b o@elsewhere.example")
	} else if (rule == "A005") {
		alias(a, "Bo@Elsewhere.example")
	} else if (rule == "A006") {
		alias(a, some_user() "," some_user())
	} else if (rule == "A007") {
		alias(a, "root")
	} else if (rule == "A008") {
		alias(a, made % 2 ? "|/bin/true" : "/var/mail/bo")
	} else if (rule == "A009") {
		alias(a, "nobody" some_name())
	} else if (rule == "A010") {
		b = some_name()
		user(b, hash(), made % 2 ? "active" : "may_receive", 0)
		alias(a, b)
	} else if (rule == "A011") {
		b = new_domain()
		domain(b, "active", 0)
		user("u@" b, hash(), "active", 0)
		alias(a, "u@" b)
	} else if (rule == "A012") {
		b = some_name()
		alias(a, b)
		alias(b, a)
		if (b < a)
			a = b
	} else if (rule == "A013") {
		many(q(a), "CONCAT('e', seq, '@elsewhere.example')", 1001)
	} else if (rule == "A014") {
		chain(a)
	} else if (rule == "A015") {
		b = some_user()
		alias(a, b)
		alias(a, kind == "ours" ? toupper(b) : b)
		if (kind == "ours")
			want("A005", a)
	} else if (rule == "A016") {
		b = right_domain(new_domain())
		key(b, "s", "active")
		user("u@" b, hash())
		a = "@" b
		alias(a, some_user())
	} else if (rule == "A017") {
		alias(a, a)
	} else if (rule == "A018") {
		b = some_user()
		i = "aka" new_domain()
		domain(i, "alias_of", q(substr(b, index(b, "@") + 1)))
		sub(/@.*/, "@" i, b)
		alias(a, b)
	} else if (rule == "A024" || rule == "A025") {
		alias(a, some_user(), "expires", moment(rule == "A024"))
	}
	want(rule, a)
}

BEGIN {
	srand(seed)
	for (i = 0; i < 43; i++)
		digest = digest "A"
	print "SET check_constraint_checks = 0, foreign_key_checks = 0;"
	print "START TRANSACTION;"
	n = split(rules, id, " ")
	for (i = 1; i <= n; i++) {
		rule = id[i]
		for (k = 0; k < each; k++) {
			if (rule ~ /^D01[5-9]|^D020/) plant_key()
			else if (rule ~ /^D/) plant_domain()
			if (rule ~ /^U/) plant_user()
			if (rule ~ /^A/) plant_alias()
		}
	}
	print "COMMIT;"
}
