/* Rows that would have answered for an address, and why they did not. */
#include "model/route/lost.h"

#include <string.h>

#include "base/sentence.h"

static void
lose(struct arena *a, struct route_losses *lost, const char *what,
    const char *why)
{
	if (lost->count == lost->room) {
		size_t room = lost->room ? 2 * lost->room : 4;
		struct route_loss *more = arena_array(a, room,
		    sizeof(*more));

		if (lost->count > 0)
			memcpy(more, lost->loss, lost->count * sizeof(*more));
		lost->loss = more;
		lost->room = room;
	}
	lost->loss[lost->count++] = (struct route_loss){ what, why };
}

/* "info@x -> anna@x, bob@x" */
static const char *
alias_text(struct arena *a, const struct maps_facts *f, const char *mail)
{
	struct words to = { 0 };
	const struct sql_route_alias *row;
	size_t n = maps_alias_rows(f, mail, &row);

	for (size_t i = 0; i < n; i++)
		words_add(a, &to, row[i].destination);
	return arena_printf(a, "%s -> %s", mail, sentence_list(a, &to));
}

/* Rows of a key that was asked, which did not answer. */
static void
lost_rows(struct arena *a, const struct maps_facts *f, const char *mail,
    struct route_losses *lost)
{
	const struct sql_route_alias *row;
	size_t n = maps_alias_rows(f, mail, &row);

	for (size_t i = 0; i < n; i++) {
		if (maps_row_answers(f, &row[i]))
			continue;
		lose(a, lost, arena_printf(a, "%s -> %s", mail,
		    row[i].destination), row[i].expired ? "expired" :
		    !row[i].active ? "disabled" :
		    row[i].off ? "the user gets no mail" :
		    maps_has_user(f, mail) ? arena_printf(a, "the user %s, "
			"so no copy is kept", maps_user_off(f, mail)) :
		    "no user has that address");
	}
}

/* A row whose key is less specific than the one that answered. */
static void
lost_name(struct arena *a, const struct maps_facts *f, const char *name,
    const char *why, struct route_losses *lost)
{
	if (name == NULL)
		return;
	if (maps_has_alias(f, name))
		lose(a, lost, alias_text(a, f, name), why);
	if (maps_has_user(f, name))
		lose(a, lost, arena_printf(a, "user %s", name), why);
}

/* A name takes its mail from the catch-all; a name in the target, too. */
static void
lost_catchall(struct arena *a, const struct maps_facts *f,
    const struct maps_lookup *answer, struct route_losses *lost)
{
	const char *own = f->key[MAPS_CATCHALL];
	const char *target_key = f->target_key[MAPS_CATCHALL];
	const char *name = maps_is_known(f, answer->key) ? answer->key :
	    f->target_key[answer->form];
	const char *why = "the alias domain's own catch-all wins";

	if (answer->form != MAPS_CATCHALL) {
		bool theirs = maps_is_recipient(f, answer->key);
		bool known = theirs || maps_is_known(f, name);

		if (!known && answer->map != MAPS_PATTERNS)
			return;
		if (theirs && !maps_is_known(f, name))
			name = answer->key;
		why = known ? arena_printf(a, "catch-all skipped: %s %s "
		    "exists", maps_has_user(f, name) ? "user" :
		    maps_has_alias(f, name) ? "alias" : "recipient", name) :
		    arena_printf(a, "catch-all skipped: %s is more specific",
			f->pattern[0].mail);
		if (maps_alias_active(f, own))
			target_key = own;
	}
	if (maps_alias_active(f, target_key))
		lose(a, lost, alias_text(a, f, target_key), why);
}

/* Rows of the pattern that has the name, which did not answer. */
static void
lost_pattern(struct arena *a, const struct maps_facts *f,
    struct route_losses *lost)
{
	for (size_t i = 0; i < f->patterns; i++) {
		const struct sql_route_alias *row = &f->pattern[i];

		if (!maps_row_answers(f, row))
			lose(a, lost, arena_printf(a, "%s -> %s", row->mail,
			    row->destination), row->active ?
			    "the user gets no mail" : "disabled");
	}
}

/* A mailbox that gets nothing because an alias has its address. */
static void
lost_mailbox(struct arena *a, const struct maps_facts *f,
    const struct maps_lookup *answer, struct route_losses *lost)
{
	if (answer->map != MAPS_ALIASES ||
	    !maps_has_user(f, answer->key))
		return;
	for (size_t i = 0; i < answer->answer.count; i++) {
		if (strcmp(answer->answer.word[i], answer->key) == 0)
			return;
	}
	/* lost_rows() has named the row that would keep a copy. */
	if (maps_user_receives(f, answer->key))
		lose(a, lost, arena_printf(a, "user %s", answer->key),
		    "shadowed: aliases are asked first");
}

/* No map answered: rows that exist all the same. */
static void
lost_all(struct arena *a, const struct maps_facts *f,
    struct route_losses *lost)
{
	lost_rows(a, f, f->key[MAPS_CATCHALL], lost);
	if (maps_alias_active(f, f->target_key[MAPS_CATCHALL]) &&
	    maps_has_alias(f, f->key[MAPS_CATCHALL]))
		lose(a, lost, alias_text(a, f, f->target_key[MAPS_CATCHALL]),
		    "the alias domain has a catch-all of its own, though "
		    "disabled");
}

void
route_lost(struct arena *a, const struct maps_facts *f,
    const struct maps_lookup *answer, struct route_losses *lost)
{
	int last = answer != NULL ? (int)answer->form : MAPS_UNTAGGED;

	if (!maps_is_ours(f))
		return;
	for (int i = MAPS_FULL; i <= last; i++)
		lost_rows(a, f, f->key[i], lost);
	if (answer == NULL) {
		lost_all(a, f, lost);
		return;
	}
	if (answer->map == MAPS_PATTERNS)
		lost_pattern(a, f, lost);
	lost_mailbox(a, f, answer, lost);
	if (answer->form == MAPS_FULL)
		lost_name(a, f, f->key[MAPS_UNTAGGED], arena_printf(a,
		    "%s is more specific", answer->key), lost);
	if (f->target_key[answer->form] != NULL &&
	    answer->form != MAPS_CATCHALL &&
	    answer->map != MAPS_ALIAS_DOMAINS)
		lost_name(a, f, f->target_key[answer->form],
		    "the alias domain's own alias wins", lost);
	lost_catchall(a, f, answer, lost);
}
