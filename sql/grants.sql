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
-- mailadm: reads and writes the tables; the history comes from the triggers.
-- It cannot write, change or delete an entry of the history, nor add to a
-- change of another connection; the times of entries and the account beside
-- a change are the server's, unless that runs with --sysdate-is-now: then
-- SET timestamp chooses the times.  What would hide a change needs an
-- administrator, but for these:
--
-- * The server skips triggers in silence where INSERT ... SELECT ... LIMIT
--   ROWS EXAMINED has come to its limit.  A row added so has no entry, and
--   `mailadm check` finds it (S014), unless it is one of send_as or dkim_keys.
--   A row that exists cannot be changed or removed so.
-- * The private half of a DKIM key is not in the history, nor is when its
--   record was seen: changing only those makes no entry.  A half that does
--   not fit the public one is not used.
-- * With SET skip_replication, a replica that is set to leave such events
--   out gets neither the row nor its entry.
--
-- A claim of the session, which the server cannot know, are the actor, the
-- program and what a change undoes.  And whoever has this password can write
-- what mailadm can, with its history: keep it from others.
-- Never give the account a right on the whole database: with CREATE TEMPORARY
-- TABLES it could put a table of its own in place of one of the triggers'.
CREATE USER IF NOT EXISTS 'mailadm'@'@ITEM@'
	IDENTIFIED BY PASSWORD '@MAILADM_HASH@';
ALTER USER 'mailadm'@'@ITEM@' IDENTIFIED BY PASSWORD '@MAILADM_HASH@';
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DATABASE_NAME@`.domains
	TO 'mailadm'@'@ITEM@';
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DATABASE_NAME@`.send_as
	TO 'mailadm'@'@ITEM@';
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DATABASE_NAME@`.dkim_keys
	TO 'mailadm'@'@ITEM@';
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DATABASE_NAME@`.recipients
	TO 'mailadm'@'@ITEM@';
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DATABASE_NAME@`.relays
	TO 'mailadm'@'@ITEM@';
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DATABASE_NAME@`.patterns
	TO 'mailadm'@'@ITEM@';
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DATABASE_NAME@`.blocks
	TO 'mailadm'@'@ITEM@';
-- It writes the passwords of the ways out and reads none.
GRANT SELECT (name), INSERT, UPDATE (secret), DELETE
	ON `@DATABASE_NAME@`.relay_secrets TO 'mailadm'@'@ITEM@';
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DATABASE_NAME@`.send_usage
	TO 'mailadm'@'@ITEM@';
GRANT SELECT, UPDATE, DELETE ON `@DATABASE_NAME@`.users TO 'mailadm'@'@ITEM@';
GRANT SELECT, UPDATE, DELETE ON `@DATABASE_NAME@`.aliases
	TO 'mailadm'@'@ITEM@';
GRANT SELECT, UPDATE, DELETE ON `@DATABASE_NAME@`.logins TO 'mailadm'@'@ITEM@';
GRANT SELECT, UPDATE, DELETE ON `@DATABASE_NAME@`.quota_usage
	TO 'mailadm'@'@ITEM@';
GRANT SELECT ON `@DATABASE_NAME@`.changes TO 'mailadm'@'@ITEM@';
GRANT SELECT ON `@DATABASE_NAME@`.history TO 'mailadm'@'@ITEM@';
GRANT SELECT ON `@DATABASE_NAME@`.homes TO 'mailadm'@'@ITEM@';
GRANT SELECT, UPDATE ON `@DATABASE_NAME@`.locks TO 'mailadm'@'@ITEM@';
GRANT SELECT ON `@DATABASE_NAME@`.schema_version TO 'mailadm'@'@ITEM@';
-- Before version 7 of the schema the account had these.
REVOKE INSERT ON `@DATABASE_NAME@`.users FROM 'mailadm'@'@ITEM@';
REVOKE INSERT ON `@DATABASE_NAME@`.aliases FROM 'mailadm'@'@ITEM@';
REVOKE INSERT ON `@DATABASE_NAME@`.changes FROM 'mailadm'@'@ITEM@';
REVOKE INSERT ON `@DATABASE_NAME@`.history FROM 'mailadm'@'@ITEM@';
REVOKE INSERT, UPDATE ON `@DATABASE_NAME@`.homes FROM 'mailadm'@'@ITEM@';
-- All columns but `recorded`, with which a row has no entry of its own, and
-- `modified`.
GRANT INSERT (email, crypt, active, may_login, may_send, may_receive, name,
	quota, note, send_through, send_limit, bcc_in, bcc_out, expires, home,
	created)
	ON `@DATABASE_NAME@`.users TO 'mailadm'@'@ITEM@';
