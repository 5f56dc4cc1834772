/* Verifying what the servers refuse, or warn of, in their own words. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/sentence.h"
#include "model/conf/conf.h"
#include "model/verify/private.h"

/* "smtpd_tls_protocols", "lmtp_tls_mandatory_protocols" */
static bool
is_protocols(const char *name)
{
	const char *at = strstr(name, "tls_");

	return at != NULL && (strcmp(at, "tls_protocols") == 0 ||
	    strcmp(at, "tls_mandatory_protocols") == 0);
}

static const char *
advice_for(struct verifying *v, const char *service, const char *name,
    const char *value)
{
	return service == NULL ? arena_printf(v->arena, "postconf -e '%s = "
	    "%s'", name, value) : arena_printf(v->arena, "postconf -P "
	    "'%s/%s=%s'", service, name, value);
}

static void
protocols_verify(struct verifying *v, const char *service, const char *name,
    const char *value)
{
	struct words words = postfix_list(v->arena, value);
	const char *advice = advice_for(v, service, name, ">=TLSv1.2");
	enum conf_tls tls = conf_tls(&words);

	if (tls == CONF_TLS_REFUSED)
		verify_found(v, VERIFY_VALUE_REFUSED, name, advice,
		    "%s is \"%s\", which holds no name of a version: TLS "
		    "does not work", name, value);
	else if (tls == CONF_TLS_NONE)
		verify_found(v, VERIFY_TLS_NONE, name, advice,
		    "%s is \"%s\": a name without ! allows that version "
		    "alone, and nobody speaks TLS that old", name, value);
}

/* service: NULL where main.cf sets it for all. */
static void
value_verify(struct verifying *v, const char *service,
    const struct cf_entry *set)
{
	const char *standard = cf_value(&v->postfix.standard, set->name);
	const char *why;

	if (standard != NULL && strcmp(standard, set->value) == 0)
		return;
	if (is_protocols(set->name))
		protocols_verify(v, service, set->name, set->value);
	why = conf_refused(v->arena, set->name, set->value, standard);
	if (why == NULL)
		return;
	words_add(v->arena, &v->refused, set->name);
	verify_at(v, (struct verify_at){ .setting = set->name,
	    .service = service });
	verify_found(v, VERIFY_VALUE_REFUSED, set->name,
	    *standard == '\0' || strpbrk(standard, "'$") != NULL ? NULL :
	    advice_for(v, service, set->name, standard), "%s%s%s is \"%s\": "
	    "Postfix does not start with it, or the service ends; %s",
	    service != NULL ? service : "", service != NULL ? ": " : "",
	    set->name, set->value, why);
}

void
verify_values(struct verifying *v)
{
	const struct cf *all = &v->postfix.settings;

	/* A default that names another setting is as right as that one. */
	for (size_t i = 0; i < all->count; i++) {
		if (cf_find(&v->places.main, all->entry[i].name) != NULL)
			value_verify(v, NULL, &all->entry[i]);
	}
	for (size_t s = 0; s < v->postfix.services; s++) {
		const struct postfix_service *service =
		    &v->postfix.service[s];

		for (size_t i = 0; i < service->overrides.count; i++)
			value_verify(v, arena_printf(v->arena, "%s/%s",
			    service->name, service->type),
			    &service->overrides.entry[i]);
	}
}

/* --- what their programs say ------------------------------------------ */

/* "FILE:12: ...", "FILE, line 12: ...", "FILE line 12", "FILE: line 12: ..." */
struct verify_at
verify_at_of(struct verifying *v, const char *said)
{
	struct verify_at at = { 0 };
	const char *path = *said == '/' ? said : strstr(said, " /");
	const char *behind, *line;
	size_t len;

	if (path == NULL)
		return at;
	path += *path == ' ';
	len = strcspn(path, " ,:");
	behind = path + len;
	line = strstr(behind, "line ");
	at.file = arena_strndup(v->arena, path, len);
	if (*behind == ':' && behind[1] >= '0' && behind[1] <= '9')
		at.line = strtoul(behind + 1, NULL, 10);
	else if (line != NULL && line <= behind + 2)
		at.line = strtoul(line + strlen("line "), NULL, 10);
	return at;
}

