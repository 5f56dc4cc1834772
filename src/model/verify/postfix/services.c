/* Verifying that master.cf has what Postfix itself needs. */
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "model/verify/private.h"

/* Services that others ask, and the setting that can name another. */
static const struct needed {
	const char *name;
	const char *setting;	/* NULL: it has that name always */
	const char *why;
} needed[] = {
	{ "cleanup", "cleanup_service_name", "no mail is taken" },
	{ "qmgr", "queue_service_name", "no mail is delivered" },
	{ "rewrite", "rewrite_service_name", "no mail is taken" },
	{ "bounce", "bounce_service_name", "nobody hears of a failure" },
	{ "defer", "defer_service_name", "no delivery can be tried again" },
	{ "error", "error_service_name", "mail that must bounce stays" },
	{ "retry", NULL, "mail that must wait is lost from sight" },
	{ "pickup", "pickup_service_name", "programs here cannot send" },
	{ "showq", "showq_service_name", "mailq shows nothing" },
};

static void
absent(struct verifying *v, const char *name, const char *asker,
    const char *why)
{
	if (words_have(&v->missing, name))
		return;
	words_add(v->arena, &v->missing, name);
	verify_found(v, VERIFY_SERVICE_NEEDED, name, arena_printf(v->arena,
	    "add the service %s to master.cf: %s/master.cf.proto, or the one "
		"of the package, has its line", name, v->postfix.dir),
	    "master.cf has no service %s, which %s needs: %s", name, asker,
	    why);
}

static void
needed_verify(struct verifying *v, const struct needed *n)
{
	const char *name = n->setting == NULL ? n->name :
	    verify_postfix(v, n->setting);

	if (*name == '\0')
		name = n->name;
	if (verify_service(v, name) == NULL)
		absent(v, name, "Postfix", n->why);
}

/* -o cleanup_service_name=NAME of one service. */
static void
own_verify(struct verifying *v, const struct postfix_service *s)
{
	const char *name = cf_value(&s->overrides, "cleanup_service_name");

	if (name != NULL && *name != '\0' && verify_service(v, name) == NULL)
		absent(v, name, arena_printf(v->arena, "%s/%s", s->name,
		    s->type), "it takes no mail");
}

static bool
offers_tls(const struct verifying *v, const struct postfix_service *s)
{
	const char *level = postfix_value(&v->postfix, s,
	    "postscreen_tls_security_level");

	if (*level != '\0')
		return strcasecmp(level, "none") != 0;
	return verify_is_yes(postfix_value(&v->postfix, s,
	    "postscreen_use_tls")) || verify_is_yes(postfix_value(
	    &v->postfix, s, "postscreen_enforce_tls"));
}

static void
postscreen_verify(struct verifying *v, const struct postfix_service *s)
{
	bool passes = false;

	for (size_t i = 0; i < v->postfix.services; i++)
		passes |= strcmp(v->postfix.service[i].type, "pass") == 0;
	if (!passes)
		absent(v, "smtpd/pass", "postscreen", "no mail comes in");
	if (verify_service(v, "tlsproxy") == NULL && offers_tls(v, s))
		absent(v, "tlsproxy", "postscreen", "it offers no TLS");
	if (verify_service(v, "dnsblog") == NULL && *verify_postfix(v,
	    "postscreen_dnsbl_sites") != '\0')
		absent(v, "dnsblog", "postscreen", "no list is asked");
}

static void
proxymap_verify(struct verifying *v)
{
	for (size_t i = 0; i < v->maps.count; i++) {
		if (v->maps.item[i].proxied && verify_service(v,
		    "proxymap") == NULL) {
			absent(v, "proxymap", v->maps.item[i].word,
			    "no mail is taken");
			return;
		}
	}
}

/* --- how many processes -------------------------------------------- */

static const struct processes {
	const char *command;
	const char *limit;
} processes[] = {
	{ "postscreen", "1" }, { "qmgr", "1" }, { "pickup", "1" },
	{ "tlsmgr", "1" }, { "anvil", "1" }, { "scache", "1" },
	{ "verify", "1" }, { "cleanup", "0" }, { "bounce", "0" },
	{ "dnsblog", "0" }, { "tlsproxy", "0" }, { "flush", "0" },
};

static void
processes_verify(struct verifying *v, const struct postfix_service *s)
{
	const char *name = arena_printf(v->arena, "%s/%s", s->name, s->type);

	for (size_t i = 0; i < sizeof(processes) / sizeof(*processes); i++) {
		const struct processes *p = &processes[i];

		if (strcmp(p->command, s->command) != 0 ||
		    strcmp(p->limit, s->limit) == 0)
			continue;
		verify_found(v, VERIFY_VALUE_REFUSED, name, arena_printf(
		    v->arena, "postconf -F %s/process_limit=%s", name,
			p->limit), "the service %s ends at once: its process "
		    "limit in master.cf must be %s, not %s", s->name,
		    p->limit, s->limit);
	}
}

/* --- arguments ------------------------------------------------------ */

static void
arguments_verify(struct verifying *v, const struct postfix_service *s)
{
	const char *word = verify_argument_lost(v, s);

	if (word != NULL)
		verify_found(v, VERIFY_VALUE_REFUSED, arena_printf(v->arena,
		    "%s/%s", s->name, s->type), arena_printf(v->arena,
			"write -o %s=VALUE in master.cf, without blanks, or "
			"with { } around it", word), "the service %s ends at "
		    "once: -o %s in master.cf has no = behind the name",
		    s->name, word);
}

/* "smptd" */
static void
command_verify(struct verifying *v, const struct postfix_service *s)
{
	const char *dir = verify_postfix(v, "daemon_directory");
	const char *path = arena_printf(v->arena, "%s/%s", dir, s->command);

	if (v->options->root != NULL || access(dir, X_OK) != 0 ||
	    strchr(s->command, '/') != NULL || access(path, F_OK) == 0)
		return;
	verify_found(v, VERIFY_PROGRAM_MISSING, arena_printf(v->arena,
	    "%s/%s", s->name, s->type), arena_printf(v->arena, "correct %s "
		"in the service %s of master.cf", s->command, s->name),
	    "the service %s runs %s, which %s does not have", s->name,
	    s->command, dir);
}

static bool
is_program_of(const struct postfix_service *s)
{
	return strcmp(s->command, "pipe") != 0 &&
	    strcmp(s->command, "spawn") != 0;
}

void
verify_services(struct verifying *v)
{
	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++)
		needed_verify(v, &needed[i]);
	for (size_t i = 0; i < v->postfix.services; i++) {
		const struct postfix_service *s = &v->postfix.service[i];

		own_verify(v, s);
		processes_verify(v, s);
		command_verify(v, s);
		if (is_program_of(s))
			arguments_verify(v, s);
		if (strcmp(s->command, "postscreen") == 0)
			postscreen_verify(v, s);
	}
	proxymap_verify(v);
}
