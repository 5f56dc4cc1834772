/*
 * Judging SPF: by what receivers make of it, not by its text.
 *
 * Where mail of this server does not pass, the record is not replaced: the
 * other senders that it names go on sending.  The mechanism of this server is
 * put in front.
 */
#include <string.h>

#include "base/ascii.h"
#include "model/records/judge.h"
#include "model/spf/spf.h"

#define VERSION "v=spf1"

/* The mechanism that stands for this server: "mx". */
static const char *
mechanism(struct arena *a, const char *wanted)
{
	const char *word = wanted + strlen(VERSION) + 1;

	return arena_strndup(a, word, strcspn(word, " "));
}

static bool
has_term(const char *text, const char *term)
{
	size_t len = strlen(term);

	while (*text != '\0') {
		size_t n;

		text += strspn(text, " ");
		n = strcspn(text, " ");
		if ((n == len && strncmp(text, term, n) == 0) || (n == len +
		    1 && *text == '+' && strncmp(text + 1, term, len) == 0))
			return true;
		text += n;
	}
	return false;
}

static bool
is_all(const char *term)
{
	return strcmp(term + (strchr("+-~?", *term) != NULL), "all") == 0;
}

/*
 * One record of all: our mechanism in front, what the others name, and the
 * mildest end of "-all" and "~all".
 */
static const char *
merged(struct judging *j, const struct words *texts)
{
	const char *ours = mechanism(j->arena, j->record->value);
	const char *value = arena_printf(j->arena, VERSION " %s", ours);
	const char *end = NULL;

	for (size_t i = 0; i < texts->count; i++) {
		const char *text = texts->word[i] + strlen(VERSION);

		while (*(text += strspn(text, " ")) != '\0') {
			size_t n = strcspn(text, " ");
			const char *term = arena_strndup(j->arena, text, n);

			text += n;
			if (is_all(term) && (end == NULL || *end == '-'))
				end = term;
			else if (!is_all(term) && !has_term(value, term))
				value = arena_printf(j->arena, "%s %s",
				    value, term);
		}
	}
	return end == NULL ? value : arena_printf(j->arena, "%s %s", value,
	    end);
}

/* NULL: mail from all addresses passes, or it is not known yet. */
static const char *
evaluate(struct judging *j, bool *broken)
{
	const struct words *addresses = &j->server->addresses.list;
	const struct dns_asker asker = { answers_ask, j->answers };
	const char *sender = j->record->kind == RECORD_HELO ? "" :
	    arena_printf(j->arena, "postmaster@%s", j->record->domain);

	*broken = false;
	for (size_t i = 0; i < addresses->count; i++) {
		const struct spf_query query = { addresses->word[i],
		    j->server->settings->hostname, sender, false };
		struct spf_result r = spf_check(j->arena, &asker, &query);

		if (r.state == SPF_PASS)
			continue;
		*broken = r.state == SPF_PERMERROR;
		j->change->action = r.state == SPF_PENDING ? RECORD_OPEN :
		    r.state == SPF_TEMPERROR ? RECORD_UNKNOWN :
		    RECORD_CHANGE;
		return arena_printf(j->arena, "%s of %s%s%s",
		    spf_state_name(r.state), addresses->word[i],
		    r.term != NULL ? " by " : "",
		    r.term != NULL ? r.term : "");
	}
	judge_fine(j);
	return NULL;
}

/* One record that is not what we would write. */
static void
judge_one(struct judging *j, const struct dns_answer *answer,
    const char *text)
{
	const char *term = mechanism(j->arena, j->record->value), *why;
	bool broken;

	if (j->server->addresses.list.count == 0) {
		j->change->action = RECORD_UNKNOWN;
		j->change->why = "the addresses of the server are not known";
		return;
	}
	why = evaluate(j, &broken);
	if (why == NULL || j->change->action == RECORD_OPEN)
		return;
	j->change->why = why;
	if (j->change->action == RECORD_UNKNOWN)
		return;
	/* What is missing then is what the mechanism asks for. */
	if (!broken && has_term(text, term)) {
		judge_fine(j);
		return;
	}
	judge_found_texts(j, answer, spf_is_record);
	judge_change(j, broken ? j->record->value : merged(j,
	    &j->change->found), why);
}

void
judge_spf(struct judging *j)
{
	const struct dns_answer *answer = judge_ask(j, j->record->name,
	    DNS_TXT);
	const char *text = NULL;
	size_t count = 0;

	if (answer == NULL)
		return;
	for (size_t i = 0; i < answer->values.count; i++) {
		if (spf_is_record(answer->values.word[i])) {
			text = answer->values.word[i];
			count++;
		}
	}
	if (count == 0) {
		judge_add(j, NULL);
	} else if (count > 1) {
		judge_found_texts(j, answer, spf_is_record);
		judge_change(j, merged(j, &j->change->found),
		    "has two SPF records");
	} else if (strcmp(text, j->record->value) == 0) {
		judge_fine(j);
	} else {
		judge_one(j, answer, text);
	}
}
