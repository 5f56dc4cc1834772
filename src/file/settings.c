/* mailadm's own settings: one table, and reading files of them. */
#include "file/settings.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/nearest.h"
#include "base/quote.h"
#include "base/size.h"
#include "base/text.h"
#include "base/utf8.h"
#include "file/home.h"
#include "file/permission.h"
#include "file/read.h"

#define LINE_LENGTH_MAX (64 * 1024)

/* Do not compile when the member is of another type. */
#define SETTING(member, ctype) .name = #member,				\
    .offset = offsetof(struct settings, member) +			\
    0 * sizeof(_Generic(((struct settings *)0)->member, ctype: 0))
#define NUMBER(member, ...)						\
    { .kind = SETTING_NUMBER, SETTING(member, int64_t), __VA_ARGS__ }
#define TEXT(member, ...)						\
    { .kind = SETTING_TEXT, SETTING(member, const char *), __VA_ARGS__ }
#define FLAG(member, ...)						\
    { .kind = SETTING_FLAG, SETTING(member, bool), __VA_ARGS__ }

const char *const setting_filters[] = {
	"rspamd", "opendkim", "none", NULL
};
static const char *const when_down[] = { "tempfail", "accept", NULL };
static const char *const algorithms[] = { "rsa", "rsa ed25519", NULL };
static const char *const spf_ends[] = { "softfail", "fail", NULL };
static const char *const policies[] = {
	"none", "quarantine", "reject", NULL
};
static const char *const sts_modes[] = { "no", "testing", "enforce", NULL };

