/*
 * Verifying how Postfix asks the mail filter: which milters each service has,
 * what happens while they are down, and whether their sockets are reachable.
 *
 * Only the filters that mailadm renders are judged, and only while the setting
 * filter names one: whoever runs another filter knows better.
 */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "model/verify/private.h"

/* What "config render" writes, relative to the queue directory. */
#define RSPAMD_SOCKET "rspamd/milter.sock"
#define OPENDKIM_SOCKET "opendkim/opendkim.sock"
#define OPENDMARC_SOCKET "opendmarc/opendmarc.sock"

/* The longest that a session may wait for a filter, in seconds. */
#define WAIT_MAX 30

/* One list of milters: of a service, or of what programs here send. */
struct milter_place {
	struct verifying *v;
	const struct postfix_service *service;	/* NULL: no service */
	const char *name;			/* for findings */
	struct words milters;
	bool logins;				/* submission */
};

/* One milter, or a policy service: "{ ENDPOINT, NAME=VALUE, ... }". */
struct asked {
	const char *endpoint;
	struct words options;
};

static struct asked
asked_parse(struct arena *a, const char *word)
{
	struct asked asked = { .endpoint = word };
	struct words all;
	size_t len = strlen(word);

	if (*word != '{' || len < 2)
		return asked;
	all = postfix_list(a, arena_strndup(a, word + 1, len - 2));
	asked.endpoint = all.count > 0 ? all.word[0] : "";
	for (size_t i = 1; i < all.count; i++)
		words_add(a, &asked.options, all.word[i]);
	return asked;
}

/* An option in the braces, or else the setting of Postfix. */
static const char *
option(const struct milter_place *p, const struct asked *asked,
    const char *name, const char *setting)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < asked->options.count; i++) {
		const char *word = asked->options.word[i];

		if (strncmp(word, name, len) == 0 && word[len] == '=')
			return word + len + 1;
	}
	return postfix_value(&p->v->postfix, p->service, setting);
}

/* "10s", "5m", "1h", "2d" in seconds. */
static unsigned long
seconds(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	return *end == 'm' ? n * 60 : *end == 'h' ? n * 3600 :
	    *end == 'd' ? n * 86400 : *end == 'w' ? n * 604800 : n;
}

static bool
ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), n = strlen(end);

	return len >= n && strcmp(text + len - n, end) == 0;
}

static bool
has_milter(const struct milter_place *p, const char *socket)
{
	for (size_t i = 0; i < p->milters.count; i++) {
		struct asked m = asked_parse(p->v->arena, p->milters.word[i]);

		if (ends_with(m.endpoint, socket))
			return true;
	}
	return false;
}

/* --- which milters --------------------------------------------------- */

/* Both filters may not work at once: each would sign. */
static void
filter_verify(const struct milter_place *p)
{
	const char *filter = p->v->options->settings->filter;
	bool rspamd = strcmp(filter, "rspamd") == 0;

	if (!has_milter(p, rspamd ? RSPAMD_SOCKET : OPENDKIM_SOCKET))
		verify_found(p->v, VERIFY_FILTER_MISSING, p->name, NULL,
		    "%s does not ask %s, which the setting filter names",
		    p->name, filter);
	if (has_milter(p, rspamd ? OPENDKIM_SOCKET : RSPAMD_SOCKET))
		verify_found(p->v, VERIFY_FILTER_OTHER, p->name, NULL,
		    "%s asks %s as well: the setting filter is %s", p->name,
		    rspamd ? "OpenDKIM" : "rspamd", filter);
	if (p->logins && has_milter(p, OPENDMARC_SOCKET))
		verify_found(p->v, VERIFY_DMARC_SUBMISSION, p->name, NULL,
		    "%s asks OpenDMARC, which fails the mail of our own "
		    "users", p->name);
}

