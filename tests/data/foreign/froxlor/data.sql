INSERT INTO panel_domains VALUES (1,'example.com',1,'/var/www/a',1,0),(2,'example.org',1,'/var/www/b',1,1),(3,'web.example.net',1,'/var/www/c',0,0),
 (4,'unpaid.example.net',2,'/var/www/d',1,0);
INSERT INTO panel_customers VALUES (1,'cust1',0),(2,'cust2',1);
INSERT INTO mail_users VALUES
 (1,'anna@example.com','anna@example.com','s3cret clear','$5$u8jzPde0IgxL$7ccn59RYdl7yi9Qfu4kY8z0/yqEzpY.yRfszLdmuuCA',2000,2000,'/var/vmail/','cust1/anna@example.com/','Y',1,1,100,1,1,77),
 (2,'bo@example.com','bo@example.com','','$5$d6GncfBAepfJ$BPSvPXFWw1oN0WoEOIOOCjkeOR0W/jyXeQL2Lqpz9oD',2000,2000,'/var/vmail/','cust1/bo@example.com/','N',1,1,0,0,1,0);
INSERT INTO mail_virtual VALUES
 (1,'anna@example.com','anna@example.com','anna@example.com',1,1,1,0),
 (2,'bo@example.com','bo@example.com','bo@example.com bo@elsewhere.example.net',1,1,2,0),
 (3,'@example.com','anna@example.com','anna@example.com',1,1,0,1),
 (4,'info@example.com','info@example.com','anna@example.com bo@example.com',1,1,0,0);
