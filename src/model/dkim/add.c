/* Adding DKIM keys: made or read, tried, encrypted, and given a selector. */
#include <string.h>
#include <time.h>

#include "base/time.h"
#include "model/dkim/dkim.h"
#include "model/dkim/private.h"
#include "model/mail/domain.h"

/* Selectors of one day and algorithm: 20261129r, 20261129r2, ... */
#define SELECTOR_DAY 8
#define SELECTOR_TRIES 100

/* --- a key that is to be stored -------------------------------------- */

/* What is stored is what was tried. */
static bool
seal(struct arena *a, const struct dkim_key *key,
    const struct dkim_secret *secret, struct dkim_new *new, struct err *e)
{
	new->algorithm = key->algorithm;
	new->bits = key->bits;
	new->public_key = dkim_key_public(a, key);
	new->secret_id = arena_strdup(a, secret->id);
	return dkim_key_works(key, new->public_key, e) &&
	    dkim_key_seal(a, key, secret, &new->private_key, e);
}

static bool
try_sealed(const struct dkim_secret *secret, const struct dkim_new *new,
    struct err *e)
{
	struct dkim_key again;
	bool ok = dkim_key_open(new->private_key, secret, &again, e) &&
	    dkim_key_works(&again, new->public_key, e);

	dkim_key_clear(&again);
	return ok;
}

bool
dkim_new_make(struct arena *a, enum dkim_algorithm algorithm, int64_t bits,
    const struct dkim_secret *secret, struct dkim_new *new, struct err *e)
{
	struct dkim_key key;
	bool ok;

	*new = (struct dkim_new){ 0 };
	ok = dkim_key_make(algorithm, bits, &key, e) &&
	    seal(a, &key, secret, new, e);
	dkim_key_clear(&key);
	return ok && try_sealed(secret, new, e);
}

bool
dkim_new_read(struct arena *a, const char *path,
    const struct dkim_secret *secret, struct dkim_new *new, struct err *e)
{
	struct dkim_key key;
	bool ok;

	*new = (struct dkim_new){ .imported = true };
	ok = dkim_key_read_file(path, &key, &new->exposed, e) &&
	    seal(a, &key, secret, new, e);
	dkim_key_clear(&key);
	return ok && try_sealed(secret, new, e);
}

bool
dkim_new_take(struct arena *a, const char *name, const struct text *bytes,
    const struct dkim_secret *secret, struct dkim_new *new, struct err *e)
{
	struct dkim_key key;
	bool ok;

	*new = (struct dkim_new){ .imported = true };
	ok = dkim_key_read(name, bytes->buf, bytes->len, &key, e) &&
	    seal(a, &key, secret, new, e);
	dkim_key_clear(&key);
	return ok && try_sealed(secret, new, e);
}

/* --- adding ---------------------------------------------------------- */

/*
 * A host with a secret of its own would add keys that no other can read.  One
 * look is enough for all keys of a transaction: each look reads all keys.
 */
static bool
secret_is_shared(struct mail *m, const struct dkim_new *key, struct err *e)
{
	struct words ids;
	bool fresh = true, *looked = NULL;

	if (db_in_transaction(m->db))
		looked = db_cache(m->db, "secret", key->secret_id,
		    sizeof(*looked), &fresh);
	if (!fresh && *looked)
		return true;
	if (!db_texts(m->db, m->arena, SQL_DKIM_SECRETS, NO_PARAMS, &ids, e))
		return false;
	for (size_t i = 0; i < ids.count; i++) {
		if (strcmp(ids.word[i], key->secret_id) == 0)
			continue;
		err_set(e, ERR_DENIED, "the database holds DKIM keys of "
		    "another secret (%s) than that of this host (%s)",
		    ids.word[i], key->secret_id);
		return err_hint(e, "copy the file of the setting dkim_secret "
		    "from the mail host that added them, or from a backup");
	}
	if (looked != NULL)
		*looked = true;
	return true;
}

static bool
selector_used(struct mail *m, const char *domain, const char *selector,
    bool *used, struct err *e)
{
	int64_t number;

	if (!db_number(m->db, SQL_DKIM_USED, PARAMS(TEXT(domain),
	    TEXT(selector), TEXT(domain), TEXT(selector)), &number, e))
		return false;
	*used = number > 0;
	return true;
}

