/* The doctor asks who Postfix asks: the mail filter, and the policy service. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/size.h"
#include "file/postfix.h"
#include "model/dkim/sync.h"
#include "model/doctor/private.h"
#include "model/talk/talk.h"

/* Where a milter listens: "unix:PATH", "inet:HOST:PORT", or in braces. */
static const char *
endpoint(struct arena *a, const char *word)
{
	struct words inner;
	size_t len = strlen(word);

	if (*word != '{' || len < 2)
		return word;
	inner = postfix_list(a, arena_strndup(a, word + 1, len - 2));
	return inner.count > 0 ? inner.word[0] : "";
}

/*
 * SMFIC_OPTNEG of the milter protocol, version 6, with nothing that we would
 * do: a filter that lives answers it with its own.
 */
static enum talk_end
negotiate(struct talk *t)
{
	static const char question[] = "\0\0\0\15O\0\0\0\6\0\0\1\377\0\37"
	    "\377\377";
	char answer[TALK_LINE];
	enum talk_end end = talk_send(t, question, sizeof(question) - 1);

	return end == TALK_OK ? talk_bytes(t, answer, 5) : end;
}

/* False where the text names no place. */
static bool
place_parse(struct doctor *d, const char *queue, const char *where,
    struct talk_to *to)
{
	const char *path = strncmp(where, "unix:", 5) == 0 ? where + 5 :
	    strncmp(where, "local:", 6) == 0 ? where + 6 : NULL;
	const char *colon = strrchr(where, ':');
	int64_t port = 0;

	*to = (struct talk_to){ .stop = &d->stop };
	if (path != NULL) {
		to->path = *path == '/' ? path : arena_printf(d->arena,
		    "%s/%s", queue, path);
		return true;
	}
	if (colon == NULL || !number_parse(colon + 1, &port) || port > 65535)
		return false;
	where += strncmp(where, "inet:", 5) == 0 ? 5 : 0;
	to->address = where > colon ? "" : arena_strndup(d->arena, where,
	    (size_t)(colon - where));
	if (strcmp(to->address, "localhost") == 0)
		to->address = "127.0.0.1";
	to->port = (unsigned)port;
	return true;
}

static enum talk_end
milter_ask(struct doctor *d, const char *queue, const char *where)
{
	struct talk_to to;
	struct talk t;
	enum talk_end end;

	if (!place_parse(d, queue, where, &to))
		return TALK_UNREACHABLE;
	end = talk_connect(&t, &to, doctor_seconds(d));
	if (end == TALK_OK)
		end = negotiate(&t);
	talk_close(&t);
	return end;
}

struct verdict
milter_judge(struct arena *a, const char *where, enum talk_end end)
{
	static const char advice[] = "systemctl restart rspamd, or opendkim "
	    "and opendmarc; mail waits until it answers";

	switch (end) {
	case TALK_OK:
		return (struct verdict){ DOCTOR_OK, arena_printf(a,
		    "the filter at %s answers", where), NULL };
	case TALK_REFUSED:
		return (struct verdict){ DOCTOR_WRONG, arena_printf(a,
		    "the filter at %s is not running", where), advice };
	case TALK_SILENT:
		return (struct verdict){ DOCTOR_WRONG, arena_printf(a,
		    "the filter at %s does not answer: it hangs", where),
		    advice };
	case TALK_CLOSED:
	case TALK_BROKEN:
		return (struct verdict){ DOCTOR_WRONG, arena_printf(a,
		    "what listens at %s is no mail filter", where), NULL };
	case TALK_UNREACHABLE:
		break;
	}
	return (struct verdict){ DOCTOR_UNKNOWN, arena_printf(a,
	    "the filter at %s cannot be asked", where), NULL };
}

static bool
setting_list(struct doctor *d, const char *name, struct words *list)
{
	const char *value;
	struct err e = { 0 };
	bool ok = postfix_setting(d->arena,
	    d->options->settings->postfix_directory, name, &value, &e);

	if (ok)
		*list = postfix_list(d->arena, value);
	else
		doctor_say(d, DOCTOR_UNKNOWN, NULL, "%s", e.text);
	err_clear(&e);
	return ok;
}

