/* mailadm route: where mail for an address goes, and why. */
#include <string.h>
#include <unistd.h>

#include "base/sentence.h"
#include "cmd/route_rows.h"
#include "cmd/run/session.h"
#include "file/lines.h"
#include "file/postfix.h"
#include "model/route/follow.h"
#include "model/route/live.h"
#include "model/route/reach.h"

/* Longer than any address that address.h accepts. */
#define LINE_MAX_BYTES 1024

/* The most addresses that are read from one snapshot of the database. */
#define VIEW_ADDRESSES 100

struct route_args {
	struct words addresses;
	bool sender;
	bool to;
	const char *from;
	bool live;
	bool live_only;
	const char *postfix_dir;
};

static const struct arg route_arg[] = {
	ARGUMENT("ADDRESS", arg_route, route_args, addresses,
	    "one or more addresses; - reads them from standard input, one a "
	    "line",
	    .flags = ARG_REQUIRED | ARG_REPEAT),
	FLAG("--sender", route_args, sender,
	    "ADDRESS is a user: list the addresses they may send with"),
	FLAG("--to", route_args, to,
	    "ADDRESS is a user: list the addresses that reach them"),
	OPTION("--from", arg_address, route_args, from,
	    "who sends it: a user does so with their login; it decides who "
	    "may write there, and by which way out it leaves; default: "
	    "somebody elsewhere"),
	FLAG("--live", route_args, live,
	    "also ask the maps of the Postfix on this machine"),
	FLAG("--live-only", route_args, live_only,
	    "ask these maps alone, whatever database or files they read"),
	OPTION("--postfix-dir", arg_directory, route_args, postfix_dir,
	    "its configuration directory; default: " POSTFIX_DIR),
	{ 0 }
};

/* A run of the command: one address after the other. */
struct run {
	struct session *s;
	const struct route_args *args;
	struct route_print print;
	struct arena memory;	/* of one address */
	struct route_live live;
	struct route_differences first;	/* of the configuration itself */
	struct postfix_config config;	/* for --live-only */
	size_t differences;
};

/* --- one address ----------------------------------------------------- */

static void
source_row(struct run *run, const char *user,
    const struct route_source *source, struct route_rows *rows)
{
	static const struct { const char *step, *reason; } kinds[] = {
		[ROUTE_SOURCE_USER] = { "user", NULL },
		[ROUTE_SOURCE_TAG] = { "tag", "any tag" },
		[ROUTE_SOURCE_ALIAS] = { "alias", NULL },
		[ROUTE_SOURCE_ALIAS_DOMAIN] = { "alias-domain", NULL },
		[ROUTE_SOURCE_PATTERN] = { "pattern",
		    "any name that it matches" },
		[ROUTE_SOURCE_CATCHALL] = { "catch-all",
		    "any name that does not exist" },
		[ROUTE_SOURCE_GRANT] = { "grant", "granted" },
	};
	struct route_row row = {
		.address = user,
		.depth = source->steps,
		.hop = source->address,
		.step = kinds[source->kind].step,
		.key = source->via,
		.result = user,
		.reason = kinds[source->kind].reason,
	};

	if (row.reason == NULL && source->steps > 1)
		row.reason = arena_printf(&run->memory, "through %s",
		    source->via);
	route_rows_add(&run->memory, rows, &row);
}

static bool
sources_rows(struct run *run, struct mail *m, const char *user,
    struct route_rows *rows, struct err *e)
{
	struct route_sources found = { 0 };

	if (!(run->args->to ? route_to : route_sender)(m, user, &found, e))
		return false;
	for (size_t i = 0; i < found.count; i++)
		source_row(run, user, &found.source[i], rows);
	if (found.off != NULL)
		out_note(&run->s->out, "user %s %s", user, found.off);
	if (found.archive_of.count > 0)
		out_note(&run->s->out, "%s also gets copies of all mail that "
		    "comes to: %s", user, sentence_list(&run->memory,
		    &found.archive_of));
	return true;
}

static void
difference_row(struct run *run, const char *address,
    const struct route_difference *d, struct route_rows *rows)
{
	struct arena *a = &run->memory;
	struct route_row row = {
		.address = address,
		.hop = address,
		.step = "differs",
		.key = d->key,
		.result = d->live != NULL ? d->live : "nothing",
		.reason = arena_printf(a, "%s of Postfix%s%s; computed: %s",
		    d->setting, d->key != NULL ? " for " : "",
		    d->key != NULL ? d->key : "",
		    d->computed != NULL ? d->computed : "nothing"),
	};

	route_rows_add(a, rows, &row);
	run->differences++;
}

/*
 * Differences of the configuration as a whole are printed with the first
 * address.
 */
static bool
live_rows(struct run *run, const struct route *r, struct route_rows *rows,
    struct err *e)
{
	struct route_differences found = { 0 };

