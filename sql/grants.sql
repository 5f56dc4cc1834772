-- Accounts: each server sees only what it needs.
--
-- `mailadm config render grants` makes this from the settings and from the
-- accounts that `mailadm config init` wrote; to be run as an administrator of
-- the database, after `mailadm schema init`:
--
--	mariadb </etc/mailadm/grants.sql
--
-- It can run again: an account that exists gets the password that stands
-- here.  Hashes stand here (of mysql_native_password), so that no log of the
-- server holds a password.  Nobody here has DROP, ALTER or TRIGGER: `mailadm
-- schema` runs as an administrator, by the option group [mailadm-admin].
--
-- The triggers run as the account that ran `mailadm schema init` and need it
-- to stay; do not drop that account.  If it must go, drop the triggers' tie
-- to it first by running `mailadm schema upgrade` as another administrator.

@for DATABASE_CLIENTS@
-- mailadm: reads and writes the tables.  It deletes no history: what would
-- hide a change needs an administrator.
CREATE USER IF NOT EXISTS 'mailadm'@'@ITEM@'
	IDENTIFIED BY PASSWORD '@MAILADM_HASH@';
ALTER USER 'mailadm'@'@ITEM@' IDENTIFIED BY PASSWORD '@MAILADM_HASH@';
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DATABASE_NAME@`.domains
	TO 'mailadm'@'@ITEM@';
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DATABASE_NAME@`.users
	TO 'mailadm'@'@ITEM@';
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DATABASE_NAME@`.aliases
	TO 'mailadm'@'@ITEM@';
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DATABASE_NAME@`.send_as
	TO 'mailadm'@'@ITEM@';
GRANT SELECT, UPDATE, DELETE ON `@DATABASE_NAME@`.logins TO 'mailadm'@'@ITEM@';
GRANT SELECT, UPDATE, DELETE ON `@DATABASE_NAME@`.quota_usage
	TO 'mailadm'@'@ITEM@';
GRANT SELECT, INSERT ON `@DATABASE_NAME@`.changes TO 'mailadm'@'@ITEM@';
GRANT SELECT, INSERT ON `@DATABASE_NAME@`.history TO 'mailadm'@'@ITEM@';
GRANT SELECT, INSERT, UPDATE ON `@DATABASE_NAME@`.homes TO 'mailadm'@'@ITEM@';
GRANT SELECT, UPDATE ON `@DATABASE_NAME@`.locks TO 'mailadm'@'@ITEM@';
GRANT SELECT ON `@DATABASE_NAME@`.schema_version TO 'mailadm'@'@ITEM@';

-- mailadm_check: reads everything but hashes.
CREATE USER IF NOT EXISTS 'mailadm_check'@'@ITEM@'
	IDENTIFIED BY PASSWORD '@CHECK_HASH@';
ALTER USER 'mailadm_check'@'@ITEM@' IDENTIFIED BY PASSWORD '@CHECK_HASH@';
GRANT SHOW VIEW ON `@DATABASE_NAME@`.* TO 'mailadm_check'@'@ITEM@';
GRANT SELECT ON `@DATABASE_NAME@`.domains TO 'mailadm_check'@'@ITEM@';
GRANT SELECT (email, active, may_login, may_send, may_receive, name, quota,
	note, home, created, modified, domain, scheme, rounds)
	ON `@DATABASE_NAME@`.users TO 'mailadm_check'@'@ITEM@';
GRANT SELECT ON `@DATABASE_NAME@`.aliases TO 'mailadm_check'@'@ITEM@';
GRANT SELECT ON `@DATABASE_NAME@`.send_as TO 'mailadm_check'@'@ITEM@';
GRANT SELECT ON `@DATABASE_NAME@`.logins TO 'mailadm_check'@'@ITEM@';
GRANT SELECT ON `@DATABASE_NAME@`.quota_usage TO 'mailadm_check'@'@ITEM@';
GRANT SELECT ON `@DATABASE_NAME@`.changes TO 'mailadm_check'@'@ITEM@';
GRANT SELECT (id, `change`, at, actor, kind, name) ON `@DATABASE_NAME@`.history
	TO 'mailadm_check'@'@ITEM@';
GRANT SELECT ON `@DATABASE_NAME@`.homes TO 'mailadm_check'@'@ITEM@';
GRANT SELECT ON `@DATABASE_NAME@`.locks TO 'mailadm_check'@'@ITEM@';
GRANT SELECT ON `@DATABASE_NAME@`.schema_version TO 'mailadm_check'@'@ITEM@';

-- postfix: the columns that its lookups name.
CREATE USER IF NOT EXISTS 'postfix'@'@ITEM@'
	IDENTIFIED BY PASSWORD '@POSTFIX_HASH@';
ALTER USER 'postfix'@'@ITEM@' IDENTIFIED BY PASSWORD '@POSTFIX_HASH@';
GRANT SELECT (domain, active, alias_of) ON `@DATABASE_NAME@`.domains
	TO 'postfix'@'@ITEM@';
GRANT SELECT (email, active, may_send, may_receive, domain)
	ON `@DATABASE_NAME@`.users TO 'postfix'@'@ITEM@';
GRANT SELECT (mail, destination, active, domain) ON `@DATABASE_NAME@`.aliases
	TO 'postfix'@'@ITEM@';
GRANT SELECT (email, address) ON `@DATABASE_NAME@`.send_as
	TO 'postfix'@'@ITEM@';

-- dovecot: what passdb and userdb need; it notes each login and how much
-- mail a user has.
CREATE USER IF NOT EXISTS 'dovecot'@'@ITEM@'
	IDENTIFIED BY PASSWORD '@DOVECOT_HASH@';
ALTER USER 'dovecot'@'@ITEM@' IDENTIFIED BY PASSWORD '@DOVECOT_HASH@';
GRANT SELECT (domain, active, quota, alias_of) ON `@DATABASE_NAME@`.domains
	TO 'dovecot'@'@ITEM@';
GRANT SELECT (email, crypt, active, may_login, may_send, may_receive, home,
	quota, domain) ON `@DATABASE_NAME@`.users TO 'dovecot'@'@ITEM@';
GRANT SELECT, INSERT, UPDATE ON `@DATABASE_NAME@`.logins TO 'dovecot'@'@ITEM@';
GRANT SELECT, INSERT, UPDATE ON `@DATABASE_NAME@`.quota_usage
	TO 'dovecot'@'@ITEM@';
@end@
