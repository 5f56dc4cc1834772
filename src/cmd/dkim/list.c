/* mailadm dkim list and show: keys, and their records. */
#include "cmd/dkim/dkim.h"
#include "model/dkim/record.h"

/* --- list ------------------------------------------------------------ */

static const struct arg_type arg_state = {
	.metavar = "STATE", .choices = dkim_state_names, .choice = "state"
};

static const struct arg list_arg[] = {
	ARGUMENT("PATTERN", arg_pattern, list_args, pattern,
	    "only domains that match: * and ?"),
	LIST_DOMAIN,
	OPTION("--state", arg_state, list_args, state,
	    "only pending, active, retiring or retired ones"),
	OPTION("--limit", arg_count, list_args, limit, "at most N rows"),
	FLAG("--count", list_args, count, "print only the number of rows"),
	OPTION("--sort", arg_column, list_args, sort,
	    "sort by COLUMN instead of by name; -COLUMN: descending"),
	{ 0 }
};

static bool
run_list(struct session *s, const void *args, struct err *e)
{
	static const struct list_source source = { .fields = dkim_fields,
	    .names = "keys",
	    .each = dkim_list, .count = dkim_count };

	return list_print(s, &source, args, e);
}

/* --- show ------------------------------------------------------------ */

struct show_args {
	const char *domain;
	const char *selector;
};

static const struct arg show_arg[] = {
	ARGUMENT("DOMAIN", arg_domain, show_args, domain, "the domain",
	    .flags = ARG_REQUIRED),
	ARGUMENT("SELECTOR", arg_selector, show_args, selector,
	    "only this key"),
	{ 0 }
};

/* The key, and its record in three forms. */
struct shown {
	struct dkim_row key;	/* the first member: see shown_fields */
	const char *name;
	const char *value;
	const char *zone;
};

static const struct field shown_fields[] = {
	FIELD(struct dkim_row, domain, FIELD_ADDRESS),
	FIELD(struct dkim_row, selector, FIELD_TEXT),
	DKIM_VALUES(COLUMN_FIELD_LISTED, struct dkim_row)
	FIELD(struct dkim_row, since, FIELD_TIME),
	FIELD(struct dkim_row, seen, FIELD_TIME),
	FIELD(struct dkim_row, created, FIELD_TIME),
	FIELD(struct shown, name, FIELD_TEXT),
	FIELD(struct shown, value, FIELD_TEXT),
	FIELD(struct shown, zone, FIELD_TEXT),
	{ 0 }
};

static bool
show_row(struct session *s, const struct dkim_row *key, struct err *e)
{
	struct arena *a = &s->scratch;
	const struct shown row = {
		.key = *key,
		.name = dkim_record_name(a, key),
		.value = dkim_record_text(a, key),
		.zone = dkim_record_zone(a, key),
	};

	return out_row(&s->out, &row, e);
}

static bool
show_all(struct session *s, const char *domain, struct err *e)
{
	const struct dkim_row *row;
	struct db_rows rows;

	if (!dkim_of(&s->mail, domain, &rows, e))
		return false;
	if (rows.count == 0) {
		err_set(e, ERR_NOT_FOUND, "%s has no DKIM key", domain);
		return err_hint(e, "mailadm dkim add %s", domain);
	}
	if (!out_begin(&s->out, shown_fields, OUT_LIST, e))
		return false;
	row = rows.row;
	for (size_t i = 0; i < rows.count; i++) {
		if (!show_row(s, &row[i], e))
			return false;
	}
	return out_end(&s->out, e);
}

static bool
run_show(struct session *s, const void *args, struct err *e)
{
	const struct show_args *a = args;
	struct dkim_row row;

	if (a->selector == NULL)
		return show_all(s, a->domain, e);
	return dkim_find(&s->mail, a->domain, a->selector, &row, e) &&
	    out_begin(&s->out, shown_fields, OUT_SHOW, e) &&
	    show_row(s, &row, e) && out_end(&s->out, e);
}

const struct cmd dkim_list_cmds[] = {
	{ .name = "dkim list", .brief = "list the keys that sign mail",
	    .detail =
	    "A key is pending (its record is to be published), active (it "
	    "signs), retiring (its record stays for mail that is under way) "
	    "or retired (its private half is deleted). \"seen\" is when all "
	    "name servers had its record for the first time.",
	    .example = "dkim list --state active",
	    ARGS(list_arg, list_args), .columns = dkim_fields,
	    .flags = CMD_DB, .run = run_list },
	{ .name = "dkim show", .brief = "show the record of a key",
	    .detail =
	    "The record that DNS needs: its name, its value in one piece, as "
	    "the forms of most providers want it, and the line of a zone "
	    "file. The private half is never shown. Of a retired key it is "
	    "the record that revokes it. Without SELECTOR it lists the keys "
	    "of the domain.",
	    .example = "dkim show example.com",
	    ARGS(show_arg, show_args), .columns = shown_fields,
	    .flags = CMD_DB, .run = run_show },
	{ 0 }
};
