/* What all nouns share: notes for the user, changes in words, locks. */
#include "model/mail/mail.h"

#include <stdarg.h>
#include <string.h>
#include <time.h>

#include "base/sentence.h"
#include "base/size.h"
#include "base/text.h"
#include "base/time.h"
#include "model/mail/values.h"

void
mail_note(struct mail *m, const char *fmt, ...)
{
	struct text t = TEXT_INIT;
	va_list ap;

	va_start(ap, fmt);
	text_addv(&t, fmt, ap);
	va_end(ap);
	words_add(m->arena, &m->notes, arena_strndup(m->arena, t.buf, t.len));
	text_clear(&t);
}

bool
mail_lock_aliases(struct mail *m, struct err *e)
{
	bool fresh;

	db_cache(m->db, "lock", "aliases", 1, &fresh);
	return !fresh || db_exec(m->db, SQL_LOCK_TAKE,
	    PARAMS(TEXT("aliases")), e);
}

bool
mail_way_require(struct mail *m, const char *name, struct err *e)
{
	struct relay relay;
	bool found;

	if (name == NULL)
		return true;
	if (!db_row(m->db, m->arena, SQL_RELAY_GET, PARAMS(TEXT(name)),
	    &relay, &found, e))
		return false;
	if (found)
		return true;
	err_set(e, ERR_NOT_FOUND, "no such way out: %s", name);
	return err_hint(e, "mailadm relay add %s --server HOST adds it", name);
}

/* --- changes in words ------------------------------------------------- */

void
changed_add(struct arena *a, struct words *list, const char *label,
    const char *old, const char *new)
{
	if (strcmp(old, new) != 0)
		words_add(a, list, arena_printf(a, "%s %s (was %s)", label,
		    new, old));
}

const char *
changed_words(struct arena *a, const char *text)
{
	return text == NULL ? "none" : arena_printf(a, "\"%s\"", text);
}

const char *
changed_size(struct arena *a, int64_t bytes, const char *null)
{
	char buf[SIZE_TEXT];

	if (bytes == FIELD_NULL)
		return null;
	if (bytes == QUOTA_NONE)
		return "none";
	size_format(buf, bytes);
	return arena_strdup(a, buf);
}

const char *
changed_rate(struct arena *a, int64_t rate, const char *null)
{
	char buf[RATE_TEXT];

	if (rate == FIELD_NULL)
		return null;
	if (rate == QUOTA_NONE)
		return "none";
	rate_format(buf, rate);
	return arena_strdup(a, buf);
}

const char *
changed_time(struct arena *a, int64_t seconds)
{
	char buf[TIME_TEXT];

	if (seconds == FIELD_NULL)
		return "never";
	time_format(buf, seconds);
	return arena_strdup(a, buf);
}

const char *
changed_number(struct arena *a, int64_t number)
{
	return number == FIELD_NULL ? "none" : arena_printf(a, "%lld",
	    (long long)number);
}

void
changed_say(struct mail *m, const struct words *list)
{
	m->changed = list->count > 0 ? sentence_list(m->arena, list) : NULL;
}

void
changed_say_now(struct mail *m, const struct words *destinations)
{
	m->changed = destinations->count == 0 ? NULL : arena_printf(m->arena,
	    "now %s", sentence_list(m->arena, destinations));
}

/* --- what expires ----------------------------------------------------- */

bool
expiry_check(struct mail *m, int64_t old, int64_t time, struct err *e)
{
	int64_t now;

	if (time == VALUE_UNSET || time == FIELD_NULL || time == old)
		return true;
	if (!db_number(m->db, SQL_NOW, NO_PARAMS, &now, e))
		return false;
	if (time > now)
		return true;
	err_set(e, ERR_INVALID, "expires: %s is in the past",
	    changed_time(m->arena, time));
	return err_hint(e, "it must be a time to come, in UTC; what is to end "
	    "now is disabled or removed");
}

bool
expiry_has_passed(int64_t when)
{
	return when != FIELD_NULL && when <= (int64_t)time(NULL);
}

const char *
expiry_text(struct arena *a, const char *address, int64_t time)
{
	return arena_printf(a, "%s %s", address, changed_time(a, time));
}

int64_t
expiry_of(const struct words *list, const char *address)
{
	size_t len = strlen(address);
	int64_t time;

	for (size_t i = 0; i < list->count; i++) {
		const char *word = list->word[i];

		if (strncmp(word, address, len) == 0 && word[len] == ' ' &&
		    time_date_parse(word + len + 1, &time))
			return time;
	}
	return FIELD_NULL;
}
