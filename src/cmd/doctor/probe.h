/*
 * The account that "doctor --deliver" logs in with: its password lives as
 * long as the run.
 */
#ifndef CMD_DOCTOR_PROBE_H
#define CMD_DOCTOR_PROBE_H

#include "cmd/run/session.h"
#include "model/doctor/doctor.h"

struct probe {
	struct session *session;
	struct doctor_probe account;
	const char *hash;
	bool begun;		/* it has the password */
};

/*
 * The caller gives the session and the addresses that are asked for.  Asks
 * before it makes the account.  ERR_REFUSED after less than a minute, where
 * the account is a person's, and where `to` is an address of this server.  If
 * the database does not answer, the account says so, since the doctor has
 * more to say of that.
 */
bool probe_open(struct probe *p, const struct settings *set, struct err *e);

/* Takes the password away again. */
bool probe_close(struct probe *p, struct err *e);

#endif
