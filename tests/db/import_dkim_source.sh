#!/bin/sh
# mailadm import dkim from the databases of other programs.
# shellcheck disable=SC2016,SC2119,SC2154 # t evaluates the code
. tests/lib.sh
. tests/db/lib-dkim.sh

server_start --general-log=1
fresh
secret_make
umask 077

# The account of the source may only read it.
server_sql -e "CREATE USER reader@localhost IDENTIFIED BY 'of reader';
	GRANT SELECT ON old.* TO reader@localhost"
cat >"$T/old.cnf" <<END
[client]
socket=$server_socket
[mailadm-source]
user=reader
password="of reader"
database=old
END

openssl genrsa -out "$T/rsa.pem" 2048 2>"$T/said"
openssl genpkey -algorithm ed25519 -out "$T/ed.pem"
rsa=$(cat "$T/rsa.pem")
ed=$(cat "$T/ed.pem")

start_again() {
	sql 'DELETE FROM dkim_keys; DELETE FROM history; DELETE FROM domains' &&
	mailadm -q domain add x.example && mailadm -q domain add y.example &&
	server_sql -e 'DROP DATABASE IF EXISTS old; CREATE DATABASE old'
}

old_sql() {
	server_sql --database=old -e "$1"
}

import() { # [ARGUMENT...]
	run mailadm import dkim --source-defaults-file "$T/old.cnf" "$@"
}

reported() { # DOMAIN WHAT [WHY]
	awk -F '\t' -v domain="$1" -v what="$2" -v why="$3" '
		$1 == domain && $7 == what && index($8, why) { found = 1 }
		END { exit !found }' "$T/out" || {
		t_notes="reported: $1: $2: $3"
		return 1
	}
}

