/*
 * Text maps: the answers of all lookups of Postfix and Dovecot, for every
 * name.
 *
 * The files must answer as the SQL maps do, but a text map has no conditions
 * and no joins.  So all tables are read once, in one snapshot: domains first,
 * then users, then aliases, each sorted.  A nameset keeps what later lines
 * need to know of earlier names (does the user get mail, has the name an
 * alias), some bytes for each, so a million users fit into memory.
 *
 * virtual_alias_maps is three SQL maps that are asked in order; the file holds
 * the first answer of the three, computed here.  Names in an alias domain are
 * written out, because a text map cannot say "the same name in the target".  A
 * name that is in use gets a line even if it leads nowhere but to itself:
 * Postfix would ask the next map, and a catch-all would get the mail.
 */
#include "model/route/text_maps.h"

#include <string.h>
#include <sys/stat.h>

#include "base/sentence.h"
#include "file/write.h"
#include "model/address.h"
#include "model/mail/block.h"
#include "model/mail/postfix_maps.h"
#include "model/manifest/state.h"
#include "model/route/text_names.h"

#define UNKNOWN MAPS_UNKNOWN

struct maps {
	struct mail *m;
	const struct text_maps_options *options;
	struct text_names names;
	struct nameset blocked;
	VECTOR(bool) blocks_written;	/* of each of them */
	struct text mailbox_domains, mailboxes, alias_maps, access, passwd;
	struct text transports;
	int64_t unwritable;	/* users that no passwd-file can hold */
	int64_t comments;	/* lines that no map can hold */
};

/* --- lines ----------------------------------------------------------- */

/*
 * A line that begins with # is a comment.  Quotes do not help: Postfix 3.7
 * makes them a part of the key.
 */
static void
line_add(struct maps *t, struct text *file, const char *key,
    const char *value)
{
	if (*key == '#')
		t->comments++;
	else
		text_addf(file, "%s\t%s\n", key, value);
}

static uint32_t
block_find(const struct maps *t, const char *key)
{
	return nameset_find(&t->blocked, key, strlen(key));
}

/*
 * If no line answers, Postfix asks the next map, which is the database.  So
 * names that are in use get a line, too, also that of transport_maps: a colon
 * is the usual way, see transport(5).
 */
static void
access_add(struct maps *t, const char *key, const struct text_domain *d,
    const char *answer)
{
	struct arena a = { 0 };
	const char *untagged = address_untagged(&a, key);
	uint32_t block = block_find(t, key);

	if (block != NAME_NONE)
		t->blocks_written.item[block] = true;
	if (block != NAME_NONE || !d->ours || (untagged != NULL &&
	    block_find(t, untagged) != NAME_NONE))
		answer = UNKNOWN;
	line_add(t, &t->access, key, answer);
	line_add(t, &t->transports, key, d->transport ? d->transport : ":");
	arena_clear(&a);
}

/* The same name in the alias domains of its own, unless they have one. */
static void
alias_domains_add(struct maps *t, const struct text_domain *d, const char *name,
    const char *answer)
{
	struct arena a = { 0 };
	const char *local = address_local(&a, name);

	for (size_t i = 0; i < d->aliases.count; i++) {
		const char *key = address_join(&a, local,
		    d->aliases.word[i]);
		const struct text_domain *aka = text_domain_find(&t->names,
		    d->aliases.word[i]);

		if (text_alias_find(&t->names, key) != NULL)
			continue;
		if (aka->ours)
			line_add(t, &t->alias_maps, key, name);
		access_add(t, key, aka, answer);
	}
	arena_clear(&a);
}

static void
name_add(struct maps *t, const char *name, const char *answer)
{
	const struct text_domain *d = text_domain_find(&t->names,
	    address_domain(name));

	access_add(t, name, d, answer);
	alias_domains_add(t, d, name, answer);
}

/* The lines of a catch-all, in its domain and its alias domains. */
static void
catchall_add(struct maps *t, const char *name)
{
	const struct text_domain *d = text_domain_find(&t->names, name + 1);

	for (size_t i = 0; i < d->aliases.count; i++) {
		const struct text_domain *aka = text_domain_find(&t->names,
		    d->aliases.word[i]);
		const char *key = address_join(t->m->arena, "", aka->name);

		if (aka->ours && text_alias_find(&t->names, key) == NULL)
			line_add(t, &t->alias_maps, key, name);
	}
}

/* A user who gets no mail, and no alias leads on from there. */
static bool
is_off(struct maps *t, const char *address)
{
	const struct text_names *names = &t->names;
	struct arena a = { 0 };
	const char *email = address_untagged(&a, address);
	const struct text_alias *own = text_alias_find(names, address), *plain;
	bool off;

	if (email == NULL)
		email = address;
	plain = text_alias_find(names, email);
	off = text_user_exists(names, email) &&
	    !(text_user_receives(names, email) && text_domain_find(&t->names,
		address_domain(email))->active) &&
	    !(own != NULL && own->leads) && !(plain != NULL && plain->leads);
	arena_clear(&a);
	return off;
}

