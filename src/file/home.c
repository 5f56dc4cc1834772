/* The paths of a user's own files. */
#include "file/home.h"

#include <stdlib.h>
#include <string.h>

#include "file/write.h"

/* An absolute path, or NULL. */
static const char *
variable(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && *value == '/' ? value : NULL;
}

static const char *
path_of(struct arena *a, const char *xdg, const char *below_home,
    const char *name)
{
	const char *directory = variable(xdg), *home = variable("HOME");

	if (directory != NULL)
		return arena_printf(a, "%s/mailadm/%s", directory, name);
	if (home != NULL)
		return arena_printf(a, "%s/%s/mailadm/%s", home, below_home,
		    name);
	return NULL;
}

const char *
home_state(struct arena *a, const char *name)
{
	return path_of(a, "XDG_STATE_HOME", ".local/state", name);
}

const char *
home_config(struct arena *a, const char *name)
{
	return path_of(a, "XDG_CONFIG_HOME", ".config", name);
}

void
home_state_make(const char *path)
{
	const char *state = variable("XDG_STATE_HOME");
	const char *home = variable("HOME");
	size_t exists = 0;

	if (state != NULL)
		exists = (size_t)(strrchr(state, '/') - state);
	else if (home != NULL)
		exists = strlen(home);
	file_directories_make(path, exists, 0700);
}
