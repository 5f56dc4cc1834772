-- Accounts: each server sees only what it needs.
--
-- A template.  Replace
--	@DATABASE@	the name of the database
--	@HOST@		where the accounts connect from: localhost for the socket
-- and the four @…_PASSWORD@, then run it as root after `mailadm schema init`:
--
--	sed 's/@DATABASE@/mail/; s/@HOST@/localhost/; …' grants.sql | mariadb
--
-- For a second host run it again with that name.  An account that exists
-- keeps its password.  Nobody here has DROP, ALTER or TRIGGER: `mailadm
-- schema` runs as an administrator, by the option group [mailadm-admin].
--
-- The triggers run as the account that ran `mailadm schema init` and need it
-- to stay; do not drop that account.  If it must go, drop the triggers' tie
-- to it first by running `mailadm schema upgrade` as another administrator.

-- mailadm: reads and writes the tables.  It deletes no history: what would
-- hide a change needs an administrator.
CREATE USER IF NOT EXISTS 'mailadm'@'@HOST@'
	IDENTIFIED BY '@MAILADM_PASSWORD@';
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DATABASE@`.domains
	TO 'mailadm'@'@HOST@';
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DATABASE@`.users
	TO 'mailadm'@'@HOST@';
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DATABASE@`.aliases
	TO 'mailadm'@'@HOST@';
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DATABASE@`.send_as
	TO 'mailadm'@'@HOST@';
GRANT SELECT, UPDATE, DELETE ON `@DATABASE@`.logins TO 'mailadm'@'@HOST@';
GRANT SELECT, UPDATE, DELETE ON `@DATABASE@`.quota_usage
	TO 'mailadm'@'@HOST@';
GRANT SELECT, INSERT ON `@DATABASE@`.changes TO 'mailadm'@'@HOST@';
GRANT SELECT, INSERT ON `@DATABASE@`.history TO 'mailadm'@'@HOST@';
GRANT SELECT, INSERT, UPDATE ON `@DATABASE@`.homes TO 'mailadm'@'@HOST@';
GRANT SELECT, UPDATE ON `@DATABASE@`.locks TO 'mailadm'@'@HOST@';
GRANT SELECT ON `@DATABASE@`.schema_version TO 'mailadm'@'@HOST@';

-- mailadm_check: reads everything but hashes.
CREATE USER IF NOT EXISTS 'mailadm_check'@'@HOST@'
	IDENTIFIED BY '@CHECK_PASSWORD@';
GRANT SHOW VIEW ON `@DATABASE@`.* TO 'mailadm_check'@'@HOST@';
GRANT SELECT ON `@DATABASE@`.domains TO 'mailadm_check'@'@HOST@';
GRANT SELECT (email, active, may_login, may_send, may_receive, name, quota,
	home, created, modified, domain, scheme, rounds)
	ON `@DATABASE@`.users TO 'mailadm_check'@'@HOST@';
GRANT SELECT ON `@DATABASE@`.aliases TO 'mailadm_check'@'@HOST@';
GRANT SELECT ON `@DATABASE@`.send_as TO 'mailadm_check'@'@HOST@';
GRANT SELECT ON `@DATABASE@`.logins TO 'mailadm_check'@'@HOST@';
GRANT SELECT ON `@DATABASE@`.quota_usage TO 'mailadm_check'@'@HOST@';
GRANT SELECT ON `@DATABASE@`.changes TO 'mailadm_check'@'@HOST@';
GRANT SELECT (id, `change`, at, actor, kind, name) ON `@DATABASE@`.history
	TO 'mailadm_check'@'@HOST@';
GRANT SELECT ON `@DATABASE@`.homes TO 'mailadm_check'@'@HOST@';
GRANT SELECT ON `@DATABASE@`.locks TO 'mailadm_check'@'@HOST@';
GRANT SELECT ON `@DATABASE@`.schema_version TO 'mailadm_check'@'@HOST@';

-- postfix: the columns that its lookups name.
CREATE USER IF NOT EXISTS 'postfix'@'@HOST@'
	IDENTIFIED BY '@POSTFIX_PASSWORD@';
GRANT SELECT (domain, active, alias_of) ON `@DATABASE@`.domains
	TO 'postfix'@'@HOST@';
GRANT SELECT (email, active, may_send, may_receive, domain)
	ON `@DATABASE@`.users TO 'postfix'@'@HOST@';
GRANT SELECT (mail, destination, active, domain) ON `@DATABASE@`.aliases
	TO 'postfix'@'@HOST@';
GRANT SELECT (email, address) ON `@DATABASE@`.send_as
	TO 'postfix'@'@HOST@';

-- dovecot: what passdb and userdb need; it notes each login and how much
-- mail a user has.
CREATE USER IF NOT EXISTS 'dovecot'@'@HOST@'
	IDENTIFIED BY '@DOVECOT_PASSWORD@';
GRANT SELECT (domain, active, quota, alias_of) ON `@DATABASE@`.domains
	TO 'dovecot'@'@HOST@';
GRANT SELECT (email, crypt, active, may_login, may_send, may_receive, home,
	quota, domain) ON `@DATABASE@`.users TO 'dovecot'@'@HOST@';
GRANT SELECT, INSERT, UPDATE ON `@DATABASE@`.logins TO 'dovecot'@'@HOST@';
GRANT SELECT, INSERT, UPDATE ON `@DATABASE@`.quota_usage
	TO 'dovecot'@'@HOST@';
