INSERT INTO mail_domains VALUES ('one.example'); INSERT INTO mail_users VALUES ('ann@one.example','$5$u8jzPde0IgxL$7ccn59RYdl7yi9Qfu4kY8z0/yqEzpY.yRfszLdmuuCA','one.example',20),('bo@one.example','xx','one.example',10485760);
INSERT INTO mail_forwardings VALUES ('info@one.example','ann@one.example','one.example'),('@two.example','@one.example','two.example');
INSERT INTO mail_transport VALUES ('one.example','virtual:'),('three.example','smtp:mx');
