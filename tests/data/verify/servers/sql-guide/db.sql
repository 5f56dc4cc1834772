CREATE DATABASE mailserver;
USE mailserver;
CREATE TABLE virtual_domains (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
	name VARCHAR(50) NOT NULL);
CREATE TABLE virtual_users (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
	domain_id INT NOT NULL, password VARCHAR(106) NOT NULL,
	email VARCHAR(120) NOT NULL UNIQUE,
	FOREIGN KEY (domain_id) REFERENCES virtual_domains (id) ON DELETE CASCADE);
CREATE TABLE virtual_aliases (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
	domain_id INT NOT NULL, source varchar(100) NOT NULL,
	destination varchar(100) NOT NULL,
	FOREIGN KEY (domain_id) REFERENCES virtual_domains (id) ON DELETE CASCADE);
INSERT INTO virtual_domains VALUES (1, 'example.com'), (2, 'example.net');
INSERT INTO virtual_users VALUES (1, 1, '$6$ZzJXUeQ0TfyqW1Ah$m9eAcNm0cNzkvHnMNgsa2Bz1GhhzYxVYGXRNqzGlJEwGHXEBLVuvUhPv2GyD6sFZ3oYo2bUQIY3V7KLOo3m/Y1', 'anna@example.com'), (2, 2, '$6$ZzJXUeQ0TfyqW1Ah$m9eAcNm0cNzkvHnMNgsa2Bz1GhhzYxVYGXRNqzGlJEwGHXEBLVuvUhPv2GyD6sFZ3oYo2bUQIY3V7KLOo3m/Y1', 'bo@example.net');
INSERT INTO virtual_aliases VALUES (1, 1, 'postmaster@example.com', 'anna@example.com'), (2, 2, 'info@example.net', 'bo@example.net');
CREATE USER mailuser@127.0.0.1 IDENTIFIED BY 'not-a-secret';
GRANT SELECT ON mailserver.* TO mailuser@127.0.0.1;
