-- The tables of the first ISPmail tutorials (Debian 4 and 5): local parts.
CREATE TABLE virtual_domains (
	id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
	name VARCHAR(50) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1;
CREATE TABLE virtual_users (
	id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
	domain_id INT NOT NULL,
	user VARCHAR(40) NOT NULL,
	password VARCHAR(32) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1;
CREATE TABLE virtual_aliases (
	id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
	domain_id INT NOT NULL,
	source VARCHAR(40) NOT NULL,
	destination VARCHAR(80) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1;
INSERT INTO virtual_domains VALUES (1, 'old.example');
INSERT INTO virtual_users VALUES
	(1, 1, 'john', '14cbfb845af1f030e372b1cb9275e6dd'),
	(2, 9, 'lost', '14cbfb845af1f030e372b1cb9275e6dd');
INSERT INTO virtual_aliases VALUES (1, 1, 'steve', 'devnull@out.example'),
	(2, 1, '', 'john@old.example');
