/* The options that name the database of another mail system. */
#include "cmd/foreign/source.h"

bool
source_is_given(const char *defaults_file, struct err *e)
{
	if (defaults_file != NULL)
		return true;
	err_set(e, ERR_USAGE, "missing option: --source-defaults-file FILE");
	return err_hint(e, "FILE is a MariaDB option file with user, "
	    "password and database, mode 0600");
}