static void
answer_word(struct text *answer, const char *address)
{
	if (address != NULL)
		text_addf(answer, "%s%s", answer->len > 0 ? ", " : "",
		    address);
}

/*
 * Where it leads.  What only keeps a copy counts while the user gets mail,
 * and so does what leads to another user.
 */
static void
answer_add(struct maps *t, const struct desired_alias *w, struct text *answer)
{
	const char *name = w->is.name;
	struct arena a = { 0 };
	const struct words to = text_destinations(&t->names, &a, w);

	for (size_t i = 0; i < to.count && text_domain_find(&t->names,
	    address_domain(name))->ours; i++) {
		bool own = strcmp(to.word[i], name) == 0;

		if (own ? text_user_receives(&t->names, name) :
		    !is_off(t, to.word[i]))
			answer_word(answer, to.word[i]);
		if (own && text_user_receives(&t->names, name))
			answer_word(answer, text_user_archive(&t->names,
			    name));
	}
	arena_clear(&a);
}

static bool
alias_write_line(void *arg, const struct desired *w, struct err *e)
{
	struct maps *t = arg;
	const struct text_alias *alias = text_alias_find(&t->names, w->name);
	bool catchall = address_is_catchall(w->name);
	struct text answer = TEXT_INIT;

	(void)e;
	/* Inside a transaction it may have been added in the meantime. */
	if (alias == NULL)
		return true;
	/*
	 * No line says what a pattern means among the names of a text map, and
	 * a map of patterns would take the mail of names that are newer.
	 */
	if (address_is_pattern(w->name))
		return true;
	answer_add(t, desired_alias(w), &answer);
	/*
	 * A name without an alias leads to itself, so that no catch-all gets
	 * its mail.
	 */
	if (answer.len == 0 && !catchall) {
		answer_word(&answer, w->name);
		answer_word(&answer, text_user_archive(&t->names, w->name));
	}
	if (answer.len > 0)
		line_add(t, &t->alias_maps, w->name, answer.buf);
	text_clear(&answer);
	if (!catchall)
		name_add(t, w->name, !text_name_takes(&t->names, w->name) ?
		    UNKNOWN : desired_alias(w)->writers != NULL ?
		    MAPS_INTERNAL_ONLY : MAPS_TAKEN);
	else if (alias->active)
		catchall_add(t, w->name);
	return true;
}

/* --- Dovecot --------------------------------------------------------- */

static bool
fits_passwd(const char *text)
{
	return strpbrk(text, ":\r\n") == NULL;
}

/*
 * user:password:uid:gid:gecos:home:shell:extra.  A bare hash gets a label,
 * and "!" too: an empty or unlabelled field might let somebody in.  A line
 * is for every service, so who may not use one of them has none: the
 * database decides.
 */
static void
passwd_add(struct maps *t, const struct desired_user *u,
    const struct text_domain *d)
{
	int64_t quota = u->quota != FIELD_NULL ? u->quota : d->quota;

	if (!fits_passwd(u->hash) || !fits_passwd(u->home) ||
	    *u->hash == '\0') {
		t->unwritable++;
		return;
	}
	text_addf(&t->passwd, "%s:%s%s::::%s/%s::", u->is.name,
	    *u->hash == '{' ? "" : "{CRYPT}", u->hash,
	    t->options->mail_base, u->home);
	if (quota != FIELD_NULL)
		text_addf(&t->passwd, "userdb_quota_rule=*:bytes=%lld",
		    quota == QUOTA_NONE ? 0LL : (long long)quota);
	text_add_char(&t->passwd, '\n');
}

static bool
user_write_line(void *arg, const struct desired *w, struct err *e)
{
	const struct desired_user *u = desired_user(w);
	struct maps *t = arg;
	const struct text_domain *d = text_domain_find(&t->names,
	    address_domain(w->name));
	bool active = text_user_active(&t->names, u);
	struct text answer = TEXT_INIT;

	(void)e;
	if (text_alias_find(&t->names, w->name) == NULL) {
		answer_word(&answer, w->name);
		answer_word(&answer, text_user_archive(&t->names, w->name));
		line_add(t, &t->alias_maps, w->name, answer.buf);
		text_clear(&answer);
		name_add(t, w->name, active && u->may_receive ?
		    MAPS_TAKEN : UNKNOWN);
	}
	if (!active || !d->active)
		return true;
	if (u->may_receive)
		line_add(t, &t->mailboxes, w->name, w->name);
	if (u->may_login && u->may_send && u->may_receive)
		passwd_add(t, u, d);
	return true;
}

/* --- files ----------------------------------------------------------- */

static void
block_keep(struct maps *t, const char *address)
{
	uint32_t count = t->blocked.count;

	nameset_add(&t->blocked, address, strlen(address));
	if (t->blocked.count > count)
		*VECTOR_ADD(&t->blocks_written) = false;
}

