/* Which mail filter to propose. */
#include "model/server/filter.h"

#include <unistd.h>

#include "file/program.h"

/* rspamd takes about 150 MB, the classic programs less than 40 MB. */
#define SMALL (1024UL * 1024 * 1024)

static bool
is_installed(struct arena *a, const char *name)
{
	struct err e = { 0 };
	const char *path;
	bool found = program_find(a, name, name, &path, &e);

	err_clear(&e);
	return found;
}

/* What cannot be found out is not small. */
static bool
is_small(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);

	return pages > 0 && size > 0 &&
	    (unsigned long)pages < SMALL / (unsigned long)size;
}

const char *
server_filter_proposed(struct arena *a)
{
	bool classic = is_installed(a, "opendkim");

	if (is_installed(a, "rspamd") && !(classic && is_small()))
		return "rspamd";
	return classic ? "opendkim" : "none";
}
