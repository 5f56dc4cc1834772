/* mailadm dkim retire, remove and export. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "cmd/dkim/dkim.h"
#include "file/write.h"

struct key_args {
	const char *domain;
	const char *selector;
	const char *out;
	bool force;
	bool if_exists;
	bool no_sync;
};

#define KEY_ARGS(selector_type)						\
	ARGUMENT("DOMAIN", arg_domain, key_args, domain, "the domain",	\
	    .flags = ARG_REQUIRED),					\
	ARGUMENT("SELECTOR", selector_type, key_args, selector,		\
	    "the key", .flags = ARG_REQUIRED)

/* --- retire and remove ----------------------------------------------- */

static const struct arg retire_arg[] = {
	KEY_ARGS(arg_selector_used),
	FLAG("--force", key_args, force,
	    "even the only key that signs for the domain"),
	NO_SYNC(key_args),
	{ 0 }
};

static bool
run_retire(struct session *s, const void *args, struct err *e)
{
	const struct key_args *a = args;
	enum outcome outcome;
	struct dkim_row row;

	if (!dkim_retire(&s->mail, a->domain, a->selector, a->force,
	    &outcome, e) ||
	    !dkim_find(&s->mail, a->domain, a->selector, &row, e))
		return false;
	outcome_print(s, outcome, "DKIM key", dkim_key_name(s, &row),
	    "retired");
	return out_begin(&s->out, dkim_record_fields, OUT_LIST, e) &&
	    dkim_record_print(s, &row, e) && out_end(&s->out, e);
}

static const struct arg remove_arg[] = {
	KEY_ARGS(arg_selector),
	FLAG("--force", key_args, force,
	    "even while mail that it has signed may be under way"),
	FLAG("--if-exists", key_args, if_exists,
	    "succeed if it does not exist"),
	NO_SYNC(key_args),
	{ 0 }
};

static bool
run_remove(struct session *s, const void *args, struct err *e)
{
	const struct key_args *a = args;
	const struct dkim_removal how = {
		.domain = a->domain,
		.selector = a->selector,
		.retire = s->settings.dkim_retire,
		.force = a->force,
		.if_exists = a->if_exists,
	};
	const struct dkim_row row = { .domain = a->domain,
	    .selector = a->selector };
	enum outcome outcome;

	if (!dkim_remove(&s->mail, &how, &outcome, e))
		return false;
	outcome_print(s, outcome, "DKIM key", dkim_key_name(s, &row),
	    "removed");
	if (outcome == OUTCOME_CHANGED)
		out_hint(&s->out, "remove its record from DNS: "
		    "%s._domainkey.%s", a->selector, a->domain);
	return true;
}

/* --- export ---------------------------------------------------------- */

static const struct arg export_arg[] = {
	KEY_ARGS(arg_selector_used),
	OPTION("--out", arg_written_file, key_args, out,
	    "the new file, for its owner only", .flags = ARG_REQUIRED),
	{ 0 }
};

/* A file that exists may be another key. */
static bool
refuse_existing(const char *path, struct err *e)
{
	struct stat st;

	if (lstat(path, &st) == 0)
		return err_set(e, ERR_EXISTS, "%s already exists", path);
	return errno == ENOENT || err_errno(e, "cannot look at %s", path);
}

static bool
write_clear(struct session *s, const struct dkim_key *key, const char *path,
    struct err *e)
{
	const struct file_place place = { 0600, (uid_t)-1, (gid_t)-1 };
	struct text clear = TEXT_INIT;
	bool ok = dkim_key_write(key, DKIM_PEM, &clear, e) &&
	    (session_is_dry(s) || file_install(path, clear.buf, clear.len,
		&place, e));

	text_clear(&clear);
	return ok;
}

static bool
run_export(struct session *s, const void *args, struct err *e)
{
	const struct key_args *a = args;
	struct dkim_secret secret;
	struct dkim_row row;
	struct dkim_key key;
	bool ok;

	if (!refuse_existing(a->out, e) ||
	    !dkim_secret_get(s, &s->scratch, &secret, e) ||
	    !dkim_find(&s->mail, a->domain, a->selector, &row, e))
		return false;
	ok = dkim_private(&s->mail, &row, &secret, &key, e) &&
	    write_clear(s, &key, a->out, e);
	dkim_key_clear(&key);
	if (!ok)
		return false;
	out_done(&s->out, "DKIM key %s written to %s",
	    dkim_key_name(s, &row), a->out);
	if (session_is_dry(s))
		out_note(&s->out, "dry run: nothing was written");
	return true;
}

const struct cmd dkim_retire_cmds[] = {
	{ .name = "dkim retire", .brief = "end a key at once",
	    .detail =
	    "For a key that somebody has stolen: its private half is deleted "
	    "and cannot come back. Prints the record that revokes it. \"dkim "
	    "rotate\" retires old keys by itself. Refused (status 6) for the "
	    "only key that signs for the domain, unless forced.",
	    .example = "dkim retire example.com 20250101r --force",
	    ARGS(retire_arg, key_args), .columns = dkim_record_fields,
	    .flags = CMD_DB | CMD_WRITES, .run = run_retire },
	{ .name = "dkim remove", .brief = "remove a key from the list",
	    .detail =
	    "For pending keys, and for those that have been retired for "
	    "longer than the setting dkim_retire; --force removes any. Its "
	    "selector is not given again.",
	    .example = "dkim remove example.com 20250101r --force",
	    ARGS(remove_arg, key_args), .flags = CMD_DB | CMD_WRITES,
	    .run = run_remove },
	{ .name = "dkim export", .brief = "write a private key to a file",
	    .detail =
	    "In clear, as PEM: for another signing program, or for a backup. "
	    "The file is new, and for its owner only. There is no other way "
	    "to see a private key.",
	    .example = "dkim export example.com 20250101r --out key.pem",
	    ARGS(export_arg, key_args), .flags = CMD_DB,
	    .run = run_export },
	{ 0 }
};
