/* Text maps: the lookups of postfix/ and dovecot/ for every name at once. */
#include "model/route/text_maps.h"

#include <string.h>
#include <sys/stat.h>

#include "base/nameset.h"
#include "base/sentence.h"
#include "base/vector.h"
#include "file/write.h"
#include "model/address.h"
#include "model/password/password.h"
#include "model/manifest/state.h"

#define UNKNOWN "550 5.1.1 User unknown"

struct map_domain {
	const char *name;
	const char *alias_of;
	bool active;
	bool ours;		/* it and its target are active */
	int64_t quota;
	struct words aliases;	/* the alias domains of this one */
};

/* By number in the namesets. */
struct map_user {
	bool receives;
};

struct map_alias {
	bool active;		/* any row */
	bool leads;		/* an active row to another address */
};

struct maps {
	struct mail *m;
	const struct text_maps_options *options;
	struct nameset domain_names, user_names, alias_names;
	VECTOR(struct map_domain) domains;
	VECTOR(struct map_user) users;
	VECTOR(struct map_alias) aliases;
	struct text mailbox_domains, mailboxes, alias_maps, access, passwd;
	int64_t unwritable;	/* users that no passwd-file can hold */
	int64_t comments;	/* lines that no map can hold */
	struct map_domain nowhere;	/* neither ours nor active */
};

/* --- what there is --------------------------------------------------- */

/* A row without its domain can only be one of checks that were off. */
static struct map_domain *
domain_find_named(struct maps *t, const char *name)
{
	uint32_t n = nameset_find(&t->domain_names, name, strlen(name));

	return n == NAME_NONE ? &t->nowhere : &t->domains.item[n];
}

static const struct map_alias *
alias_find(const struct maps *t, const char *name)
{
	uint32_t n = nameset_find(&t->alias_names, name, strlen(name));

	return n == NAME_NONE ? NULL : &t->aliases.item[n];
}

static bool
user_receives(const struct maps *t, const char *name)
{
	uint32_t n = nameset_find(&t->user_names, name, strlen(name));

	return n != NAME_NONE && t->users.item[n].receives;
}

static bool
domain_collect(void *arg, const struct desired *w, struct err *e)
{
	const struct desired_domain *row = desired_domain(w);
	struct maps *t = arg;
	struct map_domain *d = VECTOR_ADD(&t->domains);

	(void)e;
	nameset_add(&t->domain_names, w->name, strlen(w->name));
	d->name = arena_strdup(t->m->arena, w->name);
	d->alias_of = row->alias_of ? arena_strdup(t->m->arena,
	    row->alias_of) : NULL;
	d->active = d->ours = row->active;
	d->quota = row->quota;
	return true;
}

static bool
user_collect(void *arg, const struct desired *w, struct err *e)
{
	const struct desired_user *row = desired_user(w);
	struct maps *t = arg;
	struct map_user *u = VECTOR_ADD(&t->users);

	(void)e;
	nameset_add(&t->user_names, w->name, strlen(w->name));
	u->receives = row->active && row->may_receive;
	return true;
}

static bool
alias_collect(void *arg, const struct desired *w, struct err *e)
{
	const struct desired_alias *row = desired_alias(w);
	struct maps *t = arg;
	struct map_alias *alias = VECTOR_ADD(&t->aliases);
	const struct words *to = &row->destination;

	(void)e;
	nameset_add(&t->alias_names, w->name, strlen(w->name));
	alias->active = to->count > 0;
	for (size_t i = 0; i < to->count; i++)
		alias->leads |= strcmp(to->word[i], w->name) != 0;
	return true;
}

static void
domains_link(struct maps *t)
{
	for (size_t i = 0; i < t->domains.count; i++) {
		struct map_domain *d = &t->domains.item[i], *target;

		target = d->alias_of ? domain_find_named(t, d->alias_of) :
		    NULL;
		if (target == NULL || target == &t->nowhere)
			continue;
		words_add(t->m->arena, &target->aliases, d->name);
		d->ours = d->active && target->active;
	}
}

static bool
collect(struct maps *t, struct err *e)
{
	if (!state_all(t->m, MANIFEST_DOMAIN, NULL, domain_collect, t, e) ||
	    !state_all(t->m, MANIFEST_USER, NULL, user_collect, t, e) ||
	    !state_all(t->m, MANIFEST_ALIAS, NULL, alias_collect, t, e))
		return false;
	domains_link(t);
	return true;
}

/* --- lines ----------------------------------------------------------- */

/*
 * At the start of a line # begins a comment.  Quotes do not help: Postfix
 * 3.7 takes them for a part of the key.
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

/*
 * Postfix goes on to the next map, the database, for what no line answers:
 * so what is in use gets a line, too.
 */
static void
access_add(struct maps *t, const char *key, const struct map_domain *d,
    bool in_use)
{
	line_add(t, &t->access, key, d->ours && in_use ? "DUNNO" : UNKNOWN);
}

