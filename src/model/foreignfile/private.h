/* What the files of reading other systems' files share. */
#ifndef MODEL_FOREIGNFILE_PRIVATE_H
#define MODEL_FOREIGNFILE_PRIVATE_H

#include "base/nameset.h"
#include "base/vector.h"
#include "model/foreign/private.h"
#include "model/foreignfile/foreignfile.h"
#include "model/foreignfile/values.h"

/* --- what is collected --------------------------------------------------- */

/*
 * Rows of all kinds in the order of a file; their texts live as long as the
 * import.  Users and aliases may come before their domains there.
 */
struct collecting {
	struct importing *i;
	VECTOR(struct foreign_domain) domains;
	struct nameset domain_names;
	bool domains_listed;	/* by the file; or they are those of names */
	VECTOR(struct foreign_link) links;
	VECTOR(struct foreign_user) users;
	struct nameset user_names;	/* of collect_user() */
	VECTOR(struct foreign_alias) aliases;
	size_t standard_quotas;	/* users with the quota that all have there */
};

/* The domain of this name in any spelling, which may be new. */
void collect_domain(struct collecting *c, const char *name);

/* The domain of an address, unless the file lists its domains. */
void collect_domain_of(struct collecting *c, const char *address);

/*
 * A row of its own, of the file; the caller fills it in.  Texts are not
 * copied: they live in the arena of the import.
 */
struct foreign_domain *collect_domain_row(struct collecting *c,
    const char *name);
struct foreign_link *collect_link_row(struct collecting *c, const char *name,
    const char *target);
struct foreign_user *collect_user_row(struct collecting *c,
    const char *email);
struct foreign_alias *collect_alias_row(struct collecting *c,
    const char *mail, const char *destination);

/*
 * The user of this name in any spelling, who may be new, or NULL where they
 * must exist: for systems that have parts of one in several files, and no
 * collect_user_row().
 */
struct foreign_user *collect_user(struct collecting *c, const char *email);
struct foreign_user *collect_user_find(struct collecting *c,
    const char *email);

/* A row that has no place here, or with a value that is no such. */
void collect_lost(struct collecting *c, const char *kind, const char *name,
    const char *problem);
void collect_refused(struct collecting *c, const char *kind,
    const char *name, const char *problem);

/* Gives all of it to the import; what is collected is gone then. */
bool collect_end(struct collecting *c, struct err *e);
void collect_clear(struct collecting *c);

/* --- text files, line by line -------------------------------------------- */

/* What a line of the file says; blanks around it are gone. */
typedef void (*line_take)(struct collecting *c, const char *line);

struct text_file {
	const char *name;	/* NULL ends the list */
	line_take take;		/* NULL: another reader has it */
	bool continues;		/* a line that begins with a blank */
	bool lists_domains;
};

/* Reads those that exist; *any: at least one did. */
bool text_files_read(struct collecting *c, const struct text_file *files,
    bool *any, struct err *e);

/* Lines of Postfix's tables. */
void domain_line(struct collecting *c, const char *line);
void virtual_line(struct collecting *c, const char *line);
void mailbox_line(struct collecting *c, const char *line);
void pattern_line(struct collecting *c, const char *line);
void machine_alias_line(struct collecting *c, const char *line);
void relay_line(struct collecting *c, const char *line);
void relay_password_line(struct collecting *c, const char *line);
void send_access_line(struct collecting *c, const char *line);
void receive_access_line(struct collecting *c, const char *line);

/* Lines of Dovecot's files, and of those that docker-mailserver makes. */
void passwd_line(struct collecting *c, const char *line);
void account_line(struct collecting *c, const char *line);
void quota_line(struct collecting *c, const char *line);
void master_line(struct collecting *c, const char *line);

/* --- files of entries ----------------------------------------------------- */

/* A section of a file of YAML: a list of entries. */
struct yaml_section {
	const char *name;	/* NULL ends the list */
	const char *other_name;
	void (*take)(struct collecting *c, struct values *r);
	bool lists_domains;
};

/*
 * Reads all sections of options->path.  Others are listed; ERR_INVALID where
 * none is known, and with the position of what is no such YAML.
 */
bool yaml_sections_read(struct collecting *c,
    const struct yaml_section *sections, struct err *e);

/*
 * Gives each entry of a file of LDIF; names of attributes are in small
 * letters.  A value that is no text, too long or in another file is only
 * counted, as nested.
 */
typedef void (*ldif_take)(struct collecting *c, struct values *v, void *arg);
bool ldif_read(struct collecting *c, ldif_take take, void *arg,
    struct err *e);

/* An entry while it becomes a row. */
struct entry {
	struct collecting *c;
	struct values *r;
	const char *kind;	/* by which losses are listed */
	const char *name;
	bool refused;		/* a value is no such: there is no row */
};

/* A copy for the import; NULL for NULL. */
const char *entry_kept(const struct entry *t, const char *text);

/* The whole row, for the first reason; a part of it. */
void entry_refuse(struct entry *t, const char *problem);
void entry_lost(struct entry *t, const char *problem);

/* A value of the entry; the standard one where it has none. */
bool entry_flag(struct entry *t, const char *key, bool standard);
int64_t entry_number(struct entry *t, const char *key, int64_t standard);

/* Values that have no place here, unless they say what is standard. */
struct entry_loss {
	const char *key;	/* NULL ends the list */
	const char *standard;
	const char *words;
};

void entry_losses(struct entry *t, const struct entry_loss *losses);

/* Lists each field that nobody has asked for. */
void entry_rest(struct entry *t);

/* --- the readers ------------------------------------------------------ */

bool postfix_files_read(struct importing *i, struct err *e);
bool docker_read(struct importing *i, struct err *e);
bool mailu_read(struct importing *i, struct err *e);
bool modoboa_read(struct importing *i, struct err *e);
bool ldap_read(struct importing *i, struct err *e);

#endif
