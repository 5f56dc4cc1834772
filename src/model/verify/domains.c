/*
 * Verifying that a mail domain is in one setting of Postfix alone; and what
 * the tables say about where mail goes.
 */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "file/read.h"
#include "model/server/settings.h"
#include "model/verify/private.h"

/* A setting whose names are looked for in the domains of mailboxes. */
struct class {
	struct verifying *v;
	const char *setting;
	struct words all;	/* its words */
	struct words names;	/* those that are names, no maps */
	struct words found;	/* that were reported */
};

static struct words
names_of(struct arena *a, const struct words *all)
{
	struct words names = { 0 };

	for (size_t i = 0; i < all->count; i++) {
		if (strpbrk(all->word[i], ":/!") == NULL)
			words_add(a, &names, all->word[i]);
	}
	return names;
}

/* The list without this name; mydestination does not stay empty. */
static const char *
without(struct arena *a, const char *setting, const struct words *all,
    const char *name)
{
	const char *kept = "";

	for (size_t i = 0; i < all->count; i++) {
		if (strcasecmp(all->word[i], name) != 0)
			kept = arena_printf(a, "%s%s%s", kept,
			    *kept != '\0' ? ", " : "", all->word[i]);
	}
	return *kept == '\0' && strcmp(setting, "mydestination") == 0 ?
	    "localhost" : kept;
}

/* It stands in relay_domains for postsrsd; a rule of its own reports it. */
static bool
is_of_srs(const struct verifying *v, const char *name)
{
	const struct settings *set = v->options->settings;

	return v->server == VERIFY_SERVER_OURS && set->srs &&
	    set->hostname != NULL && strcasecmp(name, server_srs_domain(
	    v->arena, set)) == 0;
}

static void
found(struct class *c, const char *name, const char *where)
{
	struct arena *a = c->v->arena;

	if (verify_has_word(&c->found, name) || is_of_srs(c->v, name))
		return;
	words_add(a, &c->found, name);
	verify_at(c->v, (struct verify_at){ .setting = c->setting });
	verify_found(c->v, VERIFY_DOMAIN_CLASSES, name, arena_printf(a,
	    "postconf -e '%s = %s'", c->setting, without(a, c->setting,
		&c->all, name)),
	    "%s is in %s and in %s: its users get no mail", name, where,
	    c->setting);
}

/* --- in maps, files and lists ----------------------------------------- */

static void
ask(struct class *c, const char *map, const char *where)
{
	struct verifying *v = c->v;
	const char **answers;
	struct err e = { 0 };

	if (!postfix_lookup(v->arena, v->postfix.dir, map, &c->names,
	    &answers, &e)) {
		if (strstr(e.text, "dictionary type: mysql") != NULL)
			verify_found(v, VERIFY_LOOKUP_TYPE, map, NULL,
			    "Postfix cannot read maps of the type mysql: the "
			    "package postfix-mysql is missing");
		verify_unchecked(v, VERIFY_DOMAIN_CLASSES,
		    arena_strdup(v->arena, e.text));
		err_clear(&e);
		return;
	}
	for (size_t i = 0; i < c->names.count; i++) {
		if (answers[i] != NULL)
			found(c, c->names.word[i], where);
	}
}

static void
compare(struct class *c, const char *name, const char *where)
{
	for (size_t i = 0; i < c->names.count; i++) {
		if (strcasecmp(c->names.word[i], name) == 0)
			found(c, name, where);
	}
}

/* "/etc/postfix/vhost" in a list stands for the names in it. */
static void
file_compare(struct class *c, const char *file)
{
	struct text content = TEXT_INIT;
	struct words names;
	struct err e = { 0 };
	struct stat st;

	if (file_read(verify_path(c->v, file), &content, &st, &e)) {
		names = postfix_list(c->v->arena, content.buf);
		for (size_t i = 0; i < names.count; i++)
			compare(c, names.word[i], file);
	}
	err_clear(&e);
	text_clear(&content);
}

/* Has its account been let in?  Then the map answers. */
static bool
answers(const struct verifying *v, const struct verify_map *map)
{
	for (size_t i = 0; i < v->queries.count; i++) {
		const struct verify_query *q = &v->queries.item[i];

		if (map->path != NULL && strcmp(q->name, map->path) == 0 &&
		    verify_account_find(v, q->account) != NULL)
			return true;
	}
	return false;
}

static void
word_verify(struct class *c, const char *word)
{
	const struct verify_map *map = verify_map_find(c->v, word);

	if (map != NULL) {
		if (answers(c->v, map))
			ask(c, map->word, "the database");
	} else if (*word == '/') {
		file_compare(c, word);
	} else if (strchr(word, ':') == NULL) {
		compare(c, word, "virtual_mailbox_domains");
	} else if (strncmp(word, "texthash:", 9) == 0 ||
	    strncmp(word, "hash:", 5) == 0 ||
	    strncmp(word, "lmdb:", 5) == 0) {
		ask(c, word, strchr(word, ':') + 1);
	}
}

