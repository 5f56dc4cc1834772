/*
 * The types of arguments: each turns a word into a value, or reports why not.
 */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/shown.h"
#include "base/size.h"
#include "base/text.h"
#include "base/time.h"
#include "cmd/language/cmd.h"
#include "model/address.h"
#include "model/check/check.h"
#include "model/dnscheck/dnscheck.h"
#include "model/mail/domain.h"
#include "model/manifest/text.h"
#include "model/password/password.h"
#include "model/password/scheme.h"
#include "model/route/trace.h"
#include "model/verify/verify.h"
#include "model/way/relay.h"
#include "print/out.h"

/* The longest free text, in characters: the width of the columns. */
#define TEXT_CHARACTERS 255

/* --- words to values ------------------------------------------------- */

static bool
choice_value(const struct arg_type *type, const char *word, struct value *v,
    struct err *e)
{
	struct text t = TEXT_INIT;

	for (size_t i = 0; type->choices[i] != NULL; i++) {
		if (strcmp(type->choices[i], word) == 0) {
			*v = (struct value){ type->choices[i], (int64_t)i };
			text_clear(&t);
			return true;
		}
		text_addf(&t, "%s%s", i > 0 ? ", " : "", type->choices[i]);
	}
	err_set(e, ERR_USAGE, "unknown %s \"%.200s\" (%s)",
	    type->choice ? type->choice : "value", word, t.buf);
	text_clear(&t);
	if (type == &arg_format && strcmp(word, "yaml") == 0)
		err_hint(e, "mailadm export writes YAML");
	return false;
}

static bool
number_value(int64_t min, int64_t max, const char *word, struct value *v,
    struct err *e)
{
	if (!number_parse(word, &v->number))
		return err_set(e, ERR_INVALID, "expected a number, got "
		    "\"%.200s\"", word);
	if (v->number < min)
		return err_set(e, ERR_INVALID, "expected a number of at least "
		    "%" PRId64 ", got \"%.200s\"", min, word);
	return v->number <= max || err_set(e, ERR_INVALID, "expected a number "
	    "of at most %" PRId64 ", got \"%.200s\"", max, word);
}

static bool
word_value(struct arena *a, const struct arg *arg, const char *word,
    struct value *v, struct err *e)
{
	if (*word == '\0' && !arg->type->may_be_empty)
		return err_set(e, ERR_INVALID, "%s is empty",
		    arg_is_option(arg) ? arg->type->metavar : arg->name);
	v->text = arena_strdup(a, word);
	return true;
}

bool
arg_parse(struct arena *a, const struct arg *arg, const char *word,
    struct value *v, struct err *e)
{
	const struct arg_type *type = arg->type;

	if (type->choices != NULL)
		return choice_value(type, word, v, e);
	if (type->max != 0)
		return number_value(type->min, type->max, word, v, e);
	if (type->parse != NULL)
		return type->parse(a, word, v, e);
	return word_value(a, arg, word, v, e);
}

/* --- names ----------------------------------------------------------- */

static bool
domain_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	return domain_parse(a, word, &v->text, e);
}

const struct arg_type arg_domain = {
	.metavar = "DOMAIN", .parse = domain_value, .complete = COMPLETE_DOMAIN
};

static bool
domain_or_none_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	v->text = "";
	return strcmp(word, "none") == 0 || domain_parse(a, word, &v->text,
	    e);
}

const struct arg_type arg_domain_or_none = {
	.metavar = "DOMAIN|none", .parse = domain_or_none_value,
	.complete = COMPLETE_DOMAIN
};

static bool
relay_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	return relay_name_parse(a, word, &v->text, e);
}

const struct arg_type arg_relay = {
	.metavar = "NAME", .parse = relay_value, .complete = COMPLETE_RELAY
};

static bool
relay_or_none_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	v->text = "";
	return strcmp(word, "none") == 0 || relay_name_parse(a, word,
	    &v->text, e);
}

const struct arg_type arg_relay_or_none = {
	.metavar = "NAME|none", .parse = relay_or_none_value,
	.complete = COMPLETE_RELAY
};

