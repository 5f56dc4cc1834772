/* What the pages of the manual hold that is neither prose nor a table. */
#include <stddef.h>

#include "cmd/help/manual.h"

#define OPTION_FILES "option, files"

const struct place manual_places[] = {
	{ "host", "option file", "--host", OPTION_FILES },
	{ "port", "option file", "--port", OPTION_FILES },
	{ "socket", "option file", "--socket", OPTION_FILES },
	{ "user", "option file", "--user", OPTION_FILES },
	{ "database", "option file", "--database", OPTION_FILES },
	{ "password", "option file", "-", "files, terminal" },
	{ "ssl-ca, ...", "option file", "-", "files" },
	{ "option file", "mailadm.conf", "--defaults-file", "option" },
	{ "mailadm.conf", "-", "--config", "option, variable" },
	{ "colour", "-", "--color", "option, variable" },
	{ 0 }
};

const char manual_synopsis[] =
    "mailadm [OPTION]... COMMAND [ARGUMENT]...\n"
    "mailadm [OPTION]... --file FILE\n"
    "mailadm [OPTION]... < FILE\n"
    "mailadm [OPTION]...\n";

const char manual_see_also[] =
    "`mariadb`(1), `postfix`(1), `mysql_table`(5), `virtual`(5), "
    "`dovecot`(1), `doveadm`(1), `crypt`(5), `readline`(3)";
