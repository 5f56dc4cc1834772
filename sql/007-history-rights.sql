-- A history that the daily account cannot forge.
--
-- Before, a session variable decided who wrote the history, and whoever may
-- write the tables may set it.  Now the triggers alone write the history,
-- with the rights of their definer, and sql/grants.sql gives the accounts no
-- right to it.  What a session says of itself is not believed:
--
-- * A change belongs to the connection and the account that made its row,
--   and the server writes both there.  @mailadm_change is believed where it
--   names such a row; mailadm takes the connection off before the commit, so
--   that a later connection with the same number cannot add to it.
-- * Times are the server's: SYSDATE() does not follow SET timestamp, which
--   UTC_TIMESTAMP() does.  As seconds since 1970 it does not depend on the
--   time zone of the session either.
-- * SET insert_id would choose the number of a history row: it is refused.
-- * No row of the history comes from a SELECT that could return nothing.
--   Where many are written, they are counted.
--
-- What stays a claim: the actor and the program of a change.  The account
-- beside it is not one.

-- connection: while the change is open, and until it is taken off.
-- users_to_add, aliases_to_add: see changes_update; always NULL.
ALTER TABLE `changes`
	ADD COLUMN IF NOT EXISTS account VARCHAR(255) NULL,
	ADD COLUMN IF NOT EXISTS connection BIGINT UNSIGNED NULL INVISIBLE,
	ADD COLUMN IF NOT EXISTS users_to_add LONGTEXT NULL INVISIBLE,
	ADD COLUMN IF NOT EXISTS aliases_to_add LONGTEXT NULL INVISIBLE;

-- 1 where changes_update has inserted the row and writes its history itself.
-- Nobody else has the right to insert it.
ALTER TABLE `users` ADD COLUMN IF NOT EXISTS recorded BOOLEAN NULL INVISIBLE;
ALTER TABLE `aliases` ADD COLUMN IF NOT EXISTS recorded BOOLEAN NULL INVISIBLE;

DELIMITER //

CREATE OR REPLACE TRIGGER changes_insert
BEFORE INSERT ON `changes` FOR EACH ROW
BEGIN
IF @@insert_id <> 0 THEN
	SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
	    'insert_id may not be set';
END IF;
SET NEW.account = USER(), NEW.connection = CONNECTION_ID();
IF NEW.at = UTC_TIMESTAMP() THEN
	SET NEW.at = TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND;
END IF;
END //

-- Bulk work: many new users or aliases, with their history, in one statement,
-- so that nobody can have the one without the other.  (Killed in the middle
-- of a procedure, the first statement would stay.)  What is to be added is an
-- array of rows, as JSON; it is not stored.  Measured for 50,000 users, in
-- the server's processor time: 2.6 s, 1.7 s where the client wrote users,
-- homes and history with rights of its own.
--
-- fresh, where it is given: so many rows there are, and none of their homes
-- may be somebody's, or have been; else nothing more is written, and the
-- caller rolls back to its savepoint.  Without it they are taken over.
-- A home that is not fresh is changed by a second, so that it counts as two.
-- @mailadm_added says how many rows were written.
-- A domain is looked at only here, so without the foreign key's own look.

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
		COLLATE utf8mb4_nopad_bin PATH '$[9]' ERROR ON ERROR)) AS j
	    ON DUPLICATE KEY UPDATE
	    email = IF(fresh IS NULL, VALUE(email), homes.email),
	    given = IF(fresh IS NULL, UTC_TIMESTAMP(),
		homes.given - INTERVAL 1 SECOND);
	SET given = ROW_COUNT();