const struct setting settings_table[] = {
	NUMBER(rounds, .min = 5000, .max = 5000000, .standard = "50000",
	    .help = "rounds of SHA256-CRYPT for passwords that are set from "
	    "now on; more take longer to guess, and to log in"),
	NUMBER(rounds_min, .min = 1000, .max = 5000000, .standard = "5000",
	    .help = "\"check\" finds passwords that have fewer rounds of "
	    "SHA256-CRYPT or SHA512-CRYPT"),
	NUMBER(password_length, .min = 12, .max = 128, .standard = "20",
	    .unit = "characters",
	    .help = "length of passwords that --generate makes"),
	FLAG(password_policy, .standard = "yes",
	    .help = "refuse passwords that are too short or among the "
	    "commonest, yes or no; hashes are not looked at"),
	NUMBER(password_min, .min = 1, .max = 128, .standard = "8",
	    .unit = "characters",
	    .help = "shorter passwords are too short for that policy"),
	TEXT(postmaster, .standard = "", .unit = "ADDRESS",
	    .help = "address that \"domain add\" sends postmaster@ of the new "
	    "domain to, unless --postmaster says another; empty: none"),
	NUMBER(connect_timeout, .min = 1, .max = 3600, .standard = "5",
	    .unit = "seconds",
	    .help = "how long to wait for the database server to answer; TAB "
	    "and Ctrl-C wait a fifth of it"),
	NUMBER(read_timeout, .min = 1, .max = 86400, .standard = "60",
	    .unit = "seconds",
	    .help = "how long one answer of the database server may take"),
	NUMBER(write_timeout, .min = 1, .max = 86400, .standard = "60",
	    .unit = "seconds",
	    .help = "how long sending to the database server may take"),
	NUMBER(lock_timeout, .min = 1, .max = 3600, .standard = "5",
	    .unit = "seconds",
	    .help = "how long to wait for rows that another program changes"),
	NUMBER(history_size, .min = 0, .max = 1000000, .standard = "1000",
	    .unit = "lines",
	    .help = "how many lines the shell remembers; 0: none"),
	NUMBER(history_keep, .min = 0, .max = 36500, .standard = "0",
	    .unit = "days",
	    .help = "how long changes stay in the history: \"history prune\" "
	    "deletes what is older; 0: for ever"),
	TEXT(hooks, .standard = "/etc/mailadm/hooks.d", .unit = "DIR",
	    .help = "directory of programs that run after each commit, or "
	    "none; mailadm help hooks"),
	NUMBER(hook_timeout, .min = 1, .max = 3600, .standard = "30",
	    .unit = "seconds",
	    .help = "how long one of them may take"),
	TEXT(check_ignore, .standard = "", .unit = "RULES",
	    .help = "what \"check\" is not to report, separated by spaces: ID "
	    "of a rule, or ID:NAME; * and ? in NAME as in file names"),
	NUMBER(expiry_warning, .min = 0, .max = 366, .standard = "14",
	    .unit = "days",
	    .help = "so long before something expires \"check\" names it"),
	TEXT(defaults_file, .standard = "", .unit = "FILE",
	    .help = "option file of MariaDB that is read instead of the "
	    "standard ones, unless --defaults-file names another; empty: "
	    "none"),
	TEXT(hostname, .standard = "", .unit = "NAME",
	    .help = "full name of the mail server, as mx.example.org; this "
	    "and what follows is what \"config render\" writes into the "
	    "configuration of Postfix and Dovecot"),
	TEXT(certificate, .standard = "", .unit = "FILE",
	    .help = "certificate of that name with its chain; empty: "
	    "/etc/letsencrypt/live/HOSTNAME/fullchain.pem"),
	TEXT(certificate_key, .standard = "", .unit = "FILE",
	    .help = "its private key; empty: "
	    "/etc/letsencrypt/live/HOSTNAME/privkey.pem"),
	TEXT(database_hosts, .standard = "/run/mysqld/mysqld.sock",
	    .unit = "HOSTS",
	    .help = "where the servers find the database: a socket, a host, "
	    "or host:port; several, separated by spaces, are tried in turn"),
	TEXT(database_name, .standard = "mail", .unit = "NAME",
	    .help = "name of the database that holds the tables"),
	TEXT(database_clients, .standard = "localhost", .unit = "HOSTS",
	    .help = "where the accounts connect from, as the database sees "
	    "it, separated by spaces; % and _ as in its grants"),
	TEXT(mail_directory, .standard = "/var/vmail", .unit = "DIR",
	    .help = "where the mail is kept"),
	NUMBER(vmail_uid, .min = 500, .max = 2147483647, .standard = "5000",
	    .help = "uid and gid of the account that owns the mail; user and "
	    "group are called vmail"),
	FLAG(pop3, .standard = "no",
	    .help = "POP3 besides IMAP, yes or no"),
	FLAG(webmail, .standard = "no",
	    .help = "a database account, mailadm_webmail, with which a web "
	    "mailer such as Roundcube sets the password of a user, and can do "
	    "nothing else, yes or no"),
	FLAG(allow_weak_schemes, .standard = "no",
	    .help = "Dovecot 2.4 accepts old password hashes (MD5-CRYPT, "
	    "SMD5, DES), yes or no; until all have a new password"),
	TEXT(postfix_directory, .standard = "/etc/postfix", .unit = "DIR",
	    .help = "configuration of Postfix"),
	TEXT(dovecot_directory, .standard = "/etc/dovecot", .unit = "DIR",
	    .help = "configuration of Dovecot"),
	FLAG(srs, .standard = "no",
	    .help = "the sender of mail from elsewhere that is forwarded to "
	    "elsewhere is rewritten by postsrsd (SRS), so that it passes SPF, "
	    "yes or no; mailadm help srs"),
	TEXT(srs_domain, .standard = "", .unit = "NAME",
	    .help = "domain of the senders that it writes, which has no users "
	    "and records of its own in DNS; empty: srs. and the hostname"),
	TEXT(filter, .standard = "none", .unit = "NAME",
	    .choices = setting_filters,
	    .help = "what signs outgoing and checks incoming mail: rspamd, "
	    "opendkim (with OpenDMARC and policyd-spf), or none"),
	TEXT(filter_down, .standard = "tempfail", .unit = "ACTION",
	    .choices = when_down,
	    .help = "mail while the filter does not answer: tempfail, so that "
	    "it waits, or accept, so that it passes unsigned and unchecked"),
	FLAG(filter_outside, .standard = "no",
	    .help = "rspamd may ask blocklists and other servers outside "
	    "about mail, yes or no; they learn who sends mail here"),
	FLAG(dmarc_reject, .standard = "no",
	    .help = "refuse mail that fails DMARC where its domain asks for "
	    "that, yes or no; no: only its headers and score say so"),
	TEXT(dkim_algorithms, .standard = "rsa", .unit = "NAMES",
	    .choices = algorithms,
	    .help = "keys that \"dkim add\" makes: rsa, or rsa ed25519 for "
	    "both; OpenDKIM takes rsa only"),
	NUMBER(dkim_bits, .min = 2048, .max = 4096, .standard = "2048",
	    .unit = "bits",
	    .help = "length of new RSA keys"),
	NUMBER(dkim_wait, .min = 0, .max = 31536000, .standard = "172800",
	    .unit = "seconds",
	    .help = "how long a new key must have been seen in DNS before "
	    "\"dkim rotate\" lets it sign"),
	NUMBER(dkim_retire, .min = 0, .max = 31536000, .standard = "604800",
	    .unit = "seconds",
	    .help = "how long the record of a replaced key is still needed "
	    "for mail under way"),
	NUMBER(dkim_max_age, .min = 0, .max = 315360000,
	    .standard = "31536000", .unit = "seconds",
	    .help = "\"dkim rotate\" replaces a key that has signed for so "
	    "long; 0: never"),
	TEXT(dkim_secret, .standard = "/etc/mailadm/dkim.secret",
	    .unit = "FILE",
	    .help = "the secret that encrypts the private DKIM keys in the "
	    "database; \"config init\" makes it, and each mail host needs a "
	    "copy"),
	TEXT(resolver, .standard = "", .unit = "ADDRESS",
	    .help = "the resolver that DNS is asked through, ADDRESS or "
	    "ADDRESS@PORT; empty: that of the system"),
	TEXT(addresses, .standard = "", .unit = "ADDRESSES",
	    .help = "public addresses of the mail server, IPv4 and IPv6, "
	    "separated by spaces, for \"dns show\"; needed behind NAT; empty: "
	    "those of the network interfaces"),
	TEXT(spf_all, .standard = "softfail", .unit = "RESULT",
	    .choices = spf_ends,
	    .help = "what SPF records say about mail of a domain from other "
	    "servers: softfail (~all) or fail (-all)"),
	TEXT(dmarc, .standard = "none", .unit = "POLICY",
	    .choices = policies,
	    .help = "what DMARC records ask receivers to do with forged mail "
	    "of a domain: none, quarantine or reject"),
	TEXT(dmarc_reports, .standard = "", .unit = "ADDRESS",
	    .help = "who gets the DMARC reports of receivers; empty: nobody"),
	TEXT(tls_reports, .standard = "", .unit = "ADDRESS",
	    .help = "who gets the reports of senders about TLS (TLSRPT); "
	    "empty: nobody"),
	TEXT(mta_sts, .standard = "no", .unit = "MODE",
	    .choices = sts_modes,
	    .help = "MTA-STS records: no, testing or enforce; the policy that "
	    "\"dns show --zone\" prints needs a web server"),
	FLAG(autoconfig, .standard = "no",
	    .help = "records of names where mail programs look for their "
	    "configuration, yes or no; they need a web server"),
	TEXT(probe, .standard = "", .unit = "ADDRESS",
	    .help = "the user that \"doctor --deliver\" makes and sends mail "
	    "to; empty: mailadm-doctor@ the first domain"),
	{ 0 }
};

