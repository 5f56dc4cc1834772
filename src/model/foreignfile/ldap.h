/* What the files of reading mail users of a directory share. */
#ifndef MODEL_FOREIGNFILE_LDAP_H
#define MODEL_FOREIGNFILE_LDAP_H

#include "model/foreignfile/private.h"

/* The attribute has the value, in any case; or objectClass one of them. */
bool ldap_has(struct values *v, const char *name, const char *word);
bool ldap_is_a(struct values *v, const char *const *classes);

/* The first of these attributes that has a value, or NULL. */
const char *ldap_first(struct values *v, const char *const *names);

#define LDAP_FIRST(v, ...)						\
    ldap_first(v, (const char *const []){ __VA_ARGS__, NULL })

enum ldap_state { LDAP_ON, LDAP_OFF, LDAP_NO_LOGIN };

/* Its state, by the attribute of any schema. */
enum ldap_state ldap_state(struct entry *t);

/* The quota in bytes; the home, NULL: nothing says it. */
int64_t ldap_quota(struct entry *t);
const char *ldap_home(struct entry *t);

void ldap_user_take(struct entry *t);

/* Its other names, as aliases. */
void ldap_names_take(struct entry *t, bool active);

/* Where it forwards to, but for *itself. */
const char *ldap_forwards(struct entry *t, bool *itself);

/* The groups that it is in: how many. */
size_t ldap_groups_take(struct entry *t);

#endif