GRANT INSERT (mail, destination, active, expires, note, writers, may_send,
	created)
	ON `@DATABASE_NAME@`.aliases TO 'mailadm'@'@ITEM@';
GRANT INSERT (token, actor, program, undoes),
	UPDATE (connection, users_to_add, aliases_to_add)
	ON `@DATABASE_NAME@`.changes TO 'mailadm'@'@ITEM@';

-- mailadm_check: reads everything but hashes and private keys.
CREATE USER IF NOT EXISTS 'mailadm_check'@'@ITEM@'
	IDENTIFIED BY PASSWORD '@CHECK_HASH@';
ALTER USER 'mailadm_check'@'@ITEM@' IDENTIFIED BY PASSWORD '@CHECK_HASH@';
GRANT SHOW VIEW ON `@DATABASE_NAME@`.* TO 'mailadm_check'@'@ITEM@';
GRANT SELECT ON `@DATABASE_NAME@`.domains TO 'mailadm_check'@'@ITEM@';
GRANT SELECT (email, active, may_login, may_send, may_receive, name, quota,
	note, send_through, send_limit, bcc_in, bcc_out, expires, home,
	created, modified, domain, scheme, rounds)
	ON `@DATABASE_NAME@`.users TO 'mailadm_check'@'@ITEM@';
GRANT SELECT ON `@DATABASE_NAME@`.aliases TO 'mailadm_check'@'@ITEM@';
GRANT SELECT ON `@DATABASE_NAME@`.send_as TO 'mailadm_check'@'@ITEM@';
GRANT SELECT ON `@DATABASE_NAME@`.recipients TO 'mailadm_check'@'@ITEM@';
GRANT SELECT ON `@DATABASE_NAME@`.relays TO 'mailadm_check'@'@ITEM@';
GRANT SELECT (name) ON `@DATABASE_NAME@`.relay_secrets
	TO 'mailadm_check'@'@ITEM@';
GRANT SELECT ON `@DATABASE_NAME@`.patterns TO 'mailadm_check'@'@ITEM@';
GRANT SELECT ON `@DATABASE_NAME@`.blocks TO 'mailadm_check'@'@ITEM@';
GRANT SELECT ON `@DATABASE_NAME@`.send_usage TO 'mailadm_check'@'@ITEM@';
GRANT SELECT (domain, selector, algorithm, bits, state, public_key, secret_id,
	created, state_since, seen) ON `@DATABASE_NAME@`.dkim_keys
	TO 'mailadm_check'@'@ITEM@';
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
GRANT SELECT (domain, active, alias_of, relay_to, accepts, transport,
	send_through, bcc_in, bcc_out) ON `@DATABASE_NAME@`.domains
	TO 'postfix'@'@ITEM@';
GRANT SELECT (email, active, may_send, may_receive, send_through, bcc_in,
	bcc_out, expires, domain) ON `@DATABASE_NAME@`.users
	TO 'postfix'@'@ITEM@';
GRANT SELECT (mail, destination, active, expires, writers, may_send, domain)
	ON `@DATABASE_NAME@`.aliases TO 'postfix'@'@ITEM@';
GRANT SELECT (address, domain) ON `@DATABASE_NAME@`.recipients
	TO 'postfix'@'@ITEM@';
GRANT SELECT (name, host, port, pad, tls) ON `@DATABASE_NAME@`.relays
	TO 'postfix'@'@ITEM@';
GRANT SELECT (domain, local, destination, active, local_like, weight)
	ON `@DATABASE_NAME@`.patterns TO 'postfix'@'@ITEM@';
GRANT SELECT (address) ON `@DATABASE_NAME@`.blocks TO 'postfix'@'@ITEM@';
GRANT SELECT (email, address, expires) ON `@DATABASE_NAME@`.send_as
	TO 'postfix'@'@ITEM@';

