INSERT INTO domains (domain,transport,enabled) VALUES ('localhost','virtual:',1),('example.com','virtual:',1),('example.org','smtp:[192.0.2.9]',0);
INSERT INTO users (id,name,home,maildir,enabled,clear,crypt,quota) VALUES
 ('anna@example.com','Anna Ek','/var/vmail','anna/',1,'topsecret','$5$u8jzPde0IgxL$7ccn59RYdl7yi9Qfu4kY8z0/yqEzpY.yRfszLdmuuCA',''),
 ('bo@example.com','Bo','/var/spool/mail/virtual','bo/',0,'ChangeMe','sdtrusfX0Jj66','20000000S');
INSERT INTO aliases (mail,destination,enabled) VALUES ('anna@example.com','anna@example.com',1),('bo@example.com','bo@example.com',1),('@example.com','anna@example.com',1),('abuse@example.com','bo@example.com',0);