#define SETTINGS (sizeof(settings_table) / sizeof(settings_table[0]) - 1)

/* Options of MariaDB's option files, which people look for here. */
static const char *const option_names[] = {
	"host", "port", "socket", "user", "password", "database", NULL
};

struct reader {
	struct arena *arena;
	const char *name;		/* of the file */
	unsigned line;
	unsigned set_in[SETTINGS];	/* line, 0: not yet */
	struct settings *settings;
};

const struct setting *
setting_find(const char *name)
{
	const struct setting *row = settings_table;

	while (row->name != NULL && strcmp(row->name, name) != 0)
		row++;
	return row->name != NULL ? row : NULL;
}

/* The default itself where it is that: it lives for ever. */
static void
text_set(struct arena *a, const struct setting *row, const char *value,
    char *slot)
{
	const char *text = NULL;

	if (*value != '\0')
		text = strcmp(value, row->standard) == 0 ? row->standard :
		    arena_strdup(a, value);
	memcpy(slot, &text, sizeof(text));
}

static bool
is_choice(const struct setting *row, const char *value)
{
	const char *const *choice = row->choices;

	if (choice == NULL)
		return true;
	while (*choice != NULL && strcmp(*choice, value) != 0)
		choice++;
	return *choice != NULL;
}

static bool
value_set(struct arena *a, const struct setting *row, const char *value,
    struct settings *s)
{
	char *slot = (char *)s + row->offset;
	bool flag = strcmp(value, "yes") == 0;
	int64_t number;

