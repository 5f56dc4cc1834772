-- iRedMail 1.8.1, samples/iredmail/iredmail.mysql: the tables of mail, with
-- the columns that an import looks at and those without a default.
CREATE TABLE domain (
	domain VARCHAR(255) NOT NULL DEFAULT '' PRIMARY KEY,
	description TEXT,
	disclaimer TEXT,
	aliases INT(10) NOT NULL DEFAULT 0,
	mailboxes INT(10) NOT NULL DEFAULT 0,
	maillists INT(10) NOT NULL DEFAULT 0,
	maxquota BIGINT(20) NOT NULL DEFAULT 0,
	quota BIGINT(20) NOT NULL DEFAULT 0,
	transport VARCHAR(255) NOT NULL DEFAULT 'dovecot',
	backupmx TINYINT(1) NOT NULL DEFAULT 0,
	settings TEXT,
	created DATETIME NOT NULL DEFAULT '1970-01-01 01:01:01',
	modified DATETIME NOT NULL DEFAULT '1970-01-01 01:01:01',
	expired DATETIME NOT NULL DEFAULT '9999-12-31 00:00:00',
	active TINYINT(1) NOT NULL DEFAULT 1
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
CREATE TABLE alias_domain (
	alias_domain VARCHAR(255) NOT NULL PRIMARY KEY,
	target_domain VARCHAR(255) NOT NULL,
	created DATETIME NOT NULL DEFAULT '1970-01-01 01:01:01',
	modified DATETIME NOT NULL DEFAULT '1970-01-01 01:01:01',
	active TINYINT(1) NOT NULL DEFAULT 1
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
CREATE TABLE mailbox (
	username VARCHAR(255) NOT NULL PRIMARY KEY,
	password VARCHAR(255) NOT NULL DEFAULT '',
	name VARCHAR(255) NOT NULL DEFAULT '',
	storagebasedirectory VARCHAR(255) NOT NULL DEFAULT '/var/vmail',
	storagenode VARCHAR(255) NOT NULL DEFAULT 'vmail1',
	maildir VARCHAR(255) NOT NULL DEFAULT '',
	quota BIGINT(20) NOT NULL DEFAULT 0,
	domain VARCHAR(255) NOT NULL DEFAULT '',
	transport VARCHAR(255) NOT NULL DEFAULT '',
	enablesmtp TINYINT(1) NOT NULL DEFAULT 1,
	enablepop3 TINYINT(1) NOT NULL DEFAULT 1,
	enableimap TINYINT(1) NOT NULL DEFAULT 1,
	enabledeliver TINYINT(1) NOT NULL DEFAULT 1,
	allow_nets TEXT DEFAULT NULL,
	active TINYINT(1) NOT NULL DEFAULT 1
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
CREATE TABLE alias (
	address VARCHAR(255) NOT NULL PRIMARY KEY,
	name VARCHAR(255) NOT NULL DEFAULT '',
	accesspolicy VARCHAR(30) NOT NULL DEFAULT '',
	domain VARCHAR(255) NOT NULL DEFAULT '',
	active TINYINT(1) NOT NULL DEFAULT 1
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
CREATE TABLE forwardings (
	id BIGINT(20) UNSIGNED AUTO_INCREMENT PRIMARY KEY,
	address VARCHAR(255) NOT NULL DEFAULT '',
	forwarding VARCHAR(255) NOT NULL DEFAULT '',
	domain VARCHAR(255) NOT NULL DEFAULT '',
	dest_domain VARCHAR(255) NOT NULL DEFAULT '',
	is_maillist TINYINT(1) NOT NULL DEFAULT 0,
	is_list TINYINT(1) NOT NULL DEFAULT 0,
	is_forwarding TINYINT(1) NOT NULL DEFAULT 0,
	is_alias TINYINT(1) NOT NULL DEFAULT 0,
	active TINYINT(1) NOT NULL DEFAULT 1,
	UNIQUE INDEX (address, forwarding)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
INSERT INTO domain (domain, description, maxquota, settings, mailboxes,
    backupmx) VALUES
('ired.example', 'iRed', 0, 'default_user_quota:1024;min_passwd_length:8;',
    10, 0),
('limit.example', NULL, 5000, NULL, 0, 0),
('mx.example', NULL, 0, '', 0, 1);
INSERT INTO alias_domain (alias_domain, target_domain, active) VALUES
('aka.example', 'ired.example', 1), ('idle.example', 'ired.example', 0),
('astray.example', 'missing.example', 1);
INSERT INTO mailbox (username, password, name, maildir, quota, domain,
    enablesmtp, enablepop3, enableimap, enabledeliver, allow_nets, active)
    VALUES
('postmaster@ired.example', '{SSHA512}aCu7JRc+kLsuEmFs1zTY+AiP7DSGnjjG+dH28Dp+E5usqoAixeTPihKqZmkWal4mUfp63tqvCAkFV1LKTDFH6XNhbHRzYWx0', 'Post',
    'ired.example/p/o/s/postmaster-2026.01.01.10.00.00/', 1024,
    'ired.example', 1, 1, 1, 1, NULL, 1),
('free@ired.example', '{CRYPT}$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a', '', 'ired.example/f/r/e/free/',
    0, 'ired.example', 0, 0, 0, 0, '10.0.0.0/8', 1),
('away@ired.example', '!', '', 'ired.example/a/w/a/away/', 10,
    'ired.example', 1, 1, 0, 1, NULL, 0);
INSERT INTO alias (address, name, domain, active) VALUES
('team@ired.example', 'Everybody of the office', 'ired.example', 1),
('rest@ired.example', '', 'ired.example', 0),
('hollow@ired.example', '', 'ired.example', 1);
INSERT INTO forwardings (address, forwarding, is_maillist, is_list,
    is_forwarding, is_alias) VALUES
('postmaster@ired.example', 'postmaster@ired.example', 0, 0, 1, 0),
('free@ired.example', 'elsewhere@out.example', 0, 0, 1, 0),
('away@ired.example', 'away@ired.example', 0, 0, 1, 0),
('away@ired.example', 'postmaster@ired.example', 0, 0, 1, 0),
('team@ired.example', 'free@ired.example', 0, 1, 0, 0),
('team@ired.example', 'postmaster@ired.example', 0, 1, 0, 0),
('rest@ired.example', 'postmaster@ired.example', 0, 1, 0, 0),
('abuse@ired.example', 'postmaster@ired.example', 0, 0, 0, 1),
('list@ired.example', 'ired.example/list', 1, 0, 0, 0),
('ired.example', 'postmaster@ired.example', 0, 0, 0, 0);
