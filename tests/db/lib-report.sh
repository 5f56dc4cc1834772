# A mail system with a past, for the tests of the report.
# shellcheck shell=sh
#
#   world_sql DOMAINS USERS   SQL: made users of made domains, who came over
#                             three years, with mail, logins and changes

world_sql() {
	cat <<-'END' | sed "s/@DOMAINS/$1/; s/@USERS/$2/"
	SET @domains = @DOMAINS, @users = @USERS;
	INSERT INTO domains (domain, quota, created, modified) SELECT d.*,
	    d.created FROM (SELECT CONCAT(ELT(1 +
	    seq % 6, 'alder', 'birch', 'cedar', 'elm', 'fir', 'hazel'),
	    IF(seq < 6, '', seq), '.example') AS domain, IF(seq % 3 = 0, NULL,
	    2147483648) AS quota, UTC_TIMESTAMP() - INTERVAL 3 + seq * 41 %
	    1000 DAY AS created FROM seq_0_to_1000000 WHERE seq < @domains)
	    AS d;
	INSERT INTO users (email, crypt, name, quota, home, created, modified)
	    SELECT u.*, u.created FROM (SELECT
	    CONCAT(ELT(1 + seq % 5, 'anna', 'bo', 'frida', 'lars', 'olga'),
	    seq, '@', d.domain) AS email, CONCAT(
	    '$5$rounds=535000$', LPAD(seq, 16, '0'), '$', LEFT(SHA2(seq, 256),
	    42), '0') AS crypt, NULL AS name, IF(seq % 50 = 0,
	    9223372036854775807, NULL) AS quota, '' AS home,
	    UTC_TIMESTAMP() - INTERVAL FLOOR(1000 * POW(seq / @users, 1.3)) DAY
	    AS created FROM seq_1_to_10000000
	    JOIN (SELECT domain, ROW_NUMBER() OVER (ORDER BY domain) AS n FROM
	    domains) AS d ON d.n = 1 + FLOOR(@domains * POW(CRC32(seq) /
	    4294967296, 2)) WHERE seq <= @users) AS u;
	INSERT INTO users (email, crypt, name, home) VALUES (
	    'admin@alder.example', '!', 'Admin', '');
	INSERT INTO aliases (mail, destination) SELECT CONCAT('postmaster@',
	    domain), 'admin@alder.example' FROM domains WHERE domain <>
	    'elm.example';
	INSERT INTO aliases (mail, destination) SELECT CONCAT('abuse@',
	    domain), IF(CRC32(domain) % 3 = 0, 'abuse@example.org',
	    'admin@alder.example') FROM domains WHERE CRC32(domain) % 5 <> 0;
	INSERT INTO aliases (mail, destination) SELECT CONCAT('@', domain),
	    'admin@alder.example' FROM domains WHERE CRC32(domain) % 7 = 0;
	INSERT INTO quota_usage (email, bytes, messages) SELECT email,
	    2147483648 * POW(CRC32(email) / 4294967296, 3) * 1.02, 1
	    FROM users WHERE CRC32(email) % 20 <> 0;
	INSERT INTO logins (email, last_login) SELECT email, UNIX_TIMESTAMP() -
	    500 * 86400 * POW(CRC32(REVERSE(email)) / 4294967296, 6)
	    FROM users WHERE CRC32(REVERSE(email)) % 20 <> 0;
	END
}

# Its history: each user and domain was added in a change of its own day, some
# were changed, some removed.
past_sql() {
	cat <<-'END'
	DELETE FROM history;
	DELETE FROM changes;
	INSERT INTO changes (at, actor) SELECT DISTINCT created,
	    'anna@localhost' FROM users ORDER BY created;
	INSERT INTO changes (at, actor, program) SELECT DISTINCT created,
	    'bo@localhost', 'import' FROM domains UNION SELECT DISTINCT created,
	    'bo@localhost', 'import' FROM aliases;
	INSERT INTO history (`change`, at, actor, kind, name, new_row) SELECT
	    c.id, c.at, c.actor, 'domain', d.domain, JSON_OBJECT('domain',
	    d.domain) FROM domains AS d JOIN changes AS c ON c.at = d.created
	    AND c.program = 'import';
	INSERT INTO history (`change`, at, actor, kind, name, new_row) SELECT
	    c.id, c.at, c.actor, 'alias', a.mail, JSON_OBJECT('mail', a.mail,
	    'destination', a.destination) FROM aliases AS a JOIN changes AS c
	    ON c.at = a.created AND c.program = 'import';
	INSERT INTO changes (at, actor, program) SELECT UTC_TIMESTAMP() -
	    INTERVAL 90 - seq DAY - INTERVAL seq * 7 % 9 HOUR,
	    IF(seq % 3, 'bo@localhost', 'anna@localhost'), 'mailadm' FROM
	    seq_0_to_90;
	INSERT INTO history (`change`, at, actor, kind, name, old_row, new_row)
	    SELECT c.id, c.at, c.actor, 'user', u.email, NULL, JSON_OBJECT(
	    'email', u.email, 'created', u.created) FROM users AS u JOIN
	    changes AS c ON c.at = u.created AND c.program IS NULL;
	INSERT INTO history (`change`, at, actor, kind, name, old_row, new_row)
	    SELECT c.id, c.at, c.actor, 'user', u.email, JSON_OBJECT('email',
	    u.email, 'quota', 1073741824, 'created', u.created),
	    JSON_OBJECT('email', u.email, 'quota', 2147483648, 'created',
	    u.created) FROM changes AS c JOIN (SELECT email, created,
	    CRC32(email) % 91 AS n FROM users WHERE CRC32(REVERSE(email)) % 9
	    = 0) AS u ON u.n = c.id * 7919 % 91 WHERE c.program = 'mailadm';
	INSERT INTO history (`change`, at, actor, kind, name, old_row)
	    SELECT c.id, c.at, c.actor, 'user', CONCAT('gone', c.id,
	    '@alder.example'), JSON_OBJECT('email', CONCAT('gone', c.id,
	    '@alder.example'), 'created', c.at - INTERVAL 400 DAY) FROM
	    changes AS c WHERE c.program = 'mailadm' AND c.id % 3 = 0;
	END
}