static void
overridden_verify(struct verifying *v, const struct cf_entry *said)
{
	static const char earlier[] = "overriding earlier entry: ";
	const char *name = strncmp(said->value, earlier, strlen(earlier)) ==
	    0 ? said->value + strlen(earlier) : NULL;

	verify_at(v, (struct verify_at){ said->name, said->line, name,
	    NULL, 0 });
	if (name == NULL)
		verify_found(v, VERIFY_SERVER_WARNS, said->name, NULL,
		    "Postfix warns of line %zu: %s", said->line, said->value);
	else
		verify_found(v, VERIFY_SERVER_WARNS, said->name, arena_printf(
		    v->arena, "write all values of %s in line %zu of %s, and "
			"remove the earlier line", name, said->line,
			said->name), "Postfix warns: line %zu is overriding "
		    "an earlier entry: %s stands in two lines, and only the "
		    "last one counts", said->line, name);
}

static void
undefined_verify(struct verifying *v, const struct cf_entry *said)
{
	const char *used = arena_printf(v->arena, "$%s", said->value);
	size_t line = place_of_text(v->arena, said->name, used);

	if (line == 0)
		line = place_of_text(v->arena, said->name, arena_printf(
		    v->arena, "${%s", said->value));
	verify_at(v, (struct verify_at){ said->name, line, NULL, NULL, 0 });
	verify_found(v, VERIFY_SERVER_WARNS, said->name, arena_printf(
	    v->arena, "write \"%s = \" and its value in main.cf, or correct "
		"the name", said->value), "Postfix warns: %s is used, and no "
	    "setting has that name: it counts as empty", used);
}

/* More of them are one cause: a list that was put behind another. */
#define OVERRIDDEN_MAX 3

static void
all_overridden_verify(struct verifying *v)
{
	const struct cf *said = &v->postfix.said;

	for (size_t i = 0; said->count <= OVERRIDDEN_MAX && i < said->count;
	    i++)
		overridden_verify(v, &said->entry[i]);
	if (said->count <= OVERRIDDEN_MAX)
		return;
	verify_at(v, (struct verify_at){ said->entry[0].name,
	    said->entry[0].line, NULL, NULL, 0 });
	verify_found(v, VERIFY_SERVER_WARNS, said->entry[0].name,
	    arena_printf(v->arena, "remove one of the two lines of each: "
		"postconf -n 2>&1 | grep %s", said->entry[0].name),
	    "Postfix warns %zu times, first of line %zu: %s", said->count,
	    said->entry[0].line, said->entry[0].value);
}

void
verify_warnings(struct verifying *v)
{
	struct words done = { 0 };

	if (v->has_postfix)
		all_overridden_verify(v);
	for (size_t i = 0; v->has_postfix &&
	    i < v->postfix.undefined.count; i++)
		undefined_verify(v, &v->postfix.undefined.entry[i]);
	for (size_t i = 0; v->has_dovecot && i < v->dovecot.said.count;
	    i++) {
		const char *said = v->dovecot.said.word[i];
		struct verify_at at = verify_at_of(v, said);

		if (words_have(&done, said))
			continue;
		words_add(v->arena, &done, said);
		if (at.file == NULL)
			at.file = arena_printf(v->arena, "%s/dovecot.conf",
			    v->options->dovecot_dir);
		verify_at(v, at);
		verify_found(v, VERIFY_SERVER_WARNS, at.file, NULL,
		    "Dovecot warns: %s", said);
	}
}

/* --- trying ----------------------------------------------------------- */

