/* How every noun lists, shows and reports what was done. */
#include "cmd/run/list.h"

#include <string.h>

#include "base/text.h"
#include "model/mail/domain.h"

bool
print_row(void *session, const void *row, struct err *e)
{
	struct session *s = session;

	return out_row(&s->out, row, e);
}

bool
print_counted(void *printed, const void *row, struct err *e)
{
	struct printed *p = printed;

	p->rows++;
	return print_row(p->session, row, e);
}

/* After "use DOMAIN" a list shows that domain, unless the pattern has an @. */
static void
narrow_to_domain(struct session *s, const struct list_source *source,
    struct list_filter *f)
{
	const char *domain = s->options.domain;

	if (domain == NULL || !source->addresses || f->domain != NULL ||
	    (f->pattern != NULL && strchr(f->pattern, '@') != NULL))
		return;
	f->domain = domain;
	if (f->pattern != NULL)
		f->pattern = arena_printf(&s->scratch, "%s@%s", f->pattern,
		    domain);
}

/* Prints the number of rows that the list would have. */
static bool
count_print(struct session *s, const struct list_source *source,
    const struct list_filter *f, struct err *e)
{
	int64_t count;

	if (!source->count(&s->mail, f, &count, e))
		return false;
	if (f->limit > 0 && count > f->limit)
		count = f->limit;
	return out_count(&s->out, count, e);
}

bool
list_expiring(struct session *s, const struct list_args *args,
    const char *columns)
{
	if (args->expires_by == VALUE_UNSET && !args->expired)
		return false;
	if (s->out.style.columns == NULL)
		s->out.style.columns = columns;
	return true;
}

/* For a person, who may take an empty screen for a failure. */
static void
say_empty(struct session *s, const struct list_source *source,
    const struct list_filter *f)
{
	bool all = f->pattern == NULL && f->domain == NULL &&
	    f->scheme == NULL && f->to == NULL && !f->inactive &&
	    !f->no_password && f->unused_since == 0 && f->over_quota == 0 &&
	    f->expires_by == 0 && !f->expired;

	if (s->out.rows == 0 && s->out.terminal && out_is_table(&s->out))
		out_done(&s->out, all ? "there are no %s" : "no %s match",
		    source->names);
}

bool
list_print(struct session *s, const struct list_source *source,
    const struct list_args *args, struct err *e)
{
	struct list_filter f = {
		.pattern = args->pattern,
		.domain = args->domain,
		.scheme = args->scheme,
		.to = args->to,
		.state = args->state,
		.inactive = args->inactive,
		.no_password = args->no_password,
		.unused_since = args->unused_since == VALUE_UNSET ? 0 :
		    args->unused_since,
		.over_quota = args->over_quota == VALUE_UNSET ? 0 :
		    args->over_quota,
		.expires_by = args->expires_by == VALUE_UNSET ? 0 :
		    args->expires_by,
		.expired = args->expired,
		.limit = args->limit > 0 ? args->limit : 0,
		.sort = args->sort,
	};

	if (f.expires_by != 0 && f.expired)
		return err_set(e, ERR_USAGE,
		    "--expiring cannot be combined with --expired");
	/* A name with a typing error must not look like an empty domain. */
	if (args->domain != NULL && !domain_require(&s->mail, args->domain,
	    e))
		return false;
	narrow_to_domain(s, source, &f);
	if (args->count)
		return count_print(s, source, &f, e);
	if (!out_begin(&s->out, source->fields, OUT_LIST, e))
		return false;
	f.more = out_shows_more(&s->out);
	if (!source->each(&s->mail, &f, print_row, s, e) ||
	    !out_end(&s->out, e))
		return false;
	say_empty(s, source, &f);
	return true;
}

bool
show_print(struct session *s, const struct field *fields, const void *row,
    struct err *e)
{
	return out_begin(&s->out, fields, OUT_SHOW, e) &&
	    out_row(&s->out, row, e) && out_end(&s->out, e);
}

void
outcome_print(struct session *s, enum outcome outcome, const char *noun,
    const char *name, const char *done)
{
	const char *shown = out_name(&s->out, &s->scratch, name);
	const char *changed = s->mail.changed;

	s->mail.changed = NULL;
	switch (outcome) {
	case OUTCOME_CHANGED:
		out_done(&s->out, "%s %s %s%s%s", noun, shown, done,
		    changed != NULL ? ": " : "", changed != NULL ? changed :
		    "");
		break;
	case OUTCOME_UNCHANGED:
		out_done(&s->out, "%s %s unchanged", noun, shown);
		break;
	case OUTCOME_ABSENT:
		out_done(&s->out, "%s %s does not exist", noun, shown);
		break;
	}
	session_notes(s);
}

void
hint_sessions(struct session *s, const char *who)
{
	out_hint(&s->out, "to end open sessions now: doveadm kick %s", who);
}
