/*
 * Would the packet filter of this machine keep a stranger from a port?
 *
 * The rules are read as "nft -j list ruleset" and "iptables -S" print them,
 * into chains that mean the same for both.  Then the first packet of a
 * connection by TCP, from an address that nobody knows and not by loopback,
 * walks through those of the hook "input".  What a rule asks beyond that (an
 * address, an interface, a rate) may hold or not: such a rule never blocks a
 * port, and one that may accept makes the answer unclear.
 */
#ifndef MODEL_FIREWALL_FIREWALL_H
#define MODEL_FIREWALL_FIREWALL_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/vector.h"

enum firewall_family { FIREWALL_V4, FIREWALL_V6 };

enum firewall_action {
	FIREWALL_NOTHING,	/* counts, logs, or is not known */
	FIREWALL_ACCEPT,
	FIREWALL_DROP,		/* or reject */
	FIREWALL_RETURN,
	FIREWALL_JUMP,
	FIREWALL_GOTO
};

struct firewall_range {
	unsigned first, last;
};

VECTOR_NAMED(firewall_ranges, struct firewall_range);

struct firewall_rule {
	enum firewall_action action;
	const char *target;	/* the chain of a jump */
	const char *text;	/* for people; names the rule */
	const char *advice;	/* what shows or removes it */
	struct firewall_range *range;	/* of ports; NULL: each */
	size_t ranges;
	bool but;		/* all ports but these */
	bool never;		/* for other packets */
	bool perhaps;		/* asks what nobody knows */
};

VECTOR_NAMED(firewall_rules, struct firewall_rule);

struct firewall_chain {
	const char *table;	/* chains of one see each other */
	const char *name;
	bool input;		/* packets come here first */
	bool drops;		/* its policy */
	int64_t priority;	/* lower ones are first */
	const char *advice;
	struct firewall_rules rules;
};

struct firewall {
	struct arena *arena;
	enum firewall_family family;
	VECTOR(struct firewall_chain) chains;
};

void firewall_clear(struct firewall *f);

/* The chain, made if it is missing; its address holds until the next one. */
struct firewall_chain *firewall_chain(struct firewall *f, const char *table,
    const char *name);

/* Adds what "nft -j list ruleset" prints; ERR_INVALID for what is no JSON. */
bool firewall_read_nft(struct firewall *f, const char *json, struct err *e);

/* Adds what "iptables -S" or "ip6tables -S" prints. */
void firewall_read_iptables(struct firewall *f, const char *text);

enum firewall_state { FIREWALL_OPEN, FIREWALL_UNCLEAR, FIREWALL_BLOCKED };

struct firewall_answer {
	enum firewall_state state;
	const char *rule;	/* that blocks it */
	const char *advice;
};

/* For one port. */
void firewall_judge(struct firewall *f, unsigned port,
    struct firewall_answer *answer);

#endif
