-- What a user may do, who may send as another address, and what the servers
-- record.
--
-- may_login: by IMAP and POP3; may_send: by submission; may_receive: mail
-- for the user is accepted.  A disabled user may do none of it, whatever they say.
-- A check of the table would copy a million rows; one of the column does not.

ALTER TABLE `users`
	ADD COLUMN IF NOT EXISTS may_login BOOLEAN NOT NULL DEFAULT 1
	    CHECK (may_login IN (0, 1)),
	ADD COLUMN IF NOT EXISTS may_send BOOLEAN NOT NULL DEFAULT 1
	    CHECK (may_send IN (0, 1)),
	ADD COLUMN IF NOT EXISTS may_receive BOOLEAN NOT NULL DEFAULT 1
	    CHECK (may_receive IN (0, 1));

-- Addresses, or whole domains (@domain), that a user may send as besides their
-- own and those that deliver to them.  Some are elsewhere, so that no key
-- leads to domains.
CREATE TABLE IF NOT EXISTS `send_as` (
	email VARCHAR(254) NOT NULL,
	address VARCHAR(254) NOT NULL,
	created DATETIME NOT NULL DEFAULT UTC_TIMESTAMP(),
	PRIMARY KEY (email, address),
	KEY address (address),
	CONSTRAINT send_as_email FOREIGN KEY (email)
	    REFERENCES `users` (email),
	CONSTRAINT address_canonical CHECK (address REGEXP '(?-imsx)^(?=[^@]{0,64}@)([a-z0-9!#$&''*+=?^_`{}~][a-z0-9!#$&''*+=?^_`{}~-]*([.][a-z0-9!#$&''*+=?^_`{}~-]+)*)?@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?[.])+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(?!(?s:.))')
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
    COMMENT = 'mailadm';

-- Dovecot writes these two, at each login and each mail: without a key, or
-- that would take a lock on the user; without history, because no admin
-- writes them.  Seconds since 1970 are what its last_login plugin says.
CREATE TABLE IF NOT EXISTS `logins` (
	email VARCHAR(254) NOT NULL PRIMARY KEY,
	last_login BIGINT UNSIGNED NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
    COMMENT = 'mailadm';

-- Bytes and messages come in statements of their own.
CREATE TABLE IF NOT EXISTS `quota_usage` (
	email VARCHAR(254) NOT NULL PRIMARY KEY,
	bytes BIGINT NOT NULL DEFAULT 0,
	messages BIGINT NOT NULL DEFAULT 0
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
    COMMENT = 'mailadm';

-- The triggers of users, with the new columns; those of send_as.

DELIMITER //

CREATE OR REPLACE TRIGGER users_update_rules
BEFORE UPDATE ON `users` FOR EACH ROW
BEGIN
IF OLD.email <=> NEW.email AND OLD.crypt <=> NEW.crypt AND
    OLD.active <=> NEW.active AND
    OLD.may_login <=> NEW.may_login AND OLD.may_send <=> NEW.may_send AND
    OLD.may_receive <=> NEW.may_receive AND OLD.name <=> NEW.name AND
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
		    'active', NEW.active, 'may_login', NEW.may_login,
		    'may_send', NEW.may_send,
		    'may_receive', NEW.may_receive, 'name', NEW.name,
		    'quota', NEW.quota, 'home', NEW.home,
		    'created', NEW.created, 'modified', NEW.modified));
END IF //

CREATE OR REPLACE TRIGGER users_update
AFTER UPDATE ON `users` FOR EACH ROW
IF @mailadm_bulk IS NULL AND NOT (
    OLD.email <=> NEW.email AND OLD.crypt <=> NEW.crypt AND
    OLD.active <=> NEW.active AND
    OLD.may_login <=> NEW.may_login AND OLD.may_send <=> NEW.may_send AND
    OLD.may_receive <=> NEW.may_receive AND OLD.name <=> NEW.name AND
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
		    'active', OLD.active, 'may_login', OLD.may_login,
		    'may_send', OLD.may_send,
		    'may_receive', OLD.may_receive, 'name', OLD.name,
		    'quota', OLD.quota, 'home', OLD.home,
		    'created', OLD.created, 'modified', OLD.modified), JSON_OBJECT(
		    'email', NEW.email, 'crypt', NEW.crypt,
		    'active', NEW.active, 'may_login', NEW.may_login,
		    'may_send', NEW.may_send,
		    'may_receive', NEW.may_receive, 'name', NEW.name,
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
		    'active', OLD.active, 'may_login', OLD.may_login,
		    'may_send', OLD.may_send,
		    'may_receive', OLD.may_receive, 'name', OLD.name,
		    'quota', OLD.quota, 'home', OLD.home,
		    'created', OLD.created, 'modified', OLD.modified));
END IF //

CREATE OR REPLACE TRIGGER send_as_insert
AFTER INSERT ON `send_as` FOR EACH ROW
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
		    'grant', NEW.email, JSON_OBJECT(
		    'email', NEW.email, 'address', NEW.address,
		    'created', NEW.created));
END IF //

CREATE OR REPLACE TRIGGER send_as_update
AFTER UPDATE ON `send_as` FOR EACH ROW
IF @mailadm_bulk IS NULL AND NOT (
    OLD.email <=> NEW.email AND OLD.address <=> NEW.address AND
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
		    'grant', NEW.email, JSON_OBJECT(
		    'email', OLD.email, 'address', OLD.address,
		    'created', OLD.created), JSON_OBJECT(
		    'email', NEW.email, 'address', NEW.address,
		    'created', NEW.created));
END IF //

CREATE OR REPLACE TRIGGER send_as_delete
AFTER DELETE ON `send_as` FOR EACH ROW
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
		    'grant', OLD.email, JSON_OBJECT(
		    'email', OLD.email, 'address', OLD.address,
		    'created', OLD.created));
END IF //

DELIMITER ;
