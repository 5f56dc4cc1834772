/* Limits and rights of those who send, as actions of Postfix. */
#include "model/sending/sending.h"

#include <inttypes.h>
#include <string.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/size.h"
#include "model/address.h"

#define WAIT "451 4.3.0 Who may write to this address is not known now"
#define REFUSED "550 5.7.1 "

/* A deadlock is over at once; who waits for a lock has waited long enough. */
#define TRIES 3
#define SECONDS 1.0

/* --- limits ------------------------------------------------------------ */

/* A message, and what its sender may send. */
struct sent {
	const char *email;
	int64_t recipients;
	int64_t limit;		/* an hour; FIELD_NULL: none */
};

/* Refused: 450, for it passes later, unless it never can. */
static const char *
over_limit(struct arena *a, const struct sent *sent)
{
	return sent->recipients > sent->limit ? arena_printf(a, REFUSED
	    "More recipients than the sending limit of %" PRId64 " an hour",
	    sent->limit) : arena_printf(a, "450 4.7.1 Sending limit of %"
	    PRId64 " recipients an hour reached; try again later",
	    sent->limit);
}

static bool
count(struct mail *m, const struct sent *sent, const char **action,
    struct err *e)
{
	int64_t added;

	if (!db_exec(m->db, SQL_SENDING_LOCK, PARAMS(TEXT(sent->email)),
		e) || !db_exec(m->db, SQL_SENDING_COUNT, PARAMS(
		TEXT(sent->email), NUMBER(sent->recipients),
		NUMBER(sent->limit), NUMBER(sent->recipients),
		TEXT(sent->email), NUMBER(sent->limit)), e))
		return false;
	added = db_affected(m->db);
	if (added == 0) {
		*action = over_limit(m->arena, sent);
		return db_exec(m->db, SQL_SENDING_NOTE,
		    PARAMS(TEXT(sent->email)), e);
	}
	/* A new slot: those that count no more go. */
	return added != 1 || db_exec(m->db, SQL_SENDING_PRUNE,
	    PARAMS(TEXT(sent->email)), e);
}

static bool
count_once(struct mail *m, const struct sent *sent, const char **action,
    struct err *e)
{
	if (!db_begin(m->db, e))
		return false;
	if (count(m, sent, action, e))
		return db_commit(m->db, e);
	db_rollback(m->db);
	return false;
}

static bool
count_certainly(struct mail *m, const struct sent *sent,
    const char **action, struct err *e)
{
	double until = clock_seconds() + SECONDS;

	for (int try = 1;; try++) {
		const char *found = SENDING_PASS;

		if (count_once(m, sent, &found, e)) {
			*action = found;
			return true;
		}
		if (e->code != ERR_RETRY || try == TRIES ||
		    clock_seconds() > until)
			return false;
		err_clear(e);
	}
}

/* A login that is no user of the tables has no limit. */
static bool
answer_data(struct mail *m, const struct request *r, const char **action,
    struct err *e)
{
	struct sent sent = { 0 };
	struct sql_number limit;
	bool found;

	*action = SENDING_PASS;
	if (*r->login == '\0')
		return true;
	if (!number_parse(r->recipients, &sent.recipients))
		return err_set(e, ERR_INVALID, "the request has no "
		    "recipient_count");
	if (!db_row(m->db, m->arena, SQL_SENDING_LIMIT,
	    PARAMS(TEXT(r->login)), &limit, &found, e))
		return false;
	sent.email = r->login;
	sent.limit = limit.number;
	return !found || sent.recipients == 0 ||
	    count_certainly(m, &sent, action, e);
}

/* --- aliases that not everybody may write to ------------------------------ */

/* Names by which an alias may be meant: its own, and without a +tag. */
struct meant {
	const char *domain;
	const char *local;
	const char *plain;
};

/*
 * Postfix gives the address as the client wrote it, and has looked it up in
 * lower case and without a dot at its end.  False: it is no address.
 */
