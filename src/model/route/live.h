/*
 * A route against the Postfix that is installed: the same keys, asked of
 * the maps that its configuration names.
 *
 * Where every lookup on the way answers as computed, the mail goes the way
 * that was computed; so any difference begins with a lookup that is
 * reported.
 */
#ifndef MODEL_ROUTE_LIVE_H
#define MODEL_ROUTE_LIVE_H

#include "model/route/trace.h"

/* What main.cf says about maps, as lists of names. */
struct route_live {
	const char *dir;
	struct words domains;		/* virtual_mailbox_domains */
	struct words aliases;		/* virtual_alias_maps */
	struct words mailboxes;		/* virtual_mailbox_maps */
	struct words access;		/* of check_recipient_access */
	struct words destinations;	/* of mailadm_destinations */
	struct words alias_domains;	/* lists without our domains */
	struct words local;
};

struct route_difference {
	const char *setting;
	const char *key;	/* NULL: the setting itself differs */
	const char *live;	/* NULL: nothing was found */
	const char *computed;	/* likewise */
};

struct route_differences {
	struct route_difference *difference;
	size_t count;
	size_t room;
};

/*
 * Reads the configuration in `dir`.  Settings that the computed
 * route relies on, and that have other values, are differences.
 */
bool route_live_open(struct arena *a, const char *dir,
    struct route_live *live, struct route_differences *found,
    struct err *e);

/*
 * What a word of a list answers for keys: a map; a name, itself; a file of
 * names.  An array of keys->count texts, NULL where it has none.
 */
bool route_map_ask(struct arena *a, const char *dir, const char *map,
    const struct words *keys, const char ***answers, struct err *e);

/* Names of a file: by blanks and line breaks; "#" begins a comment. */
void route_names_parse(struct arena *a, const char *text,
    struct words *names);

/* Asks for all keys of a trace again. */
bool route_live_compare(struct arena *a, const struct route_live *live,
    const struct route *r, struct route_differences *found, struct err *e);

/* The setting that names a map, and how its row in a trace is called. */
struct maps_setting {
	const char *setting;
	const char *name;
};

extern const struct maps_setting maps_settings[MAPS_COUNT];

#endif
