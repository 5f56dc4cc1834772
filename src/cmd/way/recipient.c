/* mailadm recipient: the names that a relay domain's own server has. */
#include "model/way/recipient.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/ascii.h"
#include "cmd/run/list.h"
#include "file/lines.h"
#include "model/address.h"

/* Longer lines are none of names. */
#define LINE_MAX_BYTES 4096

static bool
recipient_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	return recipient_parse(a, word, &v->text, e);
}

static const struct arg_type arg_recipient = {
	.metavar = "ADDRESS", .parse = recipient_value,
	.complete = COMPLETE_RECIPIENT
};

/* --- add and remove -------------------------------------------------- */

struct add_args {
	struct words addresses;
	struct recipient_values values;
	bool if_not_exists;
};

static const struct arg add_arg[] = {
	ARGUMENT("ADDRESS", arg_recipient, add_args, addresses,
	    "one address or several, in relay domains",
	    .flags = ARG_REQUIRED | ARG_REPEAT | ARG_NEW),
	OPTION("--note", arg_text, add_args, values.note,
	    "a remark, not used by the servers; \"\" removes it"),
	FLAG("--if-not-exists", add_args, if_not_exists,
	    "succeed for those that already exist"),
	{ 0 }
};

static bool
run_add(struct session *s, const void *args, struct err *e)
{
	const struct add_args *a = args;

	for (size_t i = 0; i < a->addresses.count; i++) {
		const char *address = a->addresses.word[i];
		enum outcome outcome;

		if (!recipient_add(&s->mail, address, &a->values,
		    a->if_not_exists, &outcome, e))
			return false;
		outcome_print(s, outcome, "recipient", address,
		    s->mail.changed != NULL ? "changed" : "added");
	}
	return true;
}

struct remove_args {
	struct words addresses;
	bool if_exists;
};

static const struct arg remove_arg[] = {
	ARGUMENT("ADDRESS", arg_recipient, remove_args, addresses,
	    "one address or several", .flags = ARG_REQUIRED | ARG_REPEAT),
	FLAG("--if-exists", remove_args, if_exists,
	    "succeed for those that do not exist"),
	{ 0 }
};

static bool
run_remove(struct session *s, const void *args, struct err *e)
{
	const struct remove_args *a = args;

	for (size_t i = 0; i < a->addresses.count; i++) {
		const char *address = a->addresses.word[i];
		enum outcome outcome;

		if (!recipient_remove(&s->mail, address, a->if_exists,
		    &outcome, e))
			return false;
		outcome_print(s, outcome, "recipient", address, "removed");
	}
	return true;
}

/* --- import ---------------------------------------------------------- */

struct import_args {
	const char *domain;
	const char *file;
	bool replace;
	struct words names;	/* filled by prepare_import() */
};

static const struct arg import_arg[] = {
	ARGUMENT("DOMAIN", arg_domain, import_args, domain,
	    "a relay domain", .flags = ARG_REQUIRED),
	ARGUMENT("FILE", arg_file, import_args, file,
	    "one name or address a line, # begins a comment; - is standard "
	    "input", .flags = ARG_REQUIRED),
	FLAG("--replace", import_args, replace,
	    "also remove the names that FILE does not have"),
	{ 0 }
};

/* The first word of a line; what follows, as in a map of Postfix, is left. */
static bool
line_take(struct import_args *a, struct arena *memory,
    const struct lines *lines, struct err *e)
{
	const char *text = lines->line.buf + strspn(lines->line.buf, SPACES);
	const char *word, *address;

	word = arena_strndup(memory, text, strcspn(text, SPACES));
	if (*word == '\0' || *word == '#')
		return true;
	if (strchr(word, '@') == NULL)
		word = address_join(memory, word, a->domain);
	if (!recipient_parse(memory, word, &address, e))
		return lines_err(lines, e);
	if (strcmp(address_domain(address), a->domain) != 0) {
		err_set(e, ERR_INVALID, "%s is not in %s", address,
		    a->domain);
		return lines_err(lines, e);
	}
	words_add(memory, &a->names, address);
	return true;
}

static void
names_sort(struct words *names)
{
	size_t n = 0;

	words_sort(names);
	for (size_t i = 0; i < names->count; i++) {
		if (n == 0 || strcmp(names->word[n - 1],
		    names->word[i]) != 0)
			names->word[n++] = names->word[i];
	}
	names->count = n;
}

