/* The doctor looks at Postfix's queue. */
#include "model/doctor/queue.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "base/sentence.h"
#include "file/program.h"

#define WAITING_MOST 100
#define DAY (24 * 60 * 60)

VECTOR_NAMED(reasons, struct queue_reason);

/* --- reading ----------------------------------------------------------- */

/*
 * The same reason of another recipient has another address in it: what is
 * between < and > is left out.
 */
static const char *
plain(struct arena *a, const char *reason)
{
	struct text t = TEXT_INIT;
	const char *result;
	bool inside = false;

	for (const char *p = reason; *p != '\0' && t.len < 120; p++) {
		inside = inside && *p != '>';
		if (!inside)
			text_add_char(&t, *p);
		inside = inside || *p == '<';
	}
	result = arena_strndup(a, t.buf, t.len);
	text_clear(&t);
	return result;
}

static void
reason_count(struct arena *a, struct reasons *all, const char *reason)
{
	const char *text = plain(a, reason);

	for (size_t i = 0; i < all->count; i++) {
		if (strcmp(all->item[i].text, text) == 0) {
			all->item[i].count++;
			return;
		}
	}
	/* Many reasons are no reason. */
	if (all->count < 1000)
		*VECTOR_ADD(all) = (struct queue_reason){ text, 1 };
}

static void
message_count(struct arena *a, json_t *message, struct queue *q,
    struct reasons *all)
{
	const char *name = json_string_value(json_object_get(message,
	    "queue_name"));
	json_int_t arrival = json_integer_value(json_object_get(message,
	    "arrival_time"));
	json_t *recipients = json_object_get(message, "recipients");

	if (name == NULL) {
		q->odd++;
		return;
	}
	q->count++;
	q->waiting += strcmp(name, "deferred") == 0;
	q->held += strcmp(name, "hold") == 0;
	if (strcmp(name, "hold") != 0 && arrival > 0 &&
	    (q->oldest == 0 || arrival < q->oldest))
		q->oldest = arrival;
	for (size_t i = 0; i < json_array_size(recipients); i++) {
		const char *reason = json_string_value(json_object_get(
		    json_array_get(recipients, i), "delay_reason"));

		if (reason != NULL)
			reason_count(a, all, reason);
	}
}

/* Takes the most frequent one out. */
static struct queue_reason
most(struct reasons *all)
{
	struct queue_reason *best = NULL, taken;

	for (size_t i = 0; i < all->count; i++) {
		if (best == NULL || all->item[i].count > best->count)
			best = &all->item[i];
	}
	if (best == NULL)
		return (struct queue_reason){ 0 };
	taken = *best;
	best->count = 0;
	return taken;
}

void
queue_read(struct arena *a, const char *json, struct queue *q)
{
	struct reasons all = { 0 };

	*q = (struct queue){ 0 };
	while (*json != '\0') {
		size_t len = strcspn(json, "\n");
		json_t *message = len > 0 ? json_loadb(json, len, 0, NULL) :
		    NULL;

		if (message != NULL)
			message_count(a, message, q, &all);
		else
			q->odd += len > 0;
		json_decref(message);
		json += len + (json[len] == '\n');
	}
	for (size_t i = 0; i < QUEUE_REASONS; i++)
		q->reason[i] = most(&all);
	VECTOR_CLEAR(&all);
}

/* The first text of this name of a recipient, or "". */
static const char *
of_recipient(json_t *message, const char *name)
{
	json_t *first = json_array_get(json_object_get(message,
	    "recipients"), 0);
	const char *text = json_string_value(json_object_get(first, name));

	return text != NULL ? text : "";
}

static void
message_find(struct arena *a, json_t *message,
    const struct queue_sent *sent, struct queue_place *place)
{
	const char *id = json_string_value(json_object_get(message,
	    "queue_id"));
	const char *reason = of_recipient(message, "delay_reason");

	if (strcmp(of_recipient(message, "address"), sent->from) == 0)
		place->answered = true;
	if (id == NULL || strcmp(id, sent->id) != 0)
		return;
	place->found = true;
	if (*reason != '\0')
		place->reason = arena_strdup(a, reason);
}

void
queue_find(struct arena *a, const char *json,
    const struct queue_sent *sent, struct queue_place *place)
{
	*place = (struct queue_place){ 0 };
	while (*json != '\0') {
		size_t len = strcspn(json, "\n");
		json_t *message = len > 0 ? json_loadb(json, len, 0, NULL) :
		    NULL;

		message_find(a, message, sent, place);
		json_decref(message);
		json += len + (json[len] == '\n');
	}
}

/* --- judging ----------------------------------------------------------- */

static const char *
reasons(struct arena *a, const struct queue *q)
{
	const char *text = "";

	for (size_t i = 0; i < QUEUE_REASONS && q->reason[i].count > 0; i++)
		text = arena_printf(a, "%s; %" PRId64 "x %s", text,
		    q->reason[i].count, q->reason[i].text);
	return text;
}

struct verdict
queue_judge(struct arena *a, const struct queue *q, int64_t now)
{
	const char *what = q->count == 0 ? "the queue is empty" :
	    arena_printf(a, "%s in the queue, %" PRId64 " deferred%s",
	    sentence_number(a, q->count, "message", "messages"), q->waiting,
	    reasons(a, q));

	if (q->oldest > 0 && now - q->oldest > DAY)
		what = arena_printf(a, "%s; the oldest waits for %" PRId64
		    " days", what, (now - q->oldest) / DAY);
	else if (q->waiting <= WAITING_MOST)
		return (struct verdict){ DOCTOR_OK, what, NULL };
	return (struct verdict){ DOCTOR_WRONG, what, NULL };
}

/* --- looking ----------------------------------------------------------- */

static bool
postqueue(struct doctor *d, struct program_answer *answer, struct err *e)
{
	struct words argv = { 0 };
	const char *path;

	if (!program_find(d->arena, "postqueue", "Postfix", &path, e))
		return false;
	words_add(d->arena, &argv, path);
	words_add(d->arena, &argv, "-c");
	words_add(d->arena, &argv, d->options->settings->postfix_directory);
	words_add(d->arena, &argv, "-j");
	return program_run_for(d->arena, &argv, doctor_seconds(d), answer,
	    e) && (answer->status == 0 || err_set(e, ERR_IO, "%.*s",
	    (int)strcspn(answer->err, "\n"), answer->err));
}

bool
queue_ask(struct doctor *d, const struct queue_sent *sent,
    struct queue_place *place, struct err *e)
{
	struct program_answer answer;

	if (!postqueue(d, &answer, e))
		return false;
	queue_find(d->arena, answer.out, sent, place);
	return true;
}

void
doctor_queue(struct doctor *d)
{
	struct program_answer answer;
	struct queue q;
	struct err e = { 0 };

	if (postqueue(d, &answer, &e)) {
		queue_read(d->arena, answer.out, &q);
		doctor_add(d, queue_judge(d->arena, &q, d->now));
	} else {
		doctor_say(d, doctor_program_hangs(d, &e) ? DOCTOR_WRONG :
		    DOCTOR_UNKNOWN, NULL, "the queue: %s", e.text);
	}
	err_clear(&e);
}
