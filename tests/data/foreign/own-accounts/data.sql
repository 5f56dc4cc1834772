INSERT INTO domains (domain) VALUES ('one.example'); INSERT INTO accounts (username,domain,password,quota,enabled,sendonly) VALUES ('ann','one.example','{SHA512-CRYPT}x',2048,1,0),('bo','one.example','$5$u8jzPde0IgxL$7ccn59RYdl7yi9Qfu4kY8z0/yqEzpY.yRfszLdmuuCA',1024,0,1);
INSERT INTO aliases VALUES (1,'info','one.example','ann','one.example',1),(2,NULL,'one.example','bo','one.example',0);
INSERT INTO tlspolicies VALUES (1,'gmail.com','encrypt',NULL);
