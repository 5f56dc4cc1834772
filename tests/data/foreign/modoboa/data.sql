INSERT INTO core_user VALUES
 (1,'$6$x',NULL,1,'admin','','','',1,1,'2020-01-01',1,0,'en',NULL,'',0),
 (2,'{SHA256-CRYPT}$5$u8jzPde0IgxL$7ccn59RYdl7yi9Qfu4kY8z0/yqEzpY.yRfszLdmuuCA','2024-01-01',0,'anna@example.com','Anna','Ek','anna@example.com',0,1,'2020-01-01',1,0,'en',NULL,'anna@elsewhere.example.net',0),
 (3,'{SHA256-CRYPT}$5$d6GncfBAepfJ$BPSvPXFWw1oN0WoEOIOOCjkeOR0W/jyXeQL2Lqpz9oD',NULL,0,'bo@example.com','','Bo','bo@example.com',0,0,'2020-01-01',1,0,'en','',' ',0);
INSERT INTO admin_domain VALUES
 (1,NOW(),NOW(),'example.com',0,500,1,'domain',1,NULL,0,'',NULL),
 (2,NOW(),NOW(),'example.org',0,0,0,'domain',1,NULL,0,'',NULL),
 (3,NOW(),NOW(),'relay.example.net',0,0,1,'relaydomain',1,3,0,'',NULL);
INSERT INTO admin_domainalias VALUES (1,NOW(),NOW(),'example.se',1,1);
INSERT INTO admin_mailbox VALUES (1,NOW(),NOW(),'anna',1024,0,0,1,2,NULL),(2,NOW(),NOW(),'bo',500,1,1,1,3,200);
INSERT INTO admin_alias VALUES (1,NOW(),NOW(),'anna@example.com',1,1,'',NULL,1),(2,NOW(),NOW(),'bo@example.com',1,1,'',NULL,1),
 (3,NOW(),NOW(),'team@example.com',1,0,'the team',NULL,1),(4,NOW(),NOW(),'off@example.com',0,0,'',NULL,1),
 (5,NOW(),NOW(),'old@example.com',1,0,'','2020-02-01 00:00:00',1),(6,NOW(),NOW(),'@example.com',1,0,'',NULL,1),
 (7,NOW(),NOW(),'hollow@example.com',1,0,'',NULL,1);
INSERT INTO admin_aliasrecipient (address,alias_id) VALUES ('anna@example.com',1),('bo@example.com',2),('anna@example.com',3),
 ('bo@example.com',3),('eve@elsewhere.example.net',3),('anna@example.com',4),('anna@example.com',5),('anna@example.com',6);
INSERT INTO django_migrations (app) VALUES ('admin'),('core');
INSERT INTO admin_senderaddress VALUES (1,'sales@example.com',1);
