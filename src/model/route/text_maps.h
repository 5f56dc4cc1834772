/*
 * Postfix's maps and Dovecot's users as text: for when the database is away.
 *
 * The files say what the shipped sql_*.cf and mailadm-sql.conf.ext say, with
 * the names that exist now.  virtual_alias_maps holds the first answer of
 * the three maps of that setting, so one file stands for them.  The names of
 * an alias domain are those of its target, written out; where the target has
 * a catch-all, "@aka @target" stands for the rest.
 *
 *	virtual_mailbox_domains
 *	virtual_mailbox_maps
 *	virtual_alias_maps
 *	recipient_access	of smtpd_recipient_restrictions
 *	transport		transport_maps
 *
 * What has expired counts as disabled; what expires later is in them until
 * they are written again.
 *
 * The passwd-file has hashes: it is for its owner only, and for the group
 * of its directory where that is setgid.
 */
#ifndef MODEL_ROUTE_TEXT_MAPS_H
#define MODEL_ROUTE_TEXT_MAPS_H

#include "model/mail/mail.h"

struct text_maps_options {
	const char *postfix;		/* the directory of the maps; or NULL */
	const char *dovecot;		/* the passwd-file; or NULL */
	const char *mail_base;		/* what homes are relative to */
};

#define TEXT_MAPS_BASE "/var/vmail"

/*
 * Writes the files that have changed; *written lists them.  Reads in one
 * snapshot, or in the transaction that is open.
 */
bool text_maps_write(struct mail *m, const struct text_maps_options *options,
    struct words *written, struct err *e);

#endif
