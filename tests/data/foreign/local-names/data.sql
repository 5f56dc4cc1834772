INSERT INTO mail_domains VALUES (7,'example.com',1,'s1','-----BEGIN PRIVATE KEY-----'),(9,'example.org',0,'','');
INSERT INTO mail_users VALUES (1,7,'anna','$5$u8jzPde0IgxL$7ccn59RYdl7yi9Qfu4kY8z0/yqEzpY.yRfszLdmuuCA',1,1,0,500),(2,9,'anna','$5$d6GncfBAepfJ$BPSvPXFWw1oN0WoEOIOOCjkeOR0W/jyXeQL2Lqpz9oD',0,0,1,0),(3,NULL,'lost','$5$Bd0Kh8oOOL8d$RhDVSdrGm/2sSdfBz1TYGGUKT3IzbC92Fryk/Ilm5t7',0,1,0,0);
INSERT INTO mail_aliases VALUES (1,7,'info','anna@example.com'),(2,7,'info','anna@example.org'),(3,9,'*','anna@example.com');
