/*
 * Fixing the rows of one alias: plans what each row becomes, then writes the
 * differences.  Mail goes where it went before.
 *
 * A row that leads to itself, where no mailbox exists, stays: a person must
 * decide whether the user is missing or the row is wrong.
 */
#include <string.h>

#include "base/sentence.h"
#include "base/text.h"
#include "model/mail/alias_loop.h"
#include "model/repair/private.h"
#include "model/mail/delivery.h"
#include "model/mail/domain.h"

/* --- what a row becomes ---------------------------------------------- */

static const char *
fold_to(struct fixing *f, const char *raw)
{
	return fix_fold(f->m->arena, ADDRESS_DESTINATION, raw);
}

/* The parts of a list, each an address, or none. */
static void
list_split(struct fixing *f, const char *list, struct words *to)
{
	while (*list != '\0') {
		size_t len = strcspn(list, ",");
		const char *part = arena_strndup(f->m->arena, list, len);
		const char *folded = fold_to(f, part);

		list += len + (list[len] == ',');
		if (part[strspn(part, " \t")] == '\0')
			continue;
		if (folded == NULL) {
			*to = (struct words){ 0 };
			return;
		}
		if (!words_have(to, folded))
			words_add(f->m->arena, to, folded);
	}
}

/* Another row has the same destination in another spelling. */
static bool
is_twice(struct fixing *f, size_t at, const char *folded)
{
	for (size_t i = 0; i < f->rows; i++) {
		const char *other = i == at ? NULL :
		    fold_to(f, f->row[i].is->destination);

		if (other != NULL && strcmp(other, folded) == 0)
			return true;
	}
	return false;
}

static void
row_respell(struct fixing *f, size_t at)
{
	struct fix_row *row = &f->row[at];
	const char *is = row->is->destination;
	unsigned fixes = f->step->fixes;
	const char *folded;

	if (strchr(is, ',') != NULL) {
		if (fixes & FIX_LIST)
			list_split(f, is, &row->to);
		if (fixes & FIX_LIST && row->to.count == 0)
			fix_leaves(f, "\"%s\" holds more than addresses and "
			    "commas", is);
	} else if (fixes & (FIX_TO | FIX_TWICE)) {
		folded = fold_to(f, is);
		if (folded != NULL && (fixes & FIX_TO ||
		    is_twice(f, at, folded)))
			words_add(f->m->arena, &row->to, folded);
	}
	if (row->to.count == 0)
		words_add(f->m->arena, &row->to, is);
}

/* --- out of an alias domain ------------------------------------------ */

static bool
domains_are_on(struct fixing *f, const char *a, const char *b, bool *on,
    struct err *e)
{
	struct domain x, y;
	bool x_found, y_found;

	if (!domain_find(f->m, address_domain(a), &x, &x_found, e) ||
	    !domain_find(f->m, address_domain(b), &y, &y_found, e))
		return false;
	*on = x_found && x.active && y_found && y.active;
	return true;
}

/* The same name in the target, where the mail arrives there today. */
static bool
target_plan(struct fixing *f, const char **to, struct err *e)
{
	struct delivery d;
	bool on;

	if (!delivery_resolve(f->m, *to, &d, e))
		return false;
	if (d.how != RESOLVED_ALIAS_DOMAIN)
		return true;
	if (!domains_are_on(f, *to, d.to.word[0], &on, e))
		return false;
	if (strcmp(d.key, *to) != 0 || !d.active || !on ||
	    strcmp(d.to.word[0], f->step->name) == 0)
		fix_leaves(f, "mail for %s does not arrive at %s", *to,
		    d.to.word[0]);
	else
		*to = d.to.word[0];
	return true;
}

static bool
targets_plan(struct fixing *f, struct err *e)
{
	for (size_t i = 0; i < f->rows; i++) {
		struct words *to = &f->row[i].to;

		for (size_t j = 0; j < to->count; j++) {
			if (fold_to(f, to->word[j]) != NULL &&
			    !target_plan(f, &to->word[j], e))
				return false;
		}
	}
	return true;
}

/* --- the plan -------------------------------------------------------- */

static bool
is_changed(const struct fix_row *row)
{
	return row->to.count != 1 ||
	    strcmp(row->to.word[0], row->is->destination) != 0;
}

static bool
is_canonical(struct fixing *f, const struct alias *row)
{
	const char *mail = fix_fold(f->m->arena, ADDRESS_ALIAS, row->mail);
	const char *to = fold_to(f, row->destination);

	return mail != NULL && strcmp(mail, row->mail) == 0 && to != NULL &&
	    strcmp(to, row->destination) == 0;
}

/* Each row that is written must pass the table's checks. */
static bool
may_stand(struct fixing *f, const char *mail, const struct fix_row *row)
{
	for (size_t j = 0; j < row->to.count; j++) {
		const struct alias after = { .mail = mail,
		    .destination = row->to.word[j] };

		if (!is_canonical(f, &after)) {
			fix_leaves(f, "%s -> %s has another problem", mail,
			    row->to.word[j]);
			return false;
		}
	}
	return true;
}

static void
rows_report(struct fixing *f)
{
	for (size_t i = 0; i < f->rows; i++) {
		const struct fix_row *row = &f->row[i];
		const char *is = row->is->destination;

		if (is_changed(row))
			fix_does(f, "destination \"%s\" becomes %s", is,
			    sentence_list(f->m->arena, &row->to));
		if (is_changed(row) || f->name != NULL)
			f->force |= !is_canonical(f, row->is);
	}
}