/* "bad numerical configuration: NAME = x": the setting, or NULL. */
static const char *
setting_in(const struct verifying *v, const char *said)
{
	size_t skip, len;

	for (; *said != '\0'; said += skip + len) {
		const char *name;

		skip = strspn(said, " :=,\"");
		len = strcspn(said + skip, " :=,\"");
		name = arena_strndup(v->arena, said + skip, len);
		if (strchr(name, '_') != NULL && cf_value(
		    &v->postfix.settings, name) != NULL)
			return name;
	}
	return NULL;
}

/* Each of Postfix's programs reads the values that all of them share. */
static void
start_try(struct verifying *v)
{
	struct postfix_trial trial;
	struct err e = { 0 };
	const char *name;

	if (!postfix_try(v->arena, v->options->postfix_dir, "static:x",
	    &trial, &e) || trial.fatal == NULL) {
		err_clear(&e);
		return;
	}
	name = setting_in(v, trial.fatal);
	/* No map can be tried then. */
	words_add(v->arena, &v->refused, "");
	if (name != NULL && verify_has_word(&v->refused, name))
		return;
	if (name == NULL)
		verify_at(v, verify_at_of(v, trial.fatal));
	verify_found(v, VERIFY_VALUE_REFUSED, name != NULL ? name :
	    v->postfix.dir, name == NULL ? NULL : arena_printf(v->arena,
		"postconf -X %s, for the default", name),
	    "Postfix does not start: %s", trial.fatal);
}

/* Types that are files, and what postmap adds to the name of the text. */
static const struct file_map {
	const char *type;
	const char *end;
} file_maps[] = {
	{ "hash", ".db" }, { "btree", ".db" }, { "lmdb", ".lmdb" },
	{ "cdb", ".cdb" }, { "texthash", "" }, { "regexp", "" },
	{ "pcre", "" }, { "cidr", "" },
};

static const struct file_map *
file_map_of(const char *word)
{
	size_t len = strcspn(word, ":");

	for (size_t i = 0; word[len] == ':' && word[len + 1] == '/' &&
	    i < sizeof(file_maps) / sizeof(*file_maps); i++) {
		if (strlen(file_maps[i].type) == len &&
		    strncmp(file_maps[i].type, word, len) == 0)
			return &file_maps[i];
	}
	return NULL;
}

/* Maps of one kind that are not there: one finding for all of them. */
struct absent {
	struct words maps;
	const char *setting;	/* of the first */
};

struct maps_tried {
	struct words maps;
	struct absent text;	/* there is nothing at all */
	struct absent made;	/* postmap was not run */
};

static void
absent_add(struct verifying *v, struct absent *absent, const char *setting,
    const char *map)
{
	if (absent->maps.count == 0)
		absent->setting = setting;
	words_add(v->arena, &absent->maps, map);
}

static void
absent_report(struct verifying *v, const struct maps_tried *t)
{
	const char *commands = "";

	for (size_t i = 0; i < t->made.maps.count; i++)
		commands = arena_printf(v->arena, "%s%spostmap %s", commands,
		    i > 0 ? "; " : "", t->made.maps.word[i]);
	verify_at(v, (struct verify_at){ .setting = t->made.setting });
	if (t->made.maps.count > 0)
		verify_found(v, VERIFY_MAP_CLOSED, t->made.maps.word[0],
		    commands, "postmap was not run for %s: Postfix cannot "
		    "open what main.cf names", sentence_list(v->arena,
			&t->made.maps));
	verify_at(v, (struct verify_at){ .setting = t->text.setting });
	if (t->text.maps.count > 0)
		verify_found(v, VERIFY_MAP_CLOSED, t->text.maps.word[0],
		    arena_printf(v->arena, "write the file, and postmap %s; "
			"or take it out of %s", t->text.maps.word[0],
			t->text.setting), "main.cf names %s, and there is no "
		    "such file: what asks it ends with an error",
		    sentence_list(v->arena, &t->text.maps));
	v->at = (struct verify_at){ 0 };
}

