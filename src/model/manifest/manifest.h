/*
 * The desired state: what a manifest says about domains, users, aliases, and
 * about the names, blocks and ways that belong to them.
 *
 *	domains:
 *	  example.org: {quota: 2G, max_users: 100}
 *	  branch.example: {relay_to: mail.branch.example}
 *	users:
 *	  anna@example.org: {name: Anna, generate: true}
 *	aliases:
 *	  info@example.org: {destination: [anna@example.org]}
 *	recipients:
 *	  bo@branch.example: {note: from their list}
 *	blocks:
 *	  sold@example.org: {}
 *	relays:
 *	  smart: {host: mail.example.net, login: us}
 *
 * Maps keyed by name, with values named like the columns.  An attribute that
 * is not given keeps its value, an object that is not named stays as it is;
 * "absent: true" removes it.  JSON lines as export writes them are read as
 * well: {"user": "anna@example.org", ...}.  Names are stored in canonical
 * form.  Reading goes on after an error in a value, so that all errors of a
 * file are reported at once; each has its position.
 */
#ifndef MODEL_MANIFEST_MANIFEST_H
#define MODEL_MANIFEST_MANIFEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/field.h"
#include "base/vector.h"
#include "base/words.h"
#include "db/columns.h"

enum manifest_kind {
	MANIFEST_DOMAIN,
	MANIFEST_USER,
	MANIFEST_ALIAS,
	MANIFEST_RECIPIENT,	/* a name of a relay domain */
	MANIFEST_BLOCK,		/* an address that is refused */
	MANIFEST_RELAY,		/* a way out, without its password */
	MANIFEST_KINDS
};

/* Kinds of what is in a domain: from the first to before the last. */
#define MANIFEST_IN_DOMAIN MANIFEST_USER
#define MANIFEST_IN_DOMAIN_END MANIFEST_RELAY

/* "domain", "user", "alias", ...; NULL-terminated. */
extern const char *const manifest_kind_names[];

/* "domains", "users", ..., as a manifest has them; NULL-terminated. */
extern const char *const manifest_section_names[];

/* A position in a file; column 0: the whole line. */
struct file_position {
	const char *file;
	uint32_t line;
	uint32_t column;
};

/* Larger positions are shown as these numbers. */
static inline struct file_position
file_position_at(const char *file, size_t line, size_t column)
{
	return (struct file_position){ file, (uint32_t)line, (uint32_t)column };
}

/* What all objects have; the first member of each. */
struct desired {
	const char *name;
	struct file_position position;
	uint32_t given;		/* bits, by the order of the attributes */
	uint8_t kind;		/* enum manifest_kind */
	bool absent;
	bool faulty;		/* there is a complaint about it */
};

struct desired_domain {
	struct desired is;
	DOMAIN_VALUES(COLUMN_MEMBER_WIDE,)
	bool active;
	DOMAIN_VALUES(COLUMN_MEMBER_FLAG,)
};

/* What only few users have: it takes no memory for the others. */
struct desired_more {
	const char *password_file;	/* as a path from here */
	struct words send_as;		/* addresses and @DOMAINs, sorted */
	struct words send_as_expires;	/* "ADDRESS TIME" of them, sorted */
};

/* Ordered by size to save memory: there may be a million. */
struct desired_user {
	struct desired is;
	USER_VALUES(COLUMN_MEMBER_WIDE,)
	const char *home;
	const char *hash;
	struct desired_more *more;	/* NULL: none of it */
	bool active;
	bool generate;
	USER_VALUES(COLUMN_MEMBER_FLAG,)
};

/* No name is in both lists. */
struct desired_alias {
	struct desired is;
	struct words destination;	/* active rows, sorted */
	struct words inactive;		/* disabled ones, sorted */
	struct words expires;		/* "ADDRESS TIME" of these, sorted */
	ALIAS_VALUES(COLUMN_MEMBER,)
};

struct desired_recipient {
	struct desired is;
	RECIPIENT_VALUES(COLUMN_MEMBER,)
};

struct desired_block {
	struct desired is;
	const char *note;
};

struct desired_relay {
	struct desired is;
	RELAY_VALUES(COLUMN_MEMBER,)
	bool has_password;	/* as it is: no manifest says that */
};

/*
 * The object of a kind that a struct desired begins, NULL for NULL; to take
 * an alias for a user is a bug.
 */
#define DESIRED_AS(name, kind_is)					\
static inline const struct name *					\
name##_const(const struct desired *w)					\
{									\
	BUG_ON(w != NULL && w->kind != (kind_is));			\
	return (const void *)w;						\
}									\
static inline struct name *						\
name##_mutable(struct desired *w)					\
{									\
	BUG_ON(w != NULL && w->kind != (kind_is));			\
	return (void *)w;						\
}

DESIRED_AS(desired_domain, MANIFEST_DOMAIN)
DESIRED_AS(desired_user, MANIFEST_USER)
DESIRED_AS(desired_alias, MANIFEST_ALIAS)
DESIRED_AS(desired_recipient, MANIFEST_RECIPIENT)
DESIRED_AS(desired_block, MANIFEST_BLOCK)
DESIRED_AS(desired_relay, MANIFEST_RELAY)

#define DESIRED_OF(name, w) _Generic((w),				\
    struct desired *: name##_mutable,					\
    const struct desired *: name##_const)(w)
#define desired_domain(w) DESIRED_OF(desired_domain, w)
#define desired_user(w) DESIRED_OF(desired_user, w)
#define desired_alias(w) DESIRED_OF(desired_alias, w)
#define desired_recipient(w) DESIRED_OF(desired_recipient, w)
#define desired_block(w) DESIRED_OF(desired_block, w)
#define desired_relay(w) DESIRED_OF(desired_relay, w)

