CREATE TABLE domain (domain VARCHAR(255) NOT NULL PRIMARY KEY, description TEXT, aliases INT DEFAULT 0, mailboxes INT DEFAULT 0, maxquota BIGINT
DEFAULT 0, quota BIGINT DEFAULT 0, transport VARCHAR(255) DEFAULT 'dovecot', backupmx TINYINT DEFAULT 0, settings TEXT, expired DATETIME DEFAULT
'9999-12-31 00:00:00', active TINYINT DEFAULT 1);
CREATE TABLE alias_domain (alias_domain VARCHAR(255) NOT NULL PRIMARY KEY, target_domain VARCHAR(255), active TINYINT DEFAULT 1);
CREATE TABLE mailbox (username VARCHAR(255) NOT NULL PRIMARY KEY, password VARCHAR(255), name VARCHAR(255) DEFAULT '', language VARCHAR(5) DEFAULT
'', storagebasedirectory VARCHAR(255) DEFAULT '/var/vmail', storagenode VARCHAR(255) DEFAULT 'vmail1', maildir VARCHAR(255), quota BIGINT DEFAULT 0,
domain VARCHAR(255), enablesmtp TINYINT DEFAULT 1, enablepop3 TINYINT DEFAULT 1, enableimap TINYINT DEFAULT 1, enabledeliver TINYINT DEFAULT 1,
passwordlastchange DATETIME, expired DATETIME DEFAULT '9999-12-31 00:00:00', active TINYINT DEFAULT 1);
CREATE TABLE alias (address VARCHAR(255) PRIMARY KEY, goto TEXT, name VARCHAR(255) DEFAULT '', moderators TEXT, accesspolicy VARCHAR(30) DEFAULT '',
domain VARCHAR(255), islist TINYINT DEFAULT 0, active TINYINT DEFAULT 1);
