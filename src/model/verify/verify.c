/* The verifier: what is looked at, in which order. */
#include "model/verify/verify.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "model/verify/private.h"

bool
verify_rule_known(const char *word, struct err *e)
{
	return rule_known(verify_rules, "config rules", word, e);
}

void
verify_found(struct verifying *v, enum verify_rule rule, const char *name,
    const char *advice, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	findings_addv(&v->findings, rule, name, advice, fmt, ap);
	va_end(ap);
}

void
verify_unasked(struct verifying *v, enum verify_rule rule, const char *why)
{
	findings_unasked(&v->findings, rule, why);
}

const char *
verify_path(const struct verifying *v, const char *path)
{
	const char *root = v->options->root, *below;

	if (root == NULL || *path != '/')
		return path;
	below = arena_printf(v->arena, "%s%s", root, path);
	return access(below, F_OK) == 0 ? below : path;
}

const char *
verify_postfix(const struct verifying *v, const char *name)
{
	return postfix_value(&v->postfix, NULL, name);
}

const char *
verify_dovecot(const struct verifying *v, const char *name)
{
	const char *value = dovecot_value(v->dovecot.root, name);

	return value != NULL ? value : "";
}

bool
verify_is_yes(const char *value)
{
	return strcasecmp(value, "yes") == 0;
}

bool
verify_has_word(const struct words *words, const char *word)
{
	for (size_t i = 0; i < words->count; i++) {
		if (strcasecmp(words->word[i], word) == 0)
			return true;
	}
	return false;
}

/* --- reading --------------------------------------------------------- */

/* A configuration that the server itself refuses is a finding. */
static void
unreadable(struct verifying *v, enum verify_rule rule, unsigned needs,
    const char *file, struct err *e)
{
	const char *why = arena_strdup(v->arena, e->text);

	if (e->code == ERR_NOT_FOUND || e->code == ERR_DENIED) {
		verify_unasked(v, rule, why);
	} else {
		verify_found(v, rule, file, NULL, "%s", why);
		why = arena_printf(v->arena, "%s is not read", file);
	}
	findings_unasked_all(&v->findings, needs, why);
	err_clear(e);
}

static void
servers_read(struct verifying *v)
{
	const struct verify_options *o = v->options;
	const char *main_cf = arena_printf(v->arena, "%s/main.cf",
	    o->postfix_dir);
	const char *conf = arena_printf(v->arena, "%s/dovecot.conf",
	    o->dovecot_dir);
	struct err e = { 0 };

	v->has_postfix = postfix_config_read(v->arena, o->postfix_dir,
	    &v->postfix, &e);
	if (!v->has_postfix)
		unreadable(v, VERIFY_POSTFIX_UNREADABLE, VERIFY_POSTFIX,
		    main_cf, &e);
	v->has_dovecot = dovecot_config_read(v->arena, conf, &v->dovecot,
	    &e);
	if (!v->has_dovecot)
		unreadable(v, VERIFY_DOVECOT_UNREADABLE, VERIFY_DOVECOT, conf,
		    &e);
}

/* --- the run --------------------------------------------------------- */

static void
postfix_unknown(struct verifying *v)
{
	for (size_t i = 0; i < v->postfix.unused.count; i++) {
		const struct cf_entry *u = &v->postfix.unused.entry[i];

		verify_found(v, VERIFY_POSTFIX_UNKNOWN, u->value,
		    arena_printf(v->arena, "postconf -X %s, or write its "
			"right name", u->value), "%s sets %s, which is no "
		    "setting of Postfix and used by none", u->name,
		    u->value);
	}
}

static void
look(struct verifying *v)
{
	if (v->has_postfix) {
		postfix_unknown(v);
		verify_maps(v);
		verify_smtpd(v);
	}
	if (v->has_dovecot) {
		verify_dovecot_queries(v);
		verify_imap(v);
		verify_mail(v);
	}
	verify_delivery(v);
	verify_tls(v);
	verify_files(v);
}

static void
verifying_close(struct verifying *v)
{
	struct verify_account *account = v->accounts.item;

	for (size_t i = 0; i < v->accounts.count; i++)
		lookup_close(account[i].lookup);
	vector_clear(&v->maps);
	vector_clear(&v->queries);
	vector_clear(&v->accounts);
	findings_clear(&v->findings);
}

bool
verify_run(struct arena *a, const struct verify_options *options,
    struct report *report, struct err *e)
{
	struct verifying v = { .arena = a, .options = options };
	bool ok;

	findings_begin(&v.findings, verify_rules, a, &options->filter, report);
	findings_choose(&v.findings);
	servers_read(&v);
	look(&v);
	ok = verify_accounts(&v, e);
	findings_end(&v.findings);
	verifying_close(&v);
	return ok;
}
