CREATE TABLE mail_domains (domain VARCHAR(255) NOT NULL PRIMARY KEY);
CREATE TABLE mail_forwardings (source VARCHAR(80) NOT NULL PRIMARY KEY, destination TEXT NOT NULL, domain VARCHAR(200) NOT NULL);
CREATE TABLE mail_transport (domain VARCHAR(128) NOT NULL DEFAULT '', transport VARCHAR(128) NOT NULL DEFAULT '', UNIQUE KEY (domain));
CREATE TABLE mail_users (email VARCHAR(80) NOT NULL PRIMARY KEY, password VARCHAR(100) NOT NULL, domain VARCHAR(200) NOT NULL, quota INT(10) DEFAULT
'10485760');
CREATE TABLE nimble_users (nimble_id INT, system_username VARCHAR(32));