static bool
user_value(struct arena *a, const char *word, struct value *v, struct err *e)
{
	return address_parse(a, ADDRESS_USER, word, &v->text, e);
}

const struct arg_type arg_user = {
	.metavar = "EMAIL", .parse = user_value, .complete = COMPLETE_USER
};

static bool
alias_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	return address_parse(a, ADDRESS_ALIAS, word, &v->text, e);
}

const struct arg_type arg_alias = {
	.metavar = "ADDRESS", .parse = alias_value, .complete = COMPLETE_ALIAS
};

static bool
address_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	return address_parse(a, ADDRESS_DESTINATION, word, &v->text, e);
}

const struct arg_type arg_address = {
	.metavar = "ADDRESS", .parse = address_value,
	.complete = COMPLETE_ADDRESS
};

static bool
address_or_none_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	v->text = "";
	return strcmp(word, "none") == 0 || address_value(a, word, v, e);
}

const struct arg_type arg_address_or_none = {
	.metavar = "ADDRESS|none", .parse = address_or_none_value,
	.complete = COMPLETE_ADDRESS
};

const struct arg_type arg_send_as = {
	.metavar = "ADDRESS|@DOMAIN", .parse = alias_value,
	.complete = COMPLETE_SEND_AS
};

/* Any case, any tag: as a sender writes it. "-" reads them. */
static bool
route_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	v->text = word;
	return strcmp(word, "-") == 0 || route_address(a, word, &v->text, e);
}

const struct arg_type arg_route = {
	.metavar = "ADDRESS", .parse = route_value,
	.complete = COMPLETE_ADDRESS
};

/* --- texts ----------------------------------------------------------- */

/* Any text without control characters: it is printed on terminals. */
static bool
text_value(struct arena *a, const char *word, struct value *v, struct err *e)
{
	if (!shown_valid(word, TEXT_CHARACTERS, e))
		return false;
	v->text = arena_strdup(a, word);
	return true;
}

const struct arg_type arg_text = { .metavar = "TEXT", .parse = text_value };
const struct arg_type arg_pattern = {
	.metavar = "PATTERN", .parse = text_value, .complete = COMPLETE_PATTERN
};

const struct arg_type arg_file = {
	.metavar = "FILE", .complete = COMPLETE_FILE
};

/* "-" is standard input where a file is read, so nobody means this name. */
static bool
named_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	if (*word == '\0')
		return err_set(e, ERR_INVALID, "the name is empty");
	if (strcmp(word, "-") == 0) {
		err_set(e, ERR_USAGE, "expected a name, got \"-\"");
		return err_hint(e, "standard input or output is not possible "
		    "here; a file of that name is ./-");
	}
	v->text = arena_strdup(a, word);
	return true;
}

const struct arg_type arg_written_file = {
	.metavar = "FILE", .parse = named_value, .complete = COMPLETE_FILE
};
const struct arg_type arg_directory = {
	.metavar = "DIR", .parse = named_value, .complete = COMPLETE_FILE
};
const struct arg_type arg_name = { .metavar = "NAME" };

/* Only these characters: the prefix becomes part of a statement. */
static bool
prefix_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	if (word[strspn(word, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] != '\0')
		return err_set(e, ERR_USAGE, "a table prefix has only "
		    "letters, digits and _");
	v->text = arena_strdup(a, word);
	return true;
}

const struct arg_type arg_table_prefix = {
	.metavar = "PREFIX", .parse = prefix_value
};

const struct arg_type arg_word = {
	.metavar = "COMMAND", .complete = COMPLETE_COMMAND
};
const struct arg_type arg_column = {
	.metavar = "COLUMN", .complete = COMPLETE_COLUMN
};
const struct arg_type arg_columns = {
	.metavar = "A,B,...", .complete = COMPLETE_COLUMNS
};

