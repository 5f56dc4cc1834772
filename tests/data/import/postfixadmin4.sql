-- What PostfixAdmin 4 (database version 1856) adds to version 3.
ALTER TABLE mailbox
	ADD totp_secret VARCHAR(255) CHARACTER SET utf8mb4 DEFAULT NULL,
	ADD smtp_active TINYINT(1) NOT NULL DEFAULT 1;
ALTER TABLE alias ADD description VARCHAR(255) CHARACTER SET utf8mb4
	NOT NULL DEFAULT '';
ALTER TABLE alias_domain ADD description VARCHAR(255)
	CHARACTER SET utf8mb4 NOT NULL DEFAULT '';
INSERT INTO domain (domain, description, transport) VALUES
	('four.example', '', 'virtual');
INSERT INTO mailbox (username, password, name, maildir, quota, local_part,
    domain, totp_secret, smtp_active) VALUES
('tina@four.example', '{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    '', 'four.example/tina/', 1073741824, 'tina', 'four.example',
    'JBSWY3DPEHPK3PXP', 0),
('tom@four.example', '$argon2id$v=19$m=65536,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    '', 'four.example/tom/', 1048576, 'tom', 'four.example', NULL, 1);
