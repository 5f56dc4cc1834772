/* The installed maps, compared with what was computed. */
#include "model/route/live.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "file/postfix.h"
#include "file/read.h"

const struct maps_setting maps_settings[MAPS_COUNT] = {
	[MAPS_DOMAINS] = { "virtual_mailbox_domains", "domains" },
	[MAPS_BLOCKS] = { "smtpd_recipient_restrictions", "blocks" },
	[MAPS_DISABLED] = { "smtpd_recipient_restrictions", "disabled" },
	[MAPS_DESTINATIONS] = { MAPS_ASK_ON, "destinations" },
	[MAPS_INTERNAL] = { "smtpd_recipient_restrictions", "internal" },
	[MAPS_WRITERS] = { "submission_recipient_restrictions", "writers" },
	[MAPS_ALIASES] = { "virtual_alias_maps", "aliases" },
	[MAPS_ALIAS_DOMAINS] = { "virtual_alias_maps", "alias_domains" },
	[MAPS_IDENTITY] = { "virtual_alias_maps", "exists" },
	[MAPS_PATTERNS] = { "virtual_alias_maps", "patterns" },
	[MAPS_USERS] = { "virtual_mailbox_maps", "users" },
	[MAPS_RELAY_DOMAINS] = { "relay_domains", "relay_domains" },
	[MAPS_RELAY_RECIPIENTS] = { "relay_recipient_maps", "recipients" },
	[MAPS_TRANSPORT] = { "transport_maps", "transport" },
};

/* Settings that the computed route relies on. */
static const struct premise {
	const char *setting;
	const char *value;
	bool among;		/* other values may follow it */
} premises[] = {
	{ "recipient_delimiter", "+", false },
	{ "propagate_unmatched_extensions", "virtual", true },
	{ "smtpd_relay_restrictions", "reject_unauth_destination", true },
	{ "smtpd_relay_before_recipient_restrictions", "yes", false },
	{ "virtual_alias_recursion_limit", "1000", false },
	{ "virtual_alias_expansion_limit", "1000", false },
	{ "virtual_alias_address_length_limit", "1000", false },
};

/* Keys and what was computed for each; asked of one list of maps. */
struct question {
	const char *setting;
	struct words keys;
	struct words computed;	/* "": nothing */
	bool presence;		/* compare only whether something is found */
};

static void
differ(struct arena *a, struct route_differences *found,
    const struct route_difference *difference)
{
	if (found->count == found->room) {
		size_t room = found->room ? 2 * found->room : 4;
		struct route_difference *more = arena_array(a, room,
		    sizeof(*more));

		if (found->count > 0)
			memcpy(more, found->difference,
			    found->count * sizeof(*more));
		found->difference = more;
		found->room = room;
	}
	found->difference[found->count++] = *difference;
}

/* --- the configuration ----------------------------------------------- */

static bool
has_name(const struct words *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++) {
		if (strcasecmp(names->word[i], name) == 0)
			return true;
	}
	return false;
}

static bool
check_premises(struct arena *a, const char *dir,
    struct route_differences *found, struct err *e)
{
	for (size_t i = 0; i < sizeof(premises) / sizeof(premises[0]); i++) {
		const struct premise *p = &premises[i];
		struct words names;
		const char *value;

		if (!postfix_setting(a, dir, p->setting, &value, e))
			return false;
		names = postfix_list(a, value);
		if (p->among ? !has_name(&names, p->value) :
		    strcmp(value, p->value) != 0)
			differ(a, found, &(struct route_difference){
			    p->setting, NULL, value, p->value });
	}
	return true;
}

static bool
list_read(struct arena *a, const char *dir, const char *setting,
    struct words *names, struct err *e)
{
	const char *value;

	if (!postfix_setting(a, dir, setting, &value, e))
		return false;
	*names = postfix_list(a, value);
	return true;
}

/* The maps after each check_recipient_access; other checks may be between. */
static bool
access_read(struct arena *a, const char *dir, const char *setting,
    struct words *maps, struct err *e)
{
	struct words all;
	bool access = false;

	if (!list_read(a, dir, setting, &all, e))
		return false;
	for (size_t i = 0; i < all.count; i++) {
		bool map = strchr(all.word[i], ':') != NULL;

		if (map && access)
			words_add(a, maps, all.word[i]);
		else if (!map)
			access = strcasecmp(all.word[i],
			    "check_recipient_access") == 0;
	}
	return true;
}