static void
milter_verify(const struct milter_place *p, const struct asked *m)
{
	const char *down = p->v->options->settings->filter_down;
	const char *action = option(p, m, "default_action",
	    "milter_default_action");
	const char *wait = option(p, m, "command_timeout",
	    "milter_command_timeout");

	if (strcmp(action, down) != 0)
		verify_found(p->v, VERIFY_FILTER_DOWN, p->name, NULL,
		    "%s: while %s is down, mail gets \"%s\"; the setting "
		    "filter_down is %s", p->name, m->endpoint, action, down);
	if (seconds(wait) >= WAIT_MAX)
		verify_found(p->v, VERIFY_FILTER_SLOW, p->name, NULL,
		    "%s waits %s for %s when that hangs: command_timeout=10s "
		    "is enough", p->name, wait, m->endpoint);
}

/* --- sockets --------------------------------------------------------- */

bool
verify_account_may(const char *account, const struct stat *st, unsigned bit)
{
	const struct passwd *p = getpwnam(account);
	gid_t groups[64];
	int count = sizeof(groups) / sizeof(*groups);

	if (p == NULL || st->st_uid == p->pw_uid)
		return p == NULL || (st->st_mode >> 6 & bit);
	if (getgrouplist(account, p->pw_gid, groups, &count) < 0)
		count = sizeof(groups) / sizeof(*groups);
	for (int i = 0; i < count; i++) {
		if (st->st_gid == groups[i])
			return st->st_mode >> 3 & bit;
	}
	return st->st_mode & bit;
}

static const char *
directory_of(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');

	return arena_strndup(a, path, (size_t)(slash - path));
}

/* What keeps Postfix from connecting, or NULL. */
static const char *
obstacle(struct verifying *v, const char *path, bool *seen)
{
	const char *owner = verify_postfix(v, "mail_owner");
	const char *dir = directory_of(v->arena, path);
	struct stat st;

	*seen = true;
	if (stat(dir, &st) != 0)
		return arena_printf(v->arena, "%s does not exist", dir);
	if (!verify_account_may(owner, &st, 1))
		return arena_printf(v->arena, "%s may not enter %s (mode "
		    "%04o)", owner, dir, (unsigned)st.st_mode & 07777);
	*seen = stat(path, &st) == 0 || errno != EACCES;
	if (!*seen)
		return NULL;
	if (stat(path, &st) != 0 || !S_ISSOCK(st.st_mode))
		return arena_printf(v->arena, "%s does not exist: the filter "
		    "is not running", path);
	return verify_account_may(owner, &st, 2) ? NULL : arena_printf(
	    v->arena, "%s may not write to %s (mode %04o)", owner, path,
	    (unsigned)st.st_mode & 07777);
}

/* Below a root that was only rendered no filter runs. */
static void
socket_verify(const struct milter_place *p, const struct asked *m,
    struct words *done)
{
	struct verifying *v = p->v;
	const char *path = m->endpoint, *why;
	bool seen;

	if (v->options->root != NULL || strncmp(path, "unix:", 5) != 0)
		return;
	path += 5;
	if (*path == '/' && p->service != NULL && p->service->chrooted)
		verify_found(v, VERIFY_FILTER_SOCKET, p->name, NULL,
		    "%s runs chrooted, where %s does not exist: name it "
		    "relative to the queue directory", p->name, path);
	if (*path != '/')
		path = arena_printf(v->arena, "%s/%s", verify_postfix(v,
		    "queue_directory"), path);
	if (verify_has_word(done, path))
		return;
	words_add(v->arena, done, path);
	why = obstacle(v, path, &seen);
	if (!seen)
		verify_unchecked(v, VERIFY_FILTER_SOCKET, arena_printf(
		    v->arena, "%s cannot be looked at", path));
	else if (why != NULL)
		verify_found(v, VERIFY_FILTER_SOCKET, path, NULL, "%s", why);
}

static bool
is_ours(const char *endpoint)
{
	return ends_with(endpoint, RSPAMD_SOCKET) ||
	    ends_with(endpoint, OPENDKIM_SOCKET) ||
	    ends_with(endpoint, OPENDMARC_SOCKET);
}

