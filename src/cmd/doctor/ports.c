/* mailadm doctor ports: what a firewall has to let in. */
#include <inttypes.h>
#include <string.h>

#include "cmd/run/session.h"
#include "model/doctor/opening.h"

struct ports_args {
	bool ufw;
	bool nft;
};

static const struct arg ports_arg[] = {
	FLAG("--ufw", ports_args, ufw,
	    "print the commands of ufw that open them"),
	FLAG("--nft", ports_args, nft,
	    "print the rules of nft that open them"),
	{ 0 }
};

static bool
prepare_ports(struct session *s, struct arena *memory, void *args,
    struct err *e)
{
	const struct ports_args *a = args;

	(void)memory;
	if (a->ufw && a->nft)
		return err_set(e, ERR_USAGE, "--ufw cannot be combined with "
		    "--nft");
	if ((a->ufw || a->nft) && (s->options.output != NULL ||
	    s->options.columns != NULL))
		return err_set(e, ERR_USAGE, "--ufw and --nft cannot be "
		    "combined with --output or --columns");
	return true;
}

static bool
print_rows(struct session *s, const struct openings *all, struct err *e)
{
	if (!out_begin(&s->out, opening_fields, OUT_LIST, e))
		return false;
	for (size_t i = 0; i < all->count; i++) {
		if (!out_row(&s->out, &all->item[i], e))
			return false;
	}
	return out_end(&s->out, e);
}

/* Only what others have to reach; a firewall rarely minds what goes out. */
static bool
is_in(const struct opening *o)
{
	return strcmp(o->from, "everybody") == 0 ||
	    strcmp(o->from, "users") == 0;
}

static bool
print_commands(struct session *s, const struct ports_args *a,
    const struct openings *all, struct err *e)
{
	struct text t = TEXT_INIT;
	bool ok;

	for (size_t i = 0; i < all->count; i++) {
		const struct opening *o = &all->item[i];

		if (is_in(o) && a->ufw)
			text_addf(&t, "ufw allow %" PRId64 "/%s comment "
			    "'%s'\n", o->port, o->proto, o->why);
		else if (is_in(o))
			text_addf(&t, "%s dport %" PRId64 " accept comment "
			    "\"%s\"\n", o->proto, o->port, o->why);
	}
	ok = out_text(&s->out, t.buf, e);
	text_clear(&t);
	return ok;
}

static bool
run_ports(struct session *s, const void *args, struct err *e)
{
	const struct ports_args *a = args;
	struct openings all = { 0 };
	struct settings set;
	struct mail m = { .arena = &s->scratch };
	bool ok;

	if (!session_settings(s, &set, e))
		return false;
	openings_find(&m, &set, &all);
	ok = a->ufw || a->nft ? print_commands(s, a, &all, e) :
	    print_rows(s, &all, e);
	VECTOR_CLEAR(&all);
	return ok;
}

const struct cmd doctor_ports_cmds[] = {
	{ .name = "doctor ports",
	    .brief = "list the ports that a firewall has to open",
	    .detail =
	    "Those of the configured servers, and who uses them; listens: "
	    "somebody listens on more than loopback. A row for nobody is a "
	    "port of a database or a filter that is open and must not be. "
	    "Changes nothing: with --ufw or --nft it prints commands or "
	    "rules, which you run.",
	    .example = "doctor ports --ufw",
	    ARGS(ports_arg, ports_args), .columns = opening_fields,
	    .prepare = prepare_ports, .run = run_ports },
	{ 0 }
};
