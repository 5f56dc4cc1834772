CREATE TABLE domains (id INT PRIMARY KEY AUTO_INCREMENT, domain VARCHAR(99), active VARCHAR(9) DEFAULT 'yes', description VARCHAR(99));
CREATE TABLE users (id INT PRIMARY KEY AUTO_INCREMENT, username VARCHAR(99), domain VARCHAR(99), password VARCHAR(200), quota_mb INT, disabled
TINYINT DEFAULT 0, expires DATETIME, realname VARCHAR(99), mailbox_path VARCHAR(99), pin VARCHAR(9), api_token VARCHAR(9));
CREATE TABLE aliases (address VARCHAR(99), goto TEXT, enabled CHAR(1));
CREATE TABLE vacation (email VARCHAR(99), subject VARCHAR(99), body TEXT);
CREATE TABLE sieve_scripts (user VARCHAR(99), script TEXT);