t 'PostfixAdmin 4: dkim and dkim_signing' '
	start_again && old_sql "CREATE TABLE domain (
		domain varchar(255) NOT NULL PRIMARY KEY) ENGINE=InnoDB;
	    CREATE TABLE dkim (id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
		domain_name varchar(255) NOT NULL,
		description varchar(255) DEFAULT \"\",
		selector varchar(63) NOT NULL DEFAULT \"default\",
		private_key text, public_key text,
		created datetime, modified datetime,
		INDEX(domain_name, description), FOREIGN KEY (domain_name)
		    REFERENCES domain (domain) ON DELETE CASCADE)
		ENGINE=InnoDB;
	    CREATE TABLE dkim_signing (
		id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
		author varchar(255) NOT NULL DEFAULT \"\",
		dkim_id integer NOT NULL, created datetime, modified datetime,
		INDEX(author), FOREIGN KEY (dkim_id) REFERENCES dkim (id)
		    ON DELETE CASCADE) ENGINE=InnoDB;
	    INSERT INTO domain VALUES (\"x.example\"), (\"y.example\"),
		(\"z.example\");
	    INSERT INTO dkim (domain_name, selector, private_key) VALUES
		(\"x.example\", \"mail\", \"$rsa\"),
		(\"y.example\", \"default\", \"$ed\"),
		(\"z.example\", \"default\", \"$ed\");
	    INSERT INTO dkim_signing (author, dkim_id) VALUES
		(\"x.example\", 1), (\"*@z.example\", 3)" &&
	import -v && status 0 && lines "$out" 3 &&
	keys "x.example mail pending yes" && reported x.example added &&
	reported y.example "left out" "nothing in dkim_signing" &&
	reported z.example "left out" "does not exist" &&
	like "$err" "read: PostfixAdmin 4, by its columns dkim.domain_name" &&
	like "$out" "	dkim.private_key	added"'

t 'imported again it changes nothing' '
	import && status 0 && reported x.example unchanged'

t 'no key in clear is shown, or in the logs of the server' '
	sql "DELETE FROM dkim_keys; FLUSH LOGS" &&
	log=$(grep -l "CREATE TABLE dkim_signing" "$T"/db/data/*.log |
	    grep -v ddl_) &&
	before=$(wc -c <"$log") &&
	import --show-sql && status 0 && reported x.example added &&
	part=$(sed -n 3p "$T/rsa.pem") && [ ${#part} -eq 64 ] &&
	unlike "$out$err" "$part" && sql "FLUSH LOGS" &&
	tail -c +"$before" "$log" >"$T/log" &&
	grep -q "INSERT INTO dkim_keys" "$T/log" &&
	! grep -Fq "$part" "$T/log"'

t 'a prefix of the tables' '
	start_again && old_sql "CREATE TABLE pfa_dkim_keys (
		id int NOT NULL PRIMARY KEY, domain varchar(255),
		selector varchar(63), private_key text);
	    INSERT INTO pfa_dkim_keys VALUES (1, \"x.example\", \"s\",
		\"$ed\")" &&
	import && status 4 && like "$err" "no table of DKIM keys" &&
	import --table-prefix pfa_ && status 0 &&
	keys "x.example s pending yes"'

t 'ISPConfig: mail_domain' '
	start_again && old_sql "CREATE TABLE mail_domain (
		domain_id int(11) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
		server_id int(11) unsigned NOT NULL DEFAULT 0,
		domain varchar(255) NOT NULL DEFAULT \"\",
		dkim enum(\"n\",\"y\") NOT NULL DEFAULT \"n\",
		dkim_selector varchar(63) NOT NULL DEFAULT \"default\",
		dkim_private mediumtext, dkim_public mediumtext,
		active enum(\"n\",\"y\") NOT NULL DEFAULT \"n\") ENGINE=InnoDB;
	    INSERT INTO mail_domain (domain, dkim, dkim_selector,
		dkim_private, active) VALUES
		(\"x.example\", \"y\", \"default\", \"$rsa\", \"y\"),
		(\"y.example\", \"n\", \"default\", \"$ed\", \"y\"),
		(\"z.example\", \"n\", \"default\", NULL, \"y\")" &&
	import && status 0 && lines "$out" 2 &&
	keys "x.example default pending yes" &&
	reported y.example "left out" "switched off"'

froxlor() { # VALUE OF settinggroup
	old_sql "CREATE TABLE panel_domains (
		id int(11) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
		domain varchar(255) NOT NULL,
		dkim tinyint(1) NOT NULL default 0,
		dkim_id int(11) unsigned NOT NULL default 0,
		dkim_privkey text, dkim_pubkey text) ENGINE=InnoDB;
	    CREATE TABLE panel_settings (
		settingid int(11) unsigned NOT NULL auto_increment PRIMARY KEY,
		settinggroup varchar(255) NOT NULL default '',
		varname varchar(255) NOT NULL default '',
		value text NOT NULL) ENGINE=InnoDB;
	    INSERT INTO panel_settings (settinggroup, varname, value) VALUES
		('$1', 'dkim_keylength', '1024');
	    INSERT INTO panel_domains (domain, dkim, dkim_id, dkim_privkey)
		VALUES ('x.example', 1, 7, '$rsa'), ('y.example', 0, 0, '')"
}

t 'Froxlor 2.2: panel_domains, whose selector is a number' '
	start_again && froxlor antispam && import && status 0 &&
	lines "$out" 1 && keys "x.example dkim7 pending yes"'

t 'Froxlor before: a selector that DKIM does not allow' '
	start_again && froxlor dkim && import && status 0 && keys &&
	reported x.example "left out" dkim_7'

t 'Modoboa: admin_domain names files, in the directory that is given' '
	start_again && old_sql "CREATE TABLE admin_domain (
		id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
		name varchar(100) NOT NULL, enable_dkim tinyint(1) NOT NULL,
		dkim_key_selector varchar(30) NOT NULL,
		dkim_key_length int(10) unsigned,
		dkim_public_key longtext NOT NULL,
		dkim_private_key_path varchar(254) NOT NULL) ENGINE=InnoDB;
	    INSERT INTO admin_domain (name, enable_dkim, dkim_key_selector,
		dkim_public_key, dkim_private_key_path) VALUES
		(\"x.example\", 1, \"modoboa\", \"\",
		    \"/var/lib/dkim/x.example.pem\"),
		(\"y.example\", 1, \"modoboa\", \"\", \"$T/rsa.pem\")" &&
	import && status 0 && keys &&
	reported x.example "left out" "name the directory of the keys" &&
	mkdir -p "$T/dkim" && cp "$T/ed.pem" "$T/dkim/x.example.pem" &&
	import "$T/dkim" && status 0 && keys "x.example modoboa pending yes" &&
	reported y.example "left out" "not in a directory that was named"'

t 'jeboehm/docker-mailserver: mail_domains' '
	start_again && old_sql "CREATE TABLE mail_domains (
		id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
		name varchar(255) NOT NULL, dkim_enabled tinyint(1) NOT NULL,
		dkim_selector varchar(255) NOT NULL,
		dkim_private_key longtext NOT NULL) ENGINE=InnoDB;
	    INSERT INTO mail_domains VALUES
		(1, \"x.example\", 1, \"s1\", \"$rsa\"),
		(2, \"y.example\", 0, \"s1\", \"\")" &&
	import && status 0 && lines "$out" 1 &&
	keys "x.example s1 pending yes"'

t 'Group-Office: community_maildomains_dkim_key' '
	start_again && old_sql "CREATE TABLE community_maildomains_domain (
		id int(11) unsigned auto_increment PRIMARY KEY,
		domain varchar(190) NOT NULL);
	    CREATE TABLE community_maildomains_dkim_key (
		domainId int(11) unsigned not null,
		selector varchar(190) default \"\" not null,
		publicKey text default \"\" not null, privateKey text null,
		status smallint unsigned default 0 null,
		enabled bool default false not null,
		primary key (selector, domainId));
	    INSERT INTO community_maildomains_domain VALUES (3, \"x.example\");
	    INSERT INTO community_maildomains_dkim_key (domainId, selector,
		privateKey) VALUES (3, \"mail\", \"$rsa\")" &&
	import && status 0 && keys "x.example mail pending yes"'

t 'tables for OpenDKIM, as its guides call them' '
	for place in dkim.domain_name dkim_keys.domain dkimkeys.domain_name; do
		start_again && old_sql "CREATE TABLE ${place%.*} (
			id int NOT NULL PRIMARY KEY,
			${place#*.} varchar(255), selector varchar(63),
			private_key text);
		    INSERT INTO ${place%.*} VALUES
			(1, \"X.example\", \"mail\", \"$rsa\"),
			(2, \"y.example\", \"mail\", \"$(grep -v -- -- \
			    "$T/rsa.pem" | tr -d "\n")\")" &&
		import && status 0 && lines "$out" 2 &&
		keys "x.example mail pending yes" \
		    "y.example mail pending yes" || return 1
	done'

t 'a cell that is no key is named by its column, and not shown' '
	start_again && old_sql "CREATE TABLE dkim (id int PRIMARY KEY,
		domain_name varchar(255), selector varchar(63),
		private_key mediumtext);
	    INSERT INTO dkim VALUES (1, \"x.example\", \"s\", \"hunter2\"),
		(2, \"y.example\", \"s\", REPEAT(\"hunter2 \", 100000)),
		(3, NULL, NULL, NULL)" &&
	import && status 0 && lines "$out" 3 && keys &&
	unlike "$out$err" hunter2 &&
	reported x.example "left out" "no private key" &&
	reported y.example "left out" "too large"'

t 'a database of mailadm is refused, since its keys are encrypted' '
	mailadm -q dkim add x.example --algorithm ed25519 >"$T/said" &&
	server_sql -e "GRANT SELECT ON $server_database.*
	    TO reader@localhost" &&
	import --source-database "$server_database" && status 6 &&
	like "$err" "mailadm dkim export"'

t 'the source is only read, with its own account' '
	start_again && import --source-database nothing && status 9 &&
	run mailadm import dkim --source-defaults-file "$T/none" && status 4 &&
	cp "$T/old.cnf" "$T/open.cnf" && chmod 644 "$T/open.cnf" &&
	run mailadm import dkim --source-defaults-file "$T/open.cnf" &&
	status 9 && like "$err" "chmod 600"'

finish