/* One row an attribute: reading, comparing, printing and export use it. */
enum attribute_type {
	ATTRIBUTE_FLAG,			/* true, false */
	ATTRIBUTE_RIGHT,		/* likewise; exported where false */
	ATTRIBUTE_TEXT,
	ATTRIBUTE_DOMAIN,		/* or none */
	ATTRIBUTE_ADDRESS,		/* or none */
	ATTRIBUTE_WORD,			/* or none */
	ATTRIBUTE_TIME,			/* or none */
	ATTRIBUTE_SIZE,			/* or none */
	ATTRIBUTE_QUOTA,		/* of a user: or none, default */
	ATTRIBUTE_LIMIT,		/* a count, or none */
	ATTRIBUTE_RATE,			/* in an hour, or none */
	ATTRIBUTE_USER_RATE,		/* or none, default */
	ATTRIBUTE_HOME,
	ATTRIBUTE_HASH,			/* never printed */
	ATTRIBUTE_FILE,
	ATTRIBUTE_GENERATE,
	ATTRIBUTE_LIST,			/* of addresses */
	ATTRIBUTE_SEND_AS,		/* likewise, and @DOMAIN; exported
					   where there are any, not in CSV */
	ATTRIBUTE_EXPIRES		/* "ADDRESS TIME" of another list */
};

struct attribute {
	const char *name;	/* NULL ends the array */
	enum attribute_type type;
	size_t offset;		/* in the struct desired_... */
	bool more;		/* offset is into struct desired_more */
};

/* A list of several values. */
static inline bool
attribute_is_list(const struct attribute *a)
{
	return a->type == ATTRIBUTE_LIST || a->type == ATTRIBUTE_SEND_AS ||
	    a->type == ATTRIBUTE_EXPIRES;
}

extern const struct attribute *const manifest_attributes[MANIFEST_KINDS];

/* The bit of an attribute; it must be there. */
uint32_t attribute_bit(enum manifest_kind kind, const char *name);

/* The bit of an attribute of this object's kind. */
static inline uint32_t
desired_bit(const struct desired *w, const struct attribute *a)
{
	return UINT32_C(1) << (a - manifest_attributes[w->kind]);
}

static inline bool
desired_has(const struct desired *w, uint32_t bit)
{
	return (w->given & bit) != 0;
}

/* Where an object has an attribute: to read it, and to write it. */
const void *desired_slot(const struct desired *w, const struct attribute *a);
void *desired_slot_make(struct arena *arena, struct desired *w,
    const struct attribute *a);

/* The lists of send_as, empty for NULL; the file of the password, or NULL. */
const struct words *desired_send_as(const struct desired_user *w);
const struct words *desired_send_as_expires(const struct desired_user *w);
const char *desired_password_file(const struct desired_user *w);

/* An error in a file. */
struct complaint {
	struct file_position position;
	const char *text;
	const char *hint;
};

/* All objects of a kind; manifest_sizes[] is the size of one. */
struct desired_objects {
	void *item;
	size_t count;
	size_t room;
};

struct manifest {
	struct arena *arena;
	struct arena scratch;	/* of what is needed for a moment */
	struct desired_objects objects[MANIFEST_KINDS];	/* sorted by name */
	bool spoken[MANIFEST_KINDS];	/* it has the section, perhaps empty */
	VECTOR(struct complaint) complaints;
};

extern const size_t manifest_sizes[MANIFEST_KINDS];

/* Number i of a kind; the number of an object; how many there are. */
struct desired *manifest_at(const struct manifest *m, enum manifest_kind kind,
    size_t i);
size_t manifest_index(const struct manifest *m, const struct desired *w);
size_t manifest_count(const struct manifest *m, enum manifest_kind kind);

/* By name, or NULL.  After manifest_sort(). */
struct desired *manifest_find(const struct manifest *m,
    enum manifest_kind kind, const char *name);

/*
 * Adds the objects of a file; "-" is standard input.  True, perhaps with
 * complaints, if the file could be read.
 */
bool manifest_read(struct manifest *m, const char *path, struct err *e);

/* The same of a file that is open, from its beginning. */
bool manifest_read_fd(struct manifest *m, int fd, const char *name,
    struct err *e);

/* Adds an object, zeroed but for name and position. */
struct desired *manifest_add(struct manifest *m, enum manifest_kind kind,
    const char *name, const struct file_position *position);

/*
 * Sets an attribute from text; `plain`: unquoted, so that null is none.  The
 * error is what is wrong with the text; ERR_EXISTS: it is in the list already.
 */
bool manifest_set(struct manifest *m, struct desired *w,
    const struct attribute *attribute, const char *text, bool plain,
    struct err *e);

/*
 * The same for a file that may have passwords: what is not valid is not in
 * the error, since it may be one in a wrong place.
 */
bool manifest_set_hidden(struct manifest *m, struct desired *w,
    const struct attribute *attribute, const char *text, bool plain,
    struct err *e);

/* A date, or none; the same words as in a manifest. */
bool manifest_time(const char *text, int64_t *time, struct err *e);

void manifest_complain(struct manifest *m, const struct file_position *position,
    struct err *e);

/* Sorts by name; a name that occurs twice is a complaint. */
void manifest_sort(struct manifest *m);

/* Sorts the complaints by their positions. */
void manifest_sort_complaints(struct manifest *m);

void manifest_clear(struct manifest *m);

#endif
