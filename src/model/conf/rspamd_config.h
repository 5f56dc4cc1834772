/*
 * rspamd's configuration, as "rspamadm configdump SECTION..." prints it.
 */
#ifndef MODEL_CONF_RSPAMD_CONFIG_H
#define MODEL_CONF_RSPAMD_CONFIG_H

#include <stddef.h>

#include "base/arena.h"
#include "base/vector.h"

/* A value; each item of a list is one, under the name of the list. */
struct rspamd_entry {
	const char *section;	/* "worker" */
	const char *block;	/* "controller", inside of it; or NULL */
	const char *name;
	const char *value;	/* without its quotes */
};

struct rspamd_config {
	VECTOR(struct rspamd_entry) entries;
};

/* In the arena.  Blocks in blocks are left out. */
void rspamd_parse(struct arena *a, const char *text,
    struct rspamd_config *config);

void rspamd_clear(struct rspamd_config *config);

#endif