	if (row->kind == SETTING_TEXT) {
		text_set(a, row, value, slot);
		return is_choice(row, value);
	}
	if (row->kind == SETTING_FLAG) {
		memcpy(slot, &flag, sizeof(flag));
		return flag || strcmp(value, "no") == 0;
	}
	if (!number_parse(value, &number) || number < row->min ||
	    number > row->max)
		return false;
	memcpy(slot, &number, sizeof(number));
	return true;
}

void
settings_default(struct settings *s)
{
	struct arena a = { 0 };

	*s = (struct settings){ 0 };
	for (size_t i = 0; i < SETTINGS; i++) {
		const struct setting *row = &settings_table[i];

		BUG_ON(!value_set(&a, row, row->standard, s));
	}
	arena_clear(&a);
}

static bool
is_option_name(const char *name)
{
	for (size_t i = 0; option_names[i] != NULL; i++) {
		if (strcmp(option_names[i], name) == 0)
			return true;
	}
	return false;
}

/* "FILE:LINE: " in front. */
static bool
err_place(const struct reader *r, struct err *e)
{
	return err_wrap(e, "%s:%u", r->name, r->line);
}

static bool
unknown_name(const struct reader *r, const char *name, struct err *e)
{
	struct words all = { 0 }, near;
	struct text list = TEXT_INIT;

	for (size_t i = 0; i < SETTINGS; i++)
		words_add(r->arena, &all, settings_table[i].name);
	near = nearest(r->arena, &all, name);
	for (size_t i = 0; option_names[i] != NULL; i++)
		words_add(r->arena, &all, option_names[i]);
	quote_unknown(e, ERR_INVALID, "unknown setting", &all, name);
	err_place(r, e);
	if (is_option_name(name))
		return err_hint(e, "connection settings belong in MariaDB's "
		    "option files, group [mailadm]");
	if (near.count > 0)
		return err_hint(e, "did you mean %s?", near.word[0]);
	for (size_t i = 0; i < SETTINGS; i++)
		text_addf(&list, "%s%s", i > 0 ? ", " : "", all.word[i]);
	err_hint(e, "the settings are: %s", list.buf);
	text_clear(&list);
	return false;
}

/* "a, b or c" */
static bool
choice_fault(const struct setting *row, const char *value, struct err *e)
{
	struct text list = TEXT_INIT;

	for (size_t i = 0; row->choices[i] != NULL; i++)
		text_addf(&list, "%s\"%s\"", i == 0 ? "" :
		    row->choices[i + 1] != NULL ? ", " : " or ",
		    row->choices[i]);
	err_set(e, ERR_INVALID, "%s: expected %s, got \"%.200s\"", row->name,
	    list.buf, value);
	text_clear(&list);
	return false;
}

static bool
value_fault(const struct setting *row, const char *value, struct err *e)
{
	if (row->choices != NULL)
		return choice_fault(row, value, e);
	if (row->kind == SETTING_FLAG)
		return err_set(e, ERR_INVALID, "%s: expected yes or no, "
		    "got \"%.200s\"", row->name, value);
	return err_set(e, ERR_INVALID, "%s: expected a number from %" PRId64
	    " to %" PRId64 ", got \"%.200s\"", row->name, row->min,
	    row->max, value);
}