END IF;
IF NEW.users_to_add IS NOT NULL AND COALESCE(given = fresh, TRUE) THEN
	SET STATEMENT foreign_key_checks = 0 FOR INSERT INTO users
	    (email, crypt, active, may_login, may_send, may_receive, name,
	    quota, note, home, created, modified, recorded)
	    SELECT j.email, j.crypt, j.active, j.may_login, j.may_send,
	    j.may_receive, j.name, j.quota, j.note, j.home, moment, moment, 1
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
	    home VARCHAR(400) CHARACTER SET utf8mb4
		COLLATE utf8mb4_nopad_bin PATH '$[9]' ERROR ON ERROR)) AS j;
	SET written = ROW_COUNT();
	SET STATEMENT foreign_key_checks = 0 FOR INSERT INTO history
	    (`change`, at, actor, kind, name, new_row)
	    SELECT OLD.id, moment, OLD.actor, 'user', t.email,
	    JSON_OBJECT('email', t.email, 'crypt', t.crypt, 'active',
	    t.active, 'may_login', t.may_login, 'may_send', t.may_send,
	    'may_receive', t.may_receive, 'name', t.name, 'quota', t.quota,
	    'note', t.note, 'home', t.home, 'created', t.created, 'modified',
	    t.modified)
	    FROM JSON_TABLE(NEW.users_to_add, '$.rows[*]' COLUMNS (
	    place FOR ORDINALITY, email VARCHAR(254) CHARACTER SET utf8mb4
		COLLATE utf8mb4_nopad_bin PATH '$[0]' ERROR ON ERROR)) AS j
	    STRAIGHT_JOIN users AS t ON t.email = j.email
	    STRAIGHT_JOIN domains AS d ON d.domain = t.domain
	    WHERE d.alias_of IS NULL ORDER BY j.place;
	IF ROW_COUNT() <> written THEN
		SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
		    'a user needs a domain that is no alias domain';
	END IF;
	SET @mailadm_added = written;
END IF;
IF NEW.aliases_to_add IS NOT NULL THEN
	INSERT INTO aliases
	    (mail, destination, active, note, created, modified, recorded)
	    SELECT j.mail, j.destination, j.active, j.note, moment, moment, 1
	    FROM JSON_TABLE(NEW.aliases_to_add, '$.rows[*]' COLUMNS (
	    mail VARCHAR(254) CHARACTER SET utf8mb4
		COLLATE utf8mb4_nopad_bin PATH '$[0]' ERROR ON ERROR,
	    destination VARCHAR(254) CHARACTER SET utf8mb4
		COLLATE utf8mb4_nopad_bin PATH '$[1]' ERROR ON ERROR,
	    active BOOLEAN PATH '$[2]' ERROR ON ERROR,
	    note VARCHAR(255) CHARACTER SET utf8mb4
		COLLATE utf8mb4_nopad_bin PATH '$[3]' ERROR ON ERROR)) AS j;
	SET written = ROW_COUNT();
	SET STATEMENT foreign_key_checks = 0 FOR INSERT INTO history
	    (`change`, at, actor, kind, name, new_row)
	    SELECT OLD.id, moment, OLD.actor, 'alias', t.mail,
	    JSON_OBJECT('mail', t.mail, 'destination', t.destination,
	    'active', t.active, 'note', t.note, 'created', t.created,
	    'modified', t.modified)
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

-- The rules, without the session variable, and with the server's own time in
-- `modified`, by which `mailadm check` finds a row without its entry: the
-- server silently skips the triggers behind a row where
-- INSERT ... SELECT ... LIMIT ROWS EXAMINED has come to its limit.

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
END //

CREATE OR REPLACE TRIGGER aliases_insert_rules
BEFORE INSERT ON `aliases` FOR EACH ROW
IF NEW.recorded IS NULL AND NEW.modified = UTC_TIMESTAMP() THEN
	SET NEW.modified = TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND;
END IF //

CREATE OR REPLACE TRIGGER aliases_update_rules
BEFORE UPDATE ON `aliases` FOR EACH ROW
IF OLD.mail <=> NEW.mail AND OLD.destination <=> NEW.destination AND
    OLD.active <=> NEW.active AND OLD.note <=> NEW.note AND
    OLD.created <=> NEW.created THEN
	SET NEW.modified = OLD.modified;