/* The day of today, the algorithm's letter, and a number from the second. */
static bool
selector_make(struct mail *m, const struct dkim_add *add,
    const char **selector, struct err *e)
{
	char letter = add->key->algorithm == DKIM_RSA ? 'r' : 'e';
	char now[TIME_TEXT], day[SELECTOR_DAY + 1] = "";
	bool used = true;

	time_format(now, (int64_t)time(NULL));
	memcpy(day, now, 4);
	memcpy(day + 4, now + 5, 2);
	memcpy(day + 6, now + 8, 2);
	for (int i = 1; used && i <= SELECTOR_TRIES; i++) {
		*selector = i == 1 ? arena_printf(m->arena, "%s%c", day,
		    letter) : arena_printf(m->arena, "%s%c%d", day, letter, i);
		if (!selector_used(m, add->domain, *selector, &used, e))
			return false;
	}
	return !used || err_set(e, ERR_REFUSED, "%s has got %d keys today",
	    add->domain, SELECTOR_TRIES);
}

/* The key of the selector, or one that does what a new one would do. */
static bool
is_like(const struct dkim_add *add, const struct dkim_row *row)
{
	if (strcmp(row->algorithm, dkim_algorithm_names[
	    add->key->algorithm]) != 0)
		return false;
	if (add->selector != NULL)
		return strcmp(row->selector, add->selector) == 0;
	return dkim_is(row, "pending") ||
	    (dkim_is(row, "active") && add->if_not_exists);
}

static bool
same_key(const struct dkim_add *add, const struct dkim_row *row)
{
	return add->key->imported ? strcmp(row->public_key,
	    add->key->public_key) == 0 : row->bits == add->key->bits;
}

static bool
exists(const struct dkim_add *add, const struct dkim_row *row, struct err *e)
{
	err_set(e, ERR_EXISTS, "%s already has %s %s key: %s", add->domain,
	    dkim_is(row, "active") ? "an" : "a", row->state, row->selector);
	if (dkim_is(row, "pending"))
		return err_hint(e, "publish its record, then: mailadm dkim "
		    "activate %s", add->domain);
	return err_hint(e, "mailadm dkim show %s %s", add->domain,
	    row->selector);
}

/* *row: the key that makes a new one needless; its selector is NULL. */
static bool
look_for_same(struct mail *m, const struct dkim_add *add,
    struct dkim_row *row, struct err *e)
{
	const struct dkim_row *all;
	struct db_rows rows;

	*row = (struct dkim_row){ 0 };
	if (!db_query(m->db, m->arena, SQL_DKIM_OF, PARAMS(TEXT(add->domain)),
	    &rows, e))
		return false;
	all = rows.row;
	for (size_t i = 0; i < rows.count; i++) {
		bool named = add->selector != NULL && strcmp(
		    all[i].selector, add->selector) == 0;

		if (!named && !is_like(add, &all[i]))
			continue;
		if (!add->if_not_exists || !is_like(add, &all[i]) ||
		    (named && !same_key(add, &all[i])) ||
		    dkim_is(&all[i], "retired"))
			return exists(add, &all[i], e);
		*row = all[i];
	}
	return true;
}

static bool
insert(struct mail *m, const struct dkim_add *add, const char *selector,
    struct err *e)
{
	const struct dkim_new *key = add->key;
	const struct dkim_row row = {
		.algorithm = dkim_algorithm_names[key->algorithm],
		.bits = key->bits,
		.state = "pending",
		.public_key = key->public_key,
		.secret_id = key->secret_id,
	};

	return db_exec(m->db, SQL_DKIM_ADD, PARAMS(TEXT(add->domain),
	    TEXT(selector), DKIM_VALUES(COLUMN_PARAM, &row)
	    DKIM_DATA(COLUMN_PARAM, &row) SECRET(key->private_key)), e);
}

static bool
selector_choose(struct mail *m, const struct dkim_add *add,
    const char **selector, struct err *e)
{
	bool used;

	*selector = add->selector;
	if (*selector == NULL)
		return selector_make(m, add, selector, e);
	if (!selector_used(m, add->domain, *selector, &used, e))
		return false;
	if (!used || add->key->imported)
		return true;
	err_set(e, ERR_EXISTS, "the selector %s of %s was used before",
	    *selector, add->domain);
	return err_hint(e, "old mail may still name it: choose another");
}

bool
dkim_add(struct mail *m, const struct dkim_add *add, struct dkim_row *row,
    enum outcome *outcome, struct err *e)
{
	const char *selector;
	struct domain domain;

	*outcome = OUTCOME_UNCHANGED;
	if (!domain_lock(m, add->domain, &domain, e) ||
	    !look_for_same(m, add, row, e))
		return false;
	if (row->selector != NULL)
		return true;
	*outcome = OUTCOME_CHANGED;
	return secret_is_shared(m, add->key, e) &&
	    selector_choose(m, add, &selector, e) &&
	    insert(m, add, selector, e) &&
	    dkim_find(m, add->domain, selector, row, e);
}
