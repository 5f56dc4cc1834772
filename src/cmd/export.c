/* mailadm export: what is there, as a file that apply and import read. */
#include <string.h>

#include "cmd/run/session.h"
#include "model/mail/domain.h"
#include "model/manifest/text.h"
#include "model/manifest/state.h"
#include "model/route/text_maps.h"

struct export_args {
	int64_t kind;
	int64_t format;
	struct words domains;
	bool hashes;
	const char *maps;
	const char *passwd;
	const char *base;
};

static const struct arg export_arg[] = {
	ARGUMENT("KIND", arg_objects, export_args, kind,
	    "only domains, users or aliases"),
	OPTION("--format", arg_export, export_args, format,
	    "yaml (the preset), jsonl or csv"),
	OPTION("--domain", arg_domain, export_args, domains,
	    "only this domain; several: --domain again", .flags = ARG_REPEAT),
	FLAG("--with-hashes", export_args, hashes,
	    "with the password hashes: keep such a file safe"),
	OPTION("--postfix-maps", arg_file, export_args, maps,
	    "instead: write Postfix's maps as text files into this folder"),
	OPTION("--dovecot-passwd-file", arg_file, export_args, passwd,
	    "instead, or with that: write Dovecot's users, with hashes, into "
	    "this file"),
	OPTION("--mail-base", arg_file, export_args, base,
	    "where homes are, for that file: " TEXT_MAPS_BASE " unless given"),
	{ 0 }
};

/* A text map that was written. */
struct written {
	const char *file;
};

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
export_object(void *arg, const struct desired *w, struct err *e)
{
	struct exporting *x = arg;

	x->any = true;
	manifest_text_add(&x->line, x->format, w, x->hashes);
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

static const struct field written_fields[] = {
	FIELD(struct written, file, FIELD_TEXT),
	{ 0 }
};

/* The files that changed are the result: for "postfix reload" only then. */
static bool
export_maps(struct session *s, const struct export_args *a, struct err *e)
{
	const struct text_maps_options options = { .postfix = a->maps,
	    .dovecot = a->passwd,
	    .mail_base = a->base != NULL ? a->base : TEXT_MAPS_BASE };
	struct words written;
	bool ok;

	if (a->kind != VALUE_UNSET || a->format != VALUE_UNSET ||
	    a->domains.count > 0 || a->hashes)
		return err_set(e, ERR_USAGE, "%s cannot be combined with "
		    "KIND, --format, --domain or --with-hashes",
		    a->maps != NULL ? "--postfix-maps" :
		    "--dovecot-passwd-file");
	ok = text_maps_write(&s->mail, &options, &written, e) &&
	    out_begin(&s->out, written_fields, OUT_LIST, e);
	for (size_t i = 0; ok && i < written.count; i++)
		ok = out_row(&s->out, &(struct written){ written.word[i] },
		    e);
	return ok && out_end(&s->out, e);
}

static bool
domains_known(struct session *s, const struct words *domains, struct err *e)
{
	for (size_t i = 0; i < domains->count; i++) {
		if (!domain_require(&s->mail, domains->word[i], e))
			return false;
	}
	return true;
}

static bool
run_export(struct session *s, const void *args, struct err *e)
{
	const struct export_args *a = args;
	int only = a->kind == VALUE_UNSET ? -1 : (int)a->kind;
	bool own = !db_in_transaction(s->db), ok;
	struct exporting x = {
		.s = s,
		.format = a->format == VALUE_UNSET ? MANIFEST_YAML :
		    (enum manifest_format)a->format,
		.hashes = a->hashes,
		.line = TEXT_INIT,
	};

	if (a->maps != NULL || a->passwd != NULL)
		return export_maps(s, a, e);
	if (x.format == MANIFEST_CSV && only < 0) {
		err_set(e, ERR_USAGE, "a CSV file holds one kind of object");
		return err_hint(e, "export users --format csv; or domains, "
		    "or aliases");
	}
	if (own && !db_snapshot(s->db, e))
		return false;
	ok = domains_known(s, &a->domains, e) &&
	    export_all(&x, only, &a->domains, e);
	if (own)
		db_rollback(s->db);
	text_clear(&x.line);
	return ok;
}

const struct cmd export_cmds[] = {
	{ .name = "export",
	    .brief = "what is there, as a file that apply and import read",
	    .detail =
	    "Sorted, one object a line, of one consistent state; the same "
	    "state gives the same bytes. Without --with-hashes applying it "
	    "keeps the passwords that are there. Of what a user may do only "
	    "what he may not is written (may_send: false), in CSV all. In CSV "
	    "a cell that a spreadsheet would take for a formula (it begins "
	    "with = + - @ or a control character) or that begins with ' has a "
	    "' before it.\n\nWith --postfix-maps and --dovecot-passwd-file it "
	    "writes text files that answer as the database does, so that mail "
	    "and logins survive its absence; the comments in postfix/main.cf "
	    "and dovecot/dovecot.conf say how. A line for Dovecot is for "
	    "every service, so users who may not log in, send or receive have "
	    "none. Files are written aside and renamed, and only when they "
	    "change; those that did are the result.",
	    .example = "export --domain example.org",
	    ARGS(export_arg, export_args), .flags = CMD_DB, .run = run_export },
	{ 0 }
};