-- postfix_relay: the logins at the ways out, which no other account reads.
CREATE USER IF NOT EXISTS 'postfix_relay'@'@ITEM@'
	IDENTIFIED BY PASSWORD '@RELAY_HASH@';
ALTER USER 'postfix_relay'@'@ITEM@' IDENTIFIED BY PASSWORD '@RELAY_HASH@';
GRANT SELECT (name, host, port, pad, login) ON `@DATABASE_NAME@`.relays
	TO 'postfix_relay'@'@ITEM@';
GRANT SELECT (name, secret) ON `@DATABASE_NAME@`.relay_secrets
	TO 'postfix_relay'@'@ITEM@';

-- dovecot: what passdb and userdb need, and aliases, to know whose mailbox
-- is behind a name; it notes each login and how much mail a user has.
CREATE USER IF NOT EXISTS 'dovecot'@'@ITEM@'
	IDENTIFIED BY PASSWORD '@DOVECOT_HASH@';
ALTER USER 'dovecot'@'@ITEM@' IDENTIFIED BY PASSWORD '@DOVECOT_HASH@';
GRANT SELECT (domain, active, quota, alias_of) ON `@DATABASE_NAME@`.domains
	TO 'dovecot'@'@ITEM@';
GRANT SELECT (email, crypt, active, may_login, may_send, may_receive, home,
	quota, expires, domain) ON `@DATABASE_NAME@`.users TO 'dovecot'@'@ITEM@';
GRANT SELECT (mail, destination, active, expires, domain)
	ON `@DATABASE_NAME@`.aliases TO 'dovecot'@'@ITEM@';
GRANT SELECT (domain, local, destination, active, local_like, weight)
	ON `@DATABASE_NAME@`.patterns TO 'dovecot'@'@ITEM@';
GRANT SELECT, INSERT, UPDATE ON `@DATABASE_NAME@`.logins TO 'dovecot'@'@ITEM@';
GRANT SELECT, INSERT, UPDATE ON `@DATABASE_NAME@`.quota_usage
	TO 'dovecot'@'@ITEM@';

-- mailadm_policy: counts what users send, and reads their limits and who may
-- write to an alias.  It deletes what it has counted after an hour.
CREATE USER IF NOT EXISTS 'mailadm_policy'@'@ITEM@'
	IDENTIFIED BY PASSWORD '@POLICY_HASH@';
ALTER USER 'mailadm_policy'@'@ITEM@' IDENTIFIED BY PASSWORD '@POLICY_HASH@';
GRANT SELECT (domain, active, alias_of, send_limit)
	ON `@DATABASE_NAME@`.domains TO 'mailadm_policy'@'@ITEM@';
GRANT SELECT (email, active, send_limit, expires, domain)
	ON `@DATABASE_NAME@`.users TO 'mailadm_policy'@'@ITEM@';
GRANT SELECT (mail, destination, active, expires, writers, domain)
	ON `@DATABASE_NAME@`.aliases TO 'mailadm_policy'@'@ITEM@';
GRANT SELECT (domain, local, destination, active, local_like, weight)
	ON `@DATABASE_NAME@`.patterns TO 'mailadm_policy'@'@ITEM@';
GRANT SELECT (address) ON `@DATABASE_NAME@`.recipients
	TO 'mailadm_policy'@'@ITEM@';
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DATABASE_NAME@`.send_usage
	TO 'mailadm_policy'@'@ITEM@';

@if WEBMAIL@
-- mailadm_webmail: sets the hash of a user, for a web mailer in which users
-- change their own password.  It reads no hash, and changes nothing else.
-- The database cannot know who sits in front of the web mailer: whoever has
-- this password can set that of any user.  Each change is in the history,
-- with this account as the actor.
CREATE USER IF NOT EXISTS 'mailadm_webmail'@'@ITEM@'
	IDENTIFIED BY PASSWORD '@WEBMAIL_HASH@';
ALTER USER 'mailadm_webmail'@'@ITEM@' IDENTIFIED BY PASSWORD '@WEBMAIL_HASH@';
GRANT SELECT (email), UPDATE (crypt) ON `@DATABASE_NAME@`.users
	TO 'mailadm_webmail'@'@ITEM@';
@else@
-- Nobody asked for this account with the setting webmail.
DROP USER IF EXISTS 'mailadm_webmail'@'@ITEM@';
@end@
@end@