	for (size_t i = 0; i < run->first.count; i++)
		difference_row(run, r->address, &run->first.difference[i],
		    rows);
	run->first.count = 0;
	if (!route_live_compare(&run->memory, &run->live, r, &found, e))
		return false;
	for (size_t i = 0; i < found.count; i++)
		difference_row(run, r->address, &found.difference[i], rows);
	return true;
}

static bool
followed_rows(struct run *run, const char *address, struct route_rows *rows,
    struct err *e)
{
	struct arena *a = &run->memory;
	struct route_steps steps = { 0 };
	bool ok = route_follow(a, &run->config, address, &steps, e);

	for (size_t i = 0; ok && i < steps.count; i++) {
		const struct route_step *s = &steps.item[i];

		route_rows_add(a, rows, &(struct route_row){
		    .address = address, .depth = s->depth, .hop = s->hop,
		    .step = s->step, .key = s->key, .result = s->result,
		    .reason = s->reason });
	}
	VECTOR_CLEAR(&steps);
	return ok;
}

/*
 * Its sender is of a domain that does not list this server: SPF fails.  The
 * server of a relay domain gets all of its mail from this one.
 */
static void
hint_srs(struct run *run, const struct route *r)
{
	struct session *s = run->s;

	if (s->settings.srs || r->login != NULL)
		return;
	for (size_t i = 0; i < r->finals; i++) {
		if (r->final[i].end == ROUTE_EXTERNAL &&
		    !r->final[i].by_transport &&
		    strcmp(r->final[i].address, r->address) != 0)
			out_hint(&s->out, "mail from elsewhere that leaves "
			    "again keeps its sender and fails SPF there; see: "
			    "mailadm help srs");
	}
}

static bool
address_rows(struct run *run, struct mail *m, const char *address,
    struct route_rows *rows, struct err *e)
{
	struct route r;

	if (run->args->live_only)
		return followed_rows(run, address, rows, e);
	if (run->args->to || run->args->sender)
		return sources_rows(run, m, address, rows, e);
	if (!route_trace_from(m, address, run->args->from, &r, e))
		return false;
	route_rows_of(&run->memory, &r, run->s->out.style.verbose, rows);
	hint_srs(run, &r);
	return !run->args->live || live_rows(run, &r, rows, e);
}

static bool
run_address(struct run *run, const char *address, struct err *e)
{
	struct mail m = run->s->mail;
	struct route_rows rows = { 0 };
	bool ok;

	m.arena = &run->memory;
	ok = address_rows(run, &m, address, &rows, e) &&
	    route_print(&run->print, &rows, e);
	arena_reset(&run->memory);
	return ok;
}

/* --- the command ----------------------------------------------------- */

/* With --live-only there is no database to look at. */
static bool
view_begin(struct run *run, bool *begun, struct err *e)
{
	*begun = false;
	return run->args->live_only || route_view_begin(&run->s->mail, begun,
	    e);
}

/*
 * Reads addresses line by line, up to VIEW_ADDRESSES from one snapshot,
 * because a snapshot costs as much as an address.  None is kept open while
 * waiting for input: whoever writes the input may change the database
 * meanwhile.
 */
static bool
run_viewed(struct run *run, struct lines *lines, struct err *e)
{
	struct arena a = { 0 };
	const char *address;
	bool begun, ok;

	if (!view_begin(run, &begun, e))
		return false;
	for (int n = 1;; n++) {
		ok = lines->line.len == 0 ||
		    ((route_address(&a, lines->line.buf, &address, e) ||
			lines_err(lines, e)) &&
		    run_address(run, address, e));
		if (!ok || n == VIEW_ADDRESSES || lines_may_wait(lines) ||
		    !lines_next(lines, e))
			break;
	}
	route_view_end(&run->s->mail, begun);
	arena_clear(&a);
	return ok && e->code == ERR_NONE;
}

static bool
run_lines(struct run *run, struct err *e)
{
	struct lines lines;
	bool ok = true;

	lines_init(&lines, STDIN_FILENO, "standard input", LINE_MAX_BYTES);
	while (ok && lines_next(&lines, e))
		ok = run_viewed(run, &lines, e);
	lines_clear(&lines);
	return ok && e->code == ERR_NONE;
}

static bool
run_words(struct run *run, const struct words *addresses, struct err *e)
{
	bool begun, ok = true;

	if (!view_begin(run, &begun, e))
		return false;
	for (size_t i = 0; ok && i < addresses->count; i++)
		ok = run_address(run, addresses->word[i], e);
	route_view_end(&run->s->mail, begun);
	return ok;
}

static bool
is_stdin(const struct words *addresses)
{
	return addresses->count == 1 &&
	    strcmp(addresses->word[0], "-") == 0;
}

static bool
check_args(struct session *s, struct arena *memory, void *args,
    struct err *e)
{
	const struct route_args *a = args;

