/*
 * Verifying the configuration of the mail filter itself: who gets a signature,
 * what it believes, who can ask it, and who can read its keys.
 *
 * rspamd merges its own files with those of the admin, so its program reports
 * the result (rspamadm configdump).  The files of OpenDKIM and OpenDMARC are
 * read as they are.
 */
#include <dirent.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/ascii.h"
#include "file/program.h"
#include "file/read.h"
#include "model/dkim/tables.h"
#include "model/verify/private.h"
#include "model/conf/rspamd_config.h"

#define KEYS DKIM_DIRECTORY "/keys/"
#define TABLE_MAX (64 * 1024 * 1024)

#define OPENDKIM_CONF "/etc/opendkim.conf"
#define OPENDMARC_CONF "/etc/opendmarc.conf"
#define SIGN_SCRIPT "/etc/opendkim-sign.lua"

/* --- OpenDKIM and OpenDMARC ------------------------------------------- */

/* The file; NULL, and the rule is unchecked, where it cannot be read. */
static const char *
content_of(struct verifying *v, const char *path, enum verify_rule rule)
{
	struct text content = TEXT_INIT;
	const char *text = NULL;
	struct err e = { 0 };
	struct stat st;

	if (file_read(verify_path(v, path), &content, &st, &e))
		text = arena_strndup(v->arena, content.buf, content.len);
	else
		verify_unchecked(v, rule, arena_strdup(v->arena, e.text));
	err_clear(&e);
	text_clear(&content);
	return text;
}

/* The value of the last line "Name value"; "" where there is none. */
static const char *
value_of(struct arena *a, const char *text, const char *name)
{
	const char *value = "";
	size_t len = strlen(name);

	while (*text != '\0') {
		size_t n = strcspn(text, "\n");

		if (n > len && strncasecmp(text, name, len) == 0 &&
		    is_one_of(text[len], BLANKS))
			value = trim(arena_strndup(a, text + len, n - len),
			    BLANKS);
		text += n + (text[n] == '\n');
	}
	return value;
}

/* The last line that the program said. */
static void
refused(struct verifying *v, const char *filter,
    const struct program_answer *answer)
{
	const char *said = answer->err != NULL && *answer->err != '\0' ?
	    answer->err : answer->out != NULL ? answer->out : "";
	char *line = trim(arena_strdup(v->arena, said), "\n ");
	const char *last = strrchr(line, '\n');

	verify_found(v, VERIFY_FILTER_CONFIG, filter, NULL,
	    "%s refuses its configuration: %s", filter, last != NULL ?
	    last + 1 : line);
}

/* OpenDKIM and OpenDMARC read their files and start nothing. */
static void
configuration_try(struct verifying *v, const char *filter)
{
	const struct text nothing = TEXT_INIT;
	struct program_answer answer = { 0 };
	struct words argv = { 0 };
	struct err e = { 0 };
	const char *path;

	if (v->options->root != NULL) {
		verify_unchecked(v, VERIFY_FILTER_CONFIG, arena_printf(
		    v->arena, "%s looks at what is installed", filter));
	} else if (!program_find(v->arena, filter, filter, &path, &e)) {
		verify_unchecked(v, VERIFY_FILTER_CONFIG, arena_strdup(
		    v->arena, e.text));
	} else {
		words_add(v->arena, &argv, path);
		words_add(v->arena, &argv, "-n");
		if (program_run(v->arena, &argv, &nothing, &answer, &e) &&
		    answer.status != 0)
			refused(v, filter, &answer);
	}
	err_clear(&e);
}

/* Does it sign with our keys? */
static void
opendkim_values(struct verifying *v, const char *conf)
{
	static const struct {
		const char *name, *value;
	} tables[] = {
		{ "KeyTable", "file:" DKIM_DIRECTORY "/KeyTable" },
		{ "SigningTable", "refile:" DKIM_DIRECTORY "/SigningTable" },
		{ 0 }
	};
	const char *mode = value_of(v->arena, conf, "Mode");

	if (*mode != '\0' && strchr(mode, 's') == NULL)
		verify_found(v, VERIFY_FILTER_MISSING, OPENDKIM_CONF,
		    VERIFY_RENDER("filter"), "%s has Mode %s: no mail is "
		    "signed", OPENDKIM_CONF, mode);
	for (size_t i = 0; tables[i].name != NULL; i++) {
		const char *value = value_of(v->arena, conf, tables[i].name);

		if (strcmp(value, tables[i].value) != 0)
			verify_found(v, VERIFY_FILTER_MISSING, OPENDKIM_CONF,
			    VERIFY_RENDER("filter"), "%s does not have \"%s "
			    "%s\": the keys of mailadm sign nothing",
			    OPENDKIM_CONF, tables[i].name, tables[i].value);
	}
}