/* In the alias domains, too. */
static bool
block_read(void *arg, const void *row, struct err *e)
{
	const char *address = ((const struct blocked *)row)->address;
	struct maps *t = arg;
	const struct text_domain *d = text_domain_find(&t->names,
	    address_domain(address));
	struct arena a = { 0 };

	(void)e;
	block_keep(t, address);
	for (size_t i = 0; i < d->aliases.count; i++)
		block_keep(t, address_join(&a, address_local(&a, address),
		    d->aliases.word[i]));
	arena_clear(&a);
	return true;
}

/* Those that nobody has. */
static void
blocks_write(struct maps *t)
{
	for (uint32_t i = 0; i < t->blocked.count; i++) {
		const char *name = nameset_text(&t->blocked, i);

		if (t->blocks_written.item[i])
			continue;
		line_add(t, &t->access, name, UNKNOWN);
		line_add(t, &t->transports, name, ":");
	}
}

static bool
render(struct maps *t, struct err *e)
{
	for (size_t i = 0; i < t->names.domains.count; i++) {
		const struct text_domain *d = &t->names.domains.item[i];

		if (d->ours && !d->relayed)
			line_add(t, &t->mailbox_domains, d->name, d->name);
	}
	if (!block_list(t->m, &(struct list_filter){ 0 }, block_read, t, e) ||
	    !state_all(t->m, MANIFEST_ALIAS, NULL, alias_write_line, t, e) ||
	    !state_all(t->m, MANIFEST_USER, NULL, user_write_line, t, e))
		return false;
	blocks_write(t);
	return true;
}

static bool
file_put(struct maps *t, const char *path, const struct text *content,
    mode_t mode, struct words *written, struct err *e)
{
	bool changed;

	if (!file_replace_changed(path, content->buf, content->len, mode,
	    &changed, e))
		return false;
	if (changed)
		words_add(t->m->arena, written, path);
	return true;
}

static bool
maps_put(struct maps *t, struct words *written, struct err *e)
{
	const struct {
		const char *name;
		const struct text *content;
	} files[] = {
		{ "virtual_mailbox_domains", &t->mailbox_domains },
		{ "virtual_mailbox_maps", &t->mailboxes },
		{ "virtual_alias_maps", &t->alias_maps },
		{ "recipient_access", &t->access },
		{ "transport", &t->transports },
	};

	if (t->comments > 0)
		mail_note(t->m, "names that begin with # are left out: "
		    "Postfix would take their lines for comments");
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		const char *path = arena_printf(t->m->arena, "%s/%s",
		    t->options->postfix, files[i].name);

		if (!file_put(t, path, files[i].content, 0640, written, e))
			return false;
	}
	return true;
}

/* A setgid directory: its group was chosen for these files. */
static mode_t
passwd_mode(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct stat st;

	if (stat(slash != NULL ? arena_strndup(a, path,
	    (size_t)(slash - path) + 1) : ".", &st) != 0)
		return 0600;
	return st.st_mode & S_ISGID ? 0640 : 0600;
}

static bool
passwd_put(struct maps *t, struct words *written, struct err *e)
{
	const char *path = t->options->dovecot;

	if (t->unwritable > 0)
		mail_note(t->m, "%s left out of %s: a colon in the hash or "
		    "home", sentence_number(t->m->arena, t->unwritable,
		    "user is", "users are"), path);
	return file_put(t, path, &t->passwd, passwd_mode(t->m->arena, path),
	    written, e);
}

static void
maps_clear(struct maps *t)
{
	text_names_clear(&t->names);
	nameset_clear(&t->blocked);
	VECTOR_CLEAR(&t->blocks_written);
	text_clear(&t->mailbox_domains);
	text_clear(&t->mailboxes);
	text_clear(&t->alias_maps);
	text_clear(&t->access);
	text_clear(&t->passwd);
	text_clear(&t->transports);
}

bool
text_maps_write(struct mail *m, const struct text_maps_options *options,
    struct words *written, struct err *e)
{
	bool own = !db_in_transaction(m->db), ok;
	struct maps t = { .m = m, .options = options, .names = { .m = m },
	    .mailbox_domains = TEXT_INIT, .mailboxes = TEXT_INIT,
	    .alias_maps = TEXT_INIT, .access = TEXT_INIT,
	    .passwd = TEXT_INIT, .transports = TEXT_INIT };

	*written = (struct words){ 0 };
	if (own && !db_snapshot(m->db, e))
		return false;
	ok = text_names_read(&t.names, e) && render(&t, e);
	if (own)
		db_rollback(m->db);
	ok = ok && (options->postfix == NULL || maps_put(&t, written, e)) &&
	    (options->dovecot == NULL || passwd_put(&t, written, e));
	maps_clear(&t);
	return ok;
}
