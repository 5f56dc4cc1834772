/* Verifying what Postfix looks up: which maps, in which order, from where. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/sentence.h"
#include "base/text.h"
#include "file/read.h"
#include "model/verify/private.h"

#define MAP_NONE SIZE_MAX

/* The maps that mailadm ships, by the names of their files. */
enum kind {
	KIND_DOMAINS,
	KIND_USERS,
	KIND_ALIASES,
	KIND_ALIAS_DOMAINS,
	KIND_IDENTITY,
	KIND_PATTERNS,
	KIND_BLOCKS,
	KIND_DISABLED,
	KIND_INTERNAL,
	KIND_DESTINATIONS,
	KIND_SENDERS,
	KIND_PROBE,
	KIND_IDN,
	KINDS
};

static const char *const kind_names[KINDS] = {
	[KIND_DOMAINS] = "domains",
	[KIND_USERS] = "users",
	[KIND_ALIASES] = "aliases",
	[KIND_ALIAS_DOMAINS] = "alias_domains",
	[KIND_IDENTITY] = "identity",
	[KIND_PATTERNS] = "patterns",
	[KIND_BLOCKS] = "blocks",
	[KIND_DISABLED] = "disabled",
	[KIND_INTERNAL] = "internal",
	[KIND_DESTINATIONS] = "destinations",
	[KIND_SENDERS] = "senders",
	[KIND_PROBE] = "probe",
	[KIND_IDN] = "idn",
};

/* Where each of them belongs, in the order that counts. */
static const struct role {
	const char *setting;
	const char *check;	/* the restriction in front of it, or NULL */
	enum kind kinds[4];
	size_t count;
	bool required;		/* else another rule reports its absence */
} roles[] = {
	{ "virtual_mailbox_domains", NULL, { KIND_DOMAINS }, 1, true },
	{ "virtual_mailbox_maps", NULL, { KIND_USERS }, 1, true },
	{ "virtual_alias_maps", NULL, { KIND_ALIASES, KIND_ALIAS_DOMAINS,
	    KIND_IDENTITY, KIND_PATTERNS }, 4, true },
	{ "smtpd_recipient_restrictions", "check_recipient_access",
	    { KIND_BLOCKS, KIND_DISABLED, KIND_INTERNAL }, 3, true },
	{ "smtpd_sender_login_maps", NULL, { KIND_SENDERS }, 1, false },
};

#define ROLES (sizeof(roles) / sizeof(roles[0]))

/* --- the maps that are named ----------------------------------------- */

static const char *
mysql_path(const char *word, bool *proxied)
{
	*proxied = strncmp(word, "proxy:", 6) == 0;
	if (*proxied)
		word += 6;
	return strncmp(word, "mysql:", 6) == 0 ? word + 6 : NULL;
}

static void
words_take(struct verifying *v, const char *setting, const char *value,
    bool chrooted)
{
	struct words words = postfix_list(v->arena, value);

	for (size_t i = 0; i < words.count; i++) {
		const char *word = words.word[i], *path;
		struct verify_map *map = verify_map_find(v, word);
		bool proxied;

		path = mysql_path(word, &proxied);
		if (path == NULL && !proxied)
			continue;
		if (map == NULL) {
			map = VECTOR_ADD(&v->maps);
			*map = (struct verify_map){ .word = word,
			    .setting = setting, .path = path != NULL ?
			    verify_path(v, path) : NULL,
			    .proxied = proxied };
		}
		map->in_chroot |= chrooted;
	}
}

/*
 * Settings that hold maps; those of the restriction classes have any name.
 * Another of no known kind may hold part of a map.
 */
static bool
holds_maps(const char *name, const struct words *classes)
{
	static const char *const ends[] = { "_maps", "_restrictions",
	    "_domains", "_checks", "destination", NULL };
	size_t len = strlen(name);

	if (strcmp(name, "proxy_read_maps") == 0 ||
	    strcmp(name, "proxy_write_maps") == 0)
		return false;
	if (verify_has_word(classes, name))
		return true;
	for (size_t i = 0; ends[i] != NULL; i++) {
		size_t end = strlen(ends[i]);

		if (len >= end && strcmp(name + len - end, ends[i]) == 0)
			return true;
	}
	return false;
}