static bool
lines_take(struct import_args *a, struct arena *memory, int fd,
    const char *name, struct err *e)
{
	struct lines lines;
	bool ok = true;

	lines_init(&lines, fd, name, LINE_MAX_BYTES);
	while (ok && lines_next(&lines, e))
		ok = line_take(a, memory, &lines, e);
	lines_clear(&lines);
	names_sort(&a->names);
	return ok && e->code == ERR_NONE;
}

/* Before the transaction, which no slow pipe may keep open. */
static bool
prepare_import(struct session *s, struct arena *memory, void *args,
    struct err *e)
{
	struct import_args *a = args;
	bool ok;
	int fd;

	if (strcmp(a->file, "-") != 0) {
		fd = open(a->file, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return err_set(e, errno == ENOENT ? ERR_NOT_FOUND :
			    ERR_IO, "%s: %s", a->file, strerror(errno));
		ok = lines_take(a, memory, fd, a->file, e);
		close(fd);
		return ok;
	}
	if (s->mode != SESSION_ONE)
		return err_set(e, ERR_USAGE, "- (standard input) cannot be "
		    "used in the shell or a batch");
	return lines_take(a, memory, STDIN_FILENO, "standard input", e);
}

static bool
import_opens_files(const void *args)
{
	const struct import_args *a = args;

	return strcmp(a->file, "-") != 0;
}

static bool
run_import(struct session *s, const void *args, struct err *e)
{
	const struct import_args *a = args;
	struct recipient_counts c;

	/* An empty file is a mistake more often than a wish. */
	if (a->replace && a->names.count == 0)
		return err_set(e, ERR_REFUSED, "%s holds no name, and "
		    "--replace would remove all", a->file);
	if (!recipient_import(&s->mail, a->domain, &a->names, a->replace, &c,
	    e))
		return false;
	out_done(&s->out, "recipients of %s: %lld added, %lld removed, %lld "
	    "unchanged", a->domain, (long long)c.added, (long long)c.removed,
	    (long long)c.kept);
	return true;
}

/* --- list ------------------------------------------------------------ */

static const struct arg list_arg[] = {
	LIST_PATTERN,
	LIST_DOMAIN,
	OPTION("--limit", arg_count, list_args, limit, "at most N rows"),
	FLAG("--count", list_args, count, "print only the number of rows"),
	OPTION("--sort", arg_column, list_args, sort,
	    "sort by COLUMN instead of by name; -COLUMN: descending"),
	{ 0 }
};

static bool
run_list(struct session *s, const void *args, struct err *e)
{
	static const struct list_source source = { .fields = recipient_fields,
	    .names = "recipients", .addresses = true,
	    .each = recipient_list, .count = recipient_count };

	return list_print(s, &source, args, e);
}

const struct cmd recipient_cmds[] = {
	{ .name = "recipient add",
	    .brief = "add names that a relay domain's server has",
	    .detail =
	    "Mail for a relay domain (domain add --relay-to) is taken only "
	    "for the names in this list, with any +tag, unless the domain "
	    "takes all of them or its server is asked (--accept). Another "
	    "name is refused at once, and no bounce goes to a sender who is "
	    "mostly forged. Aliases in the domain need no entry.",
	    .example = "recipient add anna@branch.example bo@branch.example",
	    ARGS(add_arg, add_args), .flags = CMD_DB | CMD_WRITES,
	    .run = run_add },
	{ .name = "recipient remove",
	    .brief = "remove names that a relay domain's server had",
	    .detail = "Mail for them is refused from now on.",
	    .example = "recipient remove bo@branch.example",
	    ARGS(remove_arg, remove_args), .flags = CMD_DB | CMD_WRITES,
	    .run = run_remove },
	{ .name = "recipient list",
	    .brief = "list the names of relay domains",
	    .example = "recipient list --domain branch.example",
	    ARGS(list_arg, list_args), .columns = recipient_fields,
	    .flags = CMD_DB, .run = run_list },
	{ .name = "recipient import",
	    .brief = "take the names of a relay domain from a file",
	    .detail =
	    "A line holds a name, with or without the domain; what follows it "
	    "is left, so that a map of Postfix (relay_recipient_maps) is read "
	    "as it is. Nothing is changed when a line is wrong. With "
	    "--replace the list is what the file holds: for a timer that "
	    "brings it from the other server.",
	    .example = "recipient import branch.example names.txt --replace",
	    ARGS(import_arg, import_args), .flags = CMD_DB | CMD_WRITES,
	    .prepare = prepare_import, .opens_files = import_opens_files,
	    .run = run_import },
	{ 0 }
};
