/* mailadm foreign: what another mail system's database is. */
#include "model/foreign/foreign.h"

#include <string.h>

#include "base/sentence.h"
#include "cmd/foreign/source.h"
#include "cmd/help/doc.h"
#include "cmd/run/session.h"
#include "file/read.h"
#include "model/plan/plan.h"

struct foreign_args {
	const char *defaults_file;
	const char *database;
	const char *prefix;
	const char *map;
};

/* One fact about the source; `part` is what kind of fact. */
struct fact {
	const char *part;
	const char *name;
	int64_t rows;
	const char *text;
};

static const struct field fact_fields[] = {
	FIELD(struct fact, part, FIELD_TEXT),
	FIELD(struct fact, name, FIELD_TEXT),
	FIELD(struct fact, rows, FIELD_NUMBER),
	FIELD(struct fact, text, FIELD_TEXT),
	{ 0 }
};

VECTOR_NAMED(facts, struct fact);

#define FAMILY "family"
#define READ "read"
#define TABLE "table"
#define LOST "lost"
#define CHANGED "changed"
#define NEXT "next"

static void
fact_add(struct facts *f, const char *part, const char *name, int64_t rows,
    const char *text)
{
	*VECTOR_ADD(f) = (struct fact){ part, name, rows, text };
}

/* --- gathering ----------------------------------------------------------- */

static bool
is_same_sort(const struct foreign_loss *a, const struct foreign_loss *b)
{
	return a->fixed == b->fixed && strcmp(a->kind, b->kind) == 0 &&
	    strcmp(a->done, b->done) == 0 && strcmp(a->sort, b->sort) == 0 &&
	    strcmp(a->kind, "table") != 0;
}

/* Losses of one sort are one fact, with the first as an example. */
static void
losses_add(struct session *s, struct facts *f,
    const struct foreign_import *from, bool fixed)
{
	const struct foreign_loss *loss = from->losses.item;
	size_t n = from->losses.count;
	bool *told = arena_array(&s->scratch, n + 1, sizeof(*told));

	for (size_t i = 0; i < n; i++) {
		int64_t rows = 0;

		if (told[i] || loss[i].fixed != fixed)
			continue;
		for (size_t k = i; k < n; k++) {
			if (!told[k] && (k == i || is_same_sort(&loss[i],
			    &loss[k]))) {
				told[k] = true;
				rows++;
			}
		}
		fact_add(f, fixed ? CHANGED : LOST, loss[i].kind, rows,
		    arena_printf(&s->scratch, "%s%s: %s; %s", rows > 1 ?
		    "for example " : "", loss[i].name, loss[i].problem,
		    loss[i].done));
	}
}

static const char *
next_command(struct session *s, const struct foreign_args *a,
    const char *command)
{
	const struct {
		const char *name, *value;
	} options[] = {
		{ "--source-defaults-file", a->defaults_file },
		{ "--source-database", a->database },
		{ "--table-prefix", a->prefix },
		{ "--map", a->map },
	};
	struct arena *m = &s->scratch;
	const char *line = arena_printf(m, "mailadm %s", command);

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (options[i].value != NULL)
			line = arena_printf(m, "%s %s %s", line,
			    options[i].name, file_shell_name(m,
			    options[i].value));
	}
	return arena_printf(m, "%s --dry-run", line);
}

static void
known_add(struct session *s, struct facts *f,
    const struct foreign_import *from, const struct foreign_args *a)
{
	fact_add(f, FAMILY, from->found, FIELD_NULL, "these tables and "
	    "columns exist, and no other family has them all");
	for (size_t i = 0; i < from->parts.count; i++) {
		const struct foreign_part *p = &from->parts.item[i];

		fact_add(f, READ, p->table, p->rows, arena_printf(&s->scratch,
		    "%s: %s", p->use, p->columns));
	}
	losses_add(s, f, from, false);
	losses_add(s, f, from, true);
	fact_add(f, NEXT, "import", FIELD_NULL, next_command(s, a,
	    "import from tables"));
}

static void
tables_add(struct facts *f, const struct foreign_import *from)
{
	for (size_t i = 0; i < from->parts.count; i++) {
		const struct foreign_part *p = &from->parts.item[i];

		fact_add(f, TABLE, p->table, p->rows, p->columns);
	}
}

static void
unknown_add(struct session *s, struct facts *f,
    const struct foreign_import *from, const struct foreign_args *a)
{
	struct foreign_args without_map = *a;
	const char *closest = from->found == NULL ? "no family is close" :
	    arena_printf(&s->scratch, "the closest is %s", from->found);

	fact_add(f, FAMILY, "unknown", FIELD_NULL, from->parts.count > 0 ?
	    closest : "the account may read no table of it");
	tables_add(f, from);
	without_map.map = NULL;
	fact_add(f, NEXT, "guess", FIELD_NULL, "where its Postfix and Dovecot "
	    "are installed: mailadm import from tables --guess --out MAP; "
	    "then try MAP as the map");
	fact_add(f, NEXT, "import", FIELD_NULL, next_command(s, &without_map,
	    "import from tables --domains TABLE.DOMAIN "
	    "--users TABLE.ADDRESS,HASH --aliases TABLE.ADDRESS,DESTINATION"));
}