/* Schemes are stored in capitals; "none" and "unknown" are no schemes. */
static bool
scheme_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	char *scheme = arena_strdup(a, word);

	(void)e;
	v->text = scheme;
	if (strcmp(word, "none") == 0 || strcmp(word, "unknown") == 0)
		return true;
	for (; *scheme != '\0'; scheme++) {
		if (*scheme >= 'a' && *scheme <= 'z')
			*scheme = (char)(*scheme & ~0x20);
	}
	return true;
}

const struct arg_type arg_scheme = {
	.metavar = "SCHEME", .parse = scheme_value
};

static bool
hash_value(struct arena *a, const char *word, struct value *v, struct err *e)
{
	v->text = arena_strdup(a, word);
	return password_hash_valid(word, e);
}

const struct arg_type arg_hash = { .metavar = "HASH", .parse = hash_value };

/* --- numbers --------------------------------------------------------- */

static bool
quota_value(struct value *v, const char *word, bool of_user, struct err *e)
{
	if (quota_parse(word, of_user, &v->number))
		return true;
	err_set(e, ERR_INVALID, "expected a size, got \"%.200s\"", word);
	return err_hint(e, "%s", quota_hint(of_user));
}

static bool
size_domain_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	(void)a;
	return quota_value(v, word, false, e);
}

const struct arg_type arg_size_domain = {
	.metavar = "SIZE", .parse = size_domain_value
};

static bool
size_user_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	(void)a;
	return quota_value(v, word, true, e);
}

const struct arg_type arg_size_user = {
	.metavar = "SIZE", .parse = size_user_value
};

static bool
rate_value(struct value *v, const char *word, bool of_user, struct err *e)
{
	if (rate_parse(word, of_user, &v->number))
		return true;
	err_set(e, ERR_INVALID, "expected a rate, got \"%.200s\"", word);
	return err_hint(e, "%s", rate_hint(of_user));
}

static bool
rate_domain_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	(void)a;
	return rate_value(v, word, false, e);
}

const struct arg_type arg_rate_domain = {
	.metavar = "N/h", .parse = rate_domain_value
};

static bool
rate_user_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	(void)a;
	return rate_value(v, word, true, e);
}

const struct arg_type arg_rate_user = {
	.metavar = "N/h", .parse = rate_user_value
};

static bool
limit_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	(void)a;
	v->number = FIELD_NULL;
	return is_no_limit(word) ||
	    number_value(0, UINT32_MAX, word, v, e);
}

const struct arg_type arg_limit = {
	.metavar = "N|none", .parse = limit_value
};

/* No limit.  One more than this must still be a number. */
#define COUNT_MAX (INT64_MAX - 1)

const struct arg_type arg_count = {
	.metavar = "N", .min = 1, .max = COUNT_MAX
};
const struct arg_type arg_change = {
	.metavar = "CHANGE", .min = 1, .max = COUNT_MAX
};
const struct arg_type arg_length = {
	.metavar = "LENGTH", .min = PASSWORD_GENERATED_MIN,
	.max = PASSWORD_GENERATED_MAX
};
const struct arg_type arg_port = {
	.metavar = "PORT", .min = 1, .max = UINT16_MAX
};

/* --- times ----------------------------------------------------------- */

static bool
time_value(struct arena *a, const char *word, struct value *v, struct err *e)
{
	(void)a;
	if (time_parse(word, (int64_t)time(NULL), &v->number))
		return true;
	err_set(e, ERR_INVALID, "expected a time, got \"%.200s\"", word);
	return err_hint(e, "like 2026-01-31, \"2026-01-31 07:08\" (UTC), "
	    "2026-01-31T07:08:09+01:00, or how long ago: 2h, 7d");
}

const struct arg_type arg_time = { .metavar = "TIME", .parse = time_value };

static bool
ahead_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	(void)a;
	if (time_parse_ahead(word, (int64_t)time(NULL), &v->number))
		return true;
	err_set(e, ERR_INVALID, "expected a time to come, got \"%.200s\"",
	    word);
	return err_hint(e, "like 2026-12-31, \"2026-12-31 18:00\" (UTC), "
	    "2026-12-31T18:00:00+01:00, or from now on: 30d, 2w");
}

