/* The records of DKIM keys as rows, and what the commands need besides. */
#include <string.h>

#include "base/ascii.h"
#include "cmd/dkim/dkim.h"
#include "model/dkim/record.h"

/* --- types of arguments ---------------------------------------------- */

/* Names in DNS are the same in any case. */
static bool
selector_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	v->text = lowered(a, word);
	return dkim_selector_check(v->text, e);
}

const struct arg_type arg_selector = {
	.metavar = "SELECTOR", .parse = selector_value,
	.complete = COMPLETE_SELECTOR
};
const struct arg_type arg_selector_used = {
	.metavar = "SELECTOR", .parse = selector_value,
	.complete = COMPLETE_SELECTOR_USED
};
const struct arg_type arg_algorithm = {
	.metavar = "ALGORITHM", .choices = dkim_algorithm_names,
	.choice = "algorithm"
};

/* --- records --------------------------------------------------------- */

struct record_row {
	const char *domain;
	const char *name;
	const char *type;
	const char *value;
	const char *need;
	const char *why;
};

const struct field dkim_record_fields[] = {
	FIELD(struct record_row, domain, FIELD_ADDRESS),
	FIELD(struct record_row, name, FIELD_TEXT),
	FIELD(struct record_row, type, FIELD_TEXT),
	FIELD(struct record_row, value, FIELD_TEXT),
	FIELD(struct record_row, need, FIELD_TEXT),
	FIELD(struct record_row, why, FIELD_TEXT),
	{ 0 }
};

bool
dkim_record_print(struct session *s, const struct dkim_row *key,
    struct err *e)
{
	struct arena *a = &s->scratch;
	struct record_row row = {
		.domain = key->domain,
		.name = dkim_record_name(a, key),
		.type = "TXT",
		.value = dkim_record_text(a, key),
		.need = dkim_record_need(key),
		.why = dkim_record_why(key),
	};

	return out_row(&s->out, &row, e);
}

const char *
dkim_key_name(struct session *s, const struct dkim_row *key)
{
	return arena_printf(&s->scratch, "%s of %s", key->selector,
	    out_name(&s->out, &s->scratch, key->domain));
}

/* --- what is asked --------------------------------------------------- */

static bool
is_interrupted(void *arg)
{
	const struct db *db = arg;

	return db_interrupted(db);
}

struct dns
dkim_dns(struct session *s)
{
	return (struct dns){ .arena = &s->scratch,
	    .resolver = s->settings.resolver,
	    .interrupted = is_interrupted, .arg = s->db };
}

bool
dkim_secret_get(struct session *s, struct arena *a,
    struct dkim_secret *secret, struct err *e)
{
	return dkim_secret_read(a, session_dkim_secret(s), secret, e);
}
