/*
 * Homes: where the mail of a new user is to be.
 *
 * A trigger gives each new user a home that nobody had before, so that old
 * mail never appears to a new person of the same name.  To take over the
 * mail of a former user is a decision of its own: where a name had several
 * users, each left a home, and only a person knows whose mail is whose.
 */
#ifndef MODEL_MAIL_HOME_H
#define MODEL_MAIL_HOME_H

#include "model/mail/mail.h"

struct home_question {
	const char *email;
	const char *usual;	/* DOMAIN/LOCALPART */
	const char *asked;	/* the home to take over; or NULL */
	const struct user_probe *probe;
};

/*
 * The home of a former user of this name: the one that is `asked` for, or, for
 * NULL, the only one.  ERR_REFUSED with a list of them when several are free,
 * or when nobody knows who had the mail last.  A name that never had a user
 * gets the usual home: mail may have been copied there.
 */
bool home_reuse(struct mail *m, const struct home_question *q,
    const char **home, struct err *e);

/*
 * Notes where the mail of former users of this name is; holder: the user who
 * has the usual home, or NULL.
 */
bool home_note(struct mail *m, const char *email, const char *usual,
    const char *holder, struct err *e);

#endif