void
doctor_filter(struct doctor *d)
{
	struct words milters, queue;

	if (!setting_list(d, "smtpd_milters", &milters) ||
	    !setting_list(d, "queue_directory", &queue))
		return;
	if (milters.count == 0 || queue.count == 0) {
		doctor_say(d, DOCTOR_SKIPPED, NULL, "Postfix asks no mail "
		    "filter");
		return;
	}
	for (size_t i = 0; i < milters.count; i++) {
		const char *where = endpoint(d->arena, milters.word[i]);

		doctor_add(d, milter_judge(d->arena, where, milter_ask(d,
		    queue.word[0], where)));
	}
}

/* --- keys ------------------------------------------------------------- */

void
doctor_dkim(struct doctor *d)
{
	const struct settings *s = d->options->settings;
	const struct dkim_sync_options options = { .root = "/",
		.filter = s->filter, .dry_run = true,
		.secret = d->options->dkim_secret };
	struct dkim_sync_result result = { 0 };
	struct err e = { 0 };

	if (strcmp(s->filter, "none") == 0)
		doctor_say(d, DOCTOR_SKIPPED, NULL, "the setting filter is "
		    "none: no key signs mail here");
	else if (geteuid() != 0)
		doctor_say(d, DOCTOR_UNKNOWN, NULL, "only root can read the "
		    "keys of the mail filter");
	else if (!dkim_sync(d->mail, &options, &result, &e))
		doctor_say(d, DOCTOR_WRONG, e.hint != NULL ? arena_strdup(
		    d->arena, e.hint) : NULL, "%s", e.text);
	else if (result.count > 0)
		doctor_say(d, DOCTOR_WRONG, NULL, "the keys of the filter are "
		    "not those of the database: %s", result.row[0].path);
	else
		doctor_say(d, DOCTOR_OK, NULL, "%zu DKIM keys sign, as in the "
		    "database", result.keys);
	err_clear(&e);
}

/* --- the policy service ---------------------------------------------- */

#define SERVICE "mailadm-policy"

struct verdict
sending_judge(enum talk_end end, const char *answer)
{
	static const char advice[] = "mailadm config verify; journalctl -t "
	    "mailadm/policy -n 20; limits do not hold meanwhile";

	if (end == TALK_OK && strcmp(answer, "action=OK") == 0)
		return (struct verdict){ DOCTOR_OK, "the service " SERVICE
		    " answers, and reads the database", NULL };
	if (end == TALK_OK)
		return (struct verdict){ DOCTOR_WRONG, "the service " SERVICE
		    " cannot ask the database", advice };
	if (end == TALK_UNREACHABLE)
		return (struct verdict){ DOCTOR_UNKNOWN, "the service "
		    SERVICE " cannot be asked", NULL };
	return (struct verdict){ DOCTOR_WRONG, end == TALK_SILENT ?
	    "the service " SERVICE " does not answer: it hangs" :
	    end == TALK_REFUSED ? "the service " SERVICE " is not running" :
	    "the service " SERVICE " ends without an answer", advice };
}

static bool
is_configured(const struct doctor *d)
{
	for (size_t i = 0; i < d->postfix->services; i++) {
		if (strcmp(d->postfix->service[i].name, SERVICE) == 0)
			return true;
	}
	return false;
}

/* As Postfix asks, about nobody. */
static enum talk_end
service_ask(struct doctor *d, char answer[static TALK_LINE])
{
	static const char question[] = "request=mailadm_doctor\n\n";
	const struct talk_to to = { .stop = &d->stop,
	    .path = arena_printf(d->arena, "%s/private/" SERVICE,
		postfix_value(d->postfix, NULL, "queue_directory")) };
	struct talk t;
	enum talk_end end = talk_connect(&t, &to, doctor_seconds(d));

	if (end == TALK_OK)
		end = talk_send(&t, question, sizeof(question) - 1);
	if (end == TALK_OK)
		end = talk_hear(&t, answer);
	talk_close(&t);
	return end;
}

void
doctor_sending(struct doctor *d)
{
	char answer[TALK_LINE] = "";

	if (d->postfix == NULL || !is_configured(d))
		doctor_say(d, DOCTOR_SKIPPED, NULL, "Postfix does not ask "
		    "what users may send");
	else if (geteuid() != 0)
		doctor_say(d, DOCTOR_UNKNOWN, NULL, "only root can ask the "
		    "service " SERVICE);
	else
		doctor_add(d, sending_judge(service_ask(d, answer), answer));
}
