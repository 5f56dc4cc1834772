/*
 * mailadm setup: from installed packages to a mail in the inbox.
 *
 * One table of steps.  Each looks before it writes: what it would do is a line
 * of the plan, and where all is as it should be it does nothing.  So a run
 * that was killed is finished by the same command, and a second one changes
 * nothing.  What was brought to a server by a step (the grants, the
 * configuration) is remembered by checksums in SETUP_APPLIED.
 */
#ifndef CMD_SETUP_SETUP_H
#define CMD_SETUP_SETUP_H

#include "cmd/config/config.h"
#include "cmd/run/password_args.h"
#include "model/server/checksums.h"

#define SETUP_ALIASES "/etc/aliases"
#define SETUP_APPLIED "/var/lib/mailadm/applied"

struct setup_args {
	const char *host;
	const char *address;
	struct init_args init;
	const char *relayhost;
	bool replace;
	struct password_args password;
};

struct setup {
	struct session *s;
	struct setup_args args;
	struct arena *arena;		/* of the command */
	struct init_answer *answers;
	struct settings settings;	/* as they will be */
	const char *domain;		/* of the address; NULL: none is made */
	bool owns_certificate;		/* it is one that signs itself */
	bool adds_user;
	bool adds_postmaster;		/* else it may lead elsewhere */
	bool restarts;			/* and not only reloads */
	size_t changes;			/* steps that had something to do */
	struct checksums applied;
	/* With the settings and accounts as they are on disk now. */
	struct session inner;
	bool open;
};

struct setup_step {
	const char *name;
	/* *todo: a phrase of what is to be done; NULL: nothing. */
	bool (*look)(struct setup *setup, const char **todo, struct err *e);
	bool (*act)(struct setup *setup, struct err *e);
};

/* --- steps.c -------------------------------------------------------------- */

extern const struct setup_step setup_steps[];	/* ended by { 0 } */

/* --- open.c --------------------------------------------------------------- */

/* Opens setup->inner where it is not; it does not connect yet. */
bool setup_open(struct setup *setup, struct err *e);
void setup_close(struct setup *setup);

/* Connects it by the account of a command: "schema init", "user add". */
bool setup_connect(struct setup *setup, const char *command, struct err *e);

/* Runs another command in it, for its output. */
bool setup_command(struct setup *setup, const struct words *words,
    struct err *e);

/* Has the content of the file been applied?  One that is missing has not. */
bool setup_is_applied(struct setup *setup, const char *path);
bool setup_applied(struct setup *setup, const char *path, struct err *e);

/* --- files.c: what is written on this machine ----------------------------- */

bool look_settings(struct setup *setup, const char **todo, struct err *e);
bool act_settings(struct setup *setup, struct err *e);
bool look_certificate(struct setup *setup, const char **todo, struct err *e);
bool act_certificate(struct setup *setup, struct err *e);
bool look_owner(struct setup *setup, const char **todo, struct err *e);
bool act_owner(struct setup *setup, struct err *e);
bool look_aliases(struct setup *setup, const char **todo, struct err *e);
bool act_aliases(struct setup *setup, struct err *e);

/* --- configuration.c: of Postfix, Dovecot and the filter ------------------ */

bool look_relayhost(struct setup *setup, const char **todo, struct err *e);
bool act_relayhost(struct setup *setup, struct err *e);
bool look_configuration(struct setup *setup, const char **todo,
    struct err *e);
bool act_configuration(struct setup *setup, struct err *e);

/* What is on disk, by a look of Postfix and Dovecot.  ERR_IO, ERR_NOT_FOUND. */
bool configuration_accepted(struct setup *setup, struct err *e);

/* --- database.c: what is in the database ---------------------------------- */

bool look_database(struct setup *setup, const char **todo, struct err *e);
bool act_database(struct setup *setup, struct err *e);
bool look_schema(struct setup *setup, const char **todo, struct err *e);
bool act_schema(struct setup *setup, struct err *e);
bool look_grants(struct setup *setup, const char **todo, struct err *e);
bool act_grants(struct setup *setup, struct err *e);
bool look_people(struct setup *setup, const char **todo, struct err *e);
bool act_people(struct setup *setup, struct err *e);

/* --- servers.c: that they run, and deliver -------------------------------- */

bool look_services(struct setup *setup, const char **todo, struct err *e);
bool act_services(struct setup *setup, struct err *e);
bool look_proof(struct setup *setup, const char **todo, struct err *e);
bool act_proof(struct setup *setup, struct err *e);

#endif