static void
place_verify(const struct milter_place *p, struct words *done)
{
	filter_verify(p);
	for (size_t i = 0; i < p->milters.count; i++) {
		struct asked m = asked_parse(p->v->arena, p->milters.word[i]);

		if (!is_ours(m.endpoint))
			continue;
		milter_verify(p, &m);
		socket_verify(p, &m, done);
	}
}

/* --- policyd-spf ------------------------------------------------------ */

static void
policy_verify(const struct milter_place *p, const char *word)
{
	struct asked asked = asked_parse(p->v->arena, word);
	const char *action = option(p, &asked, "default_action",
	    "smtpd_policy_service_default_action");
	const char *wait = option(p, &asked, "timeout",
	    "smtpd_policy_service_timeout");

	if (strstr(asked.endpoint, "policyd-spf") == NULL)
		return;
	if (*action >= '0' && *action <= '9')
		verify_found(p->v, VERIFY_POLICY_FAILS, p->name, NULL,
		    "%s refuses all mail while %s fails: add "
		    "default_action=DUNNO", p->name, asked.endpoint);
	else if (seconds(wait) > WAIT_MAX)
		verify_found(p->v, VERIFY_POLICY_FAILS, p->name, NULL,
		    "%s waits %s for %s when that hangs: timeout=15s is "
		    "enough", p->name, wait, asked.endpoint);
}

/* Each address that somebody tries would cost questions to DNS. */
static void
policy_order(const struct milter_place *p, const struct words *words, size_t at)
{
	struct asked asked = asked_parse(p->v->arena, words->word[at]);

	if (strstr(asked.endpoint, "policyd-spf") == NULL)
		return;
	for (size_t i = at + 1; i < words->count; i++) {
		if (strcmp(words->word[i], "reject_unlisted_recipient") == 0 ||
		    strcmp(words->word[i], "reject_unauth_destination") == 0)
			verify_found(p->v, VERIFY_POLICY_FAILS, p->name, NULL,
			    "%s asks %s before %s: also about mail that it "
			    "refuses", p->name, asked.endpoint,
			    words->word[i]);
	}
}

static void
policies_verify(const struct milter_place *p)
{
	static const char asks[] = "check_policy_service";

	for (size_t i = 0; verify_restrictions[i] != NULL; i++) {
		struct words words = postfix_list(p->v->arena, postfix_value(
		    &p->v->postfix, p->service, verify_restrictions[i]));

		for (size_t n = 0; n + 1 < words.count; n++) {
			if (strcmp(words.word[n], asks) != 0)
				continue;
			policy_verify(p, words.word[n + 1]);
			policy_order(p, &words, n + 1);
		}
	}
}

/* --- each of them ----------------------------------------------------- */

static void
service_verify(struct verifying *v, const struct postfix_service *s,
    struct words *done)
{
	struct milter_place p = { .v = v, .service = s };

	p.name = arena_printf(v->arena, "%s/%s", s->name, s->type);
	p.milters = postfix_list(v->arena, postfix_value(&v->postfix, s,
	    "smtpd_milters"));
	p.logins = verify_is_yes(postfix_value(&v->postfix, s,
	    "smtpd_sasl_auth_enable"));
	place_verify(&p, done);
	policies_verify(&p);
}

void
verify_milters(struct verifying *v)
{
	struct milter_place local = { .v = v, .name = "non_smtpd_milters" };
	struct words done = { 0 };

	if (strcmp(v->options->settings->filter, "none") == 0)
		return;
	for (size_t i = 0; i < v->postfix.services; i++) {
		const struct postfix_service *s = &v->postfix.service[i];

		if (strcmp(s->type, "inet") == 0 &&
		    strcmp(s->command, "smtpd") == 0)
			service_verify(v, s, &done);
	}
	local.milters = postfix_list(v->arena, verify_postfix(v,
	    "non_smtpd_milters"));
	place_verify(&local, &done);
}
