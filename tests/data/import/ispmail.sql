-- The tables of the ISPmail tutorial (Debian 11 and 12) and, without the
-- column quota, of the Linode guide; published in both as these statements.
CREATE TABLE virtual_domains (
	id INT(11) NOT NULL AUTO_INCREMENT,
	name VARCHAR(50) NOT NULL,
	PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8;
CREATE TABLE virtual_users (
	id INT(11) NOT NULL AUTO_INCREMENT,
	domain_id INT(11) NOT NULL,
	email VARCHAR(100) NOT NULL,
	password VARCHAR(150) NOT NULL,
	quota BIGINT(11) NOT NULL DEFAULT 0,
	PRIMARY KEY (id),
	UNIQUE KEY email (email),
	FOREIGN KEY (domain_id) REFERENCES virtual_domains(id)
	    ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8;
CREATE TABLE virtual_aliases (
	id INT(11) NOT NULL AUTO_INCREMENT,
	domain_id INT(11) NOT NULL,
	source VARCHAR(100) NOT NULL,
	destination VARCHAR(100) NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY (domain_id) REFERENCES virtual_domains(id)
	    ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8;
INSERT INTO virtual_domains (id, name) VALUES (1, 'isp.example'),
	(2, 'ISP.example'), (3, 'empty.example');
INSERT INTO virtual_users (domain_id, email, password, quota) VALUES
	(1, 'john@isp.example', '{BLF-CRYPT}$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a', 1073741824),
	(1, 'Kate@isp.example', '$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a', 0),
	(1, 'lou@isp.example', '', 0);
INSERT INTO virtual_aliases (domain_id, source, destination) VALUES
	(1, 'jack@isp.example', 'john@isp.example'),
	(1, 'jack@isp.example', 'kate@isp.example'),
	(1, 'Jack@isp.example', 'out@gmail.example'),
	(1, '@isp.example', 'john@isp.example'),
	(1, 'john@isp.example', 'john@isp.example');