static void
opendkim_networks(struct verifying *v, const char *conf)
{
	char *rest = arena_strdup(v->arena, value_of(v->arena, conf,
	    "InternalHosts")), *host;

	while ((host = strsep(&rest, ", \t")) != NULL) {
		if (*host != '\0' && strncmp(host, "127.", 4) != 0 &&
		    strcmp(host, "::1") != 0 &&
		    strcasecmp(host, "localhost") != 0)
			verify_found(v, VERIFY_FILTER_LOCAL, host, NULL,
			    "OpenDKIM's InternalHosts has %s: mail from there "
			    "is signed without a login", host);
	}
}

/* By its tables alone From: chooses the key, which nobody has checked. */
static void
opendkim_verify(struct verifying *v)
{
	const char *conf = content_of(v, OPENDKIM_CONF,
	    VERIFY_SIGNS_FOREIGN);
	const char *script;

	if (conf == NULL) {
		verify_unchecked(v, VERIFY_FILTER_LOCAL, "OpenDKIM's "
		    "configuration cannot be read");
		return;
	}
	opendkim_values(v, conf);
	opendkim_networks(v, conf);
	script = value_of(v->arena, conf, "SetupPolicyScript");
	if (*value_of(v->arena, conf, "SigningTable") != '\0' &&
	    strcmp(script, SIGN_SCRIPT) != 0) {
		verify_found(v, VERIFY_SIGNS_FOREIGN, OPENDKIM_CONF, NULL,
		    "%s has a SigningTable without \"SetupPolicyScript %s\": "
		    "From: alone chooses the key", OPENDKIM_CONF,
		    SIGN_SCRIPT);
		return;
	}
	script = content_of(v, SIGN_SCRIPT, VERIFY_SIGNS_FOREIGN);
	if (script != NULL && strcmp(script, verify_shipped(
	    "postfix/opendkim/sign.lua")) != 0)
		verify_found(v, VERIFY_SIGNS_FOREIGN, SIGN_SCRIPT, NULL,
		    "%s is not the one of mailadm: it decides who gets which "
		    "signature", SIGN_SCRIPT);
}

static void
opendmarc_verify(struct verifying *v)
{
	static const char *const wanted[] = { "SPFIgnoreResults",
	    "SPFSelfValidate", NULL };
	const char *conf = content_of(v, OPENDMARC_CONF,
	    VERIFY_DMARC_BELIEVES);

	for (size_t i = 0; conf != NULL && wanted[i] != NULL; i++) {
		const char *value = value_of(v->arena, conf, wanted[i]);

		if (strcasecmp(value, "true") != 0 && !verify_is_yes(value))
			verify_found(v, VERIFY_DMARC_BELIEVES, OPENDMARC_CONF,
			    NULL, "%s: %s is not true, so a Received-SPF that "
			    "the sender wrote counts", OPENDMARC_CONF,
			    wanted[i]);
	}
}

/* --- rspamd ------------------------------------------------------------ */

static void
signing_verify(struct verifying *v, const struct rspamd_entry *entry)
{
	static const struct {
		const char *name, *value, *why;
		enum verify_rule rule;
	} wanted[] = {
		{ "allow_envfrom_empty", "false",
		    "without a sender anybody gets any signature",
		    VERIFY_SIGNS_FOREIGN },
		{ "allow_hdrfrom_mismatch", "false",
		    "From: may be of another domain than the sender",
		    VERIFY_SIGNS_FOREIGN },
		{ "allow_hdrfrom_multiple", "false",
		    "one of several From: gets its signature",
		    VERIFY_SIGNS_FOREIGN },
		{ "use_domain", "header",
		    "the signature is not that of From:",
		    VERIFY_SIGNS_FOREIGN },
		{ "sign_inbound", "false",
		    "what strangers write in our names is signed",
		    VERIFY_SIGNS_FOREIGN },
		{ "enabled", "true", "no mail is signed",
		    VERIFY_FILTER_MISSING },
		{ "sign_authenticated", "true",
		    "the mail of users is not signed", VERIFY_FILTER_MISSING },
		{ "sign_local", "true",
		    "what programs here send is not signed",
		    VERIFY_FILTER_MISSING },
		{ 0 }
	};

	for (size_t i = 0; wanted[i].name != NULL; i++) {
		if (strcmp(entry->name, wanted[i].name) == 0 &&
		    strcmp(entry->value, wanted[i].value) != 0)
			verify_found(v, wanted[i].rule, entry->name,
			    VERIFY_RENDER("filter"),
			    "rspamd's dkim_signing has %s = %s: %s",
			    entry->name, entry->value, wanted[i].why);
	}
}

static void
network_verify(struct verifying *v, const struct rspamd_entry *entry)
{
	if ((strcmp(entry->name, "local_addrs") == 0 ||
	    strcmp(entry->name, "sign_networks") == 0) &&
	    strncmp(entry->value, "127.", 4) != 0 &&
	    strncmp(entry->value, "::1", 3) != 0)
		verify_found(v, VERIFY_FILTER_LOCAL, entry->value, NULL,
		    "rspamd's %s has %s: mail from there is signed without a "
		    "login", entry->name, entry->value);
}

