/* The account of the doctor's own, for probes. */
#include <string.h>

#include "model/address.h"
#include "model/doctor/deliver.h"
#include "model/mail/user.h"
#include "model/password/hash.h"

bool
probe_address(struct mail *m, const char *setting, const char **address,
    struct err *e)
{
	struct words domain = { 0 };

	if (setting != NULL)
		return address_parse(m->arena, ADDRESS_USER, setting, address,
		    e) || err_wrap(e, "probe in the settings");
	if (!db_texts(m->db, m->arena, SQL_PROBE_DOMAIN, NO_PARAMS, &domain,
	    e))
		return false;
	if (domain.count == 0 || domain.word[0] == NULL) {
		err_set(e, ERR_NOT_FOUND, "no domain takes a probe");
		return err_hint(e, "mailadm domain add DOMAIN");
	}
	*address = arena_printf(m->arena, "mailadm-doctor@%s",
	    domain.word[0]);
	return true;
}

/* A person's account would be locked out by the password of the run. */
static bool
is_ours(const struct user *user, const char *address, struct err *e)
{
	if (user->name != NULL && strcmp(user->name, PROBE_NAME) == 0)
		return true;
	err_set(e, ERR_REFUSED, "%s is not the doctor's: it would get another "
	    "password", address);
	return err_hint(e, "set probe to an address that nobody has");
}

bool
probe_begin(struct mail *m, const char *address, const char *hash,
    bool *signs, struct err *e)
{
	struct user_new new = {
		.email = address,
		.crypt = hash,
		.values = { USER_VALUES(VALUE_NOT_GIVEN,) },
	};
	enum outcome outcome;
	struct user user;
	int64_t keys = 0;
	bool found;

	new.values.name = PROBE_NAME;
	if (!user_lock(m, address, &user, &found, e))
		return false;
	if (!(found ? is_ours(&user, address, e) && user_set_crypt(m, address,
	    hash, &outcome, e) : user_add(m, &new, &outcome, e)))
		return false;
	if (!db_number(m->db, SQL_PROBE_KEYS, PARAMS(TEXT(strrchr(address,
	    '@') + 1)), &keys, e))
		return false;
	*signs = keys > 0;
	return true;
}

bool
probe_end(struct mail *m, const char *address, struct err *e)
{
	enum outcome outcome;

	return user_set_crypt(m, address, PASSWORD_NONE, &outcome, e);
}
