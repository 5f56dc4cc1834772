-- DKIM keys: what signs the mail of a domain.
--
-- The private half is PKCS#8, encrypted with the secret of the mail hosts,
-- which is in no database; secret_id is how the hash of the secret begins.
-- A retired key has no private half any more.  One in clear is refused, so
-- that no dump, binary log or replica ever holds it.
--
-- pending: its record is to be published; active: it signs, one for each
-- domain and algorithm; retiring: its record stays for mail that is under
-- way; retired: its record may go.  seen: when all name servers had the
-- record for the first time.

CREATE TABLE IF NOT EXISTS `dkim_keys` (
	domain VARCHAR(253) NOT NULL,
	selector VARCHAR(63) NOT NULL,
	algorithm VARCHAR(7) NOT NULL,
	bits INT UNSIGNED NULL,
	state VARCHAR(8) NOT NULL DEFAULT 'pending',
	public_key TEXT NOT NULL,
	private_key TEXT NULL,
	secret_id CHAR(16) NOT NULL,
	created DATETIME NOT NULL DEFAULT UTC_TIMESTAMP(),
	state_since DATETIME NOT NULL DEFAULT UTC_TIMESTAMP(),
	seen DATETIME NULL,
	signing VARCHAR(7) AS (IF(state = 'active', algorithm, NULL)) PERSISTENT,
	PRIMARY KEY (domain, selector),
	UNIQUE KEY signing (domain, signing),
	KEY state (domain, state),
	CONSTRAINT dkim_keys_domain FOREIGN KEY (domain)
	    REFERENCES `domains` (domain),
	CONSTRAINT selector_label CHECK (selector REGEXP '(?-imsx)^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(?!(?s:.))'),
	CONSTRAINT algorithm_known CHECK (algorithm IN ('rsa', 'ed25519')),
	CONSTRAINT state_known CHECK (state IN ('pending', 'active', 'retiring', 'retired')),
	CONSTRAINT public_key_base64 CHECK (public_key REGEXP '(?-imsx)^[A-Za-z0-9+/]+={0,2}(?!(?s:.))'),
	CONSTRAINT secret_id_hex CHECK (secret_id REGEXP '(?-imsx)^[0-9a-f]{16}(?!(?s:.))'),
	CONSTRAINT private_key_encrypted CHECK (private_key IS NULL OR private_key LIKE '-----BEGIN ENCRYPTED PRIVATE KEY-----%'),
	CONSTRAINT private_key_while_used CHECK ((state = 'retired') = (private_key IS NULL))
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
    COMMENT = 'mailadm';

-- History, without the private half.  When DNS was seen to have the record is
-- no change of anybody.

DELIMITER //

CREATE OR REPLACE TRIGGER dkim_keys_insert
AFTER INSERT ON `dkim_keys` FOR EACH ROW
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
		    'key', NEW.domain,
		    JSON_OBJECT(
		    'domain', NEW.domain, 'selector', NEW.selector,
		    'algorithm', NEW.algorithm, 'bits', NEW.bits,
		    'state', NEW.state, 'public_key', NEW.public_key,
		    'secret_id', NEW.secret_id, 'created', NEW.created,
		    'state_since', NEW.state_since, 'seen', NEW.seen));
END IF //

CREATE OR REPLACE TRIGGER dkim_keys_update
AFTER UPDATE ON `dkim_keys` FOR EACH ROW
IF @mailadm_bulk IS NULL AND NOT (
    OLD.domain <=> NEW.domain AND OLD.selector <=> NEW.selector AND
    OLD.algorithm <=> NEW.algorithm AND OLD.bits <=> NEW.bits AND
    OLD.state <=> NEW.state AND OLD.public_key <=> NEW.public_key AND
    OLD.secret_id <=> NEW.secret_id AND OLD.created <=> NEW.created AND
    OLD.state_since <=> NEW.state_since) THEN
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
END IF //

CREATE OR REPLACE TRIGGER dkim_keys_delete
AFTER DELETE ON `dkim_keys` FOR EACH ROW
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
		    'key', OLD.domain,
		    JSON_OBJECT(
		    'domain', OLD.domain, 'selector', OLD.selector,
		    'algorithm', OLD.algorithm, 'bits', OLD.bits,
		    'state', OLD.state, 'public_key', OLD.public_key,
		    'secret_id', OLD.secret_id, 'created', OLD.created,
		    'state_since', OLD.state_since, 'seen', OLD.seen));
END IF //

DELIMITER ;