/* Switched off, as the entries of the same block say. */
static bool
is_off(const struct rspamd_config *config, const char *block)
{
	for (size_t i = 0; i < config->entries.count; i++) {
		const struct rspamd_entry *e = &config->entries.item[i];

		if (e->block != NULL && strcmp(e->block, block) == 0 &&
		    ((strcmp(e->name, "enabled") == 0 &&
			strcmp(e->value, "false") == 0) ||
		    (strcmp(e->name, "count") == 0 &&
			strcmp(e->value, "-1") == 0)))
			return true;
	}
	return false;
}

static void
worker_verify(struct verifying *v, const struct rspamd_config *config,
    const struct rspamd_entry *entry)
{
	if (entry->block == NULL || strcmp(entry->name, "bind_socket") != 0 ||
	    *entry->value == '/' || strncmp(entry->value, "systemd:", 8) == 0
	    || is_off(config, entry->block))
		return;
	verify_found(v, VERIFY_RSPAMD_OPEN, entry->block, NULL, "rspamd's "
	    "worker %s listens on %s, which every account of this machine can "
	    "reach", entry->block, entry->value);
}

static void
config_verify(struct verifying *v, const struct rspamd_config *config)
{
	for (size_t i = 0; i < config->entries.count; i++) {
		const struct rspamd_entry *e = &config->entries.item[i];

		network_verify(v, e);
		if (strcmp(e->section, "dkim_signing") == 0 &&
		    e->block == NULL)
			signing_verify(v, e);
		else if (strcmp(e->section, "worker") == 0)
			worker_verify(v, config, e);
	}
}

/* The table names keys, and what rspamd has read does not. */
static void
table_verify(struct verifying *v, const char *printed)
{
	static const char table[] = DKIM_DIRECTORY "/rspamd.conf";
	struct text text = TEXT_INIT;
	struct err e = { 0 };
	struct stat st;

	if (file_read_most(table, TABLE_MAX, &text, &st, &e) &&
	    strstr(text.buf, "path = \"" KEYS) != NULL &&
	    strstr(printed, "path = \"" KEYS) == NULL)
		verify_found(v, VERIFY_FILTER_MISSING, table,
		    VERIFY_RENDER("filter"), "rspamd's dkim_signing does not "
		    "read %s: no mail is signed", table);
	err_clear(&e);
	text_clear(&text);
}

static void
configured_verify(struct verifying *v, const char *printed)
{
	struct rspamd_config config;

	table_verify(v, printed);
	rspamd_parse(v->arena, printed, &config);
	config_verify(v, &config);
	rspamd_clear(&config);
}

static const enum verify_rule rspamd_rules[] = {
	VERIFY_SIGNS_FOREIGN, VERIFY_FILTER_LOCAL, VERIFY_RSPAMD_OPEN
};

static void
rspamd_unchecked(struct verifying *v, const char *why)
{
	for (size_t i = 0; i < sizeof(rspamd_rules) /
	    sizeof(*rspamd_rules); i++)
		verify_unchecked(v, rspamd_rules[i], why);
}

static void
rspamd_verify(struct verifying *v)
{
	static const char *const arguments[] = { "configdump",
	    "dkim_signing", "options", "worker", NULL };
	struct program_answer answer = { 0 };
	const struct text nothing = TEXT_INIT;
	struct words argv = { 0 };
	struct err e = { 0 };
	const char *path;

	if (v->options->root != NULL) {
		rspamd_unchecked(v, "rspamadm looks at what is installed");
	} else if (!program_find(v->arena, "rspamadm", "rspamd", &path, &e)) {
		rspamd_unchecked(v, arena_strdup(v->arena, e.text));
	} else {
		words_add(v->arena, &argv, path);
		for (size_t i = 0; arguments[i] != NULL; i++)
			words_add(v->arena, &argv, arguments[i]);
		if (!program_run(v->arena, &argv, &nothing, &answer, &e)) {
			rspamd_unchecked(v, "rspamadm configdump failed");
		} else if (answer.status != 0) {
			refused(v, "rspamd", &answer);
			rspamd_unchecked(v, "rspamd refuses its "
			    "configuration");
		} else {
			configured_verify(v, answer.out != NULL ? answer.out :
			    "");
		}
	}
	err_clear(&e);
}

void
verify_filter(struct verifying *v)
{
	const char *filter = v->options->settings->filter;

	if (strcmp(filter, "rspamd") == 0) {
		rspamd_verify(v);
	} else if (strcmp(filter, "opendkim") == 0) {
		opendkim_verify(v);
		opendmarc_verify(v);
		configuration_try(v, "opendkim");
		configuration_try(v, "opendmarc");
	}
}