static void
plan_finish(struct fixing *f)
{
	const char *mail = f->name ? f->name : f->step->name;

	for (size_t i = 0; i < f->rows; i++) {
		if ((is_changed(&f->row[i]) || f->name != NULL) &&
		    !may_stand(f, mail, &f->row[i]))
			return;
	}
	if (f->name != NULL)
		fix_does(f, "renamed to %s", f->name);
	rows_report(f);
}

static void
rows_take(struct fixing *f, const struct db_rows *rows)
{
	const struct alias *row = rows->row;
	struct text t = TEXT_INIT;

	f->row = arena_array(f->m->arena, rows->count, sizeof(*f->row));
	f->rows = rows->count;
	for (size_t i = 0; i < rows->count; i++) {
		f->row[i].is = &row[i];
		text_addf(&t, "%d %s\n", row[i].active, row[i].destination);
	}
	f->state = arena_strndup(f->m->arena, t.buf, t.len);
	text_clear(&t);
}

/* An undo refuses to make a loop, so rows in a loop stay as they are. */
static bool
loop_look(struct fixing *f, bool *loops, struct err *e)
{
	*loops = !alias_loop_refuse(f->m, f->step->name, e) &&
	    e->code == ERR_REFUSED;
	if (!*loops)
		return e->code == ERR_NONE;
	fix_leaves(f, "%s", e->text);
	err_clear(e);
	return true;
}

static bool
rows_plan(struct fixing *f, struct err *e)
{
	for (size_t i = 0; i < f->rows; i++)
		row_respell(f, i);
	if ((f->step->fixes & FIX_NAME && !fix_name(f, ADDRESS_ALIAS, e)) ||
	    (f->step->fixes & FIX_TO_TARGET && !targets_plan(f, e)))
		return false;
	plan_finish(f);
	return true;
}

bool
fix_alias_plan(struct fixing *f, struct err *e)
{
	struct db_rows rows;
	bool loops;

	if (!fix_alias_rows(f, f->step->name, &rows, e))
		return false;
	rows_take(f, &rows);
	if (f->rows == 0)
		return true;
	if (!loop_look(f, &loops, e))
		return false;
	return loops || rows_plan(f, e);
}

/* --- writing --------------------------------------------------------- */

/* Enabled if any of the rows that become this one is. */
static bool
is_active(const struct fixing *f, const char *to)
{
	for (size_t i = 0; i < f->rows; i++) {
		if (f->row[i].is->active && words_have(&f->row[i].to, to))
			return true;
	}
	return false;
}

/* A row that stays has it, or one that was written already. */
static bool
is_taken(const struct fixing *f, const char *to, const struct words *done)
{
	for (size_t i = 0; i < f->rows && f->name == NULL; i++) {
		const struct fix_row *row = &f->row[i];

		if (strcmp(row->is->destination, to) == 0 &&
		    words_have(&row->to, to))
			return true;
	}
	return words_have(done, to);
}

/* With the values of the row that it comes from. */
static bool
row_add(struct fixing *f, const struct alias *from, const char *to,
    struct err *e)
{
	const char *mail = f->name ? f->name : f->step->name;

	return fix_write(f, SQL_ALIAS_ADD, PARAMS(TEXT(mail), TEXT(to),
	    NUMBER(is_active(f, to)), ALIAS_ALL_VALUES(COLUMN_PARAM, from)),
	    e);
}

/* It becomes the first that does not exist yet; the others are added. */
static bool
row_write(struct fixing *f, const struct fix_row *row, struct words *done,
    struct err *e)
{
	const char *mail = f->name ? f->name : f->step->name;
	const char *is = row->is->destination;
	bool used = f->name == NULL && words_have(&row->to, is);

	for (size_t j = 0; j < row->to.count; j++) {
		const char *to = row->to.word[j];

		if (is_taken(f, to, done))
			continue;
		words_add(f->m->arena, done, to);
		if (used ? !row_add(f, row->is, to, e) : !fix_write(f,
		    SQL_ALIAS_FIX, PARAMS(TEXT(mail), TEXT(to),
		    NUMBER(is_active(f, to)),
		    TEXT(row->is->mail), TEXT(is)), e))
			return false;
		used = true;
	}
	return used || fix_write(f, SQL_ALIAS_REMOVE, PARAMS(
	    TEXT(row->is->mail), TEXT(is)), e);
}

/* A row that stays is enabled if a row that goes into it was. */
static bool
row_enable(struct fixing *f, const struct fix_row *row, struct err *e)
{
	const char *to = row->is->destination;

	if (f->name != NULL || row->is->active || !words_have(&row->to, to) ||
	    !is_active(f, to))
		return true;
	return fix_write(f, SQL_ALIAS_SET_ACTIVE, PARAMS(NUMBER(1),
	    TEXT(row->is->mail), TEXT(to)), e);
}

bool
fix_alias_write(struct fixing *f, struct err *e)
{
	struct words done = { 0 };

	for (size_t i = 0; i < f->rows; i++) {
		const struct fix_row *row = &f->row[i];

		if (!row_enable(f, row, e) || ((is_changed(row) ||
		    f->name != NULL) && !row_write(f, row, &done, e)))
			return false;
	}
	return f->name == NULL || alias_loop_refuse(f->m, f->name, e);
}
