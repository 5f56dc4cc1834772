INSERT INTO domains (domain, active, description) VALUES ('one.example','yes','Größe 🐦'),('two.example','disabled',NULL),('ONE.example','yes',NULL),('three.example','',NULL),('four.example','2',NULL);
INSERT INTO users (username,domain,password,quota_mb,disabled,expires,realname,mailbox_path,pin,api_token) VALUES
('ann','one.example','$5$u8jzPde0IgxL$7ccn59RYdl7yi9Qfu4kY8z0/yqEzpY.yRfszLdmuuCA',10,0,'0000-00-00 00:00:00','Ann','/var/vmail/%d/%n/','1234','tok'),
('bo','one.example','{SMD5}xx',0,1,NULL,'B\0o','//var//vmail/x/./bo','',''),
('cy@two.example','one.example','secret',NULL,0,'2001-01-01','JÃ¼rgen','/var/vmail/two.example/cy/Maildir/','',''),
('Cy@two.example','one.example','secret',NULL,0,'2999-01-01','',NULL,'',''),
('dee','five.example','!!',-1,0,NULL,'','~/dee','','');
INSERT INTO aliases VALUES ('info@one.example','ann@one.example\r\nbo@one.example;cy@two.example','Y'),('x@one.example','|/bin/x','Y'),('a b@one.example','ann@one.example','y'),('y@one.example','ann@one.example','m'),('z@one.example','',NULL),('@one.example','ann','y');
INSERT INTO vacation VALUES ('ann@one.example','Away','text'); INSERT INTO sieve_scripts VALUES ('ann@one.example','keep;');
