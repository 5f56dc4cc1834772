/* Verifying what the servers refuse, or warn of, in their own words. */
#include <string.h>

#include "model/conf/conf.h"
#include "model/verify/private.h"

/* "smtpd_tls_protocols", "lmtp_tls_mandatory_protocols" */
static bool
is_protocols(const char *name)
{
	const char *at = strstr(name, "tls_");

	return at != NULL && (strcmp(at, "tls_protocols") == 0 ||
	    strcmp(at, "tls_mandatory_protocols") == 0);
}

static const char *
advice_for(struct verifying *v, const char *service, const char *name,
    const char *value)
{
	return service == NULL ? arena_printf(v->arena, "postconf -e '%s = "
	    "%s'", name, value) : arena_printf(v->arena, "postconf -P "
	    "'%s/%s=%s'", service, name, value);
}

static void
protocols_verify(struct verifying *v, const char *service, const char *name,
    const char *value)
{
	struct words words = postfix_list(v->arena, value);
	const char *advice = advice_for(v, service, name, ">=TLSv1.2");
	enum conf_tls tls = conf_tls(&words);

	if (tls == CONF_TLS_REFUSED)
		verify_found(v, VERIFY_VALUE_REFUSED, name, advice,
		    "%s is \"%s\", which holds no name of a version: TLS "
		    "does not work", name, value);
	else if (tls == CONF_TLS_NONE)
		verify_found(v, VERIFY_TLS_NONE, name, advice,
		    "%s is \"%s\": a name without ! allows that version "
		    "alone, and nobody speaks TLS that old", name, value);
}

/* service: NULL where main.cf sets it for all. */
static void
value_verify(struct verifying *v, const char *service,
    const struct cf_entry *set)
{
	const char *standard = cf_value(&v->postfix.standard, set->name);
	const char *why;

	if (standard != NULL && strcmp(standard, set->value) == 0)
		return;
	if (is_protocols(set->name))
		protocols_verify(v, service, set->name, set->value);
	why = conf_refused(v->arena, set->name, set->value, standard);
	if (why != NULL)
		verify_found(v, VERIFY_VALUE_REFUSED, set->name,
		    *standard == '\0' || strpbrk(standard, "'$") != NULL ?
		    NULL : advice_for(v, service, set->name, standard),
		    "%s%s%s is \"%s\": Postfix does not start with it, or "
		    "the service ends; %s", service != NULL ? service : "",
		    service != NULL ? ": " : "", set->name, set->value, why);
}

void
verify_values(struct verifying *v)
{
	const struct cf *all = &v->postfix.settings;

	for (size_t i = 0; i < all->count; i++)
		value_verify(v, NULL, &all->entry[i]);
	for (size_t s = 0; s < v->postfix.services; s++) {
		const struct postfix_service *service =
		    &v->postfix.service[s];

		for (size_t i = 0; i < service->overrides.count; i++)
			value_verify(v, arena_printf(v->arena, "%s/%s",
			    service->name, service->type),
			    &service->overrides.entry[i]);
	}
}

/* The file is the name, so that one can be ignored. */
static const char *
file_of(struct verifying *v, const char *said)
{
	const char *at = strstr(said, " in /");

	if (at == NULL)
		return v->options->dovecot_dir;
	at += strlen(" in ");
	return arena_strndup(v->arena, at, strcspn(at, ": "));
}

void
verify_warnings(struct verifying *v)
{
	if (v->has_postfix) {
		for (size_t i = 0; i < v->postfix.said.count; i++)
			verify_found(v, VERIFY_SERVER_WARNS,
			    v->postfix.said.entry[i].name, NULL,
			    "Postfix warns: %s",
			    v->postfix.said.entry[i].value);
	}
	if (v->has_dovecot) {
		for (size_t i = 0; i < v->dovecot.said.count; i++)
			verify_found(v, VERIFY_SERVER_WARNS, file_of(v,
			    v->dovecot.said.word[i]), NULL,
			    "Dovecot warns: %s", v->dovecot.said.word[i]);
	}
}