static void
ours_add(struct facts *f, const struct foreign_import *from)
{
	fact_add(f, FAMILY, "mailadm", FIELD_NULL, "a database of mailadm");
	tables_add(f, from);
	fact_add(f, NEXT, "export", FIELD_NULL, "mailadm export --hashes "
	    "there, and mailadm apply here");
}

/* --- showing ------------------------------------------------------------- */

static const char *
heading(const char *part)
{
	static const char *const headings[][2] = {
		{ FAMILY, "WHAT IT IS" }, { READ, "WHAT WILL BE READ" },
		{ TABLE, "ITS TABLES" }, { LOST, "WHAT WILL BE LOST" },
		{ CHANGED, "WHAT WILL BE CHANGED" }, { NEXT, "NEXT" },
	};
	size_t i = 0;

	while (strcmp(headings[i][0], part) != 0)
		i++;
	return headings[i][1];
}

static bool
page_print(struct session *s, const struct facts *f, struct err *e)
{
	struct text t = TEXT_INIT;
	bool ok;

	for (size_t i = 0; i < f->count; i++) {
		const struct fact *fact = &f->item[i];
		const char *rows = fact->rows == FIELD_NULL ? "" :
		    arena_printf(&s->scratch, " (%s)", sentence_number(
		    &s->scratch, fact->rows, "row", "rows"));

		if (i == 0 || strcmp(f->item[i - 1].part, fact->part) != 0)
			text_addf(&t, "%s%s\n", i == 0 ? "" : "\n",
			    heading(fact->part));
		doc_shown(&t, 6, "  ", arena_printf(&s->scratch, "%s%s: %s",
		    fact->name, rows, fact->text));
	}
	ok = out_text(&s->out, t.buf, e);
	text_clear(&t);
	return ok;
}

static bool
facts_print(struct session *s, const struct facts *f, struct err *e)
{
	bool ok;

	if (out_is_table(&s->out) && s->out.style.columns == NULL)
		return page_print(s, f, e);
	ok = out_begin(&s->out, fact_fields, OUT_LIST, e);
	for (size_t i = 0; ok && i < f->count; i++)
		ok = out_row(&s->out, &f->item[i], e);
	return ok && out_end(&s->out, e);
}

static void
counts_say(struct session *s, const struct foreign_import *from)
{
	const struct plan nothing = { 0 };
	struct foreign_counts n = foreign_count_rows(from, &nothing);

	out_done(&s->out, "rows: %zu read = %zu to take over + %zu refused + "
	    "%zu lost", n.read, n.written + n.unchanged, n.refused, n.lost);
	if (from->weak > 0)
		out_note(&s->out, "%s cannot log in on Dovecot 2.4, which "
		    "refuses the hash", sentence_number(&s->scratch,
		    (int64_t)from->weak, "user", "users"));
}

static bool
show(struct session *s, const struct foreign_args *a,
    const struct foreign_import *from, struct err *e)
{
	struct facts facts = { 0 };
	bool ok;

	if (from->whose == FOREIGN_KNOWN)
		known_add(s, &facts, from, a);
	else if (from->whose == FOREIGN_OURS)
		ours_add(&facts, from);
	else
		unknown_add(s, &facts, from, a);
	ok = facts_print(s, &facts, e);
	VECTOR_CLEAR(&facts);
	if (ok && from->whose == FOREIGN_KNOWN)
		counts_say(s, from);
	if (ok && from->whose == FOREIGN_UNKNOWN)
		s->status = err_kinds[ERR_NOT_FOUND].status;
	return ok;
}

static bool
run_foreign_show(struct session *s, const void *args, struct err *e)
{
	const struct foreign_args *a = args;
	struct foreign_options options = {
		.system = FOREIGN_TABLES,
		.defaults_file = a->defaults_file,
		.database = a->database,
		.prefix = a->prefix,
		.map = a->map,
		.quota_unit = FIELD_NULL,
	};
	struct foreign_import from = { 0 };
	struct manifest manifest = { .arena = &s->scratch };
	struct mail alone = s->mail;
	bool ok;

	alone.db = NULL;
	from.manifest = &manifest;
	ok = source_is_given(a->defaults_file, e) && foreign_look(&alone,
	    &s->db_settings, &options, &from, e) && show(s, a, &from, e);
	foreign_import_clear(&from);
	manifest_clear(&manifest);
	return ok;
}

static const struct arg foreign_arg[] = {
	SOURCE_ARGS(foreign_args),
	{ 0 }
};

const struct cmd foreign_cmds[] = {
	{ .name = "foreign show",
	    .brief = "what another system's database is, and what would be "
	        "lost",
	    .detail =
	    "Reads the whole database in one read-only snapshot and says "
	    "which mail system's it is, which of its tables and columns "
	    "import from would read, what has no place here and would be "
	    "lost or changed, and the next command. Neither that database "
	    "nor ours is written to; ours need not exist.\n\nEach row has a "
	    "part: family, read, lost, changed, next; and table for each "
	    "table of a database that no map fits. Losses of one sort are "
	    "one row, with the first as an example; import from --dry-run "
	    "lists each of them.\n\nStatus 0: it can be imported, or is "
	    "mailadm's; 4: no map fits.",
	    .example = "foreign show --source-defaults-file old.cnf",
	    ARGS(foreign_arg, foreign_args), .columns = fact_fields,
	    .flags = CMD_CONNECTS,
	    .run = run_foreign_show },
	{ 0 }
};
