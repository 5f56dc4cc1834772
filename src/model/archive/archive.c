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

/* Copies that nobody takes bounce to who wrote the mail. */
static bool
exists_check(struct mail *m, const char *archive, struct err *e)
{
	struct delivery d;

	if (!delivery_resolve(m, archive, &d, e))
		return false;
	if (d.how == RESOLVED_NOTHING) {
		err_set(e, ERR_NOT_FOUND, "archive %s does not exist (no "
		    "user, alias or catch-all)", archive);
		return err_hint(e, "add the user or alias first");
	}
	if (d.how == RESOLVED_OUTSIDE)
		mail_note(m, "archive %s is not on this server: all copies "
		    "leave it", archive);
	else if (!d.active)
		mail_note(m, "archive %s %s: its copies are returned to who "
		    "wrote the mail", archive, d.off);
	return true;
}

bool
archive_check(struct mail *m, const char *owner, const char *archive,
    struct err *e)
{
	if (archive == NULL || *archive == '\0')
		return true;
	if (is_inside(owner, archive)) {
		err_set(e, ERR_REFUSED, "archive %s is inside of %s, which it "
		    "would archive", archive, owner);
		return err_hint(e, "take an address of another domain");
	}
	return exists_check(m, archive, e);
}
