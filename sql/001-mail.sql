-- The mail schema: domains, users, aliases and their history.
--
-- `mailadm schema init` runs this file; the mariadb client can read it too.
-- A statement ends at a line that ends with the delimiter in force, and every
-- statement can run again.  The row in schema_version is no part of the file:
-- the program writes it last, so a schema without it is half-way.
--
-- Names in backticks after CREATE TABLE, REFERENCES and ON are where the
-- statement builds; adopting a foreign database builds `new_domains` and so
-- on beside its tables and renames them.  Bare names, in the triggers'
-- bodies, are final.  The table comment `mailadm` marks our tables:
-- foreign ones may have the same name.
--
-- Every column is utf8mb4_nopad_bin: other collations take two addresses for
-- one or ignore trailing spaces, and in an ascii or latin1 column a lookup
-- with a UTF-8 key is an error, at which Postfix defers all mail.
-- No foreign key cascades: a cascade fires no trigger, so history would miss
-- it.  Times are UTC.

CREATE TABLE IF NOT EXISTS schema_version (
	version INT UNSIGNED NOT NULL PRIMARY KEY,
	name VARCHAR(64) NOT NULL,
	applied DATETIME NOT NULL DEFAULT UTC_TIMESTAMP(),
	-- the database's own, random, the same in every row
	database_id CHAR(32) NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
    COMMENT = 'mailadm';

-- Whoever must keep others from writing what it has read updates a row here.
-- An update and no SELECT … FOR UPDATE, because a cluster's certification
-- sees only writes.
CREATE TABLE IF NOT EXISTS locks (
	name VARCHAR(64) NOT NULL PRIMARY KEY,
	taken BIGINT UNSIGNED NOT NULL DEFAULT 0
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
    COMMENT = 'mailadm';

INSERT INTO locks (name)
	SELECT 'aliases' FROM DUAL
	WHERE NOT EXISTS (SELECT 1 FROM locks WHERE name = 'aliases');

-- One row a transaction of mailadm; hand-written SQL gets one a statement.
-- The token shows whether a COMMIT that got no answer was done.
-- `undoes` has no key: the change that was undone may be pruned.
CREATE TABLE IF NOT EXISTS changes (
	id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
	token BINARY(16) NULL,
	at DATETIME NOT NULL DEFAULT UTC_TIMESTAMP(),
	actor VARCHAR(255) NOT NULL,
	program VARCHAR(255) NULL,
	undoes BIGINT UNSIGNED NULL,
	UNIQUE KEY token (token),
	KEY at (at)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
    COMMENT = 'mailadm';

-- Old and new rows as JSON objects.  TEXT, because the type JSON adds a
-- check to each row of what JSON_OBJECT() has made.
CREATE TABLE IF NOT EXISTS history (
	id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
	`change` BIGINT UNSIGNED NOT NULL,
	at DATETIME NOT NULL DEFAULT UTC_TIMESTAMP(),
	actor VARCHAR(255) NOT NULL,
	kind VARCHAR(16) NOT NULL,
	name VARCHAR(254) NOT NULL,
	old_row TEXT NULL,
	new_row TEXT NULL,
	KEY `change` (`change`),
	KEY name (name),
	CONSTRAINT history_change FOREIGN KEY (`change`)
	    REFERENCES changes (id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
    COMMENT = 'mailadm';

-- Every home that was ever given to a user, so that the mail in it never
-- appears to a new person of the same name.  Rows stay when the user goes and
-- when history is pruned.
CREATE TABLE IF NOT EXISTS homes (
	home VARCHAR(400) NOT NULL PRIMARY KEY,
	email VARCHAR(254) NOT NULL,
	given DATETIME NOT NULL DEFAULT UTC_TIMESTAMP()
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
    COMMENT = 'mailadm';

-- In the patterns (?!(?s:.)) is the end: $ matches before a final newline.
-- (?-imsx) undoes what a session's default_regex_flags may say.

-- quota: what its users get; NULL is no limit.
CREATE TABLE IF NOT EXISTS `domains` (
	domain VARCHAR(253) NOT NULL PRIMARY KEY,
	active BOOLEAN NOT NULL DEFAULT 1,
	description VARCHAR(255) NULL,
	alias_of VARCHAR(253) NULL,
	quota BIGINT UNSIGNED NULL,
	max_users INT UNSIGNED NULL,
	max_aliases INT UNSIGNED NULL,
	created DATETIME NOT NULL DEFAULT UTC_TIMESTAMP(),
	modified DATETIME NOT NULL DEFAULT UTC_TIMESTAMP(),
	KEY alias_of (alias_of),
	CONSTRAINT domains_alias_of FOREIGN KEY (alias_of)
	    REFERENCES `domains` (domain),
	CONSTRAINT domain_canonical CHECK (domain REGEXP '(?-imsx)^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?[.])+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(?!(?s:.))'),
	CONSTRAINT active_flag CHECK (active IN (0, 1)),
	CONSTRAINT quota_bytes CHECK (quota BETWEEN 1 AND 9223372036854775807)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
    COMMENT = 'mailadm';

-- quota: NULL is the domain's, 9223372036854775807 is no limit.
-- home: relative to the mail store; a trigger fills it when it is not given.
-- The domain in email needs no pattern: the key to domains has one.
CREATE TABLE IF NOT EXISTS `users` (
	email VARCHAR(254) NOT NULL PRIMARY KEY,
	crypt VARCHAR(255) NOT NULL,
	active BOOLEAN NOT NULL DEFAULT 1,
	name VARCHAR(255) NULL,
	quota BIGINT UNSIGNED NULL,
	home VARCHAR(400) NOT NULL DEFAULT '',
	created DATETIME NOT NULL DEFAULT UTC_TIMESTAMP(),
	modified DATETIME NOT NULL DEFAULT UTC_TIMESTAMP(),
	domain VARCHAR(253) AS (SUBSTRING_INDEX(email, '@', -1)) PERSISTENT,
	scheme VARCHAR(64) AS (CASE
		WHEN crypt = '!' THEN 'none'
		WHEN crypt LIKE '$5$%' THEN 'SHA256-CRYPT'
		WHEN crypt LIKE '$6$%' THEN 'SHA512-CRYPT'
		WHEN LEFT(crypt, 4) IN ('$2a$', '$2b$', '$2x$', '$2y$')
		    THEN 'BLF-CRYPT'
		WHEN crypt LIKE '$1$%' THEN 'MD5-CRYPT'
		WHEN crypt LIKE '$y$%' THEN 'YESCRYPT'
		WHEN crypt LIKE '$gy$%' THEN 'GOST-YESCRYPT'
		WHEN crypt LIKE '$7$%' THEN 'SCRYPT'
		WHEN crypt LIKE '$argon2id$%' THEN 'ARGON2ID'
		WHEN crypt LIKE '$argon2i$%' THEN 'ARGON2I'
		-- {SHA256-CRYPT.b64} is SHA256-CRYPT, encoded
		WHEN crypt LIKE '{_%}%' THEN LEFT(UPPER(SUBSTRING_INDEX(
		    SUBSTRING_INDEX(SUBSTRING(crypt, 2), '}', 1), '.', 1)), 64)
		ELSE 'unknown' END) PERSISTENT,
	rounds INT UNSIGNED AS (CASE
		WHEN crypt REGEXP '(?-imsx)^([{][^}$]*[}])?[$][56][$]rounds=[1-9][0-9]{0,8}[$]'
		    THEN CAST(SUBSTRING_INDEX(SUBSTRING(crypt,
		    LOCATE('$rounds=', crypt) + 8), '$', 1) AS UNSIGNED)
		WHEN crypt REGEXP '(?-imsx)^([{][^}$]*[}])?[$][56][$](?!rounds=)'
		    THEN 5000
		WHEN crypt REGEXP '(?-imsx)^([{][^}$]*[}])?[$]2[abxy][$][0-9]{2}[$]'
		    THEN CAST(SUBSTRING(crypt,
		    LOCATE('$2', crypt) + 4, 2) AS UNSIGNED)
		ELSE NULL END) PERSISTENT,
	UNIQUE KEY home (home),
	KEY domain (domain),
	CONSTRAINT users_domain FOREIGN KEY (domain)
	    REFERENCES `domains` (domain),
	CONSTRAINT email_canonical CHECK (email REGEXP '(?-imsx)^(?=[^@]{1,64}@)[a-z0-9_][a-z0-9_-]*([.][a-z0-9_-]+)*@[a-z0-9.-]+(?!(?s:.))'),
	CONSTRAINT crypt_given CHECK (crypt <> ''),
	CONSTRAINT active_flag CHECK (active IN (0, 1)),
	CONSTRAINT quota_bytes CHECK (quota BETWEEN 1 AND 9223372036854775807),
	CONSTRAINT home_relative CHECK (home REGEXP '(?-imsx)^(?!~)(?!(?s:.*)[[:cntrl:]])(?!(.*/)?[.]{0,2}(/|$))')
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
    COMMENT = 'mailadm';

-- One row a destination.  mail may be a catch-all, @domain.
CREATE TABLE IF NOT EXISTS `aliases` (
	mail VARCHAR(254) NOT NULL,
	destination VARCHAR(254) NOT NULL,
	active BOOLEAN NOT NULL DEFAULT 1,
	created DATETIME NOT NULL DEFAULT UTC_TIMESTAMP(),
	modified DATETIME NOT NULL DEFAULT UTC_TIMESTAMP(),
	domain VARCHAR(253) AS (SUBSTRING_INDEX(mail, '@', -1)) PERSISTENT,
	PRIMARY KEY (mail, destination),
	KEY destination (destination),
	KEY domain (domain),
	CONSTRAINT aliases_domain FOREIGN KEY (domain)
	    REFERENCES `domains` (domain),
	CONSTRAINT mail_canonical CHECK (mail REGEXP '(?-imsx)^(?=[^@]{0,64}@)([a-z0-9!#$&''*+=?^_`{}~][a-z0-9!#$&''*+=?^_`{}~-]*([.][a-z0-9!#$&''*+=?^_`{}~-]+)*)?@[a-z0-9.-]+(?!(?s:.))'),
	CONSTRAINT destination_canonical CHECK (destination REGEXP '(?-imsx)^(?=[^@]{1,64}@)[a-z0-9!#$&''*+=?^_`{}~][a-z0-9!#$&''*+=?^_`{}~-]*([.][a-z0-9!#$&''*+=?^_`{}~-]+)*@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?[.])+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(?!(?s:.))'),
	CONSTRAINT active_flag CHECK (active IN (0, 1))
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
    COMMENT = 'mailadm';

-- The triggers.  They run as whoever ran this file, so the writers need no
-- more than the tables; that account (root, as a rule) must stay, or every
-- write fails with error 1449.

DELIMITER //

-- The rules that no key and no check can say.  They read with locks: two
-- sessions that each look and then write could else pass one together.

CREATE OR REPLACE TRIGGER domains_insert_rules
BEFORE INSERT ON `domains` FOR EACH ROW
IF NEW.alias_of = NEW.domain THEN
	SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
	    'a domain cannot be an alias of itself';
ELSEIF NEW.alias_of IS NOT NULL AND (SELECT alias_of FROM domains
    WHERE domain = NEW.alias_of LOCK IN SHARE MODE) IS NOT NULL THEN
	SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
	    'the target of an alias domain is an alias domain itself';
END IF //

-- `modified` moves when another column does, and only then.
CREATE OR REPLACE TRIGGER domains_update_rules
BEFORE UPDATE ON `domains` FOR EACH ROW
BEGIN
IF OLD.domain <=> NEW.domain AND OLD.active <=> NEW.active AND
    OLD.description <=> NEW.description AND
    OLD.alias_of <=> NEW.alias_of AND OLD.quota <=> NEW.quota AND
    OLD.max_users <=> NEW.max_users AND
    OLD.max_aliases <=> NEW.max_aliases AND OLD.created <=> NEW.created THEN
	SET NEW.modified = OLD.modified;
ELSEIF NEW.modified <=> OLD.modified THEN
	SET NEW.modified = UTC_TIMESTAMP();
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
END //

-- A home that is given is taken as it is: that is how old mail is adopted.
-- One that is not becomes DOMAIN/LOCALPART, or with ~2, ~3 … behind it.  Names
-- are inserted and not looked up first: in REPEATABLE READ a look at what is
-- not there locks the gap, and two sessions that add users would deadlock.
CREATE OR REPLACE TRIGGER users_insert_rules
BEFORE INSERT ON `users` FOR EACH ROW
BEGIN
DECLARE taken BOOLEAN DEFAULT COALESCE(NEW.home, '') = '';
DECLARE number INT UNSIGNED DEFAULT 1;
IF (SELECT alias_of FROM domains
    WHERE domain = SUBSTRING_INDEX(NEW.email, '@', -1)
    LOCK IN SHARE MODE) IS NOT NULL THEN
	SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
	    'an alias domain has no users';
END IF;
IF NOT taken AND @mailadm_bulk IS NULL THEN
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
END //

CREATE OR REPLACE TRIGGER users_update_rules
BEFORE UPDATE ON `users` FOR EACH ROW
BEGIN
IF OLD.email <=> NEW.email AND OLD.crypt <=> NEW.crypt AND
    OLD.active <=> NEW.active AND OLD.name <=> NEW.name AND
    OLD.quota <=> NEW.quota AND OLD.home <=> NEW.home AND
    OLD.created <=> NEW.created THEN
	SET NEW.modified = OLD.modified;
ELSEIF NEW.modified <=> OLD.modified THEN
	SET NEW.modified = UTC_TIMESTAMP();
END IF;
IF NEW.email <> OLD.email AND (SELECT alias_of FROM domains
    WHERE domain = SUBSTRING_INDEX(NEW.email, '@', -1)
    LOCK IN SHARE MODE) IS NOT NULL THEN
	SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
	    'an alias domain has no users';
END IF;
IF NEW.home <> OLD.home AND @mailadm_bulk IS NULL THEN
	INSERT INTO homes (home, email) VALUES (NEW.home, NEW.email)
		ON DUPLICATE KEY UPDATE email = NEW.email,
		    given = UTC_TIMESTAMP();
END IF;
END //

CREATE OR REPLACE TRIGGER aliases_update_rules
BEFORE UPDATE ON `aliases` FOR EACH ROW
IF OLD.mail <=> NEW.mail AND OLD.destination <=> NEW.destination AND
    OLD.active <=> NEW.active AND OLD.created <=> NEW.created THEN
	SET NEW.modified = OLD.modified;
ELSEIF NEW.modified <=> OLD.modified THEN
	SET NEW.modified = UTC_TIMESTAMP();
END IF //

-- History: old and new row of every change, whoever writes.  An update that
-- changes nothing leaves no row.
--
-- mailadm sets @mailadm_change to its row in changes; other SQL gets a row a
-- statement, recognised by NOW(6), which is the same for all rows of one.
-- That row is looked up, because a ROLLBACK takes it away and not the
-- variable.  CURRENT_USER() would be who ran this file, hence USER().
-- With @mailadm_bulk set, the writer writes history and homes itself, set-wise.

CREATE OR REPLACE TRIGGER domains_insert
AFTER INSERT ON `domains` FOR EACH ROW
IF @mailadm_bulk IS NULL THEN
	IF @mailadm_change IS NULL THEN
		IF NOT (@mailadm_auto_at <=> NOW(6) AND EXISTS (SELECT 1
		    FROM changes WHERE id = @mailadm_auto_change)) THEN
			INSERT INTO changes (actor) VALUES (USER());
			SET @mailadm_auto_at = NOW(6),
			    @mailadm_auto_change = LAST_INSERT_ID();
		END IF;
	ELSEIF NOT (@mailadm_actor_of <=> @mailadm_change) THEN
		SET @mailadm_actor = (SELECT actor FROM changes
		    WHERE id = @mailadm_change),
		    @mailadm_actor_of = @mailadm_change;
	END IF;
	INSERT INTO history (`change`, actor, kind, name, new_row)
		VALUES (COALESCE(@mailadm_change, @mailadm_auto_change),
		    IF(@mailadm_change IS NULL, USER(), @mailadm_actor),
		    'domain', NEW.domain, JSON_OBJECT(
		    'domain', NEW.domain, 'active', NEW.active,
		    'description', NEW.description, 'alias_of', NEW.alias_of,
		    'quota', NEW.quota, 'max_users', NEW.max_users,
		    'max_aliases', NEW.max_aliases, 'created', NEW.created,
		    'modified', NEW.modified));
END IF //

CREATE OR REPLACE TRIGGER domains_update
AFTER UPDATE ON `domains` FOR EACH ROW
IF @mailadm_bulk IS NULL AND NOT (
    OLD.domain <=> NEW.domain AND OLD.active <=> NEW.active AND
    OLD.description <=> NEW.description AND
    OLD.alias_of <=> NEW.alias_of AND OLD.quota <=> NEW.quota AND
    OLD.max_users <=> NEW.max_users AND
    OLD.max_aliases <=> NEW.max_aliases AND OLD.created <=> NEW.created) THEN
	IF @mailadm_change IS NULL THEN
		IF NOT (@mailadm_auto_at <=> NOW(6) AND EXISTS (SELECT 1
		    FROM changes WHERE id = @mailadm_auto_change)) THEN
			INSERT INTO changes (actor) VALUES (USER());
			SET @mailadm_auto_at = NOW(6),
			    @mailadm_auto_change = LAST_INSERT_ID();
		END IF;
	ELSEIF NOT (@mailadm_actor_of <=> @mailadm_change) THEN
		SET @mailadm_actor = (SELECT actor FROM changes
		    WHERE id = @mailadm_change),
		    @mailadm_actor_of = @mailadm_change;
	END IF;
	INSERT INTO history (`change`, actor, kind, name, old_row, new_row)
		VALUES (COALESCE(@mailadm_change, @mailadm_auto_change),
		    IF(@mailadm_change IS NULL, USER(), @mailadm_actor),
		    'domain', NEW.domain, JSON_OBJECT(
		    'domain', OLD.domain, 'active', OLD.active,
		    'description', OLD.description, 'alias_of', OLD.alias_of,
		    'quota', OLD.quota, 'max_users', OLD.max_users,
		    'max_aliases', OLD.max_aliases, 'created', OLD.created,
		    'modified', OLD.modified), JSON_OBJECT(
		    'domain', NEW.domain, 'active', NEW.active,
		    'description', NEW.description, 'alias_of', NEW.alias_of,
		    'quota', NEW.quota, 'max_users', NEW.max_users,
		    'max_aliases', NEW.max_aliases, 'created', NEW.created,
		    'modified', NEW.modified));
END IF //

CREATE OR REPLACE TRIGGER domains_delete
AFTER DELETE ON `domains` FOR EACH ROW
IF @mailadm_bulk IS NULL THEN
	IF @mailadm_change IS NULL THEN
		IF NOT (@mailadm_auto_at <=> NOW(6) AND EXISTS (SELECT 1
		    FROM changes WHERE id = @mailadm_auto_change)) THEN
			INSERT INTO changes (actor) VALUES (USER());
			SET @mailadm_auto_at = NOW(6),
			    @mailadm_auto_change = LAST_INSERT_ID();
		END IF;
	ELSEIF NOT (@mailadm_actor_of <=> @mailadm_change) THEN
		SET @mailadm_actor = (SELECT actor FROM changes
		    WHERE id = @mailadm_change),
		    @mailadm_actor_of = @mailadm_change;
	END IF;
	INSERT INTO history (`change`, actor, kind, name, old_row)
		VALUES (COALESCE(@mailadm_change, @mailadm_auto_change),
		    IF(@mailadm_change IS NULL, USER(), @mailadm_actor),
		    'domain', OLD.domain, JSON_OBJECT(
		    'domain', OLD.domain, 'active', OLD.active,
		    'description', OLD.description, 'alias_of', OLD.alias_of,
		    'quota', OLD.quota, 'max_users', OLD.max_users,
		    'max_aliases', OLD.max_aliases, 'created', OLD.created,
		    'modified', OLD.modified));
END IF //

CREATE OR REPLACE TRIGGER users_insert
AFTER INSERT ON `users` FOR EACH ROW
IF @mailadm_bulk IS NULL THEN
	IF @mailadm_change IS NULL THEN
		IF NOT (@mailadm_auto_at <=> NOW(6) AND EXISTS (SELECT 1
		    FROM changes WHERE id = @mailadm_auto_change)) THEN
			INSERT INTO changes (actor) VALUES (USER());
			SET @mailadm_auto_at = NOW(6),
			    @mailadm_auto_change = LAST_INSERT_ID();
		END IF;
	ELSEIF NOT (@mailadm_actor_of <=> @mailadm_change) THEN
		SET @mailadm_actor = (SELECT actor FROM changes
		    WHERE id = @mailadm_change),
		    @mailadm_actor_of = @mailadm_change;
	END IF;
	INSERT INTO history (`change`, actor, kind, name, new_row)
		VALUES (COALESCE(@mailadm_change, @mailadm_auto_change),
		    IF(@mailadm_change IS NULL, USER(), @mailadm_actor),
		    'user', NEW.email, JSON_OBJECT(
		    'email', NEW.email, 'crypt', NEW.crypt,
		    'active', NEW.active, 'name', NEW.name,
		    'quota', NEW.quota, 'home', NEW.home,
		    'created', NEW.created, 'modified', NEW.modified));
END IF //

CREATE OR REPLACE TRIGGER users_update
AFTER UPDATE ON `users` FOR EACH ROW
IF @mailadm_bulk IS NULL AND NOT (
    OLD.email <=> NEW.email AND OLD.crypt <=> NEW.crypt AND
    OLD.active <=> NEW.active AND OLD.name <=> NEW.name AND
    OLD.quota <=> NEW.quota AND OLD.home <=> NEW.home AND
    OLD.created <=> NEW.created) THEN
	IF @mailadm_change IS NULL THEN
		IF NOT (@mailadm_auto_at <=> NOW(6) AND EXISTS (SELECT 1
		    FROM changes WHERE id = @mailadm_auto_change)) THEN
			INSERT INTO changes (actor) VALUES (USER());
			SET @mailadm_auto_at = NOW(6),
			    @mailadm_auto_change = LAST_INSERT_ID();
		END IF;
	ELSEIF NOT (@mailadm_actor_of <=> @mailadm_change) THEN
		SET @mailadm_actor = (SELECT actor FROM changes
		    WHERE id = @mailadm_change),
		    @mailadm_actor_of = @mailadm_change;
	END IF;
	INSERT INTO history (`change`, actor, kind, name, old_row, new_row)
		VALUES (COALESCE(@mailadm_change, @mailadm_auto_change),
		    IF(@mailadm_change IS NULL, USER(), @mailadm_actor),
		    'user', NEW.email, JSON_OBJECT(
		    'email', OLD.email, 'crypt', OLD.crypt,
		    'active', OLD.active, 'name', OLD.name,
		    'quota', OLD.quota, 'home', OLD.home,
		    'created', OLD.created, 'modified', OLD.modified), JSON_OBJECT(
		    'email', NEW.email, 'crypt', NEW.crypt,
		    'active', NEW.active, 'name', NEW.name,
		    'quota', NEW.quota, 'home', NEW.home,
		    'created', NEW.created, 'modified', NEW.modified));
END IF //

CREATE OR REPLACE TRIGGER users_delete
AFTER DELETE ON `users` FOR EACH ROW
IF @mailadm_bulk IS NULL THEN
	IF @mailadm_change IS NULL THEN
		IF NOT (@mailadm_auto_at <=> NOW(6) AND EXISTS (SELECT 1
		    FROM changes WHERE id = @mailadm_auto_change)) THEN
			INSERT INTO changes (actor) VALUES (USER());
			SET @mailadm_auto_at = NOW(6),
			    @mailadm_auto_change = LAST_INSERT_ID();
		END IF;
	ELSEIF NOT (@mailadm_actor_of <=> @mailadm_change) THEN
		SET @mailadm_actor = (SELECT actor FROM changes
		    WHERE id = @mailadm_change),
		    @mailadm_actor_of = @mailadm_change;
	END IF;
	INSERT INTO history (`change`, actor, kind, name, old_row)
		VALUES (COALESCE(@mailadm_change, @mailadm_auto_change),
		    IF(@mailadm_change IS NULL, USER(), @mailadm_actor),
		    'user', OLD.email, JSON_OBJECT(
		    'email', OLD.email, 'crypt', OLD.crypt,
		    'active', OLD.active, 'name', OLD.name,
		    'quota', OLD.quota, 'home', OLD.home,
		    'created', OLD.created, 'modified', OLD.modified));
END IF //

CREATE OR REPLACE TRIGGER aliases_insert
AFTER INSERT ON `aliases` FOR EACH ROW
IF @mailadm_bulk IS NULL THEN
	IF @mailadm_change IS NULL THEN
		IF NOT (@mailadm_auto_at <=> NOW(6) AND EXISTS (SELECT 1
		    FROM changes WHERE id = @mailadm_auto_change)) THEN
			INSERT INTO changes (actor) VALUES (USER());
			SET @mailadm_auto_at = NOW(6),
			    @mailadm_auto_change = LAST_INSERT_ID();
		END IF;
	ELSEIF NOT (@mailadm_actor_of <=> @mailadm_change) THEN
		SET @mailadm_actor = (SELECT actor FROM changes
		    WHERE id = @mailadm_change),
		    @mailadm_actor_of = @mailadm_change;
	END IF;
	INSERT INTO history (`change`, actor, kind, name, new_row)
		VALUES (COALESCE(@mailadm_change, @mailadm_auto_change),
		    IF(@mailadm_change IS NULL, USER(), @mailadm_actor),
		    'alias', NEW.mail, JSON_OBJECT(
		    'mail', NEW.mail, 'destination', NEW.destination,
		    'active', NEW.active, 'created', NEW.created,
		    'modified', NEW.modified));
END IF //

CREATE OR REPLACE TRIGGER aliases_update
AFTER UPDATE ON `aliases` FOR EACH ROW
IF @mailadm_bulk IS NULL AND NOT (
    OLD.mail <=> NEW.mail AND OLD.destination <=> NEW.destination AND
    OLD.active <=> NEW.active AND OLD.created <=> NEW.created) THEN
	IF @mailadm_change IS NULL THEN
		IF NOT (@mailadm_auto_at <=> NOW(6) AND EXISTS (SELECT 1
		    FROM changes WHERE id = @mailadm_auto_change)) THEN
			INSERT INTO changes (actor) VALUES (USER());
			SET @mailadm_auto_at = NOW(6),
			    @mailadm_auto_change = LAST_INSERT_ID();
		END IF;
	ELSEIF NOT (@mailadm_actor_of <=> @mailadm_change) THEN
		SET @mailadm_actor = (SELECT actor FROM changes
		    WHERE id = @mailadm_change),
		    @mailadm_actor_of = @mailadm_change;
	END IF;
	INSERT INTO history (`change`, actor, kind, name, old_row, new_row)
		VALUES (COALESCE(@mailadm_change, @mailadm_auto_change),
		    IF(@mailadm_change IS NULL, USER(), @mailadm_actor),
		    'alias', NEW.mail, JSON_OBJECT(
		    'mail', OLD.mail, 'destination', OLD.destination,
		    'active', OLD.active, 'created', OLD.created,
		    'modified', OLD.modified), JSON_OBJECT(
		    'mail', NEW.mail, 'destination', NEW.destination,
		    'active', NEW.active, 'created', NEW.created,
		    'modified', NEW.modified));
END IF //

CREATE OR REPLACE TRIGGER aliases_delete
AFTER DELETE ON `aliases` FOR EACH ROW
IF @mailadm_bulk IS NULL THEN
	IF @mailadm_change IS NULL THEN
		IF NOT (@mailadm_auto_at <=> NOW(6) AND EXISTS (SELECT 1
		    FROM changes WHERE id = @mailadm_auto_change)) THEN
			INSERT INTO changes (actor) VALUES (USER());
			SET @mailadm_auto_at = NOW(6),
			    @mailadm_auto_change = LAST_INSERT_ID();
		END IF;
	ELSEIF NOT (@mailadm_actor_of <=> @mailadm_change) THEN
		SET @mailadm_actor = (SELECT actor FROM changes
		    WHERE id = @mailadm_change),
		    @mailadm_actor_of = @mailadm_change;
	END IF;
	INSERT INTO history (`change`, actor, kind, name, old_row)
		VALUES (COALESCE(@mailadm_change, @mailadm_auto_change),
		    IF(@mailadm_change IS NULL, USER(), @mailadm_actor),
		    'alias', OLD.mail, JSON_OBJECT(
		    'mail', OLD.mail, 'destination', OLD.destination,
		    'active', OLD.active, 'created', OLD.created,
		    'modified', OLD.modified));
END IF //

DELIMITER ;