bool
setting_valid(const struct setting *row, const char *value, struct err *e)
{
	struct arena a = { 0 };
	struct settings s;
	bool ok = value_set(&a, row, value, &s) || value_fault(row, value, e);

	arena_clear(&a);
	return ok;
}

static bool
setting_take(struct reader *r, const char *name, const char *value,
    struct err *e)
{
	const struct setting *row = setting_find(name);
	unsigned *set_in;

	if (row == NULL)
		return unknown_name(r, name, e);
	set_in = &r->set_in[row - settings_table];
	if (*set_in != 0)
		return err_set(e, ERR_INVALID,
		    "%s:%u: %s is already set in line %u", r->name, r->line,
		    name, *set_in);
	*set_in = r->line;
	if (value_set(r->arena, row, value, r->settings))
		return true;
	value_fault(row, value, e);
	return err_place(r, e);
}

static void
comment_cut(char *line)
{
	for (char *p = line; *p != '\0'; p++) {
		if (*p == '#' && (p == line || is_one_of(p[-1], LINE_BLANKS))) {
			*p = '\0';
			return;
		}
	}
}

/* The fault of the bytes of a line, or NULL. */
static const char *
bytes_fault(const char *line, size_t len)
{
	if (len > LINE_LENGTH_MAX)
		return "the line is longer than 64 KiB";
	if (memchr(line, '\0', len) != NULL)
		return "the line holds a NUL byte";
	if (!utf8_valid(line, len))
		return "the line is not valid UTF-8";
	return NULL;
}

/* Never shows the line itself: it may be a password in the wrong file. */
static bool
line_take(struct reader *r, const char *bytes, size_t len, struct err *e)
{
	const char *fault = bytes_fault(bytes, len);
	char *line, *value;

	r->line++;
	if (fault != NULL)
		return err_set(e, ERR_INVALID, "%s:%u: %s", r->name, r->line,
		    fault);
	line = arena_strndup(r->arena, bytes, len);
	comment_cut(line);
	line = trim(line, LINE_BLANKS);
	if (*line == '\0')
		return true;
	value = strchr(line, '=');
	if (value == NULL || value == line) {
		err_set(e, ERR_INVALID, "%s:%u: not a setting", r->name,
		    r->line);
		return err_hint(e, "expected: name = value");
	}
	*value++ = '\0';
	return setting_take(r, trim(line, LINE_BLANKS),
	    trim(value, LINE_BLANKS), e);
}

bool
settings_parse(struct arena *a, const char *name, const char *bytes,
    size_t len, struct settings *s, struct err *e)
{
	struct settings read = *s;
	struct reader r = { .arena = a, .name = name, .settings = &read };

	while (len > 0) {
		const char *end = memchr(bytes, '\n', len);
		size_t n = end != NULL ? (size_t)(end - bytes) : len;

		if (!line_take(&r, bytes, n, e))
			return false;
		n += end != NULL;
		bytes += n;
		len -= n;
	}
	*s = read;
	return true;
}

static bool
load_named(struct arena *a, const char *path, struct settings *s,
    struct err *e)
{
	struct text content = TEXT_INIT;
	struct stat st;
	bool ok;

	ok = file_read(path, &content, &st, e) &&
	    permission_check(FILE_SETTINGS, path, &st, e) &&
	    settings_parse(a, path, content.buf, content.len, s, e);
	text_clear(&content);
	return ok;
}

/* The path may be NULL, and the file may be missing. */
static bool
load_if_there(struct arena *a, const char *path, struct settings *s,
    struct err *e)
{
	if (path == NULL || load_named(a, path, s, e))
		return true;
	if (e->code != ERR_NOT_FOUND)
		return false;
	err_clear(e);
	return true;
}

bool
settings_load(struct arena *a, const char *config, struct settings *s,
    struct err *e)
{
	const char *named = getenv("MAILADM_CONFIG");

	settings_default(s);
	if (config != NULL)
		return load_named(a, config, s, e);
	if (!load_if_there(a, SETTINGS_FILE, s, e) ||
	    !load_if_there(a, home_config(a, "mailadm.conf"), s, e))
		return false;
	return named == NULL || *named == '\0' || load_named(a, named, s, e);
}
