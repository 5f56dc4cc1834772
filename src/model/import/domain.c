/* Importing domains: few, so by a manifest and a plan. */
#include <string.h>

#include "model/import/private.h"
#include "model/manifest/state.h"

static bool
manifest_fill(struct import *x, struct mail *m, struct manifest *manifest,
    struct err *e)
{
	struct import_chunk c = { 0 };
	bool ok;

	do {
		ok = import_chunk_read(x, &c, e);
		for (size_t i = 0; ok && i < c.count; i++) {
			const struct desired *copy = state_copy(m->arena,
			    &c.row[i].is);

			memcpy(manifest_add(manifest, MANIFEST_DOMAIN,
				copy->name, &copy->position), copy,
			    sizeof(struct desired_domain));
		}
	} while (ok && c.count > 0);
	arena_clear(&c.arena);
	manifest_sort(manifest);
	return ok;
}

bool
import_domains(struct import *x, struct mail *m, struct err *e)
{
	struct manifest manifest = { .arena = m->arena };
	bool ok = manifest_fill(x, m, &manifest, e) &&
	    import_by_plan(x, m, &manifest, e);

	manifest_clear(&manifest);
	return ok;
}