/* Who asks the maps of a setting; the first row that begins like it. */
static const struct asker {
	const char *begin;
	const char *programs[3];
} askers[] = {
	{ "smtp_", { "smtp" } },
	{ "lmtp_", { "lmtp" } },
	{ "virtual_alias_maps", { "smtpd", "cleanup" } },
	{ "virtual_mailbox_domains", { "smtpd", "trivial-rewrite" } },
	{ "transport_maps", { "trivial-rewrite" } },
	{ "address_verify_", { "trivial-rewrite" } },
	{ "tlsproxy_", { "tlsproxy" } },
	{ "recipient_bcc_maps", { "cleanup" } },
	{ "sender_bcc_maps", { "cleanup" } },
	{ "", { "smtpd" } },
};

/* On Debian nearly all of them are; guides undo it for some. */
static bool
is_chrooted(const struct verifying *v, const char *setting)
{
	const struct asker *a = askers;

	while (strncmp(setting, a->begin, strlen(a->begin)) != 0)
		a++;
	for (size_t i = 0; i < v->postfix.services; i++) {
		const struct postfix_service *s = &v->postfix.service[i];

		for (size_t p = 0; a->programs[p] != NULL; p++) {
			if (s->chrooted && strcmp(s->command,
			    a->programs[p]) == 0)
				return true;
		}
	}
	return false;
}

static void
maps_take(struct verifying *v)
{
	const struct cf *all = &v->postfix.settings;
	struct words classes = postfix_list(v->arena, verify_postfix(v,
	    "smtpd_restriction_classes"));

	for (size_t i = 0; i < ROLES; i++)
		words_take(v, roles[i].setting, verify_postfix(v,
		    roles[i].setting), is_chrooted(v, roles[i].setting));
	/* What main.cf sets comes before the defaults that name it. */
	for (size_t i = 0; i < 2 * all->count; i++) {
		const struct cf_entry *set = &all->entry[i % all->count];

		if (holds_maps(set->name, &classes) && (i >= all->count ||
		    cf_find(&v->places.main, set->name) != NULL))
			words_take(v, set->name, set->value,
			    is_chrooted(v, set->name));
	}
	for (size_t s = 0; s < v->postfix.services; s++) {
		const struct postfix_service *service =
		    &v->postfix.service[s];

		for (size_t i = 0; i < service->overrides.count; i++)
			words_take(v, service->overrides.entry[i].name,
			    service->overrides.entry[i].value,
			    service->chrooted);
	}
}

/* --- which of ours they are ------------------------------------------ */

static const char *
shipped_query(struct arena *a, enum kind kind)
{
	const char *text = verify_shipped(arena_printf(a,
	    "postfix/sql_%s.cf", kind_names[kind]));
	struct cf cf;

	if (text == NULL)
		return NULL;
	cf_parse(a, text, CF_POSTFIX, &cf);
	return cf_value(&cf, "query");
}

static bool
is_shipped(struct arena *a, const struct verify_map *map, enum kind kind)
{
	const char *shipped = shipped_query(a, kind);

	return shipped != NULL && verify_query_same(a, verify_map_value(map,
	    "query"), shipped);
}

static bool
is_named(const struct verify_map *map, enum kind kind)
{
	const char *slash = strrchr(map->path, '/');
	const char *base = slash != NULL ? slash + 1 : map->path;
	size_t len = strlen(kind_names[kind]);

	return strncmp(base, "sql_", 4) == 0 &&
	    strncmp(base + 4, kind_names[kind], len) == 0 &&
	    strcmp(base + 4 + len, ".cf") == 0;
}

/* Guesses it from the tables that an unknown query reads. */
static enum kind
kind_guess(const char *query)
{
	if (strcasestr(query, "alias_of") != NULL ||
	    strcasestr(query, "alias_domain") != NULL)
		return KIND_ALIAS_DOMAINS;
	if (strcasestr(query, "alias") == NULL &&
	    strcasestr(query, "forward") == NULL &&
	    strcasestr(query, "destination") == NULL)
		return KIND_IDENTITY;
	return KIND_ALIASES;
}

static enum kind
kind_of(struct arena *a, const struct verify_map *map,
    const struct role *role)
{
	for (size_t i = 0; i < role->count; i++) {
		if (is_shipped(a, map, role->kinds[i]))
			return role->kinds[i];
	}
	for (size_t i = 0; i < role->count; i++) {
		if (is_named(map, role->kinds[i]))
			return role->kinds[i];
	}
	return role->check != NULL ? KIND_DISABLED :
	    role->count == 1 ? role->kinds[0] :
	    kind_guess(verify_map_value(map, "query"));
}

/* --- roles ----------------------------------------------------------- */

