/*
 * Mail filters: which of them this machine has, and which suits it.
 */
#ifndef MODEL_SERVER_FILTER_H
#define MODEL_SERVER_FILTER_H

#include "base/arena.h"

/*
 * The value of the setting filter to propose: that of an installed filter.
 * rspamd, unless the machine has less than 1 GiB of memory and OpenDKIM is
 * installed as well; "none" where neither is.
 */
const char *server_filter_proposed(struct arena *a);

#endif
