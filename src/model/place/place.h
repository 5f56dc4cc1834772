/*
 * Where a setting of Postfix or Dovecot stands: the file and the line.
 *
 * The servers say what a setting is worth, but not where it is written.  So
 * main.cf, master.cf, dovecot.conf and what that includes are read as text.
 * Nothing here is a judge of a value: a place that is not found is unknown.
 */
#ifndef MODEL_PLACE_PLACE_H
#define MODEL_PLACE_PLACE_H

#include "file/cf.h"
#include "file/dovecot.h"

/* All in the arena of places_read(). */
struct place {
	const char *file;	/* NULL: unknown */
	size_t line;		/* from 1; 0: unknown, or none */
};

/* A file of Dovecot, in the order of reading. */
struct place_source {
	const char *path;
	const struct dovecot_block *root;
};

struct places {
	struct arena *arena;
	const char *main_file;
	const char *master_file;
	struct cf main;
	struct cf master;	/* "smtp/inet", "smtp/inet/NAME": one word */
	struct place_source *source;
	size_t sources;
};

/* Files that cannot be read are left out. */
void places_read(struct arena *a, const char *postfix_dir,
    const char *dovecot_conf, struct places *places);

/*
 * A setting of one service, where master.cf overrides it, else of main.cf;
 * service: "smtp/inet", or NULL.  False: neither file sets it.
 */
bool place_postfix(const struct places *p, const char *service,
    const char *setting, struct place *place);

/* The line of master.cf that begins the service. */
bool place_service(const struct places *p, const char *service,
    struct place *place);

/* The setting of main.cf whose value holds the text; NULL: none does. */
const char *place_holder(const struct places *p, const char *text,
    struct place *place);

/*
 * A setting of Dovecot, anywhere or in a block of that type and name (NULL:
 * any); without a setting the block itself.  The last one counts.
 */
bool place_dovecot(const struct places *p, const char *type,
    const char *name, const char *setting, struct place *place);

/* The line of a file of settings; 0: it is not there. */
size_t place_in_file(struct arena *a, const char *file,
    enum cf_syntax syntax, const char *setting);

/* The first line that is no comment and holds the text; 0: none. */
size_t place_of_text(struct arena *a, const char *file, const char *text);

/* The services of a master.cf, and what -o sets, as above. */
void place_master_parse(struct arena *a, const char *text, struct cf *cf);

#endif
