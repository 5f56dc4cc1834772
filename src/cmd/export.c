/* mailadm export: what is there, as a file that apply and import read. */
#include <string.h>

#include "cmd/session.h"
#include "model/manifest_text.h"
#include "model/state.h"

struct export_args {
	const char *kind;
	const char *format;
	struct words domains;
	bool hashes;
};

static const struct arg export_arg[] = {
	{ "KIND", &arg_objects, TEXT_ARG(struct export_args, kind), 0,
	    "only domains, users or aliases", 0 },
	{ "--format", &arg_export, TEXT_ARG(struct export_args, format), 0,
	    "yaml (the preset), jsonl or csv", 0 },
	{ "--domain", &arg_domain, LIST_ARG(struct export_args, domains),
	    ARG_REPEAT, "only this domain; several: --domain again", 0 },
	{ "--with-hashes", NULL, FLAG_ARG(struct export_args, hashes), 0,
	    "with the password hashes: keep such a file safe", 0 },
	{ 0 }
};

const char *const export_formats[] = { "yaml", "jsonl", "csv", NULL };
const char *const export_objects[] = { "domains", "users", "aliases", NULL };

/* Where a word stands in its choices; `otherwise` when not given. */
static int
chosen(const char *const *choices, const char *word, int otherwise)
{
	for (int i = 0; word != NULL && choices[i] != NULL; i++) {
		if (strcmp(choices[i], word) == 0)
			return i;
	}
	return otherwise;
}

struct exporting {
	struct session *s;
	enum manifest_format format;
	enum manifest_kind kind;
	bool hashes;
	bool any;
	struct text line;
};

static bool
piece_end(struct exporting *x, struct err *e)
{
	bool ok = out_piece(&x->s->out, x->line.buf, x->line.len, e);

	text_cut(&x->line, 0);
	return ok;
}

static bool
export_object(void *arg, const struct wanted *w, struct err *e)
{
	struct exporting *x = arg;

	x->any = true;
	manifest_text_add(&x->line, x->format, x->kind, w, x->hashes);
	return piece_end(x, e);
}

static bool
export_kind(struct exporting *x, const struct words *domains, struct err *e)
{
	x->any = false;
	manifest_text_begin(&x->line, x->format, x->kind, x->hashes);
	if (!piece_end(x, e) || !state_all(&x->s->mail, x->kind, domains,
	    export_object, x, e))
		return false;
	if (!x->any)
		manifest_text_none(&x->line, x->format);
	return piece_end(x, e);
}

static bool
export_all(struct exporting *x, int only, const struct words *domains,
    struct err *e)
{
	for (int kind = 0; kind < MANIFEST_KINDS; kind++) {
		x->kind = (enum manifest_kind)kind;
		if ((only < 0 || only == kind) &&
		    !export_kind(x, domains, e))
			return false;
	}
	return true;
}

static bool
run_export(struct session *s, const void *args, struct err *e)
{
	const struct export_args *a = args;
	int only = chosen(export_objects, a->kind, -1);
	bool own = !db_in_transaction(s->db), ok;
	struct exporting x = {
		.s = s,
		.format = (enum manifest_format)chosen(export_formats,
		    a->format, MANIFEST_YAML),
		.hashes = a->hashes,
		.line = TEXT_INIT,
	};

	if (x.format == MANIFEST_CSV && only < 0) {
		err_set(e, ERR_USAGE, "a CSV file holds one kind of object");
		return err_hint(e, "export users --format csv; or domains, "
		    "or aliases");
	}
	if (own && !db_snapshot(s->db, e))
		return false;
	ok = export_all(&x, only, &a->domains, e);
	if (own)
		db_rollback(s->db);
	text_clear(&x.line);
	return ok;
}

const struct cmd export_cmds[] = {
	{ "export", "what is there, as a file that apply and import read",
	    "Sorted, one object a line, of one consistent state; the same "
	    "state gives the same bytes. Without --with-hashes applying it "
	    "keeps the passwords that are there. In CSV a cell that a "
	    "spreadsheet would take for a formula (it begins with = + - @ or "
	    "a control character) or that begins with ' has a ' before it.",
	    "export --domain example.org",
	    export_arg, sizeof(struct export_args), NULL, CMD_DB, NULL, NULL,
	    run_export },
	{ 0 }
};
