/*
 * The server that mail is handed to, as Postfix writes it: [HOST]:PORT.
 *
 * In brackets the name is that of a server, and the DNS is not asked whose
 * mail it takes.
 */
#ifndef MODEL_NEXT_HOP_H
#define MODEL_NEXT_HOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

/* Instead of a next hop: whoever the DNS names for the domain. */
#define NEXT_HOP_MX "mx"

/* The port where servers hand mail to each other. */
#define NEXT_HOP_PORT 25

/* The name or address of a server, in lower case; ERR_INVALID. */
bool next_hop_host(struct arena *a, const char *text, const char **host,
    struct err *e);

/*
 * HOST, HOST:PORT, [HOST], [HOST]:PORT, or "mx", as it is stored; without a
 * port it is that one.  ERR_INVALID for everything else.
 */
bool next_hop_parse(struct arena *a, const char *text, int64_t port,
    const char **hop, struct err *e);

/* SERVICE:NEXT-HOP as transport(5) has it; ERR_INVALID. */
bool next_hop_transport(struct arena *a, const char *text,
    const char **transport, struct err *e);

/* The parts of what is stored; false for "mx" and what has no brackets. */
bool next_hop_split(struct arena *a, const char *hop, const char **host,
    int64_t *port);

/* Is the name or address one of this machine, for sure? */
bool next_hop_is_own(struct arena *a, const char *host, const char *hostname);

#endif
