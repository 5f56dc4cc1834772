/* mailadm export: writes what a manifest has as YAML, CSV or JSON. */
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
	    "only domains, users, aliases, recipients, blocks or relays"),
	OPTION("--format", arg_export, export_args, format,
	    "yaml (the default), jsonl or csv"),
	OPTION("--domain", arg_domain, export_args, domains,
	    "only this domain; several: --domain again", .flags = ARG_REPEAT),
	FLAG("--with-hashes", export_args, hashes,
	    "include the password hashes; keep such a file safe"),
	OPTION("--postfix-maps", arg_directory, export_args, maps,
	    "write the maps of Postfix as text files into this directory "
	    "instead"),
	OPTION("--dovecot-passwd-file", arg_written_file, export_args, passwd,
	    "write the users of Dovecot, with hashes, to this file instead, "
	    "or as well"),
	OPTION("--mail-base", arg_directory, export_args, base,
	    "base of the home directories in that file; default: "
	    TEXT_MAPS_BASE),
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

/*
 * The result lists the files that changed, for a "postfix reload" only then.
 */
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
	if (!text_maps_write(&s->mail, &options, &written, e))
		return false;
	if (written.count > 0)
		session_did(s, "the files are written");
	ok = out_begin(&s->out, written_fields, OUT_LIST, e);
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
		err_set(e, ERR_USAGE, "CSV needs a KIND: a file holds one "
		    "kind of object");
		return err_hint(e, "mailadm export users --format csv");
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
	    .brief = "write domains, users and aliases as YAML, CSV or JSON",
	    .detail =
	    "With the domains come their users and aliases, the names of "
	    "relay domains (recipients), blocks, and the ways out (relays) "
	    "without their passwords; with --domain those ways that it takes. "
	    "apply and import read the result. It is sorted, one object a "
	    "line, and one consistent state: the same data gives the same "
	    "bytes. Without --with-hashes, applying it keeps the current "
	    "passwords. All permissions of a user are written; only CSV has "
	    "no grants (send_as). A CSV cell that a spreadsheet would take "
	    "for a formula (it begins with = + - @ or a control character), "
	    "or that begins with ', gets a leading '."
	    "\n\n--postfix-maps and --dovecot-passwd-file write text files "
	    "with the same answers as the database, so that mail and logins "
	    "work while it is away; the comments in postfix/main.cf and "
	    "dovecot/dovecot.conf explain how. A line for Dovecot is valid "
	    "for every service, so users who may not log in, send or receive "
	    "are left out. Only files that changed are replaced, each as a "
	    "whole; they are the result.",
	    .example = "export --domain example.com",
	    ARGS(export_arg, export_args), .flags = CMD_DB, .run = run_export },
	{ 0 }
};