bool
route_live_open(struct arena *a, const char *dir, struct route_live *live,
    struct route_differences *found, struct err *e)
{
	*live = (struct route_live){ .dir = dir };
	return list_read(a, dir, "virtual_mailbox_domains", &live->domains,
	    e) &&
	    list_read(a, dir, "virtual_alias_maps", &live->aliases, e) &&
	    list_read(a, dir, "virtual_mailbox_maps", &live->mailboxes, e) &&
	    list_read(a, dir, "virtual_alias_domains", &live->alias_domains,
		e) &&
	    list_read(a, dir, "mydestination", &live->local, e) &&
	    access_read(a, dir, "smtpd_recipient_restrictions",
		&live->access, e) &&
	    access_read(a, dir, MAPS_ASK_ON, &live->destinations, e) &&
	    check_premises(a, dir, found, e);
}

/* --- the comparison -------------------------------------------------- */

/* A map answers with destinations in any order. */
static bool
same_names(struct arena *a, const char *left, const char *right)
{
	struct words l = postfix_list(a, left), r = postfix_list(a, right);
	bool same = l.count == r.count;

	for (size_t i = 0; same && i < l.count; i++)
		same = has_name(&r, l.word[i]) && has_name(&l, r.word[i]);
	return same;
}

static void
ask(struct arena *a, struct question *q, const char *key,
    const struct words *computed)
{
	if (has_name(&q->keys, key))
		return;
	words_add(a, &q->keys, key);
	words_add(a, &q->computed, words_joined(a, computed, ", "));
}

void
route_names_parse(struct arena *a, const char *text, struct words *names)
{
	while (*text != '\0') {
		size_t len;

		text += strspn(text, " \t\r\n");
		if (*text == '#') {
			text += strcspn(text, "\n");
			continue;
		}
		len = strcspn(text, " \t\r\n");
		if (len > 0)
			words_add(a, names, arena_strndup(a, text, len));
		text += len;
	}
}

static bool
file_names(struct arena *a, const char *path, struct words *names,
    struct err *e)
{
	struct text t = TEXT_INIT;
	struct stat st;
	bool ok = file_read(path, &t, &st, e);

	if (ok)
		route_names_parse(a, t.buf, names);
	text_clear(&t);
	return ok;
}

/* !name, which excludes it, is no map and answers nothing. */
bool
route_map_ask(struct arena *a, const char *dir, const char *map,
    const struct words *keys, const char ***answers, struct err *e)
{
	struct words names = { 0 };

	if (map[0] != '/' && strchr(map, ':') != NULL)
		return postfix_lookup(a, dir, map, keys, answers, e);
	if (map[0] == '/' && !file_names(a, map, &names, e))
		return false;
	if (map[0] != '/')
		words_add(a, &names, map);
	*answers = arena_array(a, keys->count + 1, sizeof(const char *));
	for (size_t i = 0; i < keys->count; i++) {
		if (has_name(&names, keys->word[i]))
			(*answers)[i] = map;
	}
	return true;
}

/* The first map that answers for a key is the one that counts. */
static bool
compare(struct arena *a, const struct route_live *live,
    const struct question *q, const struct words *maps,
    struct route_differences *found, struct err *e)
{
	const char **first = arena_array(a, q->keys.count + 1,
	    sizeof(const char *));

	for (size_t m = 0; q->keys.count > 0 && m < maps->count; m++) {
		const char **answers;

		if (!route_map_ask(a, live->dir, maps->word[m], &q->keys,
		    &answers, e))
			return err_wrap(e, "%s", q->setting);
		for (size_t i = 0; i < q->keys.count; i++) {
			if (first[i] == NULL)
				first[i] = answers[i];
		}
	}
	for (size_t i = 0; i < q->keys.count; i++) {
		const char *computed = q->computed.word[i];
		bool both = first[i] != NULL && *computed != '\0';

		if (both ? q->presence || same_names(a, first[i], computed) :
		    first[i] == NULL && *computed == '\0')
			continue;
		differ(a, found, &(struct route_difference){ q->setting,
		    q->keys.word[i], first[i],
		    *computed != '\0' ? computed : NULL });
	}
	return true;
}

/* The keys of one list of maps that were asked for. */
static void
ask_again(struct arena *a, struct question *q,
    const struct maps_lookups *asked)
{
	for (size_t i = 0; i < asked->count; i++) {
		const struct maps_lookup *l = &asked->lookup[i];

		if (strcmp(maps_settings[l->map].setting, q->setting) == 0)
			ask(a, q, l->key, &l->answer);
	}
}

/*
 * smtpd asks about the domain of the recipient, the queue manager about the
 * others.
 */
static void
ask_domains(struct arena *a, struct question *q, const struct route *r)
{
	for (const struct route_hop *h = r->hops; h != NULL; h = h->other) {
		struct words computed = { 0 };

		if (!h->looked)
			continue;
		maps_ask(a, MAPS_DOMAINS, &h->facts, MAPS_FULL, &computed);
		ask(a, q, h->facts.key[MAPS_CATCHALL] + 1, &computed);
	}
}

