/* Verifying whose mail is where, and that no log has a password. */
#include <string.h>
#include <strings.h>

#include "model/conf/conf.h"
#include "model/verify/private.h"

/* --- passwords in the log --------------------------------------------- */

/* sha1 is cut to some letters, so that nothing can be guessed from it. */
static void
logs_verify(struct verifying *v)
{
	const char *verbose = verify_dovecot(v, "auth_verbose_passwords");

	if (verify_is_yes(verify_dovecot(v, "auth_debug_passwords")))
		verify_found(v, VERIFY_PASSWORD_LOGGED,
		    "auth_debug_passwords", "remove auth_debug_passwords; "
		    "doveadm reload", "auth_debug_passwords is yes: each "
		    "password stands in the log");
	if (strncmp(verbose, "plain", 5) == 0 || verify_is_yes(verbose))
		verify_found(v, VERIFY_PASSWORD_LOGGED,
		    "auth_verbose_passwords", "remove "
		    "auth_verbose_passwords; doveadm reload",
		    "auth_verbose_passwords is %s: mistyped passwords stand "
		    "in the log", verbose);
}

/* --- homes ------------------------------------------------------------ */

/* Users of this machine have no domain. */
bool
verify_dovecot_domains(const struct verifying *v)
{
	return !conf_lacks_domain(verify_dovecot(v, "auth_username_format")) &&
	    (verify_dovecot_asks_sql(v) || (v->has_postfix &&
	    *verify_postfix(v, "virtual_mailbox_domains") != '\0'));
}

static void
home_verify(struct verifying *v, const char *name, const char *value)
{
	if (value == NULL || strchr(value, '/') == NULL ||
	    strchr(value, '~') != NULL || strstr(value, "%h") != NULL ||
	    !conf_lacks_domain(value))
		return;
	verify_found(v, VERIFY_DOMAIN_MISSING, name, NULL, "%s is %s, without "
	    "the domain: two people of two domains share a mailbox", name,
	    value);
}

/* "uid=5000 home=/var/vmail/%n" of 2.3. */
static const char *
argument(struct verifying *v, const char *args, const char *name)
{
	struct words words = postfix_list(v->arena, args);
	size_t len = strlen(name);

	for (size_t i = 0; i < words.count; i++) {
		if (strncmp(words.word[i], name, len) == 0 &&
		    words.word[i][len] == '=')
			return words.word[i] + len + 1;
	}
	return NULL;
}

static void
userdb_verify(struct verifying *v, const struct dovecot_block *b)
{
	static const char *const fields[] = { "home", "mail", "mail_path" };
	static const char *const children[] = { "fields", "default_fields",
	    "override_fields" };

	for (size_t i = 0; i < 3; i++) {
		const char *name = arena_printf(v->arena, "userdb:%s",
		    fields[i]);

		for (size_t c = 0; c < 3; c++) {
			const char *args = dovecot_value(b, c == 0 ? "args" :
			    children[c]);
			const struct dovecot_block *child = dovecot_block(b,
			    children[c], NULL);

			if (args != NULL)
				home_verify(v, name, argument(v, args,
				    fields[i]));
			if (child != NULL)
				home_verify(v, name, dovecot_value(child,
				    fields[i]));
		}
	}
}

static void
homes_verify(struct verifying *v)
{
	static const char *const settings[] = { "mail_location", "mail_home",
	    "mail_path" };
	const struct dovecot_block *b = v->dovecot.root->child;

	if (!verify_dovecot_domains(v))
		return;
	for (size_t i = 0; i < 3; i++)
		home_verify(v, settings[i], verify_dovecot(v, settings[i]));
	for (; b != NULL; b = b->next) {
		if (strcmp(b->type, "userdb") == 0)
			userdb_verify(v, b);
	}
}

/* The homes of a query, which may name the domain by a column. */
static void
answers_verify(struct verifying *v)
{
	for (size_t i = 0; i < v->queries.count; i++) {
		const struct verify_query *q = &v->queries.item[i];
		const struct conf_column *c = conf_columns(v->arena, q->text);

		for (; q->dovecot && c->text != NULL; c++) {
			if ((strcmp(c->name, "home") == 0 ||
			    strcmp(c->name, "mail") == 0) &&
			    strcasestr(c->text, "domain") == NULL)
				home_verify(v, arena_printf(v->arena, "%s:%s",
				    q->name, c->name), c->text);
		}
	}
}

void
verify_users(struct verifying *v)
{
	logs_verify(v);
	homes_verify(v);
	if (verify_dovecot_domains(v))
		answers_verify(v);
}
