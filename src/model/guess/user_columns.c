/* Sections of the map: what the queries answer about a user. */
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/size.h"
#include "model/guess/key.h"
#include "model/guess/section.h"

/* --- quotas ----------------------------------------------------------- */

/* "*:bytes=" and "*:storage=", which is in kilobytes; 0: none of them. */
static int64_t
unit_of_start(const char *text)
{
	if (strcasestr(text, "bytes=") != NULL)
		return 1;
	return strcasestr(text, "storage=") != NULL ? 1024 : 0;
}

/* "M", "MB", "M:messages=" behind the number; 0: no size. */
static int64_t
unit_of_end(const char *text)
{
	static const char letters[] = "bkmgt";
	size_t len = strcspn(text, ":");
	const char *letter;

	if (len == 0)
		return 0;
	letter = strchr(letters, lower_char(*text));
	return letter != NULL && strspn(text + 1, "iIbB") >= len - 1 ?
	    INT64_C(1) << 10 * (letter - letters) : 0;
}

/* The first column, and the unit that the texts around it give. */
static bool
quota_split(const struct select_value *v, struct select_value *column,
    int64_t *unit)
{
	*unit = 1;
	*column = (struct select_value){ .unit = v->unit };
	for (size_t i = 0; i < v->count; i++) {
		struct select_part *part = &v->part[i];
		int64_t of;

		if (part->column != NULL && column->count > 0)
			break;
		if (part->column != NULL) {
			column->part = part;
			column->count = 1;
			continue;
		}
		of = column->count > 0 ? unit_of_end(part->text) :
		    unit_of_start(part->text);
		if (of != 0)
			*unit = of;
	}
	return column->count == 1;
}

static void
quota_add(struct sections *all, struct section *s,
    const struct asked_query *q, const struct select_value *v)
{
	struct select_value column;
	char size[SIZE_TEXT];
	const char *expression;
	int64_t unit;

	if (!quota_split(v, &column, &unit) || v->unit > (INT64_C(1) << 40) /
	    unit)
		return;
	/* A bare column may say itself: "*:storage=1G". */
	expression = section_expression(all, s, q, &column);
	if (expression == NULL)
		return;
	size_format(size, unit * v->unit);
	if (v->count > 1 || v->unit != 1)
		expression = arena_printf(all->arena, "%s * %s", expression,
		    size);
	section_line(all, s, "quota", expression);
}

/* --- homes ------------------------------------------------------------ */

/* "~/Maildir" and "%h/Maildir" are below a home that is said elsewhere. */
static bool
is_relative(const struct select_value *v)
{
	for (size_t i = 0; i < v->count; i++) {
		const char *text = v->part[i].text;

		if (text != NULL && (strchr(text, '~') != NULL ||
		    strstr(text, "%h") != NULL || strstr(text, "{home}") !=
		    NULL))
			return true;
	}
	return false;
}

static void
home_add(struct sections *all, struct section *s,
    const struct asked_query *q, const struct select_value *v)
{
	if (!is_relative(v))
		section_line(all, s, "home", section_expression(all, s, q,
		    v));
}

/* --- columns ---------------------------------------------------------- */

enum answer { PASSWORD, HOME, QUOTA };

static const struct {
	const char *name;
	enum answer answer;
} answers[] = {
	{ "password", PASSWORD },
	{ "home", HOME }, { "userdb_home", HOME },
	{ "mail", HOME }, { "userdb_mail", HOME },
	{ "mail_path", HOME }, { "userdb_mail_path", HOME },
	{ "mail_home", HOME }, { "userdb_mail_home", HOME },
	{ "quota_rule", QUOTA }, { "userdb_quota_rule", QUOTA },
	{ "quota", QUOTA }, { "userdb_quota", QUOTA },
	{ "quota_storage_size", QUOTA },
	{ "userdb_quota_storage_size", QUOTA },
};

/* A constant is no hash of a user, and may be a password of all. */
static void
password_add(struct sections *all, struct section *s,
    const struct asked_query *q, const struct select_value *v)
{
	if (key_is_columns(v))
		section_line(all, s, "password", section_expression(all, s, q,
		    v));
}

static void
answer_add(struct sections *all, struct section *s,
    const struct asked_query *q, const struct select_column *c)
{
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		if (strcasecmp(answers[i].name, c->name) != 0)
			continue;
		if (answers[i].answer == PASSWORD)
			password_add(all, s, q, &c->value);
		else if (answers[i].answer == HOME)
			home_add(all, s, q, &c->value);
		else
			quota_add(all, s, q, &c->value);
	}
}

/* A directory below virtual_mailbox_base: "example.com/anna/". */
static void
mailbox_add(struct sections *all, struct section *s,
    const struct asked_query *q, const char *base)
{
	const struct select_column *c = q->select->column;
	const char *text = section_expression(all, s, q, &c->value);

	/* The name of the user again, or a number, is no directory. */
	if (c->value.count == 0 || c->value.part[0].column == NULL ||
	    text == NULL || strchr(base, '\'') != NULL || (strcasestr(text,
	    "maildir") == NULL && strcasestr(text, "home") == NULL))
		return;
	section_line(all, s, "home", *base == '\0' ? text :
	    arena_printf(all->arena, "'%s/' + %s", base, text));
}

void
section_user_columns(struct sections *all, struct section *s,
    const struct asked_query *q, const char *base)
{
	if (q->query->use == GUESS_MAILBOXES && q->select->columns > 0) {
		mailbox_add(all, s, q, base);
		return;
	}
	for (size_t i = 0; i < q->select->columns; i++)
		answer_add(all, s, q, &q->select->column[i]);
}
