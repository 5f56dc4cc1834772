/* Any bytes as files of Postfix and Dovecot, and as a query. */
#include <stdint.h>
#include <string.h>

#include "file/cf.h"
#include "file/dovecot.h"
#include "model/conf/conf.h"
#include "model/conf/rspamd_config.h"
#include "model/server/fix.h"
#include "model/server/local.h"
#include "model/verify/private.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len);

static void
values_are_trimmed(const struct cf *cf)
{
	for (size_t i = 0; i < cf->count; i++) {
		const char *name = cf->entry[i].name;

		BUG_ON(*name == '\0' || strchr(name, '=') != NULL ||
		    strchr(name, '\n') != NULL);
		BUG_ON(cf_value(cf, name) == NULL);
	}
}

/* Of rspamd: each value has a name and a section. */
static void
rspamd_is_whole(struct arena *a, const char *text)
{
	struct rspamd_config config;

	rspamd_parse(a, text, &config);
	for (size_t i = 0; i < config.entries.count; i++) {
		const struct rspamd_entry *e = &config.entries.item[i];

		BUG_ON(e->section == NULL || e->name == NULL ||
		    e->value == NULL || strchr(e->value, '\n') != NULL);
	}
	rspamd_clear(&config);
}

/* Of the tables of keys: each path is a part of one line. */
static void
paths_are_whole(struct arena *a, const char *text, bool rspamd)
{
	struct words paths = verify_key_paths(a, text, rspamd);

	for (size_t i = 0; i < paths.count; i++)
		BUG_ON(strchr(paths.word[i], '\n') != NULL ||
		    strstr(text, paths.word[i]) == NULL);
}

/* What is merged is there: merging it again changes nothing. */
static void
own_is_merged(struct arena *a, const char *text)
{
	struct err e = { 0 };
	const char *once;
	struct cf own;

	if (local_settings_parse(a, "local.cf", text, &own, &e)) {
		once = local_main(a, &own, NULL,
		    "relayhost = x\n y\n# z\na=z\n");
		BUG_ON(strcmp(local_main(a, &own, NULL, once), once) != 0);
		local_master(a, &own, "smtp inet n - n - - smtpd\n -o a=b\n",
		    &e);
	}
	err_clear(&e);
}

/* A command that is taken is one setting, without what a shell reads. */
static void
command_is_one(struct arena *a, const char *text)
{
	struct settings_fix fix = { 0 };

	if (!settings_fix_take(a, &fix, text))
		return;
	BUG_ON(fix.settings.count != 1 ||
	    *fix.settings.entry[0].name == '\0' ||
	    strpbrk(fix.settings.entry[0].value, "'$`\n") != NULL);
}

/* What a query answers is a part of it. */
static void
columns_are_parts(struct arena *a, const char *text)
{
	const struct conf_column *c = conf_columns(a, text);

	for (; c->text != NULL; c++)
		BUG_ON(strstr(text, c->text) == NULL ||
		    strstr(text, c->name) == NULL);
	conf_field_meant(text);
	BUG_ON(conf_lacks_domain(text) && strchr(text, '%') == NULL);
	BUG_ON(conf_lacks_person(text) && strchr(text, '%') == NULL);
	conf_network_is_wide(text);
	conf_refused(a, text, text, text);
	/* A permission is a word, a number, or one of its own. */
	BUG_ON(conf_access_permits(text, false) && strcasestr(text, "ok") ==
	    NULL && strcasestr(text, "permit") == NULL &&
	    strpbrk(text, "0123456789") == NULL);
	conf_access_permits(text, true);
}

/* Of master.cf: each entry has a service, and a line of the text. */
static void
services_are_lines(struct arena *a, const char *text)
{
	size_t lines = 1;
	struct cf cf;

	for (const char *p = text; *p != '\0'; p++)
		lines += *p == '\n';
	place_master_parse(a, text, &cf);
	for (size_t i = 0; i < cf.count; i++)
		BUG_ON(strchr(cf.entry[i].name, '/') == NULL ||
		    cf.entry[i].line == 0 || cf.entry[i].line > lines);
}

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	const char *text = arena_strndup(&a, (const char *)bytes, len);
	struct dovecot_block *root;
	const char *plain;
	struct cf cf;

	cf_parse(&a, text, CF_POSTFIX, &cf);
	values_are_trimmed(&cf);
	cf_parse(&a, text, CF_DOVECOT, &cf);
	values_are_trimmed(&cf);
	if (dovecot_parse(&a, text, &root, &e))
		BUG_ON(e.code != ERR_NONE);
	else
		BUG_ON(e.code != ERR_INVALID);
	services_are_lines(&a, text);
	own_is_merged(&a, text);
	command_is_one(&a, text);
	rspamd_is_whole(&a, text);
	paths_are_whole(&a, text, true);
	paths_are_whole(&a, text, false);
	plain = verify_query_plain(&a, text);
	BUG_ON(strlen(plain) > strlen(text));
	BUG_ON(!verify_query_same(&a, text, text));
	columns_are_parts(&a, text);
	err_clear(&e);
	arena_clear(&a);
	return 0;
}
