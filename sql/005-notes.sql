-- A note on users and aliases: a remark for people that no server reads.

ALTER TABLE `users` ADD COLUMN IF NOT EXISTS note VARCHAR(255) NULL;
ALTER TABLE `aliases` ADD COLUMN IF NOT EXISTS note VARCHAR(255) NULL;

-- The triggers of both, with the new column.

DELIMITER //

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
		    'may_send', NEW.may_send, 'may_receive', NEW.may_receive,
		    'name', NEW.name, 'quota', NEW.quota,
		    'note', NEW.note, 'home', NEW.home,
		    'created', NEW.created, 'modified', NEW.modified));
END IF //

CREATE OR REPLACE TRIGGER users_update
AFTER UPDATE ON `users` FOR EACH ROW
IF @mailadm_bulk IS NULL AND NOT (
    OLD.email <=> NEW.email AND OLD.crypt <=> NEW.crypt AND
    OLD.active <=> NEW.active AND
    OLD.may_login <=> NEW.may_login AND OLD.may_send <=> NEW.may_send AND
    OLD.may_receive <=> NEW.may_receive AND OLD.name <=> NEW.name AND
    OLD.quota <=> NEW.quota AND OLD.note <=> NEW.note AND
    OLD.home <=> NEW.home AND
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
		    'may_send', OLD.may_send, 'may_receive', OLD.may_receive,
		    'name', OLD.name, 'quota', OLD.quota,
		    'note', OLD.note, 'home', OLD.home,
		    'created', OLD.created, 'modified', OLD.modified));
END IF //

CREATE OR REPLACE TRIGGER aliases_update_rules
BEFORE UPDATE ON `aliases` FOR EACH ROW
IF OLD.mail <=> NEW.mail AND OLD.destination <=> NEW.destination AND
    OLD.active <=> NEW.active AND OLD.note <=> NEW.note AND
    OLD.created <=> NEW.created THEN
	SET NEW.modified = OLD.modified;
ELSEIF NEW.modified <=> OLD.modified THEN
	SET NEW.modified = UTC_TIMESTAMP();
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
		    'active', NEW.active, 'note', NEW.note,
		    'created', NEW.created, 'modified', NEW.modified));
END IF //

CREATE OR REPLACE TRIGGER aliases_update
AFTER UPDATE ON `aliases` FOR EACH ROW
IF @mailadm_bulk IS NULL AND NOT (
    OLD.mail <=> NEW.mail AND OLD.destination <=> NEW.destination AND
    OLD.active <=> NEW.active AND OLD.note <=> NEW.note AND
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
		    'alias', NEW.mail, JSON_OBJECT(
		    'mail', OLD.mail, 'destination', OLD.destination,
		    'active', OLD.active, 'note', OLD.note,
		    'created', OLD.created, 'modified', OLD.modified), JSON_OBJECT(
		    'mail', NEW.mail, 'destination', NEW.destination,
		    'active', NEW.active, 'note', NEW.note,
		    'created', NEW.created, 'modified', NEW.modified));
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
		    'active', OLD.active, 'note', OLD.note,
		    'created', OLD.created, 'modified', OLD.modified));
END IF //

DELIMITER ;