/* "database FILE.db is older than source file FILE", "FILE, line 3: ..." */
static void
map_warned(struct verifying *v, const char *setting, const char *map,
    const struct words *warnings)
{
	const char *path = strchr(map, ':') + 1;

	for (size_t i = 0; i < warnings->count; i++) {
		const char *said = warnings->word[i];
		struct verify_at at = verify_at_of(v, said);

		/* Of main.cf others speak. */
		if (strstr(said, "/main.cf") != NULL ||
		    strstr(said, path) == NULL)
			continue;
		at.file = path;
		verify_at(v, at);
		verify_found(v, VERIFY_SERVER_WARNS, path,
		    strstr(said, "older than") == NULL ? NULL :
		    strcmp(setting, "alias_maps") == 0 ? "newaliases" :
		    arena_printf(v->arena, "postmap %s", map),
		    "Postfix warns: %s", said);
		return;
	}
}

static void
map_try(struct verifying *v, const char *setting, const char *map)
{
	struct postfix_trial trial;
	struct err e = { 0 };

	if (!postfix_try(v->arena, v->options->postfix_dir, map, &trial, &e))
		err_clear(&e);
	else if (trial.fatal == NULL)
		map_warned(v, setting, map, &trial.warnings);
	else if (strstr(trial.fatal, strerror(EACCES)) != NULL)
		verify_unchecked(v, VERIFY_MAP_CLOSED, trial.fatal);
	else if (strstr(trial.fatal, "unsupported dictionary") != NULL)
		verify_found(v, VERIFY_MAP_CLOSED, map, arena_printf(
		    v->arena, "apt-get install postfix-%.*s",
			(int)strcspn(map, ":"), map), "%s names %s, and "
		    "Postfix has no code for such maps: what asks it ends "
		    "with an error", setting, map);
	else if (!verify_has_word(&v->refused, ""))
		verify_found(v, VERIFY_MAP_CLOSED, map, arena_printf(
		    v->arena, "postmap %s", map), "%s names %s, which "
		    "Postfix cannot open: %s", setting, map, trial.fatal);
}

static void
map_look(struct verifying *v, const char *setting, const char *map,
    struct maps_tried *t)
{
	const struct file_map *type = file_map_of(map);
	const char *path;

	if (type == NULL || verify_has_word(&t->maps, map))
		return;
	words_add(v->arena, &t->maps, map);
	path = verify_path(v, strchr(map, ':') + 1);
	if (access(arena_printf(v->arena, "%s%s", path, type->end),
	    F_OK) == 0)
		map_try(v, setting, map);
	else if (errno == ENOENT && access(path, F_OK) == 0)
		absent_add(v, &t->made, setting, map);
	else if (errno == ENOENT)
		absent_add(v, &t->text, setting, map);
}

/* Servers write caches themselves, and newaliases writes alias_database. */
static bool
is_written(const char *setting)
{
	return strncmp(setting, "proxy_", 6) == 0 ||
	    strstr(setting, "_database") != NULL ||
	    strstr(setting, "cache") != NULL ||
	    strcmp(setting, "address_verify_map") == 0;
}

static void
maps_try(struct verifying *v)
{
	const struct cf *main = &v->places.main;
	struct maps_tried t = { 0 };

	/* In mailadm's configuration those of the system. */
	if (v->server == VERIFY_SERVER_OURS)
		t.maps = postfix_list(v->arena, verify_postfix(v,
		    "alias_maps"));
	for (size_t i = 0; i < main->count; i++) {
		const char *name = main->entry[i].name;
		struct words words = postfix_list(v->arena, verify_postfix(v,
		    name));

		for (size_t n = 0; n < words.count && !is_written(name); n++)
			map_look(v, name, words.word[n], &t);
	}
	absent_report(v, &t);
}

void
verify_refused(struct verifying *v)
{
	if (v->options->root != NULL)
		return;
	start_try(v);
	maps_try(v);
}
