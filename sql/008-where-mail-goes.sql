-- Where mail goes: domains that are passed on and the ways out, what expires,
-- patterns and blocks, aliases for some writers only, limits and archives.
--
-- A check of a table would copy a million rows; one of a column does not.

-- The ways out: servers that take mail of users or domains, with a login.
-- Two logins at one server differ in pad: so many zeros before the port make
-- another next hop of it, by which Postfix finds the login.
CREATE TABLE IF NOT EXISTS `relays` (
	name VARCHAR(64) NOT NULL PRIMARY KEY,
	host VARCHAR(253) NOT NULL,
	port SMALLINT UNSIGNED NOT NULL DEFAULT 587,
	login VARCHAR(255) NULL,
	tls VARCHAR(16) NOT NULL DEFAULT 'secure',
	pad TINYINT UNSIGNED NOT NULL DEFAULT 0,
	created DATETIME NOT NULL DEFAULT UTC_TIMESTAMP(),
	modified DATETIME NOT NULL DEFAULT UTC_TIMESTAMP(),
	UNIQUE KEY next_hop (host, port, pad),
	CONSTRAINT relay_name CHECK (name REGEXP '(?-imsx)^[a-z0-9]([a-z0-9_-]{0,62}[a-z0-9])?(?!(?s:.))'),
	CONSTRAINT relay_host CHECK (host REGEXP '(?-imsx)^[a-z0-9]([a-z0-9.:-]*[a-z0-9])?(?!(?s:.))'),
	CONSTRAINT relay_port CHECK (port > 0),
	CONSTRAINT relay_login CHECK (login REGEXP '(?-imsx)^[^:[:cntrl:]]+(?!(?s:.))'),
	CONSTRAINT relay_tls CHECK (tls IN ('secure', 'verify', 'encrypt', 'dane-only', 'may'))
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
    COMMENT = 'mailadm';

-- Its passwords.  No history holds them, so here a cascade hides nothing.
CREATE TABLE IF NOT EXISTS `relay_secrets` (
	name VARCHAR(64) NOT NULL PRIMARY KEY,
	secret VARCHAR(255) NOT NULL,
	CONSTRAINT relay_secrets_name FOREIGN KEY (name)
	    REFERENCES `relays` (name) ON DELETE CASCADE ON UPDATE CASCADE,
	CONSTRAINT secret_given CHECK (secret REGEXP '(?-imsx)^[^[:cntrl:]]+(?!(?s:.))')
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
    COMMENT = 'mailadm';

-- relay_to: the server that has the mailboxes of the domain; accepts: all
-- names, or those that it knows when it is asked; NULL: those of recipients.
-- transport: the way to the mailboxes, in Postfix's form; NULL: the usual one.
-- send_limit: recipients in an hour, what its users get; NULL is none.
-- bcc_in, bcc_out: who gets a copy of all mail for or of its users.
ALTER TABLE `domains`
	ADD COLUMN IF NOT EXISTS relay_to VARCHAR(261) NULL
	    CHECK (relay_to REGEXP '(?-imsx)^([a-z0-9._-]+|\\[[a-z0-9.:_-]+\\])(:[1-9][0-9]{0,4})?(?!(?s:.))'),
	ADD COLUMN IF NOT EXISTS accepts VARCHAR(6) NULL
	    CHECK (accepts IN ('all', 'verify')),
	ADD COLUMN IF NOT EXISTS transport VARCHAR(255) NULL
	    CHECK (transport REGEXP '(?-imsx)^[a-z0-9][a-z0-9_.-]*:[!-~]*(?!(?s:.))'),
	ADD COLUMN IF NOT EXISTS send_through VARCHAR(64) NULL,
	ADD COLUMN IF NOT EXISTS send_limit BIGINT UNSIGNED NULL
	    CHECK (send_limit BETWEEN 1 AND 9223372036854775807),
	ADD COLUMN IF NOT EXISTS bcc_in VARCHAR(254) NULL
	    CHECK (bcc_in REGEXP '(?-imsx)^(?=[^@]{1,64}@)[a-z0-9!#$&''*+=?^_`{}~][a-z0-9!#$&''*+=?^_`{}~-]*([.][a-z0-9!#$&''*+=?^_`{}~-]+)*@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?[.])+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(?!(?s:.))'),
	ADD COLUMN IF NOT EXISTS bcc_out VARCHAR(254) NULL
	    CHECK (bcc_out REGEXP '(?-imsx)^(?=[^@]{1,64}@)[a-z0-9!#$&''*+=?^_`{}~][a-z0-9!#$&''*+=?^_`{}~-]*([.][a-z0-9!#$&''*+=?^_`{}~-]+)*@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?[.])+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(?!(?s:.))'),
	ADD KEY IF NOT EXISTS send_through (send_through),
	ADD KEY IF NOT EXISTS bcc_in (bcc_in),
	ADD KEY IF NOT EXISTS bcc_out (bcc_out);

-- expires: from this moment (UTC) on the user is as if disabled.
ALTER TABLE `users`
	ADD COLUMN IF NOT EXISTS send_through VARCHAR(64) NULL,
	ADD COLUMN IF NOT EXISTS send_limit BIGINT UNSIGNED NULL
	    CHECK (send_limit BETWEEN 1 AND 9223372036854775807),
	ADD COLUMN IF NOT EXISTS bcc_in VARCHAR(254) NULL
	    CHECK (bcc_in REGEXP '(?-imsx)^(?=[^@]{1,64}@)[a-z0-9!#$&''*+=?^_`{}~][a-z0-9!#$&''*+=?^_`{}~-]*([.][a-z0-9!#$&''*+=?^_`{}~-]+)*@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?[.])+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(?!(?s:.))'),
	ADD COLUMN IF NOT EXISTS bcc_out VARCHAR(254) NULL
	    CHECK (bcc_out REGEXP '(?-imsx)^(?=[^@]{1,64}@)[a-z0-9!#$&''*+=?^_`{}~][a-z0-9!#$&''*+=?^_`{}~-]*([.][a-z0-9!#$&''*+=?^_`{}~-]+)*@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?[.])+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(?!(?s:.))'),
	ADD COLUMN IF NOT EXISTS expires DATETIME NULL,
	ADD KEY IF NOT EXISTS send_through (send_through),
	ADD KEY IF NOT EXISTS bcc_in (bcc_in),
	ADD KEY IF NOT EXISTS bcc_out (bcc_out),
	ADD KEY IF NOT EXISTS expires (expires);

-- All rows have NULL in the new columns, so that nothing need be looked for;
-- without the look no table is copied.
SET STATEMENT foreign_key_checks = 0 FOR
ALTER TABLE `domains`
	ADD CONSTRAINT domains_send_through FOREIGN KEY IF NOT EXISTS
	    (send_through) REFERENCES `relays` (name);
SET STATEMENT foreign_key_checks = 0 FOR
ALTER TABLE `users`
	ADD CONSTRAINT users_send_through FOREIGN KEY IF NOT EXISTS
	    (send_through) REFERENCES `relays` (name);

-- expires is of one row, as active is.  writers: who may write to the
-- address; NULL is anyone.  may_send: the users that it reaches may send as
-- it.  These two, as the note, are the same in all rows of the address.
ALTER TABLE `aliases`
	ADD COLUMN IF NOT EXISTS expires DATETIME NULL,
	ADD COLUMN IF NOT EXISTS writers VARCHAR(7) NULL
	    CHECK (writers IN ('users', 'domain', 'members')),
	ADD COLUMN IF NOT EXISTS may_send BOOLEAN NOT NULL DEFAULT 1
	    CHECK (may_send IN (0, 1)),
	ADD KEY IF NOT EXISTS expires (expires);

ALTER TABLE `send_as`
	ADD COLUMN IF NOT EXISTS expires DATETIME NULL AFTER address,
	ADD KEY IF NOT EXISTS expires (expires);

-- The names that a relay domain's own server has.
CREATE TABLE IF NOT EXISTS `recipients` (
	address VARCHAR(254) NOT NULL PRIMARY KEY,
	note VARCHAR(255) NULL,
	created DATETIME NOT NULL DEFAULT UTC_TIMESTAMP(),
	modified DATETIME NOT NULL DEFAULT UTC_TIMESTAMP(),
	domain VARCHAR(253) AS (SUBSTRING_INDEX(address, '@', -1)) PERSISTENT,
	KEY domain (domain),
	CONSTRAINT recipients_domain FOREIGN KEY (domain)
	    REFERENCES `domains` (domain),
	CONSTRAINT recipient_canonical CHECK (address REGEXP '(?-imsx)^(?=[^@]{1,64}@)[a-z0-9!#$&''*+=?^_`{}~][a-z0-9!#$&''*+=?^_`{}~-]*([.][a-z0-9!#$&''*+=?^_`{}~-]+)*@[a-z0-9.-]+(?!(?s:.))')
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
    COMMENT = 'mailadm';

-- Aliases with * for any letters: asked for names that nobody has, the one
-- with the most other letters first.  local_like is the pattern for LIKE with
-- | as the escape.
CREATE TABLE IF NOT EXISTS `patterns` (
	domain VARCHAR(253) NOT NULL,
	local VARCHAR(64) NOT NULL,
	destination VARCHAR(254) NOT NULL,
	active BOOLEAN NOT NULL DEFAULT 1,
	note VARCHAR(255) NULL,
	created DATETIME NOT NULL DEFAULT UTC_TIMESTAMP(),
	modified DATETIME NOT NULL DEFAULT UTC_TIMESTAMP(),
	local_like VARCHAR(128) AS (REPLACE(REPLACE(REPLACE(local, '|', '||'),
	    '_', '|_'), '*', '%')) PERSISTENT,
	weight TINYINT UNSIGNED AS (CHAR_LENGTH(REPLACE(local, '*', '')))
	    PERSISTENT,
	PRIMARY KEY (domain, local, destination),
	KEY destination (destination),
	CONSTRAINT patterns_domain FOREIGN KEY (domain)
	    REFERENCES `domains` (domain),
	CONSTRAINT local_pattern CHECK (local REGEXP '(?-imsx)^(?=[^*]*[*])(?!(?s:.*)[*][*])(?!([*]+)(?!(?s:.)))[a-z0-9!#$&''*=?^_`{}~][a-z0-9!#$&''*=?^_`{}~-]*([.][a-z0-9!#$&''*=?^_`{}~-]+)*(?!(?s:.))'),
	CONSTRAINT destination_canonical CHECK (destination REGEXP '(?-imsx)^(?=[^@]{1,64}@)[a-z0-9!#$&''*+=?^_`{}~][a-z0-9!#$&''*+=?^_`{}~-]*([.][a-z0-9!#$&''*+=?^_`{}~-]+)*@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?[.])+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(?!(?s:.))'),
	CONSTRAINT active_flag CHECK (active IN (0, 1))
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
    COMMENT = 'mailadm';

-- Names that are refused though something would take them.
CREATE TABLE IF NOT EXISTS `blocks` (
	address VARCHAR(254) NOT NULL PRIMARY KEY,
	note VARCHAR(255) NULL,
	created DATETIME NOT NULL DEFAULT UTC_TIMESTAMP(),
	modified DATETIME NOT NULL DEFAULT UTC_TIMESTAMP(),
	domain VARCHAR(253) AS (SUBSTRING_INDEX(address, '@', -1)) PERSISTENT,
	KEY domain (domain),
	CONSTRAINT blocks_domain FOREIGN KEY (domain)
	    REFERENCES `domains` (domain),
	CONSTRAINT block_canonical CHECK (address REGEXP '(?-imsx)^(?=[^@]{1,64}@)[a-z0-9!#$&''*+=?^_`{}~][a-z0-9!#$&''*+=?^_`{}~-]*([.][a-z0-9!#$&''*+=?^_`{}~-]+)*@[a-z0-9.-]+(?!(?s:.))')
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
    COMMENT = 'mailadm';

-- How many recipients a user has sent to in a slot of 300 seconds; slot 0 is
-- the row that is locked first.  `mailadm policy` writes it: without a key to
-- users, which would lock them, and without history, since no admin does.
CREATE TABLE IF NOT EXISTS `send_usage` (
	email VARCHAR(254) NOT NULL,
	slot BIGINT UNSIGNED NOT NULL,
	n INT UNSIGNED NOT NULL,
	PRIMARY KEY (email, slot),
	KEY slot (slot, n)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
    COMMENT = 'mailadm';

-- The triggers, with the new columns.

DELIMITER //

-- See sql/007-history-rights.sql.

CREATE OR REPLACE TRIGGER changes_update
BEFORE UPDATE ON `changes` FOR EACH ROW
BEGIN
DECLARE moment DATETIME DEFAULT TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
    UNIX_TIMESTAMP(SYSDATE()) SECOND;
DECLARE written, given, fresh BIGINT UNSIGNED;
IF NOT (NEW.connection <=> OLD.connection) THEN
	SET NEW.connection = NULL;
END IF;
IF (NEW.users_to_add IS NOT NULL OR NEW.aliases_to_add IS NOT NULL) AND
    (@@insert_id <> 0 OR NOT (OLD.connection <=> CONNECTION_ID() AND
    OLD.account <=> USER())) THEN
	SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
	    'this change is not open here';
END IF;
SET @mailadm_added = 0;
IF NEW.users_to_add IS NOT NULL THEN
	SET fresh = JSON_VALUE(NEW.users_to_add, '$.fresh');
	INSERT INTO homes (home, email) SELECT j.home, j.email FROM
	    JSON_TABLE(NEW.users_to_add, '$.rows[*]' COLUMNS (
	    email VARCHAR(254) CHARACTER SET utf8mb4
		COLLATE utf8mb4_nopad_bin PATH '$[0]' ERROR ON ERROR,
	    home VARCHAR(400) CHARACTER SET utf8mb4
		COLLATE utf8mb4_nopad_bin PATH '$[14]' ERROR ON ERROR)) AS j
	    ON DUPLICATE KEY UPDATE
	    email = IF(fresh IS NULL, VALUE(email), homes.email),
	    given = IF(fresh IS NULL, UTC_TIMESTAMP(),
		homes.given - INTERVAL 1 SECOND);
	SET given = ROW_COUNT();
END IF;
IF NEW.users_to_add IS NOT NULL AND COALESCE(given = fresh, TRUE) THEN
	SET STATEMENT foreign_key_checks = 0 FOR INSERT INTO users
	    (email, crypt, active, may_login, may_send, may_receive, name,
	    quota, note, send_through, send_limit, bcc_in, bcc_out, expires,
	    home, created, modified, recorded)
	    SELECT j.email, j.crypt, j.active, j.may_login, j.may_send,
	    j.may_receive, j.name, j.quota, j.note, j.send_through,
	    j.send_limit, j.bcc_in, j.bcc_out,
	    TIMESTAMP '1970-01-01 00:00:00' + INTERVAL j.expires SECOND,
	    j.home, moment, moment, 1
	    FROM JSON_TABLE(NEW.users_to_add, '$.rows[*]' COLUMNS (
	    email VARCHAR(254) CHARACTER SET utf8mb4
		COLLATE utf8mb4_nopad_bin PATH '$[0]' ERROR ON ERROR,
	    crypt VARCHAR(255) CHARACTER SET utf8mb4
		COLLATE utf8mb4_nopad_bin PATH '$[1]' ERROR ON ERROR,
	    active BOOLEAN PATH '$[2]' ERROR ON ERROR,
	    may_login BOOLEAN PATH '$[3]' ERROR ON ERROR,
	    may_send BOOLEAN PATH '$[4]' ERROR ON ERROR,
	    may_receive BOOLEAN PATH '$[5]' ERROR ON ERROR,
	    name VARCHAR(255) CHARACTER SET utf8mb4
		COLLATE utf8mb4_nopad_bin PATH '$[6]' ERROR ON ERROR,
	    quota BIGINT UNSIGNED PATH '$[7]' ERROR ON ERROR,
	    note VARCHAR(255) CHARACTER SET utf8mb4
		COLLATE utf8mb4_nopad_bin PATH '$[8]' ERROR ON ERROR,
	    send_through VARCHAR(64) CHARACTER SET utf8mb4
		COLLATE utf8mb4_nopad_bin PATH '$[9]' ERROR ON ERROR,
	    send_limit BIGINT UNSIGNED PATH '$[10]' ERROR ON ERROR,
	    bcc_in VARCHAR(254) CHARACTER SET utf8mb4
		COLLATE utf8mb4_nopad_bin PATH '$[11]' ERROR ON ERROR,
	    bcc_out VARCHAR(254) CHARACTER SET utf8mb4
		COLLATE utf8mb4_nopad_bin PATH '$[12]' ERROR ON ERROR,
	    expires BIGINT PATH '$[13]' ERROR ON ERROR,
	    home VARCHAR(400) CHARACTER SET utf8mb4
		COLLATE utf8mb4_nopad_bin PATH '$[14]' ERROR ON ERROR)) AS j;
	SET written = ROW_COUNT();
	SET STATEMENT foreign_key_checks = 0 FOR INSERT INTO history
	    (`change`, at, actor, kind, name, new_row)
	    SELECT OLD.id, moment, OLD.actor, 'user', t.email,
	    JSON_OBJECT('email', t.email, 'crypt', t.crypt, 'active',
	    t.active, 'may_login', t.may_login, 'may_send', t.may_send,
	    'may_receive', t.may_receive, 'name', t.name, 'quota', t.quota,
	    'note', t.note, 'send_through', t.send_through, 'send_limit',
	    t.send_limit, 'bcc_in', t.bcc_in, 'bcc_out', t.bcc_out,
	    'expires', t.expires, 'home', t.home, 'created', t.created,
	    'modified', t.modified)
	    FROM JSON_TABLE(NEW.users_to_add, '$.rows[*]' COLUMNS (
	    place FOR ORDINALITY, email VARCHAR(254) CHARACTER SET utf8mb4
		COLLATE utf8mb4_nopad_bin PATH '$[0]' ERROR ON ERROR)) AS j
	    STRAIGHT_JOIN users AS t ON t.email = j.email
	    STRAIGHT_JOIN domains AS d ON d.domain = t.domain
	    WHERE d.alias_of IS NULL AND d.relay_to IS NULL AND
	    (t.send_through IS NULL OR EXISTS (SELECT 1 FROM relays AS r
	    WHERE r.name = t.send_through)) ORDER BY j.place;
	IF ROW_COUNT() <> written THEN
		SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
		    'a user needs a domain with mailboxes of its own';
	END IF;
	SET @mailadm_added = written;
END IF;
IF NEW.aliases_to_add IS NOT NULL THEN
	INSERT INTO aliases
	    (mail, destination, active, expires, note, writers, may_send,
	    created, modified, recorded)
	    SELECT j.mail, j.destination, j.active,
	    TIMESTAMP '1970-01-01 00:00:00' + INTERVAL j.expires SECOND,
	    j.note, j.writers, j.may_send, moment, moment, 1
	    FROM JSON_TABLE(NEW.aliases_to_add, '$.rows[*]' COLUMNS (
	    mail VARCHAR(254) CHARACTER SET utf8mb4
		COLLATE utf8mb4_nopad_bin PATH '$[0]' ERROR ON ERROR,
	    destination VARCHAR(254) CHARACTER SET utf8mb4
		COLLATE utf8mb4_nopad_bin PATH '$[1]' ERROR ON ERROR,
	    active BOOLEAN PATH '$[2]' ERROR ON ERROR,
	    expires BIGINT PATH '$[3]' ERROR ON ERROR,
	    note VARCHAR(255) CHARACTER SET utf8mb4
		COLLATE utf8mb4_nopad_bin PATH '$[4]' ERROR ON ERROR,
	    writers VARCHAR(7) CHARACTER SET utf8mb4
		COLLATE utf8mb4_nopad_bin PATH '$[5]' ERROR ON ERROR,
	    may_send BOOLEAN PATH '$[6]' ERROR ON ERROR)) AS j;
	SET written = ROW_COUNT();
	SET STATEMENT foreign_key_checks = 0 FOR INSERT INTO history
	    (`change`, at, actor, kind, name, new_row)
	    SELECT OLD.id, moment, OLD.actor, 'alias', t.mail,
	    JSON_OBJECT('mail', t.mail, 'destination', t.destination,
	    'active', t.active, 'expires', t.expires, 'note', t.note,
	    'writers', t.writers, 'may_send', t.may_send, 'created',
	    t.created, 'modified', t.modified)
	    FROM JSON_TABLE(NEW.aliases_to_add, '$.rows[*]' COLUMNS (
	    place FOR ORDINALITY, mail VARCHAR(254) CHARACTER SET utf8mb4
		COLLATE utf8mb4_nopad_bin PATH '$[0]' ERROR ON ERROR,
	    destination VARCHAR(254) CHARACTER SET utf8mb4
		COLLATE utf8mb4_nopad_bin PATH '$[1]' ERROR ON ERROR)) AS j
	    STRAIGHT_JOIN aliases AS t ON t.mail = j.mail AND
	    t.destination = j.destination ORDER BY j.place;
	IF ROW_COUNT() <> written THEN
		SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
		    'the history of new aliases is not complete';
	END IF;
	SET @mailadm_added = written;
END IF;
SET NEW.users_to_add = NULL, NEW.aliases_to_add = NULL;
END //

CREATE OR REPLACE TRIGGER domains_insert_rules
BEFORE INSERT ON `domains` FOR EACH ROW
BEGIN
IF NEW.modified = UTC_TIMESTAMP() THEN
	SET NEW.modified = TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND;
END IF;
IF NEW.alias_of = NEW.domain THEN
	SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
	    'a domain cannot be an alias of itself';
ELSEIF NEW.alias_of IS NOT NULL AND (SELECT alias_of FROM domains
    WHERE domain = NEW.alias_of LOCK IN SHARE MODE) IS NOT NULL THEN
	SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
	    'the target of an alias domain is an alias domain itself';
END IF;
IF NEW.relay_to IS NOT NULL AND NEW.alias_of IS NOT NULL THEN
	SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
	    'an alias domain is not passed on';
END IF;
END //

CREATE OR REPLACE TRIGGER domains_update_rules
BEFORE UPDATE ON `domains` FOR EACH ROW
BEGIN
IF OLD.domain <=> NEW.domain AND OLD.active <=> NEW.active AND
    OLD.description <=> NEW.description AND OLD.alias_of <=> NEW.alias_of AND
    OLD.quota <=> NEW.quota AND OLD.max_users <=> NEW.max_users AND
    OLD.max_aliases <=> NEW.max_aliases AND OLD.relay_to <=> NEW.relay_to AND
    OLD.accepts <=> NEW.accepts AND OLD.transport <=> NEW.transport AND
    OLD.send_through <=> NEW.send_through AND
    OLD.send_limit <=> NEW.send_limit AND OLD.bcc_in <=> NEW.bcc_in AND
    OLD.bcc_out <=> NEW.bcc_out AND OLD.created <=> NEW.created THEN
	SET NEW.modified = OLD.modified;
ELSEIF NEW.modified <=> OLD.modified THEN
	SET NEW.modified = TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND;
END IF;
IF NEW.alias_of IS NOT NULL AND NOT (NEW.alias_of <=> OLD.alias_of) THEN
	IF NEW.alias_of = NEW.domain THEN
		SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
		    'a domain cannot be an alias of itself';
	ELSEIF (SELECT alias_of FROM domains WHERE domain = NEW.alias_of
	    LOCK IN SHARE MODE) IS NOT NULL THEN
		SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
		    'the target of an alias domain is an alias domain itself';
	ELSEIF EXISTS (SELECT 1 FROM domains WHERE alias_of = OLD.domain
	    LOCK IN SHARE MODE) THEN
		SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
		    'a domain that others are aliases of cannot become one';
	ELSEIF EXISTS (SELECT 1 FROM users WHERE domain = OLD.domain
	    LOCK IN SHARE MODE) THEN
		SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
		    'a domain that has users cannot become an alias domain';
	END IF;
END IF;
IF NEW.relay_to IS NOT NULL AND NEW.alias_of IS NOT NULL THEN
	SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
	    'an alias domain is not passed on';
ELSEIF NEW.relay_to IS NOT NULL AND OLD.relay_to IS NULL AND EXISTS (SELECT 1
    FROM users WHERE domain = OLD.domain LOCK IN SHARE MODE) THEN
	SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
	    'a domain that has users is not passed on';
END IF;
END //

CREATE OR REPLACE TRIGGER users_insert_rules
BEFORE INSERT ON `users` FOR EACH ROW
IF NEW.recorded IS NULL THEN BEGIN
DECLARE taken BOOLEAN DEFAULT COALESCE(NEW.home, '') = '';
DECLARE number INT UNSIGNED DEFAULT 1;
IF NEW.modified = UTC_TIMESTAMP() THEN
	SET NEW.modified = TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND;
END IF;
IF (SELECT alias_of FROM domains
    WHERE domain = SUBSTRING_INDEX(NEW.email, '@', -1)
    LOCK IN SHARE MODE) IS NOT NULL THEN
	SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
	    'an alias domain has no users';
END IF;
IF (SELECT relay_to FROM domains
    WHERE domain = SUBSTRING_INDEX(NEW.email, '@', -1)
    LOCK IN SHARE MODE) IS NOT NULL THEN
	SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
	    'a domain that is passed on has no users';
END IF;
IF NOT taken THEN
	INSERT INTO homes (home, email) VALUES (NEW.home, NEW.email)
		ON DUPLICATE KEY UPDATE email = NEW.email,
		    given = UTC_TIMESTAMP();
END IF;
WHILE taken DO
	BEGIN
	DECLARE CONTINUE HANDLER FOR 1062
		SET taken = TRUE, number = number + 1;
	SET taken = FALSE;
	SET NEW.home = CONCAT(SUBSTRING_INDEX(NEW.email, '@', -1), '/',
	    SUBSTRING_INDEX(NEW.email, '@', 1),
	    IF(number = 1, '', CONCAT('~', number)));
	INSERT INTO homes (home, email) VALUES (NEW.home, NEW.email);
	END;
END WHILE;
END; END IF //

CREATE OR REPLACE TRIGGER users_update_rules
BEFORE UPDATE ON `users` FOR EACH ROW
BEGIN
IF OLD.email <=> NEW.email AND OLD.crypt <=> NEW.crypt AND
    OLD.active <=> NEW.active AND OLD.may_login <=> NEW.may_login AND
    OLD.may_send <=> NEW.may_send AND OLD.may_receive <=> NEW.may_receive AND
    OLD.name <=> NEW.name AND OLD.quota <=> NEW.quota AND
    OLD.note <=> NEW.note AND OLD.send_through <=> NEW.send_through AND
    OLD.send_limit <=> NEW.send_limit AND OLD.bcc_in <=> NEW.bcc_in AND
    OLD.bcc_out <=> NEW.bcc_out AND OLD.expires <=> NEW.expires AND
    OLD.home <=> NEW.home AND OLD.created <=> NEW.created THEN
	SET NEW.modified = OLD.modified;
ELSEIF NEW.modified <=> OLD.modified THEN
	SET NEW.modified = TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND;
END IF;
IF NEW.email <> OLD.email AND (SELECT alias_of FROM domains
    WHERE domain = SUBSTRING_INDEX(NEW.email, '@', -1)
    LOCK IN SHARE MODE) IS NOT NULL THEN
	SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
	    'an alias domain has no users';
END IF;
IF NEW.email <> OLD.email AND (SELECT relay_to FROM domains
    WHERE domain = SUBSTRING_INDEX(NEW.email, '@', -1)
    LOCK IN SHARE MODE) IS NOT NULL THEN
	SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
	    'a domain that is passed on has no users';
END IF;
IF NEW.home <> OLD.home THEN
	INSERT INTO homes (home, email) VALUES (NEW.home, NEW.email)
		ON DUPLICATE KEY UPDATE email = NEW.email,
		    given = UTC_TIMESTAMP();
END IF;
END //

CREATE OR REPLACE TRIGGER aliases_update_rules
BEFORE UPDATE ON `aliases` FOR EACH ROW
IF OLD.mail <=> NEW.mail AND OLD.destination <=> NEW.destination AND
    OLD.active <=> NEW.active AND OLD.expires <=> NEW.expires AND
    OLD.note <=> NEW.note AND OLD.writers <=> NEW.writers AND
    OLD.may_send <=> NEW.may_send AND OLD.created <=> NEW.created THEN
	SET NEW.modified = OLD.modified;
ELSEIF NEW.modified <=> OLD.modified THEN
	SET NEW.modified = TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND;
END IF //

CREATE OR REPLACE TRIGGER recipients_insert_rules
BEFORE INSERT ON `recipients` FOR EACH ROW
IF NEW.modified = UTC_TIMESTAMP() THEN
	SET NEW.modified = TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND;
END IF //

CREATE OR REPLACE TRIGGER recipients_update_rules
BEFORE UPDATE ON `recipients` FOR EACH ROW
IF OLD.address <=> NEW.address AND OLD.note <=> NEW.note AND
    OLD.created <=> NEW.created THEN
	SET NEW.modified = OLD.modified;
ELSEIF NEW.modified <=> OLD.modified THEN
	SET NEW.modified = TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND;
END IF //

CREATE OR REPLACE TRIGGER relays_insert_rules
BEFORE INSERT ON `relays` FOR EACH ROW
IF NEW.modified = UTC_TIMESTAMP() THEN
	SET NEW.modified = TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND;
END IF //

CREATE OR REPLACE TRIGGER relays_update_rules
BEFORE UPDATE ON `relays` FOR EACH ROW
IF OLD.name <=> NEW.name AND OLD.host <=> NEW.host AND
    OLD.port <=> NEW.port AND OLD.login <=> NEW.login AND
    OLD.tls <=> NEW.tls AND OLD.pad <=> NEW.pad AND
    OLD.created <=> NEW.created THEN
	SET NEW.modified = OLD.modified;
ELSEIF NEW.modified <=> OLD.modified THEN
	SET NEW.modified = TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND;
END IF //

CREATE OR REPLACE TRIGGER patterns_insert_rules
BEFORE INSERT ON `patterns` FOR EACH ROW
IF NEW.modified = UTC_TIMESTAMP() THEN
	SET NEW.modified = TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND;
END IF //

CREATE OR REPLACE TRIGGER patterns_update_rules
BEFORE UPDATE ON `patterns` FOR EACH ROW
IF OLD.domain <=> NEW.domain AND OLD.local <=> NEW.local AND
    OLD.destination <=> NEW.destination AND OLD.active <=> NEW.active AND
    OLD.note <=> NEW.note AND OLD.created <=> NEW.created THEN
	SET NEW.modified = OLD.modified;
ELSEIF NEW.modified <=> OLD.modified THEN
	SET NEW.modified = TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND;
END IF //

CREATE OR REPLACE TRIGGER blocks_insert_rules
BEFORE INSERT ON `blocks` FOR EACH ROW
IF NEW.modified = UTC_TIMESTAMP() THEN
	SET NEW.modified = TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND;
END IF //

CREATE OR REPLACE TRIGGER blocks_update_rules
BEFORE UPDATE ON `blocks` FOR EACH ROW
IF OLD.address <=> NEW.address AND OLD.note <=> NEW.note AND
    OLD.created <=> NEW.created THEN
	SET NEW.modified = OLD.modified;
ELSEIF NEW.modified <=> OLD.modified THEN
	SET NEW.modified = TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND;
END IF //

-- The history.

CREATE OR REPLACE TRIGGER domains_insert
AFTER INSERT ON `domains` FOR EACH ROW
BEGIN
DECLARE own BIGINT UNSIGNED DEFAULT COALESCE(@mailadm_change,
    IF(@mailadm_auto_at <=> NOW(6), @mailadm_auto_change, NULL));
DECLARE who VARCHAR(255) DEFAULT (SELECT actor FROM changes WHERE id = own
    AND connection = CONNECTION_ID() AND account = USER()
    AND @@insert_id = 0);
IF who IS NULL AND @mailadm_change IS NULL THEN
	INSERT INTO changes (actor) VALUES (USER());
	SET own = LAST_INSERT_ID(), who = USER(),
	    @mailadm_auto_at = NOW(6), @mailadm_auto_change = own;
END IF;
INSERT INTO history (`change`, at, actor, kind, name, new_row)
	VALUES (own, TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND, who,
	    'domain', NEW.domain, JSON_OBJECT(
	    'domain', NEW.domain, 'active', NEW.active,
	    'description', NEW.description, 'alias_of', NEW.alias_of,
	    'quota', NEW.quota, 'max_users', NEW.max_users,
	    'max_aliases', NEW.max_aliases, 'relay_to', NEW.relay_to,
	    'accepts', NEW.accepts, 'transport', NEW.transport,
	    'send_through', NEW.send_through, 'send_limit', NEW.send_limit,
	    'bcc_in', NEW.bcc_in, 'bcc_out', NEW.bcc_out,
	    'created', NEW.created, 'modified', NEW.modified));
END //

CREATE OR REPLACE TRIGGER domains_update
AFTER UPDATE ON `domains` FOR EACH ROW
IF NOT (
    OLD.domain <=> NEW.domain AND OLD.active <=> NEW.active AND
    OLD.description <=> NEW.description AND OLD.alias_of <=> NEW.alias_of AND
    OLD.quota <=> NEW.quota AND OLD.max_users <=> NEW.max_users AND
    OLD.max_aliases <=> NEW.max_aliases AND OLD.relay_to <=> NEW.relay_to AND
    OLD.accepts <=> NEW.accepts AND OLD.transport <=> NEW.transport AND
    OLD.send_through <=> NEW.send_through AND
    OLD.send_limit <=> NEW.send_limit AND OLD.bcc_in <=> NEW.bcc_in AND
    OLD.bcc_out <=> NEW.bcc_out AND OLD.created <=> NEW.created) THEN BEGIN
DECLARE own BIGINT UNSIGNED DEFAULT COALESCE(@mailadm_change,
    IF(@mailadm_auto_at <=> NOW(6), @mailadm_auto_change, NULL));
DECLARE who VARCHAR(255) DEFAULT (SELECT actor FROM changes WHERE id = own
    AND connection = CONNECTION_ID() AND account = USER()
    AND @@insert_id = 0);
IF who IS NULL AND @mailadm_change IS NULL THEN
	INSERT INTO changes (actor) VALUES (USER());
	SET own = LAST_INSERT_ID(), who = USER(),
	    @mailadm_auto_at = NOW(6), @mailadm_auto_change = own;
END IF;
INSERT INTO history (`change`, at, actor, kind, name, old_row, new_row)
	VALUES (own, TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND, who,
	    'domain', NEW.domain, JSON_OBJECT(
	    'domain', OLD.domain, 'active', OLD.active,
	    'description', OLD.description, 'alias_of', OLD.alias_of,
	    'quota', OLD.quota, 'max_users', OLD.max_users,
	    'max_aliases', OLD.max_aliases, 'relay_to', OLD.relay_to,
	    'accepts', OLD.accepts, 'transport', OLD.transport,
	    'send_through', OLD.send_through, 'send_limit', OLD.send_limit,
	    'bcc_in', OLD.bcc_in, 'bcc_out', OLD.bcc_out,
	    'created', OLD.created, 'modified', OLD.modified),
	    JSON_OBJECT(
	    'domain', NEW.domain, 'active', NEW.active,
	    'description', NEW.description, 'alias_of', NEW.alias_of,
	    'quota', NEW.quota, 'max_users', NEW.max_users,
	    'max_aliases', NEW.max_aliases, 'relay_to', NEW.relay_to,
	    'accepts', NEW.accepts, 'transport', NEW.transport,
	    'send_through', NEW.send_through, 'send_limit', NEW.send_limit,
	    'bcc_in', NEW.bcc_in, 'bcc_out', NEW.bcc_out,
	    'created', NEW.created, 'modified', NEW.modified));
END; END IF //

CREATE OR REPLACE TRIGGER domains_delete
AFTER DELETE ON `domains` FOR EACH ROW
BEGIN
DECLARE own BIGINT UNSIGNED DEFAULT COALESCE(@mailadm_change,
    IF(@mailadm_auto_at <=> NOW(6), @mailadm_auto_change, NULL));
DECLARE who VARCHAR(255) DEFAULT (SELECT actor FROM changes WHERE id = own
    AND connection = CONNECTION_ID() AND account = USER()
    AND @@insert_id = 0);
IF who IS NULL AND @mailadm_change IS NULL THEN
	INSERT INTO changes (actor) VALUES (USER());
	SET own = LAST_INSERT_ID(), who = USER(),
	    @mailadm_auto_at = NOW(6), @mailadm_auto_change = own;
END IF;
INSERT INTO history (`change`, at, actor, kind, name, old_row)
	VALUES (own, TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND, who,
	    'domain', OLD.domain, JSON_OBJECT(
	    'domain', OLD.domain, 'active', OLD.active,
	    'description', OLD.description, 'alias_of', OLD.alias_of,
	    'quota', OLD.quota, 'max_users', OLD.max_users,
	    'max_aliases', OLD.max_aliases, 'relay_to', OLD.relay_to,
	    'accepts', OLD.accepts, 'transport', OLD.transport,
	    'send_through', OLD.send_through, 'send_limit', OLD.send_limit,
	    'bcc_in', OLD.bcc_in, 'bcc_out', OLD.bcc_out,
	    'created', OLD.created, 'modified', OLD.modified));
END //

CREATE OR REPLACE TRIGGER users_insert
AFTER INSERT ON `users` FOR EACH ROW
IF NEW.recorded IS NULL THEN BEGIN
DECLARE own BIGINT UNSIGNED DEFAULT COALESCE(@mailadm_change,
    IF(@mailadm_auto_at <=> NOW(6), @mailadm_auto_change, NULL));
DECLARE who VARCHAR(255) DEFAULT (SELECT actor FROM changes WHERE id = own
    AND connection = CONNECTION_ID() AND account = USER()
    AND @@insert_id = 0);
IF who IS NULL AND @mailadm_change IS NULL THEN
	INSERT INTO changes (actor) VALUES (USER());
	SET own = LAST_INSERT_ID(), who = USER(),
	    @mailadm_auto_at = NOW(6), @mailadm_auto_change = own;
END IF;
INSERT INTO history (`change`, at, actor, kind, name, new_row)
	VALUES (own, TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND, who,
	    'user', NEW.email, JSON_OBJECT(
	    'email', NEW.email, 'crypt', NEW.crypt, 'active', NEW.active,
	    'may_login', NEW.may_login, 'may_send', NEW.may_send,
	    'may_receive', NEW.may_receive, 'name', NEW.name,
	    'quota', NEW.quota, 'note', NEW.note,
	    'send_through', NEW.send_through, 'send_limit', NEW.send_limit,
	    'bcc_in', NEW.bcc_in, 'bcc_out', NEW.bcc_out,
	    'expires', NEW.expires, 'home', NEW.home,
	    'created', NEW.created, 'modified', NEW.modified));
END; END IF //

CREATE OR REPLACE TRIGGER users_update
AFTER UPDATE ON `users` FOR EACH ROW
IF NOT (
    OLD.email <=> NEW.email AND OLD.crypt <=> NEW.crypt AND
    OLD.active <=> NEW.active AND OLD.may_login <=> NEW.may_login AND
    OLD.may_send <=> NEW.may_send AND OLD.may_receive <=> NEW.may_receive AND
    OLD.name <=> NEW.name AND OLD.quota <=> NEW.quota AND
    OLD.note <=> NEW.note AND OLD.send_through <=> NEW.send_through AND
    OLD.send_limit <=> NEW.send_limit AND OLD.bcc_in <=> NEW.bcc_in AND
    OLD.bcc_out <=> NEW.bcc_out AND OLD.expires <=> NEW.expires AND
    OLD.home <=> NEW.home AND OLD.created <=> NEW.created) THEN BEGIN
DECLARE own BIGINT UNSIGNED DEFAULT COALESCE(@mailadm_change,
    IF(@mailadm_auto_at <=> NOW(6), @mailadm_auto_change, NULL));
DECLARE who VARCHAR(255) DEFAULT (SELECT actor FROM changes WHERE id = own
    AND connection = CONNECTION_ID() AND account = USER()
    AND @@insert_id = 0);
IF who IS NULL AND @mailadm_change IS NULL THEN
	INSERT INTO changes (actor) VALUES (USER());
	SET own = LAST_INSERT_ID(), who = USER(),
	    @mailadm_auto_at = NOW(6), @mailadm_auto_change = own;
END IF;
INSERT INTO history (`change`, at, actor, kind, name, old_row, new_row)
	VALUES (own, TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND, who,
	    'user', NEW.email, JSON_OBJECT(
	    'email', OLD.email, 'crypt', OLD.crypt, 'active', OLD.active,
	    'may_login', OLD.may_login, 'may_send', OLD.may_send,
	    'may_receive', OLD.may_receive, 'name', OLD.name,
	    'quota', OLD.quota, 'note', OLD.note,
	    'send_through', OLD.send_through, 'send_limit', OLD.send_limit,
	    'bcc_in', OLD.bcc_in, 'bcc_out', OLD.bcc_out,
	    'expires', OLD.expires, 'home', OLD.home, 'created', OLD.created,
	    'modified', OLD.modified),
	    JSON_OBJECT(
	    'email', NEW.email, 'crypt', NEW.crypt, 'active', NEW.active,
	    'may_login', NEW.may_login, 'may_send', NEW.may_send,
	    'may_receive', NEW.may_receive, 'name', NEW.name,
	    'quota', NEW.quota, 'note', NEW.note,
	    'send_through', NEW.send_through, 'send_limit', NEW.send_limit,
	    'bcc_in', NEW.bcc_in, 'bcc_out', NEW.bcc_out,
	    'expires', NEW.expires, 'home', NEW.home,
	    'created', NEW.created, 'modified', NEW.modified));
END; END IF //

CREATE OR REPLACE TRIGGER users_delete
AFTER DELETE ON `users` FOR EACH ROW
BEGIN
DECLARE own BIGINT UNSIGNED DEFAULT COALESCE(@mailadm_change,
    IF(@mailadm_auto_at <=> NOW(6), @mailadm_auto_change, NULL));
DECLARE who VARCHAR(255) DEFAULT (SELECT actor FROM changes WHERE id = own
    AND connection = CONNECTION_ID() AND account = USER()
    AND @@insert_id = 0);
IF who IS NULL AND @mailadm_change IS NULL THEN
	INSERT INTO changes (actor) VALUES (USER());
	SET own = LAST_INSERT_ID(), who = USER(),
	    @mailadm_auto_at = NOW(6), @mailadm_auto_change = own;
END IF;
INSERT INTO history (`change`, at, actor, kind, name, old_row)
	VALUES (own, TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND, who,
	    'user', OLD.email, JSON_OBJECT(
	    'email', OLD.email, 'crypt', OLD.crypt, 'active', OLD.active,
	    'may_login', OLD.may_login, 'may_send', OLD.may_send,
	    'may_receive', OLD.may_receive, 'name', OLD.name,
	    'quota', OLD.quota, 'note', OLD.note,
	    'send_through', OLD.send_through, 'send_limit', OLD.send_limit,
	    'bcc_in', OLD.bcc_in, 'bcc_out', OLD.bcc_out,
	    'expires', OLD.expires, 'home', OLD.home,
	    'created', OLD.created, 'modified', OLD.modified));
END //

CREATE OR REPLACE TRIGGER aliases_insert
AFTER INSERT ON `aliases` FOR EACH ROW
IF NEW.recorded IS NULL THEN BEGIN
DECLARE own BIGINT UNSIGNED DEFAULT COALESCE(@mailadm_change,
    IF(@mailadm_auto_at <=> NOW(6), @mailadm_auto_change, NULL));
DECLARE who VARCHAR(255) DEFAULT (SELECT actor FROM changes WHERE id = own
    AND connection = CONNECTION_ID() AND account = USER()
    AND @@insert_id = 0);
IF who IS NULL AND @mailadm_change IS NULL THEN
	INSERT INTO changes (actor) VALUES (USER());
	SET own = LAST_INSERT_ID(), who = USER(),
	    @mailadm_auto_at = NOW(6), @mailadm_auto_change = own;
END IF;
INSERT INTO history (`change`, at, actor, kind, name, new_row)
	VALUES (own, TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND, who,
	    'alias', NEW.mail, JSON_OBJECT(
	    'mail', NEW.mail, 'destination', NEW.destination,
	    'active', NEW.active, 'expires', NEW.expires, 'note', NEW.note,
	    'writers', NEW.writers, 'may_send', NEW.may_send,
	    'created', NEW.created, 'modified', NEW.modified));
END; END IF //

CREATE OR REPLACE TRIGGER aliases_update
AFTER UPDATE ON `aliases` FOR EACH ROW
IF NOT (
    OLD.mail <=> NEW.mail AND OLD.destination <=> NEW.destination AND
    OLD.active <=> NEW.active AND OLD.expires <=> NEW.expires AND
    OLD.note <=> NEW.note AND OLD.writers <=> NEW.writers AND
    OLD.may_send <=> NEW.may_send AND OLD.created <=> NEW.created) THEN BEGIN
DECLARE own BIGINT UNSIGNED DEFAULT COALESCE(@mailadm_change,
    IF(@mailadm_auto_at <=> NOW(6), @mailadm_auto_change, NULL));
DECLARE who VARCHAR(255) DEFAULT (SELECT actor FROM changes WHERE id = own
    AND connection = CONNECTION_ID() AND account = USER()
    AND @@insert_id = 0);
IF who IS NULL AND @mailadm_change IS NULL THEN
	INSERT INTO changes (actor) VALUES (USER());
	SET own = LAST_INSERT_ID(), who = USER(),
	    @mailadm_auto_at = NOW(6), @mailadm_auto_change = own;
END IF;
INSERT INTO history (`change`, at, actor, kind, name, old_row, new_row)
	VALUES (own, TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND, who,
	    'alias', NEW.mail, JSON_OBJECT(
	    'mail', OLD.mail, 'destination', OLD.destination,
	    'active', OLD.active, 'expires', OLD.expires, 'note', OLD.note,
	    'writers', OLD.writers, 'may_send', OLD.may_send,
	    'created', OLD.created, 'modified', OLD.modified),
	    JSON_OBJECT(
	    'mail', NEW.mail, 'destination', NEW.destination,
	    'active', NEW.active, 'expires', NEW.expires, 'note', NEW.note,
	    'writers', NEW.writers, 'may_send', NEW.may_send,
	    'created', NEW.created, 'modified', NEW.modified));
END; END IF //

CREATE OR REPLACE TRIGGER aliases_delete
AFTER DELETE ON `aliases` FOR EACH ROW
BEGIN
DECLARE own BIGINT UNSIGNED DEFAULT COALESCE(@mailadm_change,
    IF(@mailadm_auto_at <=> NOW(6), @mailadm_auto_change, NULL));
DECLARE who VARCHAR(255) DEFAULT (SELECT actor FROM changes WHERE id = own
    AND connection = CONNECTION_ID() AND account = USER()
    AND @@insert_id = 0);
IF who IS NULL AND @mailadm_change IS NULL THEN
	INSERT INTO changes (actor) VALUES (USER());
	SET own = LAST_INSERT_ID(), who = USER(),
	    @mailadm_auto_at = NOW(6), @mailadm_auto_change = own;
END IF;
INSERT INTO history (`change`, at, actor, kind, name, old_row)
	VALUES (own, TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND, who,
	    'alias', OLD.mail, JSON_OBJECT(
	    'mail', OLD.mail, 'destination', OLD.destination,
	    'active', OLD.active, 'expires', OLD.expires, 'note', OLD.note,
	    'writers', OLD.writers, 'may_send', OLD.may_send,
	    'created', OLD.created, 'modified', OLD.modified));
END //

CREATE OR REPLACE TRIGGER send_as_insert
AFTER INSERT ON `send_as` FOR EACH ROW
BEGIN
DECLARE own BIGINT UNSIGNED DEFAULT COALESCE(@mailadm_change,
    IF(@mailadm_auto_at <=> NOW(6), @mailadm_auto_change, NULL));
DECLARE who VARCHAR(255) DEFAULT (SELECT actor FROM changes WHERE id = own
    AND connection = CONNECTION_ID() AND account = USER()
    AND @@insert_id = 0);
IF who IS NULL AND @mailadm_change IS NULL THEN
	INSERT INTO changes (actor) VALUES (USER());
	SET own = LAST_INSERT_ID(), who = USER(),
	    @mailadm_auto_at = NOW(6), @mailadm_auto_change = own;
END IF;
INSERT INTO history (`change`, at, actor, kind, name, new_row)
	VALUES (own, TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND, who,
	    'grant', NEW.email, JSON_OBJECT(
	    'email', NEW.email, 'address', NEW.address,
	    'expires', NEW.expires, 'created', NEW.created));
END //

CREATE OR REPLACE TRIGGER send_as_update
AFTER UPDATE ON `send_as` FOR EACH ROW
IF NOT (
    OLD.email <=> NEW.email AND OLD.address <=> NEW.address AND
    OLD.expires <=> NEW.expires AND OLD.created <=> NEW.created) THEN BEGIN
DECLARE own BIGINT UNSIGNED DEFAULT COALESCE(@mailadm_change,
    IF(@mailadm_auto_at <=> NOW(6), @mailadm_auto_change, NULL));
DECLARE who VARCHAR(255) DEFAULT (SELECT actor FROM changes WHERE id = own
    AND connection = CONNECTION_ID() AND account = USER()
    AND @@insert_id = 0);
IF who IS NULL AND @mailadm_change IS NULL THEN
	INSERT INTO changes (actor) VALUES (USER());
	SET own = LAST_INSERT_ID(), who = USER(),
	    @mailadm_auto_at = NOW(6), @mailadm_auto_change = own;
END IF;
INSERT INTO history (`change`, at, actor, kind, name, old_row, new_row)
	VALUES (own, TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND, who,
	    'grant', NEW.email, JSON_OBJECT(
	    'email', OLD.email, 'address', OLD.address,
	    'expires', OLD.expires, 'created', OLD.created),
	    JSON_OBJECT(
	    'email', NEW.email, 'address', NEW.address,
	    'expires', NEW.expires, 'created', NEW.created));
END; END IF //

CREATE OR REPLACE TRIGGER send_as_delete
AFTER DELETE ON `send_as` FOR EACH ROW
BEGIN
DECLARE own BIGINT UNSIGNED DEFAULT COALESCE(@mailadm_change,
    IF(@mailadm_auto_at <=> NOW(6), @mailadm_auto_change, NULL));
DECLARE who VARCHAR(255) DEFAULT (SELECT actor FROM changes WHERE id = own
    AND connection = CONNECTION_ID() AND account = USER()
    AND @@insert_id = 0);
IF who IS NULL AND @mailadm_change IS NULL THEN
	INSERT INTO changes (actor) VALUES (USER());
	SET own = LAST_INSERT_ID(), who = USER(),
	    @mailadm_auto_at = NOW(6), @mailadm_auto_change = own;
END IF;
INSERT INTO history (`change`, at, actor, kind, name, old_row)
	VALUES (own, TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND, who,
	    'grant', OLD.email, JSON_OBJECT(
	    'email', OLD.email, 'address', OLD.address,
	    'expires', OLD.expires, 'created', OLD.created));
END //

CREATE OR REPLACE TRIGGER recipients_insert
AFTER INSERT ON `recipients` FOR EACH ROW
BEGIN
DECLARE own BIGINT UNSIGNED DEFAULT COALESCE(@mailadm_change,
    IF(@mailadm_auto_at <=> NOW(6), @mailadm_auto_change, NULL));
DECLARE who VARCHAR(255) DEFAULT (SELECT actor FROM changes WHERE id = own
    AND connection = CONNECTION_ID() AND account = USER()
    AND @@insert_id = 0);
IF who IS NULL AND @mailadm_change IS NULL THEN
	INSERT INTO changes (actor) VALUES (USER());
	SET own = LAST_INSERT_ID(), who = USER(),
	    @mailadm_auto_at = NOW(6), @mailadm_auto_change = own;
END IF;
INSERT INTO history (`change`, at, actor, kind, name, new_row)
	VALUES (own, TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND, who,
	    'recipient', NEW.address, JSON_OBJECT(
	    'address', NEW.address, 'note', NEW.note,
	    'created', NEW.created, 'modified', NEW.modified));
END //

CREATE OR REPLACE TRIGGER recipients_update
AFTER UPDATE ON `recipients` FOR EACH ROW
IF NOT (
    OLD.address <=> NEW.address AND OLD.note <=> NEW.note AND
    OLD.created <=> NEW.created) THEN BEGIN
DECLARE own BIGINT UNSIGNED DEFAULT COALESCE(@mailadm_change,
    IF(@mailadm_auto_at <=> NOW(6), @mailadm_auto_change, NULL));
DECLARE who VARCHAR(255) DEFAULT (SELECT actor FROM changes WHERE id = own
    AND connection = CONNECTION_ID() AND account = USER()
    AND @@insert_id = 0);
IF who IS NULL AND @mailadm_change IS NULL THEN
	INSERT INTO changes (actor) VALUES (USER());
	SET own = LAST_INSERT_ID(), who = USER(),
	    @mailadm_auto_at = NOW(6), @mailadm_auto_change = own;
END IF;
INSERT INTO history (`change`, at, actor, kind, name, old_row, new_row)
	VALUES (own, TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND, who,
	    'recipient', NEW.address, JSON_OBJECT(
	    'address', OLD.address, 'note', OLD.note, 'created', OLD.created,
	    'modified', OLD.modified),
	    JSON_OBJECT(
	    'address', NEW.address, 'note', NEW.note,
	    'created', NEW.created, 'modified', NEW.modified));
END; END IF //

CREATE OR REPLACE TRIGGER recipients_delete
AFTER DELETE ON `recipients` FOR EACH ROW
BEGIN
DECLARE own BIGINT UNSIGNED DEFAULT COALESCE(@mailadm_change,
    IF(@mailadm_auto_at <=> NOW(6), @mailadm_auto_change, NULL));
DECLARE who VARCHAR(255) DEFAULT (SELECT actor FROM changes WHERE id = own
    AND connection = CONNECTION_ID() AND account = USER()
    AND @@insert_id = 0);
IF who IS NULL AND @mailadm_change IS NULL THEN
	INSERT INTO changes (actor) VALUES (USER());
	SET own = LAST_INSERT_ID(), who = USER(),
	    @mailadm_auto_at = NOW(6), @mailadm_auto_change = own;
END IF;
INSERT INTO history (`change`, at, actor, kind, name, old_row)
	VALUES (own, TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND, who,
	    'recipient', OLD.address, JSON_OBJECT(
	    'address', OLD.address, 'note', OLD.note,
	    'created', OLD.created, 'modified', OLD.modified));
END //

CREATE OR REPLACE TRIGGER relays_insert
AFTER INSERT ON `relays` FOR EACH ROW
BEGIN
DECLARE own BIGINT UNSIGNED DEFAULT COALESCE(@mailadm_change,
    IF(@mailadm_auto_at <=> NOW(6), @mailadm_auto_change, NULL));
DECLARE who VARCHAR(255) DEFAULT (SELECT actor FROM changes WHERE id = own
    AND connection = CONNECTION_ID() AND account = USER()
    AND @@insert_id = 0);
IF who IS NULL AND @mailadm_change IS NULL THEN
	INSERT INTO changes (actor) VALUES (USER());
	SET own = LAST_INSERT_ID(), who = USER(),
	    @mailadm_auto_at = NOW(6), @mailadm_auto_change = own;
END IF;
INSERT INTO history (`change`, at, actor, kind, name, new_row)
	VALUES (own, TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND, who,
	    'relay', NEW.name, JSON_OBJECT(
	    'name', NEW.name, 'host', NEW.host, 'port', NEW.port,
	    'login', NEW.login, 'tls', NEW.tls, 'pad', NEW.pad,
	    'created', NEW.created, 'modified', NEW.modified));
END //

CREATE OR REPLACE TRIGGER relays_update
AFTER UPDATE ON `relays` FOR EACH ROW
IF NOT (
    OLD.name <=> NEW.name AND OLD.host <=> NEW.host AND
    OLD.port <=> NEW.port AND OLD.login <=> NEW.login AND
    OLD.tls <=> NEW.tls AND OLD.pad <=> NEW.pad AND
    OLD.created <=> NEW.created) THEN BEGIN
DECLARE own BIGINT UNSIGNED DEFAULT COALESCE(@mailadm_change,
    IF(@mailadm_auto_at <=> NOW(6), @mailadm_auto_change, NULL));
DECLARE who VARCHAR(255) DEFAULT (SELECT actor FROM changes WHERE id = own
    AND connection = CONNECTION_ID() AND account = USER()
    AND @@insert_id = 0);
IF who IS NULL AND @mailadm_change IS NULL THEN
	INSERT INTO changes (actor) VALUES (USER());
	SET own = LAST_INSERT_ID(), who = USER(),
	    @mailadm_auto_at = NOW(6), @mailadm_auto_change = own;
END IF;
INSERT INTO history (`change`, at, actor, kind, name, old_row, new_row)
	VALUES (own, TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND, who,
	    'relay', NEW.name, JSON_OBJECT(
	    'name', OLD.name, 'host', OLD.host, 'port', OLD.port,
	    'login', OLD.login, 'tls', OLD.tls, 'pad', OLD.pad,
	    'created', OLD.created, 'modified', OLD.modified),
	    JSON_OBJECT(
	    'name', NEW.name, 'host', NEW.host, 'port', NEW.port,
	    'login', NEW.login, 'tls', NEW.tls, 'pad', NEW.pad,
	    'created', NEW.created, 'modified', NEW.modified));
END; END IF //

CREATE OR REPLACE TRIGGER relays_delete
AFTER DELETE ON `relays` FOR EACH ROW
BEGIN
DECLARE own BIGINT UNSIGNED DEFAULT COALESCE(@mailadm_change,
    IF(@mailadm_auto_at <=> NOW(6), @mailadm_auto_change, NULL));
DECLARE who VARCHAR(255) DEFAULT (SELECT actor FROM changes WHERE id = own
    AND connection = CONNECTION_ID() AND account = USER()
    AND @@insert_id = 0);
IF who IS NULL AND @mailadm_change IS NULL THEN
	INSERT INTO changes (actor) VALUES (USER());
	SET own = LAST_INSERT_ID(), who = USER(),
	    @mailadm_auto_at = NOW(6), @mailadm_auto_change = own;
END IF;
INSERT INTO history (`change`, at, actor, kind, name, old_row)
	VALUES (own, TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND, who,
	    'relay', OLD.name, JSON_OBJECT(
	    'name', OLD.name, 'host', OLD.host, 'port', OLD.port,
	    'login', OLD.login, 'tls', OLD.tls, 'pad', OLD.pad,
	    'created', OLD.created, 'modified', OLD.modified));
END //

CREATE OR REPLACE TRIGGER patterns_insert
AFTER INSERT ON `patterns` FOR EACH ROW
BEGIN
DECLARE own BIGINT UNSIGNED DEFAULT COALESCE(@mailadm_change,
    IF(@mailadm_auto_at <=> NOW(6), @mailadm_auto_change, NULL));
DECLARE who VARCHAR(255) DEFAULT (SELECT actor FROM changes WHERE id = own
    AND connection = CONNECTION_ID() AND account = USER()
    AND @@insert_id = 0);
IF who IS NULL AND @mailadm_change IS NULL THEN
	INSERT INTO changes (actor) VALUES (USER());
	SET own = LAST_INSERT_ID(), who = USER(),
	    @mailadm_auto_at = NOW(6), @mailadm_auto_change = own;
END IF;
INSERT INTO history (`change`, at, actor, kind, name, new_row)
	VALUES (own, TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND, who,
	    'pattern', CONCAT(NEW.local, '@', NEW.domain), JSON_OBJECT(
	    'domain', NEW.domain, 'local', NEW.local,
	    'destination', NEW.destination, 'active', NEW.active,
	    'note', NEW.note, 'created', NEW.created,
	    'modified', NEW.modified));
END //

CREATE OR REPLACE TRIGGER patterns_update
AFTER UPDATE ON `patterns` FOR EACH ROW
IF NOT (
    OLD.domain <=> NEW.domain AND OLD.local <=> NEW.local AND
    OLD.destination <=> NEW.destination AND OLD.active <=> NEW.active AND
    OLD.note <=> NEW.note AND OLD.created <=> NEW.created) THEN BEGIN
DECLARE own BIGINT UNSIGNED DEFAULT COALESCE(@mailadm_change,
    IF(@mailadm_auto_at <=> NOW(6), @mailadm_auto_change, NULL));
DECLARE who VARCHAR(255) DEFAULT (SELECT actor FROM changes WHERE id = own
    AND connection = CONNECTION_ID() AND account = USER()
    AND @@insert_id = 0);
IF who IS NULL AND @mailadm_change IS NULL THEN
	INSERT INTO changes (actor) VALUES (USER());
	SET own = LAST_INSERT_ID(), who = USER(),
	    @mailadm_auto_at = NOW(6), @mailadm_auto_change = own;
END IF;
INSERT INTO history (`change`, at, actor, kind, name, old_row, new_row)
	VALUES (own, TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND, who,
	    'pattern', CONCAT(NEW.local, '@', NEW.domain), JSON_OBJECT(
	    'domain', OLD.domain, 'local', OLD.local,
	    'destination', OLD.destination, 'active', OLD.active,
	    'note', OLD.note, 'created', OLD.created,
	    'modified', OLD.modified),
	    JSON_OBJECT(
	    'domain', NEW.domain, 'local', NEW.local,
	    'destination', NEW.destination, 'active', NEW.active,
	    'note', NEW.note, 'created', NEW.created,
	    'modified', NEW.modified));
END; END IF //

CREATE OR REPLACE TRIGGER patterns_delete
AFTER DELETE ON `patterns` FOR EACH ROW
BEGIN
DECLARE own BIGINT UNSIGNED DEFAULT COALESCE(@mailadm_change,
    IF(@mailadm_auto_at <=> NOW(6), @mailadm_auto_change, NULL));
DECLARE who VARCHAR(255) DEFAULT (SELECT actor FROM changes WHERE id = own
    AND connection = CONNECTION_ID() AND account = USER()
    AND @@insert_id = 0);
IF who IS NULL AND @mailadm_change IS NULL THEN
	INSERT INTO changes (actor) VALUES (USER());
	SET own = LAST_INSERT_ID(), who = USER(),
	    @mailadm_auto_at = NOW(6), @mailadm_auto_change = own;
END IF;
INSERT INTO history (`change`, at, actor, kind, name, old_row)
	VALUES (own, TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND, who,
	    'pattern', CONCAT(OLD.local, '@', OLD.domain), JSON_OBJECT(
	    'domain', OLD.domain, 'local', OLD.local,
	    'destination', OLD.destination, 'active', OLD.active,
	    'note', OLD.note, 'created', OLD.created,
	    'modified', OLD.modified));
END //

CREATE OR REPLACE TRIGGER blocks_insert
AFTER INSERT ON `blocks` FOR EACH ROW
BEGIN
DECLARE own BIGINT UNSIGNED DEFAULT COALESCE(@mailadm_change,
    IF(@mailadm_auto_at <=> NOW(6), @mailadm_auto_change, NULL));
DECLARE who VARCHAR(255) DEFAULT (SELECT actor FROM changes WHERE id = own
    AND connection = CONNECTION_ID() AND account = USER()
    AND @@insert_id = 0);
IF who IS NULL AND @mailadm_change IS NULL THEN
	INSERT INTO changes (actor) VALUES (USER());
	SET own = LAST_INSERT_ID(), who = USER(),
	    @mailadm_auto_at = NOW(6), @mailadm_auto_change = own;
END IF;
INSERT INTO history (`change`, at, actor, kind, name, new_row)
	VALUES (own, TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND, who,
	    'block', NEW.address, JSON_OBJECT(
	    'address', NEW.address, 'note', NEW.note,
	    'created', NEW.created, 'modified', NEW.modified));
END //

CREATE OR REPLACE TRIGGER blocks_update
AFTER UPDATE ON `blocks` FOR EACH ROW
IF NOT (
    OLD.address <=> NEW.address AND OLD.note <=> NEW.note AND
    OLD.created <=> NEW.created) THEN BEGIN
DECLARE own BIGINT UNSIGNED DEFAULT COALESCE(@mailadm_change,
    IF(@mailadm_auto_at <=> NOW(6), @mailadm_auto_change, NULL));
DECLARE who VARCHAR(255) DEFAULT (SELECT actor FROM changes WHERE id = own
    AND connection = CONNECTION_ID() AND account = USER()
    AND @@insert_id = 0);
IF who IS NULL AND @mailadm_change IS NULL THEN
	INSERT INTO changes (actor) VALUES (USER());
	SET own = LAST_INSERT_ID(), who = USER(),
	    @mailadm_auto_at = NOW(6), @mailadm_auto_change = own;
END IF;
INSERT INTO history (`change`, at, actor, kind, name, old_row, new_row)
	VALUES (own, TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND, who,
	    'block', NEW.address, JSON_OBJECT(
	    'address', OLD.address, 'note', OLD.note, 'created', OLD.created,
	    'modified', OLD.modified),
	    JSON_OBJECT(
	    'address', NEW.address, 'note', NEW.note,
	    'created', NEW.created, 'modified', NEW.modified));
END; END IF //

CREATE OR REPLACE TRIGGER blocks_delete
AFTER DELETE ON `blocks` FOR EACH ROW
BEGIN
DECLARE own BIGINT UNSIGNED DEFAULT COALESCE(@mailadm_change,
    IF(@mailadm_auto_at <=> NOW(6), @mailadm_auto_change, NULL));
DECLARE who VARCHAR(255) DEFAULT (SELECT actor FROM changes WHERE id = own
    AND connection = CONNECTION_ID() AND account = USER()
    AND @@insert_id = 0);
IF who IS NULL AND @mailadm_change IS NULL THEN
	INSERT INTO changes (actor) VALUES (USER());
	SET own = LAST_INSERT_ID(), who = USER(),
	    @mailadm_auto_at = NOW(6), @mailadm_auto_change = own;
END IF;
INSERT INTO history (`change`, at, actor, kind, name, old_row)
	VALUES (own, TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND, who,
	    'block', OLD.address, JSON_OBJECT(
	    'address', OLD.address, 'note', OLD.note,
	    'created', OLD.created, 'modified', OLD.modified));
END //

DELIMITER ;
