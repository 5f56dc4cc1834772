/* What a foreign database's rows must be to become rows of ours. */
#include "cmd/adopt.h"

#include <string.h>

#include "model/address.h"
#include "model/password/password.h"

static bool
user_parse(struct arena *a, const char *text, const char **stored,
    struct err *e)
{
	return address_parse(a, ADDRESS_USER, text, stored, e);
}

static bool
alias_parse(struct arena *a, const char *text, const char **stored,
    struct err *e)
{
	return address_parse(a, ADDRESS_ALIAS, text, stored, e);
}

static bool
destination_parse(struct arena *a, const char *text, const char **stored,
    struct err *e)
{
	return address_parse(a, ADDRESS_DESTINATION, text, stored, e);
}

/* An account that nobody may log in to is one all the same. */
static bool
hash_valid(const char *hash, struct err *e)
{
	return strcmp(hash, PASSWORD_NONE) == 0 || password_hash_valid(hash, e);
}

const struct schema_rules adopt_rules = {
	.domain = domain_parse,
	.user = user_parse,
	.alias = alias_parse,
	.destination = destination_parse,
	.hash = hash_valid,
};
