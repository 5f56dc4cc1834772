INSERT INTO domain (domain,description,maxusers,maxalias,default_quota,expiredate) VALUES
 ('example.com','the firm',50,20,'5242880S','1000-01-01'),('example.org','',0,0,NULL,'2011-01-01');
INSERT INTO mailbox (username,uid,password,clearpwd,name,maildir,homedir,quota,netdiskquota,domain,expiredate,active,disablesmtp,disableimap,disablepop3,disablewebmail) VALUES
 ('anna@example.com','anna','$5$u8jzPde0IgxL$7ccn59RYdl7yi9Qfu4kY8z0/yqEzpY.yRfszLdmuuCA','','Anna Ek','example.com/anna/Maildir/','example.com/anna','104857600S','5242880S','example.com','0000-00-00',1,0,0,0,0),
 ('bo@example.com','bo','$5$d6GncfBAepfJ$BPSvPXFWw1oN0WoEOIOOCjkeOR0W/jyXeQL2Lqpz9oD','hidden-clear','','example.com/bo/Maildir/','example.com/bo','0','0','example.com','2012-05-05',1,1,1,1,1);
INSERT INTO alias (address,goto,domain) VALUES ('anna@example.com','anna@example.com','example.com'),('post@example.com','anna@example.com, bo@example.com','example.com');
INSERT INTO manager VALUES ('root@example.com','secret');
