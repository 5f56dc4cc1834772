/* The accounts that the servers' lookups log in with. */
#include "base/text.h"
#include "model/verify/private.h"

static bool
same_account(const struct verify_account *a, const struct verify_account *b)
{
	return text_same_null_empty(a->server, b->server) &&
	    text_same_null_empty(a->as.user, b->as.user) &&
	    text_same_null_empty(a->as.password, b->as.password) &&
	    text_same_null_empty(a->as.database, b->as.database) &&
	    text_same_null_empty(a->as.socket, b->as.socket) &&
	    text_same_null_empty(a->as.host, b->as.host) &&
	    a->as.port == b->as.port &&
	    text_same_null_empty(a->as.option_file, b->as.option_file);
}

size_t
verify_account(struct verifying *v, const struct verify_account *account)
{
	struct verify_account *kept;

	for (size_t i = 0; i < v->accounts.count; i++) {
		if (same_account(&v->accounts.item[i], account))
			return i + 1;
	}
	kept = VECTOR_ADD(&v->accounts);
	*kept = *account;
	return v->accounts.count;
}

struct verify_account *
verify_account_find(const struct verifying *v, size_t account)
{
	const struct verify_account *first;

	if (account == 0)
		return NULL;
	first = &v->accounts.item[account - 1];
	for (size_t i = 0; i < v->accounts.count; i++) {
		struct verify_account *a = &v->accounts.item[i];

		if (a->lookup != NULL &&
		    text_same_null_empty(a->server, first->server) &&
		    text_same_null_empty(a->as.user, first->as.user) &&
		    text_same_null_empty(a->as.password,
			first->as.password) &&
		    text_same_null_empty(a->as.database,
			first->as.database))
			return a;
	}
	return NULL;
}