ELSEIF NEW.modified <=> OLD.modified THEN
	SET NEW.modified = TIMESTAMP '1970-01-01 00:00:00' + INTERVAL
	    UNIX_TIMESTAMP(SYSDATE()) SECOND;
END IF //

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
    OLD.active <=> NEW.active AND
    OLD.may_login <=> NEW.may_login AND OLD.may_send <=> NEW.may_send AND
    OLD.may_receive <=> NEW.may_receive AND OLD.name <=> NEW.name AND
    OLD.quota <=> NEW.quota AND OLD.note <=> NEW.note AND
    OLD.home <=> NEW.home AND
    OLD.created <=> NEW.created THEN
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
IF NEW.home <> OLD.home THEN
	INSERT INTO homes (home, email) VALUES (NEW.home, NEW.email)
		ON DUPLICATE KEY UPDATE email = NEW.email,
		    given = UTC_TIMESTAMP();
END IF;
END //

-- The history: a row of the change that @mailadm_change names, or of one that
-- each statement makes by itself.

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
	    'max_aliases', NEW.max_aliases, 'created', NEW.created,
	    'modified', NEW.modified));
END //

CREATE OR REPLACE TRIGGER domains_update
AFTER UPDATE ON `domains` FOR EACH ROW
IF NOT (
    OLD.domain <=> NEW.domain AND OLD.active <=> NEW.active AND
    OLD.description <=> NEW.description AND
    OLD.alias_of <=> NEW.alias_of AND OLD.quota <=> NEW.quota AND
    OLD.max_users <=> NEW.max_users AND
    OLD.max_aliases <=> NEW.max_aliases AND
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
	    'max_aliases', OLD.max_aliases, 'created', OLD.created,
	    'modified', OLD.modified));
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
	    'email', NEW.email, 'crypt', NEW.crypt,
	    'active', NEW.active, 'may_login', NEW.may_login,
	    'may_send', NEW.may_send, 'may_receive', NEW.may_receive,
	    'name', NEW.name, 'quota', NEW.quota,
	    'note', NEW.note, 'home', NEW.home,
	    'created', NEW.created, 'modified', NEW.modified));
END; END IF //

CREATE OR REPLACE TRIGGER users_update
AFTER UPDATE ON `users` FOR EACH ROW
IF NOT (
    OLD.email <=> NEW.email AND OLD.crypt <=> NEW.crypt AND
    OLD.active <=> NEW.active AND
    OLD.may_login <=> NEW.may_login AND OLD.may_send <=> NEW.may_send AND
    OLD.may_receive <=> NEW.may_receive AND OLD.name <=> NEW.name AND
    OLD.quota <=> NEW.quota AND OLD.note <=> NEW.note AND
    OLD.home <=> NEW.home AND
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
	    'user', NEW.email, JSON_OBJECT(
	    'email', OLD.email, 'crypt', OLD.crypt,
	    'active', OLD.active, 'may_login', OLD.may_login,
	    'may_send', OLD.may_send, 'may_receive', OLD.may_receive,
	    'name', OLD.name, 'quota', OLD.quota,
	    'note', OLD.note, 'home', OLD.home,
	    'created', OLD.created, 'modified', OLD.modified),
	    JSON_OBJECT(
	    'email', NEW.email, 'crypt', NEW.crypt,
	    'active', NEW.active, 'may_login', NEW.may_login,
	    'may_send', NEW.may_send, 'may_receive', NEW.may_receive,
	    'name', NEW.name, 'quota', NEW.quota,
	    'note', NEW.note, 'home', NEW.home,
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
	    'email', OLD.email, 'crypt', OLD.crypt,
	    'active', OLD.active, 'may_login', OLD.may_login,
	    'may_send', OLD.may_send, 'may_receive', OLD.may_receive,
	    'name', OLD.name, 'quota', OLD.quota,
	    'note', OLD.note, 'home', OLD.home,
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
	    'active', NEW.active, 'note', NEW.note,
	    'created', NEW.created, 'modified', NEW.modified));
