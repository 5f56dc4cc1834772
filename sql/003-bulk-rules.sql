-- Bulk inserts bypass the rules for new users, too.
--
-- To look for the user's domain cost as much as the row.  Whoever sets
-- @mailadm_bulk has locked the domain and seen that it is no alias domain,
-- gives each user a home and writes it to homes.

DELIMITER //

CREATE OR REPLACE TRIGGER users_insert_rules
BEFORE INSERT ON `users` FOR EACH ROW
IF @mailadm_bulk IS NULL THEN BEGIN
DECLARE taken BOOLEAN DEFAULT COALESCE(NEW.home, '') = '';
DECLARE number INT UNSIGNED DEFAULT 1;
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

DELIMITER ;
