/* How much a record may ask of DNS: the limits of RFC 7208, 4.6.4. */
#include "model/spf/private.h"

bool
spf_count_asking(struct spf_run *run)
{
	run->result.asking++;
	if (run->result.asking <= SPF_TERMS_MAX)
		return true;
	spf_end(run, SPF_PERMERROR, "is one of more than 10 terms that ask "
	    "DNS");
	return false;
}

bool
spf_count_empty(struct spf_run *run)
{
	run->result.empty++;
	if (run->result.empty <= SPF_VOID_MAX)
		return true;
	spf_end(run, SPF_PERMERROR, "is the third that DNS has nothing for");
	return false;
}

bool
spf_allows_servers(struct spf_run *run, size_t count)
{
	if (count <= SPF_NAMES_MAX)
		return true;
	spf_end(run, SPF_PERMERROR, "has more than 10 MX records");
	return false;
}