/* A domain of ours may not be in another class of Postfix. */
static bool
compare_classes(struct arena *a, const struct route_live *live,
    const struct route *r, struct route_differences *found, struct err *e)
{
	const struct words nothing = { 0 };
	struct question domains = { .setting = "virtual_mailbox_domains",
	    .presence = true };
	struct question others = { .setting = "virtual_alias_domains" };

	ask_domains(a, &domains, r);
	for (size_t i = 0; i < domains.keys.count; i++) {
		if (*domains.computed.word[i] != '\0')
			ask(a, &others, domains.keys.word[i], &nothing);
	}
	if (!compare(a, live, &domains, &live->domains, found, e) ||
	    !compare(a, live, &others, &live->alias_domains, found, e))
		return false;
	others.setting = "mydestination";
	return compare(a, live, &others, &live->local, found, e);
}

/* What smtpd asks of these maps one by one, with what is passed left out. */
static bool
access_live(struct arena *a, const struct route_live *live,
    const struct words *keys, struct words *found, struct err *e)
{
	for (size_t m = 0; m < live->access.count; m++) {
		const char **answers, *answer = NULL;

		if (!route_map_ask(a, live->dir, live->access.word[m], keys,
		    &answers, e))
			return err_wrap(e, "smtpd_recipient_restrictions");
		for (size_t i = 0; answer == NULL && i < keys->count; i++)
			answer = answers[i];
		if (answer != NULL && strcmp(answer, MAPS_TAKEN) != 0)
			words_add(a, found, answer);
		if (answer != NULL && *answer == '5')
			return true;
	}
	return true;
}

static void
access_computed(struct arena *a, const struct maps_facts *f,
    struct words *found)
{
	static const enum maps_kind maps[] = { MAPS_BLOCKS, MAPS_DISABLED,
	    MAPS_INTERNAL };

	for (size_t m = 0; m < sizeof(maps) / sizeof(maps[0]); m++) {
		struct words answer = { 0 };

		for (int form = MAPS_FULL; answer.count == 0 &&
		    form <= MAPS_UNTAGGED; form++)
			maps_ask(a, maps[m], f, (enum maps_form)form,
			    &answer);
		if (answer.count > 0 &&
		    strcmp(answer.word[0], MAPS_TAKEN) != 0)
			words_add(a, found, answer.word[0]);
		if (answer.count > 0 && *answer.word[0] == '5')
			return;
	}
}

/* Several maps are asked for each key, until one refuses. */
static bool
compare_access(struct arena *a, const struct route_live *live,
    const struct route *r, struct route_differences *found, struct err *e)
{
	const struct maps_facts *f = &r->root->facts;
	struct words keys = { 0 }, of_live = { 0 }, computed = { 0 };
	const char *is, *ours;

	if (!maps_is_ours(f) || r->asked.count < 2)
		return true;
	for (int form = MAPS_FULL; form <= MAPS_UNTAGGED; form++) {
		if (f->key[form] != NULL)
			words_add(a, &keys, f->key[form]);
	}
	if (!access_live(a, live, &keys, &of_live, e))
		return false;
	access_computed(a, f, &computed);
	is = words_joined(a, &of_live, ", ");
	ours = words_joined(a, &computed, ", ");
	if (strcmp(is, ours) != 0)
		differ(a, found, &(struct route_difference){
		    "smtpd_recipient_restrictions", keys.word[0],
		    *is != '\0' ? is : NULL, *ours != '\0' ? ours : NULL });
	return true;
}

bool
route_live_compare(struct arena *a, const struct route_live *live,
    const struct route *r, struct route_differences *found, struct err *e)
{
	struct question aliases = { .setting = "virtual_alias_maps" };
	struct question destinations = { .setting = MAPS_ASK_ON };
	struct question mailboxes = { .setting = "virtual_mailbox_maps",
	    .presence = true };

	ask_again(a, &destinations, &r->asked);
	ask_again(a, &aliases, &r->asked);
	ask_again(a, &mailboxes, &r->asked);
	for (const struct route_hop *h = r->hops; h != NULL; h = h->other)
		ask_again(a, &aliases, &h->asked);
	return compare_classes(a, live, r, found, e) &&
	    compare_access(a, live, r, found, e) &&
	    compare(a, live, &destinations, &live->destinations, found, e) &&
	    compare(a, live, &aliases, &live->aliases, found, e) &&
	    compare(a, live, &mailboxes, &live->mailboxes, found, e);
}