const struct arg_type arg_ahead = { .metavar = "TIME", .parse = ahead_value };

static bool
expiry_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	v->number = FIELD_NULL;
	return is_no_limit(word) || ahead_value(a, word, v, e);
}

const struct arg_type arg_expiry = {
	.metavar = "TIME|none", .parse = expiry_value
};

/* --- rules ----------------------------------------------------------- */

/* --rule takes the ID alone, without a NAME. */
static bool
is_rule_id(const char *word, struct err *e)
{
	return strchr(word, ':') == NULL || err_set(e, ERR_USAGE,
	    "expected the ID of a rule, got \"%.100s\"", word);
}

static bool
ignore_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	v->text = arena_strdup(a, word);
	return check_rule_known(word, e);
}

static bool
rule_value(struct arena *a, const char *word, struct value *v, struct err *e)
{
	return is_rule_id(word, e) && ignore_value(a, word, v, e);
}

static bool
verify_ignore_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	v->text = arena_strdup(a, word);
	return verify_rule_known(word, e);
}

static bool
verify_rule_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	return is_rule_id(word, e) && verify_ignore_value(a, word, v, e);
}

static bool
dns_ignore_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	v->text = arena_strdup(a, word);
	return dnscheck_rule_known(word, e);
}

static bool
dns_rule_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	return is_rule_id(word, e) && dns_ignore_value(a, word, v, e);
}

const struct arg_type arg_rule = {
	.metavar = "ID", .parse = rule_value, .complete = COMPLETE_RULE
};
const struct arg_type arg_ignore = {
	.metavar = "ID[:NAME]", .parse = ignore_value,
	.complete = COMPLETE_RULE
};
const struct arg_type arg_verify_rule = {
	.metavar = "ID", .parse = verify_rule_value,
	.complete = COMPLETE_VERIFY_RULE
};
const struct arg_type arg_verify_ignore = {
	.metavar = "ID[:NAME]", .parse = verify_ignore_value,
	.complete = COMPLETE_VERIFY_RULE
};

const struct arg_type arg_dns_rule = {
	.metavar = "ID", .parse = dns_rule_value,
	.complete = COMPLETE_DNS_RULE
};
const struct arg_type arg_dns_ignore = {
	.metavar = "ID[:NAME]", .parse = dns_ignore_value,
	.complete = COMPLETE_DNS_RULE
};

/* --- choices --------------------------------------------------------- */

static const char *const colors[] = { "auto", "always", "never", NULL };
static const char *const kinds[] = {
	"domain", "user", "alias", "grant", "key", "pattern", "block",
	"recipient", "relay", "history", NULL
};
static const char *const no_yes[] = { "no", "yes", NULL };
static const char *const writers[] = {
	"anyone", "users", "domain", "members", NULL
};
static const char *const shells[] = { "bash", "zsh", NULL };

const struct arg_type arg_color = { .metavar = "WHEN", .choices = colors };
const struct arg_type arg_kind = {
	.metavar = "KIND", .choices = kinds, .choice = "kind"
};
const struct arg_type arg_severity = {
	.metavar = "SEVERITY", .choices = severity_names,
	.choice = "severity"
};
const struct arg_type arg_export = {
	.metavar = "FORMAT", .choices = manifest_format_names,
	.choice = "format"
};
const struct arg_type arg_objects = {
	.metavar = "KIND", .choices = manifest_section_names,
	.choice = "kind"
};
/* Without the first one, which is the default and no choice. */
const struct arg_type arg_format = {
	.metavar = "FORMAT", .choices = out_format_names + OUT_TABLE,
	.choice = "format"
};
const struct arg_type arg_yes_no = {
	.metavar = "yes|no", .choices = no_yes
};
const struct arg_type arg_writers = {
	.metavar = "WHO", .choices = writers, .choice = "writers"
};
const struct arg_type arg_shell = {
	.metavar = "SHELL", .choices = shells, .choice = "shell"
};
