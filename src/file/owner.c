/* Users and groups by name. */
#include "file/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

/* A file of the other system, or NULL: then this one's are asked. */
static FILE *
database_open(struct arena *a, const char *root, const char *name)
{
	if (strcmp(root, "/") == 0)
		return NULL;
	return fopen(arena_printf(a, "%s/etc/%s", root, name), "re");
}

static bool
user_find(struct arena *a, const char *root, const char *name, uid_t *uid)
{
	FILE *f = database_open(a, root, "passwd");
	const struct passwd *p;

	if (f == NULL) {
		p = getpwnam(name);
	} else {
		do
			p = fgetpwent(f);
		while (p != NULL && strcmp(p->pw_name, name) != 0);
	}
	if (p != NULL)
		*uid = p->pw_uid;
	if (f != NULL)
		fclose(f);
	return p != NULL;
}

static bool
group_find(struct arena *a, const char *root, const char *name, gid_t *gid)
{
	FILE *f = database_open(a, root, "group");
	const struct group *g;

	if (f == NULL) {
		g = getgrnam(name);
	} else {
		do
			g = fgetgrent(f);
		while (g != NULL && strcmp(g->gr_name, name) != 0);
	}
	if (g != NULL)
		*gid = g->gr_gid;
	if (f != NULL)
		fclose(f);
	return g != NULL;
}

bool
owner_find(struct arena *a, const char *root, const char *user,
    const char *group, struct file_place *place, struct err *e)
{
	if (!user_find(a, root, user, &place->uid))
		return err_set(e, ERR_NOT_FOUND, "no such user on this "
		    "system: %s", user);
	if (!group_find(a, root, group, &place->gid))
		return err_set(e, ERR_NOT_FOUND, "no such group on this "
		    "system: %s", group);
	return true;
}
