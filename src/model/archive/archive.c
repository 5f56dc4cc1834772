/* Which addresses may be archives. */
#include "model/archive/archive.h"

#include <string.h>

#include "model/address.h"
#include "model/mail/delivery.h"

/* Its own mail would be copied to itself. */
static bool
is_inside(const char *owner, const char *archive)
{
	return strcmp(archive, owner) == 0 || (strchr(owner, '@') == NULL &&
	    strcmp(address_domain(archive), owner) == 0);
}

/* lost: what becomes of copies while the archive takes no mail. */
static bool
exists_check(struct mail *m, const char *archive, const struct delivery *d,
    const char *lost, struct err *e)
{
	if (d->how == RESOLVED_NOTHING) {
		err_set(e, ERR_NOT_FOUND, "archive %s does not exist (no "
		    "user, alias or catch-all)", archive);
		return err_hint(e, "add the user or alias first");
	}
	if (d->how == RESOLVED_OUTSIDE)
		mail_note(m, "archive %s is not on this server: all copies "
		    "leave it", archive);
	else if (!d->active)
		mail_note(m, "archive %s %s: %s", archive, d->off, lost);
	return true;
}

bool
archive_check(struct mail *m, const char *owner, const char *archive,
    struct err *e)
{
	struct delivery d;

	if (archive == NULL || *archive == '\0')
		return true;
	if (is_inside(owner, archive)) {
		err_set(e, ERR_REFUSED, "archive %s is inside of %s, which it "
		    "would archive", archive, owner);
		return err_hint(e, "take an address of another domain");
	}
	return delivery_resolve(m, archive, &d, e) && exists_check(m,
	    archive, &d, "its copies are returned to who wrote the mail", e);
}

/*
 * Copies that an alias leads on could come back with another +tag, and never
 * end: the lookups leave such an archive out.
 */
bool
archive_in_check(struct mail *m, const char *owner, const char *archive,
    struct err *e)
{
	struct delivery d;

	if (archive == NULL || *archive == '\0')
		return true;
	if (strcmp(archive, owner) == 0)
		return err_set(e, ERR_REFUSED, "the archive of %s cannot be "
		    "the user", archive);
	if (!delivery_resolve(m, archive, &d, e) || !exists_check(m, archive,
	    &d, "until that ends there are no copies", e))
		return false;
	if (d.how == RESOLVED_OUTSIDE || (d.how == RESOLVED_USER &&
	    strcmp(d.key, archive) == 0))
		return true;
	err_set(e, ERR_REFUSED, "archive %s is not the plain address of a "
	    "user", archive);
	return err_hint(e, "copies of incoming mail go to a user, or to "
	    "another server");
}