END; END IF //

CREATE OR REPLACE TRIGGER aliases_update
AFTER UPDATE ON `aliases` FOR EACH ROW
IF NOT (
    OLD.mail <=> NEW.mail AND OLD.destination <=> NEW.destination AND
    OLD.active <=> NEW.active AND OLD.note <=> NEW.note AND
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
	    'alias', NEW.mail, JSON_OBJECT(
	    'mail', OLD.mail, 'destination', OLD.destination,
	    'active', OLD.active, 'note', OLD.note,
	    'created', OLD.created, 'modified', OLD.modified), JSON_OBJECT(
	    'mail', NEW.mail, 'destination', NEW.destination,
	    'active', NEW.active, 'note', NEW.note,
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
	    'active', OLD.active, 'note', OLD.note,
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
	    'created', NEW.created));
END //

CREATE OR REPLACE TRIGGER send_as_update
AFTER UPDATE ON `send_as` FOR EACH ROW
IF NOT (
    OLD.email <=> NEW.email AND OLD.address <=> NEW.address AND
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
	    'grant', NEW.email, JSON_OBJECT(
	    'email', OLD.email, 'address', OLD.address,
	    'created', OLD.created), JSON_OBJECT(
	    'email', NEW.email, 'address', NEW.address,
	    'created', NEW.created));
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
	    'created', OLD.created));
END //

CREATE OR REPLACE TRIGGER dkim_keys_insert
AFTER INSERT ON `dkim_keys` FOR EACH ROW
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
	    'key', NEW.domain,
	    JSON_OBJECT(
	    'domain', NEW.domain, 'selector', NEW.selector,
	    'algorithm', NEW.algorithm, 'bits', NEW.bits,
	    'state', NEW.state, 'public_key', NEW.public_key,
	    'secret_id', NEW.secret_id, 'created', NEW.created,
	    'state_since', NEW.state_since, 'seen', NEW.seen));
END //

CREATE OR REPLACE TRIGGER dkim_keys_update
AFTER UPDATE ON `dkim_keys` FOR EACH ROW
IF NOT (
    OLD.domain <=> NEW.domain AND OLD.selector <=> NEW.selector AND
    OLD.algorithm <=> NEW.algorithm AND OLD.bits <=> NEW.bits AND
    OLD.state <=> NEW.state AND OLD.public_key <=> NEW.public_key AND
    OLD.secret_id <=> NEW.secret_id AND OLD.created <=> NEW.created AND
    OLD.state_since <=> NEW.state_since) THEN BEGIN
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
	    'key', NEW.domain,
	    JSON_OBJECT(
	    'domain', OLD.domain, 'selector', OLD.selector,
	    'algorithm', OLD.algorithm, 'bits', OLD.bits,
	    'state', OLD.state, 'public_key', OLD.public_key,
	    'secret_id', OLD.secret_id, 'created', OLD.created,
	    'state_since', OLD.state_since, 'seen', OLD.seen),
	    JSON_OBJECT(
	    'domain', NEW.domain, 'selector', NEW.selector,
	    'algorithm', NEW.algorithm, 'bits', NEW.bits,
	    'state', NEW.state, 'public_key', NEW.public_key,
	    'secret_id', NEW.secret_id, 'created', NEW.created,
	    'state_since', NEW.state_since, 'seen', NEW.seen));
END; END IF //

CREATE OR REPLACE TRIGGER dkim_keys_delete
AFTER DELETE ON `dkim_keys` FOR EACH ROW
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
	    'key', OLD.domain,
	    JSON_OBJECT(
	    'domain', OLD.domain, 'selector', OLD.selector,
	    'algorithm', OLD.algorithm, 'bits', OLD.bits,
	    'state', OLD.state, 'public_key', OLD.public_key,
	    'secret_id', OLD.secret_id, 'created', OLD.created,
	    'state_since', OLD.state_since, 'seen', OLD.seen));
END //

DELIMITER ;