/* --- each of them ------------------------------------------------------ */

static void
class_verify(struct verifying *v, const char *setting)
{
	struct words domains = postfix_list(v->arena, verify_postfix(v,
	    "virtual_mailbox_domains"));
	struct class c = { .v = v, .setting = setting,
	    .all = postfix_list(v->arena, verify_postfix(v, setting)) };

	c.names = names_of(v->arena, &c.all);
	for (size_t i = 0; c.names.count > 0 && i < domains.count; i++)
		word_verify(&c, domains.word[i]);
}

/* Names of aliases alone are not names of this machine. */
static void
aliases_verify(struct verifying *v)
{
	struct words local = postfix_list(v->arena, verify_postfix(v,
	    "mydestination"));
	struct class c = { .v = v, .setting = "virtual_alias_domains",
	    .all = postfix_list(v->arena, verify_postfix(v,
		"virtual_alias_domains")) };

	c.names = names_of(v->arena, &c.all);
	for (size_t i = 0; i < local.count; i++) {
		const char *name = local.word[i];

		if (!verify_has_word(&c.names, name))
			continue;
		verify_at(v, (struct verify_at){ .setting = c.setting });
		verify_found(v, VERIFY_SERVER_WARNS, name, arena_printf(
		    v->arena, "postconf -e '%s = %s'", c.setting,
			without(v->arena, c.setting, &c.all, name)),
		    "Postfix warns: %s is in mydestination and in %s; names "
		    "without an alias go to the accounts of this machine",
		    name, c.setting);
	}
}

void
verify_domains(struct verifying *v)
{
	static const char *const settings[] = { "mydestination",
	    "virtual_alias_domains", "relay_domains" };

	for (size_t i = 0; i < 3; i++)
		class_verify(v, settings[i]);
	aliases_verify(v);
}

/* --- what the tables say --------------------------------------------- */

/* NULL where there is none. */
static bool
first_of(struct verifying *v, enum sql_id id, const char **first,
    struct err *e)
{
	struct words words;

	if (!db_texts(v->options->mail->db, v->arena, id, NO_PARAMS, &words,
	    e))
		return false;
	*first = words.count > 0 ? words.word[0] : NULL;
	return true;
}

static bool
srs_domain_verify(struct verifying *v, const char *name, struct err *e)
{
	struct domain d;
	bool found;

	if (name == NULL)
		return true;
	if (!db_row(v->options->mail->db, v->arena, SQL_DOMAIN_GET,
	    PARAMS(TEXT(name)), &d, &found, e))
		return false;
	if (found)
		verify_found(v, VERIFY_SRS_DOMAIN, name, NULL, "%s is the "
		    "domain of SRS and a domain of the tables: its mail goes "
		    "to postsrsd, and its users get none", name);
	return true;
}

static void
facts_unchecked(struct verifying *v, const char *why)
{
	static const enum verify_rule rules[] = { VERIFY_SRS_DOMAIN,
	    VERIFY_RELAY_DOMAINS, VERIFY_SASL };

	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		verify_unchecked(v, rules[i], why);
}

bool
verify_facts(struct verifying *v, struct verify_facts *facts, struct err *e)
{
	const struct verify_options *o = v->options;
	const struct settings *set = o->settings;
	struct err failed = { 0 };

	*facts = (struct verify_facts){ .srs_domain = set->srs &&
	    (set->srs_domain != NULL || set->hostname != NULL) ?
	    server_srs_domain(v->arena, set) : NULL };
	/* What was only rendered has no tables, and strangers have others. */
	if (o->root != NULL || (v->server != VERIFY_SERVER_OURS &&
	    v->server != VERIFY_SERVER_TABLES))
		return true;
	if (o->mail == NULL) {
		facts_unchecked(v, o->mail_why);
		return true;
	}
	facts->known = first_of(v, SQL_RELAY_FIRST, &facts->way, &failed) &&
	    first_of(v, SQL_RELAY_FIRST_LOGIN, &facts->login, &failed) &&
	    first_of(v, SQL_RELAY_FIRST_DOMAIN, &facts->relay_domain,
	    &failed) && srs_domain_verify(v, facts->srs_domain, &failed);
	if (facts->known)
		return true;
	if (failed.code == ERR_INTERRUPTED) {
		*e = failed;
		return false;
	}
	facts_unchecked(v, arena_strdup(v->arena, failed.text));
	err_clear(&failed);
	return true;
}
