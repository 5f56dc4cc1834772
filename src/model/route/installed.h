/*
 * What the maps of the installed Postfix answer, by the keys that it asks;
 * for follow.c.
 */
#ifndef MODEL_ROUTE_INSTALLED_H
#define MODEL_ROUTE_INSTALLED_H

#include "model/route/follow.h"

struct following {
	struct arena *arena;
	const struct postfix_config *config;
	struct route_steps *steps;
	const char *address;	/* that it began with */
	struct route_steps results;
	struct words seen;
};

/* An address, in its parts. */
struct asked {
	const char *full;	/* "user+ext@domain" */
	const char *plain;	/* "user@domain" */
	const char *extension;	/* "+ext", or "" */
	const char *local;	/* "user+ext" */
	const char *domain;
};

/* What a list of maps answered. */
struct answer {
	const char *text;	/* NULL: nothing */
	const char *key;
	const char *map;
	bool plain;		/* the key was without the extension */
};

/* The classes of domains of ADDRESS_CLASS_README, in Postfix's order. */
enum class { LOCAL, ALIAS_DOMAIN, MAILBOX, RELAY, ELSEWHERE };

extern const char *const installed_classes[];

const char *installed_value(const struct following *f, const char *setting);
struct words installed_list(const struct following *f, const char *setting);

struct asked installed_parts(const struct following *f, const char *address);

/* Each asks; answer->text is NULL where nothing was found. */
bool installed_map_ask(struct following *f, const char *setting,
    const struct words *maps, const struct words *keys,
    struct answer *answer, struct err *e);
bool installed_ask(struct following *f, const char *setting,
    const struct words *keys, struct answer *answer, struct err *e);

/*
 * As virtual(5) and canonical(5) say: with the extension, without, the local
 * part alone where the domain is this machine's, and the domain.
 */
bool installed_address_ask(struct following *f, const char *setting,
    const struct asked *x, bool local, struct answer *answer, struct err *e);

bool installed_class_of(struct following *f, const char *domain,
    enum class *class, struct err *e);

#endif
