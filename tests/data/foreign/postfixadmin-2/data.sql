INSERT INTO domain (domain,description,aliases,mailboxes,maxquota,transport) VALUES ('example.com','Büro',0,-1,10,'virtual');
INSERT INTO mailbox (username,password,name,maildir,quota,domain,active) VALUES
 ('anna@example.com','$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1','Zoë 🐦','anna@example.com/',10485760,'example.com',1),
 ('ANNA2@example.com','{SSHA.B64}aaaa','','anna2@example.com/',0,'example.com',0);
INSERT INTO alias (address,goto,domain) VALUES ('anna@example.com','anna@example.com,ANNA2@EXAMPLE.COM,','example.com');
INSERT INTO log VALUES (NOW(),'admin','create_mailbox');
