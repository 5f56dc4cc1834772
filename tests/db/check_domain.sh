# mailadm check: the rules of domains.
. tests/lib.sh
. tests/db/lib-check.sh
server_start && fresh
server_database=
accounts_sql '' >"$T/grants.sql"
sql "source $T/grants.sql; ALTER USER mailadm_check@localhost IDENTIFIED BY ''"

t 'nothing is found where nothing is wrong, ours or not' '
	clean && found "" && foreign && found ""'

t 'D001: a name that is no domain name' '
	clean && plant "INSERT INTO domains (domain) VALUES (\"x_y.org\"),
	    (\"localhost\"), (\"ok.x.org\")" &&
	found "D001 localhost
D001 x_y.org
D004 ok.x.org
D005 ok.x.org
D012 ok.x.org" &&
	says D001 "invalid domain .x_y.org.: character ._. is not allowed"'

t 'D001: NULL and the empty name are none either' '
	foreign && plant "INSERT INTO domains VALUES (NULL), (\"\")" &&
	found "D001
D001"'

t 'D001: who is in such a domain is not found once more for that' '
	foreign && plant "INSERT INTO domains VALUES (\"x_y.org\");
	    INSERT INTO users VALUES (\"bo@x_y.org\", \"$HASH\")" &&
	found "D001 x_y.org"'

t 'D002: capitals, blanks and U-labels, and who is in it is at home' '
	foreign && plant "INSERT INTO domains VALUES (\"Y.org\"),
	    (\" z.org \"), (\"bücher.example\");
	    INSERT INTO users SELECT CONCAT(\"postmaster@\", d),
	    CONCAT(LEFT(\"$HASH\", 33), RPAD(d, 42, \"x\"), \"A\")
	    FROM (SELECT \"y.org\" AS d UNION SELECT \"z.org\"
	    UNION SELECT \"xn--bcher-kva.example\") AS domains" &&
	found_as root --ignore D005 --ignore U011 &&
	is "$found_out" "D002 _z.org_
D002 Y.org
D002 bücher.example" &&
	says D002 "must be written as xn--bcher-kva.example"'

t 'D003: a domain in two spellings, and one that exists twice' '
	foreign && plant "INSERT INTO domains VALUES (\"X.org\"),
	    (\"y.org\"), (\"y.org\"), (\"y.org\"),
	    (\"xn--bcher-kva.example\"), (\"Bücher.example\")" &&
	found_as root --rule D003 && is "$found_out" "D003 x.org
D003 xn--bcher-kva.example
D003 y.org" &&
	says D003 "domain x.org exists twice, once as .X.org." &&
	says D003 "domain y.org exists twice$"'

t 'D004, D005: postmaster and abuse are missing' '
	clean && plant "DELETE FROM aliases" &&
	found "D004 x.org
D005 x.org" &&
	says D004 "postmaster@x.org is missing"'

t 'D004, D005: a user, an alias, a catch-all receive it' '
	foreign && plant "INSERT INTO domains VALUES (\"y.org\"), (\"z.org\");
	    INSERT INTO users VALUES (\"postmaster@y.org\", \"!\"),
	    (\"abuse@y.org\", \"!\");
	    INSERT INTO aliases VALUES (\"@z.org\", \"anna@x.org\")" &&
	found_as root --rule D004 --rule D005 && is "$found_out" ""'

t 'D004: what is disabled receives nothing, and no catch-all instead' '
	clean && plant "UPDATE aliases SET active = 0
	    WHERE mail = \"postmaster@x.org\";
	    INSERT INTO aliases (mail, destination)
	    VALUES (\"@x.org\", \"anna@x.org\")" &&
	found_as root --rule D004 && is "$found_out" "D004 x.org"'

t 'D004: who may not receive mail does not receive it' '
	clean && plant "DELETE FROM aliases WHERE mail = \"postmaster@x.org\";
	    INSERT INTO users (email, crypt, may_receive)
	    VALUES (\"postmaster@x.org\", \"!\", 0)" &&
	found_as root --rule D004 && is "$found_out" "D004 x.org" &&
	plant "UPDATE users SET may_receive = 1, may_login = 0" &&
	found_as root --rule D004 && is "$found_out" ""'

t 'D004: a disabled domain needs no postmaster' '
	clean && plant "INSERT INTO domains (domain, active)
	    VALUES (\"y.org\", 0)" && found "D012 y.org"'

t 'D004: an alias domain has the postmaster of its target' '
	clean && plant "INSERT INTO domains (domain, alias_of)
	    VALUES (\"aka.org\", \"x.org\")" && found "" &&
	plant "DELETE FROM aliases WHERE mail = \"postmaster@x.org\"" &&
	found "D004 aka.org
D004 x.org" &&
	plant "INSERT INTO aliases (mail, destination)
	    VALUES (\"@x.org\", \"anna@x.org\")" &&
	found_as root --rule D004 && is "$found_out" "" &&
	plant "INSERT INTO aliases (mail, destination, active)
	    VALUES (\"postmaster@aka.org\", \"anna@x.org\", 0)" &&
	found_as root --rule D004 && is "$found_out" "D004 aka.org"'

t 'D006: a disabled domain with users who are not' '
	clean && plant "UPDATE domains SET active = 0" &&
	found_as root --rule D006 && is "$found_out" "D006 x.org" &&
	says D006 "has 1 enabled user" &&
	plant "UPDATE users SET active = 0" &&
	found_as root --rule D006 && is "$found_out" ""'

t 'D007, D008, D009: a target that is missing, disabled, or an alias' '
	clean && plant "INSERT INTO domains (domain, active, alias_of) VALUES
	    (\"a.org\", 1, \"none.org\"), (\"off.org\", 0, NULL),
	    (\"b.org\", 1, \"off.org\"), (\"c.org\", 0, \"off.org\"),
	    (\"ok.org\", 1, \"x.org\"), (\"d.org\", 1, NULL),
	    (\"self.org\", 1, NULL)" &&
	plant "DROP TRIGGER domains_update_rules;
	    UPDATE domains SET alias_of = \"ok.org\" WHERE domain = \"d.org\";
	    UPDATE domains SET alias_of = domain WHERE domain = \"self.org\"" &&
	found "D007 a.org
D008 b.org
D009 d.org
D009 self.org
D012 off.org" &&
	says D007 "a.org is an alias of none.org, which does not exist" &&
	says D009 "d.org is an alias of ok.org, which is an alias domain"'
fresh

t 'D010, D011: more than a domain may have, and just as many' '
	clean && plant "UPDATE domains SET max_users = 0, max_aliases = 0" &&
	found "D010 x.org
D011 x.org" &&
	says D010 "has 1 user, 0 allowed" &&
	says D011 "has 1 alias, 0 allowed" &&
	plant "UPDATE domains SET max_users = 1, max_aliases = 1" && found ""'

t 'D011: postmaster@ does not count, and an address counts once' '
	clean && plant "UPDATE domains SET max_aliases = 1;
	    INSERT INTO aliases (mail, destination)
	    VALUES (\"postmaster@x.org\", \"bo@elsewhere.example\"),
	    (\"abuse@x.org\", \"bo@elsewhere.example\")" && found ""'

t 'D012: a domain without anything in it' '
	foreign && plant "INSERT INTO domains VALUES (\"y.org\")" &&
	found "D004 y.org
D005 y.org
D012 y.org"'

t 'D013: users of an alias domain, who receive no mail' '
	clean && plant "INSERT INTO domains (domain) VALUES (\"aka.org\");
	    INSERT INTO users (email, crypt) VALUES (\"bo@aka.org\", \"!\")" &&
	plant "DROP TRIGGER domains_update_rules;
	    UPDATE domains SET alias_of = \"x.org\"
	    WHERE domain = \"aka.org\"" &&
	found "D013 aka.org
U007 bo@aka.org"'
fresh

t 'D014: limits that are negative or too large' '
	foreign && plant "ALTER TABLE domains ADD quota BIGINT,
	    ADD max_users INT;
	    INSERT INTO domains VALUES (\"a.org\", -1, NULL),
	    (\"b.org\", 1152921504606846977, 0), (\"c.org\", 5, -1),
	    (\"d.org\", 0, 0), (\"e.org\", 1152921504606846976, 3)" &&
	found_as root --rule D014 --rule D010 && is "$found_out" "D014 a.org
D014 b.org
D014 c.org" &&
	says D014 "quota of -1 bytes" && says D014 "negative limit"'

t 'every rule of domains is asked without a look at hashes' '
	clean && plant "DELETE FROM aliases; UPDATE domains SET max_users = 0;
	    INSERT INTO domains (domain) VALUES (\"Y.org\"), (\"x_y.org\")" &&
	found_as mailadm_check && is "$found_out" "D001 x_y.org
D002 Y.org
D004 x.org
D004 y.org
D005 x.org
D005 y.org
D010 x.org
D012 y.org" && unlike "$err" "not checked: D"'

finish