/* The maps of the setting: its words, or those after the restriction. */
static struct words
role_maps(struct arena *a, const struct role *role, const char *value)
{
	struct words all = postfix_list(a, value), maps = { 0 };
	bool behind = role->check == NULL;

	for (size_t i = 0; i < all.count; i++) {
		bool map = strchr(all.word[i], ':') != NULL;

		if (map && behind)
			words_add(a, &maps, all.word[i]);
		else if (role->check != NULL)
			behind = strcasecmp(all.word[i], role->check) == 0;
	}
	return maps;
}

/* kind: KINDS where it is none of them. */
static void
map_verify(struct verifying *v, struct verify_map *map, enum kind kind)
{
	map->verified = true;
	if (!verify_map_complete(v, map))
		return;
	verify_query(v, &(struct verify_query){
		.name = map->path,
		.text = verify_map_query(v, map),
		.shipped = kind == KINDS ? NULL :
		    shipped_query(v->arena, kind),
		.persons = kind == KIND_USERS || kind == KIND_ALIASES ||
		    kind == KIND_IDENTITY || kind == KIND_SENDERS,
		.keyed = kind != KIND_PROBE && kind != KIND_IDN,
		.account = verify_map_account(v, map),
	});
	verify_map_connection(v, map);
}

static void
kind_missing(struct verifying *v, const struct role *role, enum kind kind)
{
	if (kind == KIND_IDENTITY)
		verify_found(v, VERIFY_IDENTITY_MISSING, role->setting, NULL,
		    "%s has no map in which each mailbox is itself (as "
		    "sql_identity.cf): a catch-all takes its mail",
		    role->setting);
	else
		verify_found(v, VERIFY_LOOKUP_MISSING, role->setting, NULL,
		    "%s has no map as sql_%s.cf", role->setting,
		    kind_names[kind]);
}

static const char *
order_text(struct arena *a, const struct role *role)
{
	struct words names = { 0 };

	for (size_t i = 0; i < role->count; i++)
		words_add(a, &names, kind_names[role->kinds[i]]);
	return words_joined(a, &names, ", ");
}

static void
order_check(struct verifying *v, const struct role *role,
    const size_t position[static KINDS])
{
	for (size_t i = 1; i < role->count; i++) {
		enum kind kind = role->kinds[i], before = role->kinds[i - 1];

		if (position[kind] != MAP_NONE &&
		    position[before] != MAP_NONE &&
		    position[kind] < position[before]) {
			verify_found(v, VERIFY_LOOKUP_ORDER, role->setting,
			    NULL, "in %s the map of %s stands before that of "
			    "%s: %s is the order", role->setting,
			    kind_names[kind], kind_names[before],
			    order_text(v->arena, role));
			return;
		}
	}
}

/* Text maps that "export --postfix-maps" writes may stand for the table. */
static bool
is_exported(const struct words *maps)
{
	for (size_t i = 0; i < maps->count; i++) {
		if (strncmp(maps->word[i], "texthash:", 9) == 0)
			return true;
	}
	return false;
}

/* Tables that others do not have: missed only beside maps of ours. */
static bool
is_missed(const struct role *role, enum kind kind, size_t ours)
{
	return role->required && (ours > 0 || (kind != KIND_PATTERNS &&
	    kind != KIND_BLOCKS && kind != KIND_INTERNAL));
}

static void
role_verify(struct verifying *v, const struct role *role)
{
	struct words maps = role_maps(v->arena, role, verify_postfix(v,
	    role->setting));
	size_t position[KINDS], ours = 0;

	for (enum kind kind = 0; kind < KINDS; kind++)
		position[kind] = MAP_NONE;
	for (size_t i = 0; i < maps.count; i++) {
		struct verify_map *map = verify_map_find(v, maps.word[i]);
		enum kind kind;

		if (map == NULL || map->path == NULL)
			continue;
		/* A missing file is recognized by its name. */
		kind = kind_of(v->arena, map, role);
		if (position[kind] == MAP_NONE)
			position[kind] = i;
		ours += is_named(map, kind);
		if (map->read && !map->verified)
			map_verify(v, map, kind);
	}
	order_check(v, role, position);
	for (size_t i = 0; i < role->count; i++) {
		if (position[role->kinds[i]] == MAP_NONE &&
		    is_missed(role, role->kinds[i], ours) &&
		    !(role->check != NULL && is_exported(&maps)))
			kind_missing(v, role, role->kinds[i]);
	}
}

/* Maps of no role: those of services, and of settings of other kinds. */
static void
others_verify(struct verifying *v)
{
	struct verify_map *map = v->maps.item;

	for (size_t i = 0; i < v->maps.count; i++, map++) {
		if (!map->read || map->verified)
			continue;
		for (enum kind kind = 0; kind < KINDS; kind++) {
			if (is_named(map, kind))
				map_verify(v, map, kind);
		}
		if (!map->verified && v->server != VERIFY_SERVER_OURS)
			map_verify(v, map, KINDS);
	}
}