/* The same name in the alias domains of its own, unless they have one. */
static void
twins_add(struct maps *t, const struct map_domain *d, const char *name,
    bool in_use)
{
	struct arena a = { 0 };
	const char *local = address_local(&a, name);

	for (size_t i = 0; i < d->aliases.count; i++) {
		const char *key = address_join(&a, local,
		    d->aliases.word[i]);
		const struct map_domain *aka = domain_find_named(t,
		    d->aliases.word[i]);

		if (alias_find(t, key) != NULL)
			continue;
		if (aka->ours)
			line_add(t, &t->alias_maps, key, name);
		access_add(t, key, aka, in_use);
	}
	arena_clear(&a);
}

static void
name_add(struct maps *t, const char *name, bool in_use)
{
	const struct map_domain *d = domain_find_named(t,
	    address_domain(name));

	access_add(t, name, d, in_use);
	twins_add(t, d, name, in_use);
}

/* What the catch-all of a domain takes in its alias domains. */
static void
catchall_add(struct maps *t, const char *name)
{
	const struct map_domain *d = domain_find_named(t, name + 1);

	for (size_t i = 0; i < d->aliases.count; i++) {
		const struct map_domain *aka = domain_find_named(t,
		    d->aliases.word[i]);
		const char *key = address_join(t->m->arena, "", aka->name);

		if (aka->ours && alias_find(t, key) == NULL)
			line_add(t, &t->alias_maps, key, name);
	}
}

/* Where it leads; what only keeps a copy counts while the user gets mail. */
static void
answer_add(struct maps *t, const struct desired_alias *w, struct text *answer)
{
	const char *name = w->is.name;
	const struct words *to = &w->destination;

	if (!domain_find_named(t, address_domain(name))->ours)
		return;
	for (size_t i = 0; i < to->count; i++) {
		if (strcmp(to->word[i], name) != 0 ||
		    user_receives(t, name))
			text_addf(answer, "%s%s", answer->len > 0 ? ", " :
			    "", to->word[i]);
	}
}

static bool
alias_write_line(void *arg, const struct desired *w, struct err *e)
{
	struct maps *t = arg;
	const struct map_alias *alias = alias_find(t, w->name);
	bool catchall = address_is_catchall(w->name);
	struct text answer = TEXT_INIT;

	(void)e;
	/* Inside a transaction it may have come in between. */
	if (alias == NULL)
		return true;
	answer_add(t, desired_alias(w), &answer);
	/* A name that leads nowhere is itself, so no catch-all gets it. */
	if (answer.len == 0 && !catchall)
		text_add(&answer, w->name);
	if (answer.len > 0)
		line_add(t, &t->alias_maps, w->name, answer.buf);
	text_clear(&answer);
	if (!catchall)
		name_add(t, w->name, alias->leads ||
		    user_receives(t, w->name));
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
    const struct map_domain *d)
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
	const struct map_domain *d = domain_find_named(t,
	    address_domain(w->name));

	(void)e;
	if (alias_find(t, w->name) == NULL) {
		line_add(t, &t->alias_maps, w->name, w->name);
		name_add(t, w->name, u->active && u->may_receive);
	}
	if (!u->active || !d->active)
		return true;
	if (u->may_receive)
		line_add(t, &t->mailboxes, w->name, w->name);
	if (u->may_login && u->may_send && u->may_receive)
		passwd_add(t, u, d);
	return true;
}

/* --- files ----------------------------------------------------------- */

static bool
render(struct maps *t, struct err *e)
{
	for (size_t i = 0; i < t->domains.count; i++) {
		const struct map_domain *d = &t->domains.item[i];

		if (d->ours)
			line_add(t, &t->mailbox_domains, d->name, d->name);
	}
	return state_all(t->m, MANIFEST_ALIAS, NULL, alias_write_line, t,
	    e) && state_all(t->m, MANIFEST_USER, NULL, user_write_line, t,
	    e);
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

/* The group of a folder that hands it on was chosen for these files. */
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
	nameset_clear(&t->domain_names);
	nameset_clear(&t->user_names);
	nameset_clear(&t->alias_names);
	VECTOR_CLEAR(&t->domains);
	VECTOR_CLEAR(&t->users);
	VECTOR_CLEAR(&t->aliases);
	text_clear(&t->mailbox_domains);
	text_clear(&t->mailboxes);
	text_clear(&t->alias_maps);
	text_clear(&t->access);
	text_clear(&t->passwd);
}

bool
text_maps_write(struct mail *m, const struct text_maps_options *options,
    struct words *written, struct err *e)
{
	bool own = !db_in_transaction(m->db), ok;
	struct maps t = { .m = m, .options = options,
	    .mailbox_domains = TEXT_INIT, .mailboxes = TEXT_INIT,
	    .alias_maps = TEXT_INIT, .access = TEXT_INIT,
	    .passwd = TEXT_INIT };

	*written = (struct words){ 0 };
	if (own && !db_snapshot(m->db, e))
		return false;
	ok = collect(&t, e) && render(&t, e);
	if (own)
		db_rollback(m->db);
	ok = ok && (options->postfix == NULL || maps_put(&t, written, e)) &&
	    (options->dovecot == NULL || passwd_put(&t, written, e));
	maps_clear(&t);
	return ok;
}