static bool
meant_find(struct arena *a, const char *recipient, struct meant *meant)
{
	char *local = arena_strdup(a, recipient), *at = strrchr(local, '@');
	size_t len;

	if (at == NULL || at == local)
		return false;
	for (char *p = local; *p != '\0'; p++)
		*p = lower_char(*p);
	*at++ = '\0';
	len = strlen(at);
	if (len > 0 && at[len - 1] == '.')
		at[len - 1] = '\0';
	*meant = (struct meant){ at, local, local };
	if (strchr(local + 1, '+') != NULL)
		meant->plain = arena_strndup(a, local,
		    (size_t)(strchr(local + 1, '+') - local));
	return true;
}

/* May the user write to this alias? */
static bool
may_write(struct mail *m, const char *login, const struct sql_pair *alias,
    bool *may, struct err *e)
{
	const char *at = strchr(login, '@');
	int64_t reaches;

	*may = false;
	if (at == NULL)
		return true;
	if (strcmp(alias->other, "members") == 0) {
		if (!db_number(m->db, SQL_SENDING_REACHES,
		    PARAMS(TEXT(alias->name), TEXT(login)), &reaches, e))
			return false;
		*may = reaches > 0;
		return true;
	}
	*may = strcmp(alias->other, "users") == 0 ||
	    strcmp(at + 1, address_domain(alias->name)) == 0;
	return true;
}

static const char *
not_a_writer(const struct sql_pair *alias)
{
	return strcmp(alias->other, "members") == 0 ? REFUSED
	    "Only its members may write to this address" : REFUSED
	    "Only users of its domain may write to this address";
}

/* The rows of aliases that the recipient may mean, and who may write. */
static bool
rules_find(struct mail *m, const struct meant *meant, struct db_rows *rows,
    struct err *e)
{
	struct words target = { 0 };
	const char *of;

	if (!db_texts(m->db, m->arena, SQL_SENDING_TARGET,
	    PARAMS(TEXT(meant->domain)), &target, e))
		return false;
	of = target.count > 0 && target.word[0] != NULL ? target.word[0] :
	    meant->domain;
	return db_query(m->db, m->arena, SQL_SENDING_WRITERS, PARAMS(
	    TEXT(address_join(m->arena, meant->local, meant->domain)),
	    TEXT(address_join(m->arena, meant->plain, meant->domain)),
	    TEXT(address_join(m->arena, meant->local, of)),
	    TEXT(address_join(m->arena, meant->plain, of))), rows, e);
}

/*
 * Every rule that may be meant has to allow it.  Where there is none though
 * Postfix found one, it has just changed, or is written in a way that is not
 * known here: the mail waits.
 */
bool
sending_may_write(struct mail *m, const char *login, const char *recipient,
    const char **action, struct err *e)
{
	const struct sql_pair *alias;
	struct db_rows rows;
	struct meant meant;
	bool may = true;

	*action = WAIT;
	if (!meant_find(m->arena, recipient, &meant))
		return true;
	if (!rules_find(m, &meant, &rows, e))
		return false;
	alias = rows.row;
	for (size_t i = 0; may && i < rows.count; i++) {
		if (!may_write(m, login, &alias[i], &may, e))
			return false;
		*action = may ? SENDING_PASS : not_a_writer(&alias[i]);
	}
	return true;
}

/* The doctor asks for itself: can the database be read? */
static bool
answer_doctor(struct mail *m, const char **action, struct err *e)
{
	struct db_rows rows;
	int64_t limit;

	*action = "FAILED";
	if (!db_number(m->db, SQL_SENDING_LIMIT, PARAMS(TEXT("")), &limit,
		e) || !db_query(m->db, m->arena, SQL_SENDING_WRITERS, PARAMS(
		TEXT(""), TEXT(""), TEXT(""), TEXT("")), &rows, e))
		return false;
	*action = "OK";
	return true;
}

bool
sending_answer(struct mail *m, const struct request *r,
    const char **action, struct err *e)
{
	*action = SENDING_PASS;
	if (strcmp(r->kind, "mailadm_doctor") == 0)
		return answer_doctor(m, action, e);
	if (strcmp(r->kind, "smtpd_access_policy") != 0)
		return err_set(e, ERR_INVALID, "not a question of a policy: "
		    "request=%.60s", r->kind);
	if (strcmp(r->state, "DATA") == 0)
		return answer_data(m, r, action, e);
	return strcmp(r->state, "RCPT") != 0 ||
	    sending_may_write(m, r->login, r->recipient, action, e);
}
