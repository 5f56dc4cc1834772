/* The systems whose files can be read. */
#include "model/foreignfile/private.h"

#include <string.h>

static const struct foreignfile_reader readers[] = {
	{ FOREIGN_FILES, true, "the directory of the files",
	    postfix_files_read },
	{ "docker-mailserver", true, "the directory of its configuration",
	    docker_read },
	{ "mailu", false, "the output of \"flask mailu config-export "
	    "--secrets\"", mailu_read },
	{ "modoboa-csv", false, "the output of \"manage.py modo export\", of "
	    "domains or identities", modoboa_read },
	{ "ldif", false, "the output of slapcat or ldapsearch -LLL",
	    ldap_read },
	{ 0 }
};

const struct foreignfile_reader *
foreignfile_reader(const char *system)
{
	for (const struct foreignfile_reader *r = readers; r->system != NULL;
	    r++) {
		if (strcmp(r->system, system) == 0)
			return r;
	}
	return NULL;
}
