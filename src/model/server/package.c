/* Comparing a file with the original that its package keeps. */
#include <string.h>

#include "file/cf.h"
#include "file/read.h"
#include "model/server/package.h"

#define ORIGINALS 2

static const struct original {
	const char *path;
	const char *from[ORIGINALS];	/* one after the other */
	bool answered;			/* debconf writes into it */
} originals[] = {
	{ "/etc/postfix/main.cf", { "/usr/share/postfix/main.cf.debian",
	    "/usr/share/postfix/main.cf.tls" }, true },
	{ "/etc/postfix/master.cf", { "/usr/share/postfix/master.cf.dist" },
	    false },
	{ "/etc/default/postsrsd", { "/usr/share/postsrsd/postsrsd.template" },
	    false },
	{ "/etc/dovecot/dovecot.conf", { "/usr/share/dovecot/dovecot.conf" },
	    false },
	{ NULL, { NULL }, false }
};

/* What Debian's postfix.postinst sets; NULL: any value. */
static const struct cf_entry answers[] = {
	{ "myhostname", NULL, 0 },
	{ "mydestination", NULL, 0 },
	{ "myorigin", "/etc/mailname", 0 },
	{ "relayhost", "", 0 },
	{ "mynetworks", "127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128", 0 },
	{ "mailbox_size_limit", "0", 0 },
	{ "mailbox_command", "", 0 },
	{ "recipient_delimiter", "+", 0 },
	{ "inet_interfaces", "all", 0 },
	{ "inet_protocols", "all", 0 },
	{ "alias_maps", "hash:/etc/aliases", 0 },
	{ "alias_database", "hash:/etc/aliases", 0 },
	{ "smtpd_relay_restrictions", "permit_mynetworks "
	    "permit_sasl_authenticated defer_unauth_destination", 0 },
	{ "cyrus_sasl_config_path", "/etc/postfix/sasl", 0 },
	{ "readme_directory", "/usr/share/doc/postfix", 0 },
	{ "html_directory", "/usr/share/doc/postfix/html", 0 },
};

static bool
is_answer(const struct cf_entry *entry, bool relayhost)
{
	if (relayhost && strcmp(entry->name, "relayhost") == 0)
		return true;
	for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++) {
		if (strcmp(answers[i].name, entry->name) == 0)
			return answers[i].value == NULL || strcmp(
			    answers[i].value, entry->value) == 0;
	}
	return false;
}

static bool
is_of(const struct cf *from, const struct cf_entry *entry)
{
	const char *value = cf_value(from, entry->name);

	return value != NULL && strcmp(value, entry->value) == 0;
}

static bool
is_answered(struct arena *a, const struct text *content,
    const struct text *from, bool relayhost)
{
	struct cf now, before;

	cf_parse(a, content->buf, CF_POSTFIX, &now);
	cf_parse(a, from->buf, CF_POSTFIX, &before);
	for (size_t i = 0; i < now.count; i++) {
		if (!is_of(&before, &now.entry[i]) &&
		    !is_answer(&now.entry[i], relayhost))
			return false;
	}
	return now.count > 0;
}

static bool
original_read(const struct original *o, struct text *all)
{
	struct text part = TEXT_INIT;
	struct err e = { 0 };
	struct stat st;

	for (size_t i = 0; i < ORIGINALS && o->from[i] != NULL; i++) {
		if (file_read(o->from[i], &part, &st, &e))
			text_add_bytes(all, part.buf, part.len);
		err_clear(&e);
		text_cut(&part, 0);
	}
	text_clear(&part);
	return all->len > 0;
}

bool
package_untouched(struct arena *a, const char *path,
    const struct text *content, bool relayhost)
{
	const struct original *o = originals;
	struct text from = TEXT_INIT;
	bool same;

	while (o->path != NULL && strcmp(o->path, path) != 0)
		o++;
	if (o->path == NULL)
		return false;
	same = original_read(o, &from) && (o->answered ? is_answered(a,
	    content, &from, relayhost) : content->len == from.len &&
	    memcmp(content->buf, from.buf, from.len) == 0);
	text_clear(&from);
	return same;
}