	(void)memory;
	if (a->to && a->sender)
		return err_set(e, ERR_USAGE,
		    "--to cannot be combined with --sender");
	if ((a->live || a->live_only) && (a->to || a->sender))
		return err_set(e, ERR_USAGE, "%s cannot be combined with "
		    "--to or --sender", a->live ? "--live" : "--live-only");
	if (a->from != NULL && (a->to || a->sender || a->live_only))
		return err_set(e, ERR_USAGE, "--from cannot be combined with "
		    "--to, --sender or --live-only");
	if (a->live && a->live_only)
		return err_set(e, ERR_USAGE,
		    "--live cannot be combined with --live-only");
	if (a->postfix_dir != NULL && !a->live && !a->live_only)
		return err_set(e, ERR_USAGE,
		    "--postfix-dir needs --live or --live-only");
	for (size_t i = 0; i < a->addresses.count; i++) {
		if (strcmp(a->addresses.word[i], "-") != 0)
			continue;
		if (a->addresses.count > 1)
			return err_set(e, ERR_USAGE, "- (standard input) "
			    "cannot be combined with addresses");
		if (s->mode != SESSION_ONE)
			return err_set(e, ERR_USAGE, "- (standard input) "
			    "cannot be used in the shell or a batch");
	}
	return true;
}

static bool
maps_open(struct run *run, struct err *e)
{
	const struct route_args *a = run->args;
	const char *dir = a->postfix_dir ? a->postfix_dir : POSTFIX_DIR;

	if (a->live_only)
		return postfix_config_read(&run->s->scratch, dir,
		    &run->config, e);
	return !a->live || route_live_open(&run->s->scratch, dir, &run->live,
	    &run->first, e);
}

static bool
run_route(struct session *s, const void *args, struct err *e)
{
	const struct route_args *a = args;
	struct run run = { .s = s, .args = a };
	bool many = a->addresses.count > 1 || is_stdin(&a->addresses);
	bool back = a->to || a->sender, ok;
	struct err late = { 0 };

	if (!a->live_only && !session_connect(s, s->cmd, e))
		return false;
	/* For one user the first column would be the same in every row. */
	if (back && !many && out_is_table(&s->out) &&
	    s->out.style.columns == NULL)
		s->out.style.columns = "hop,step,depth,reason";
	if (!maps_open(&run, e) || !route_print_begin(&run.print, &s->out,
	    !back, many, e))
		return false;
	/* Rows before an error are printed: they are right. */
	ok = is_stdin(&a->addresses) ? run_lines(&run, e) :
	    run_words(&run, &a->addresses, e);
	ok = route_print_end(&run.print, ok ? e : &late) && ok;
	err_clear(&late);
	arena_clear(&run.memory);
	if (ok && run.differences > 0)
		return err_set(e, ERR_DIFFERS, "Postfix differs from what "
		    "was computed: %s", sentence_number(&s->scratch,
		    (int64_t)run.differences, "difference", "differences"));
	return ok;
}

const struct cmd route_cmds[] = {
	{ .name = "route",
	    .brief = "show where mail for an address goes, step by step, and "
	        "why",
	    .detail =
	    "Follows an address as Postfix does with the maps that mailadm "
	    "renders. A row is one finding; the column step says which: "
	    "domain (ours or not); the map that answered (disabled, aliases, "
	    "alias_domains, exists, users), with the key that was asked; not "
	    "used (what would answer, and why it does not: disabled, less "
	    "specific, a catch-all for a name that exists); above (shown "
	    "above). --verbose adds the keys without an answer. The last rows "
	    "of an address are the result: mailbox (the user who gets the "
	    "mail), external (sent to another server), bounce (accepted, but "
	    "the mailbox does not exist), refused or deferred, with the reply "
	    "that the sender gets. The status is 0 in all these cases.\n\n"
	    "It is mail from outside, to port 25. With --from and a user it "
	    "is what that user sends after a login: to anybody elsewhere, "
	    "too, and to those aliases that only some users may write "
	    "to.\n\n"
	    "With --live, postmap asks the maps that the Postfix on this "
	    "machine is configured with for the same keys. A different answer "
	    "is a row differs, and the status is 1. Run it as root: it reads "
	    "their files. With --live-only they alone are asked, and "
	    "mailadm's database is not: this shows where mail goes on a "
	    "server that mailadm did not set up. Its rows are canonical, "
	    "domain, aliases, transport, local, mailbox, external, refused, "
	    "bounce, and access (what a check_recipient_access answers).\n\n"
	    "With --to the rows are the addresses that reach "
	    "a user: their own, with a tag, aliases, names in alias domains, "
	    "catch-alls; depth is the number of steps, key the next address "
	    "on the way. With --sender they are the addresses that the user "
	    "may send with: the same, their own address even if its mail is "
	    "forwarded, and grants.\n\nA table is printed as a tree; as JSON "
	    "an address is one object with its rows in hops.",
	    .example = "route info@example.com anna+list@example.com",
	    ARGS(route_arg, route_args), .columns = route_fields,
	    .flags = CMD_CONNECTS, .prepare = check_args, .run = run_route },
	{ 0 }
};