/* --- proxymap -------------------------------------------------------- */

/* Over TCP a chroot does not matter. */
static bool
wants_socket(struct verifying *v, const struct verify_map *map)
{
	struct words hosts;

	if (!map->read)
		return false;
	hosts = postfix_list(v->arena, verify_map_value(map, "hosts"));
	for (size_t i = 0; i < hosts.count; i++) {
		if (strncmp(hosts.word[i], "unix:", 5) == 0 ||
		    strcmp(hosts.word[i], "localhost") == 0)
			return true;
	}
	return hosts.count == 0;
}

/* The value with proxy: in front of each map of the database. */
static const char *
proxied_value(struct arena *a, const char *value)
{
	const char *all = "", *at = value, *map;

	while ((map = strstr(at, "mysql:")) != NULL) {
		bool begins = map == value || map[-1] != ':';

		all = arena_printf(a, "%s%.*s%smysql:", all, (int)(map - at),
		    at, begins ? "proxy:" : "");
		at = map + strlen("mysql:");
	}
	return arena_printf(a, "%s%s", all, at);
}

/* One command for all settings; NULL where a service has its own. */
static const char *
proxied_advice(struct verifying *v, const struct words *settings)
{
	const char *command = "postconf -e";

	for (size_t i = 0; i < settings->count; i++) {
		const char *value = cf_value(&v->places.main,
		    settings->word[i]);

		if (value == NULL || strchr(value, '\'') != NULL)
			return "write proxy: in front of mysql: in each of "
			    "them";
		command = arena_printf(v->arena, "%s '%s = %s'", command,
		    settings->word[i], proxied_value(v->arena, value));
	}
	return command;
}

/* Elsewhere all maps that are asked so are one finding. */
static void
chroots_verify(struct verifying *v)
{
	const struct verify_map *map = v->maps.item, *first = NULL;
	struct words settings = { 0 };

	for (size_t i = 0; i < v->maps.count; i++, map++) {
		if (map->proxied || !map->in_chroot || !wants_socket(v, map))
			continue;
		if (first == NULL)
			first = map;
		if (!words_have(&settings, map->setting))
			words_add(v->arena, &settings, map->setting);
	}
	if (first == NULL)
		return;
	verify_at(v, (struct verify_at){ .setting = first->setting });
	verify_found(v, VERIFY_PROXY_CHROOT, first->word, proxied_advice(v,
	    &settings), "the maps of %s are asked from a chroot, where the "
	    "socket of the database does not exist", sentence_list(v->arena,
		&settings));
}

static void
proxies_verify(struct verifying *v)
{
	struct words allowed = postfix_list(v->arena, verify_postfix(v,
	    "proxy_read_maps"));
	const struct verify_map *map = v->maps.item;

	for (size_t i = 0; i < v->maps.count; i++, map++) {
		if (map->proxied && !verify_has_word(&allowed, map->word))
			verify_found(v, VERIFY_PROXY_MISSING, map->word,
			    arena_printf(v->arena, "postconf -e "
				"\"proxy_read_maps = $(postconf -h "
				"proxy_read_maps) %s\"", map->word),
			    "%s asks %s through proxymap, and "
			    "proxy_read_maps lacks it: Postfix stops with "
			    "an error", map->setting, map->word);
		else if (v->server == VERIFY_SERVER_OURS && !map->proxied &&
		    map->in_chroot && wants_socket(v, map))
			verify_found(v, VERIFY_PROXY_CHROOT, map->word,
			    arena_printf(v->arena, "write proxy:%s in %s",
				map->word, map->setting), "%s asks %s "
			    "itself, from its chroot, where it does not "
			    "find the socket of the database", map->setting,
			    map->word);
	}
	if (v->server != VERIFY_SERVER_OURS)
		chroots_verify(v);
}

void
verify_maps_read(struct verifying *v)
{
	struct verify_map *map;

	maps_take(v);
	map = v->maps.item;
	for (size_t i = 0; i < v->maps.count; i++) {
		if (map[i].path != NULL)
			verify_map_read(v, &map[i]);
	}
}

void
verify_maps(struct verifying *v)
{
	verify_maps_missing(v);
	for (size_t i = 0; i < ROLES; i++)
		role_verify(v, &roles[i]);
	others_verify(v);
	proxies_verify(v);
}
