/* The types of arguments: each turns a word into a value, or says why not. */
#include <string.h>
#include <time.h>

#include "base/size.h"
#include "base/text.h"
#include "base/time.h"
#include "base/utf8.h"
#include "cmd/language/cmd.h"
#include "model/address.h"
#include "model/check/check.h"
#include "model/mail/domain.h"
#include "model/manifest/text.h"
#include "model/password/password.h"
#include "model/route/trace.h"
#include "model/verify/verify.h"
#include "print/out.h"

/* The longest free text, in characters: what the columns hold. */
#define TEXT_CHARACTERS 255

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

const struct arg_type arg_send_as = {
	.metavar = "ADDRESS|@DOMAIN", .parse = alias_value,
	.complete = COMPLETE_SEND_AS
};

/* Any case, any tag: as a sender writes it.  "-" reads them. */
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

/* Any text that can be shown; free text goes to terminals and files. */
static bool
text_value(struct arena *a, const char *word, struct value *v, struct err *e)
{
	size_t len = strlen(word), characters = 0;

	if (utf8_has_control(word, len))
		return err_set(e, ERR_INVALID, "\"%.200s\" holds a control "
		    "or invisible character", word);
	for (size_t i = 0; i < len; i++)
		characters += ((unsigned char)word[i] & 0xc0) != 0x80;
	if (characters > TEXT_CHARACTERS)
		return err_set(e, ERR_INVALID, "the text has %zu characters, "
		    "more than %d", characters, TEXT_CHARACTERS);
	v->text = arena_strndup(a, word, len);
	return true;
}

const struct arg_type arg_text = { .metavar = "TEXT", .parse = text_value };
const struct arg_type arg_pattern = {
	.metavar = "PATTERN", .parse = text_value, .complete = COMPLETE_PATTERN
};

static bool
word_value(struct arena *a, const char *word, struct value *v, struct err *e)
{
	if (*word == '\0')
		return err_set(e, ERR_INVALID, "the word is empty");
	v->text = arena_strdup(a, word);
	return true;
}

const struct arg_type arg_file = {
	.metavar = "FILE", .parse = word_value, .complete = COMPLETE_FILE
};
const struct arg_type arg_directory = {
	.metavar = "DIR", .parse = word_value, .complete = COMPLETE_FILE
};
const struct arg_type arg_name = { .metavar = "NAME", .parse = word_value };
const struct arg_type arg_word = {
	.metavar = "COMMAND", .parse = word_value, .complete = COMPLETE_COMMAND
};
const struct arg_type arg_column = {
	.metavar = "COLUMN", .parse = word_value, .complete = COMPLETE_COLUMN
};
const struct arg_type arg_columns = {
	.metavar = "A,B,...", .parse = word_value, .complete = COMPLETE_COLUMNS
};

/* Schemes are stored in capitals, but for the two that are no schemes. */
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
size_value(struct value *v, const char *word, const char *also,
    struct err *e)
{
	if (size_parse(word, &v->number) && v->number > 0)
		return true;
	err_set(e, ERR_INVALID, "not a size: \"%.200s\"", word);
	return err_hint(e, "bytes, or a number with K, M, G or T, like 500M; "
	    "%s", also);
}

static bool
size_domain_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	(void)a;
	v->number = FIELD_NULL;
	return strcmp(word, "none") == 0 || size_value(v, word,
	    "none is no limit", e);
}

const struct arg_type arg_size_domain = {
	.metavar = "SIZE", .parse = size_domain_value
};

static bool
size_user_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	(void)a;
	if (strcmp(word, "default") == 0)
		v->number = FIELD_NULL;
	else if (strcmp(word, "none") == 0)
		v->number = QUOTA_NONE;
	else
		return size_value(v, word, "none is no limit, default is "
		    "the domain's", e);
	return true;
}

const struct arg_type arg_size_user = {
	.metavar = "SIZE", .parse = size_user_value
};

static bool
number_value(struct value *v, const char *word, int64_t min, int64_t max,
    struct err *e)
{
	if (number_parse(word, &v->number) && v->number >= min &&
	    v->number <= max)
		return true;
	return err_set(e, ERR_INVALID, "not a number from %lld to %lld: "
	    "\"%.200s\"", (long long)min, (long long)max, word);
}

static bool
limit_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	(void)a;
	v->number = FIELD_NULL;
	return strcmp(word, "none") == 0 || number_value(v, word, 0,
	    UINT32_MAX, e);
}

const struct arg_type arg_limit = {
	.metavar = "N|none", .parse = limit_value
};

static bool
count_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	(void)a;
	return number_value(v, word, 1, INT64_MAX - 1, e);
}

const struct arg_type arg_count = { .metavar = "N", .parse = count_value };

static bool
length_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	(void)a;
	return number_value(v, word, PASSWORD_GENERATED_MIN,
	    PASSWORD_GENERATED_MAX, e);
}

const struct arg_type arg_length = {
	.metavar = "LENGTH", .parse = length_value
};

static bool
port_value(struct arena *a, const char *word, struct value *v, struct err *e)
{
	(void)a;
	return number_value(v, word, 1, UINT16_MAX, e);
}

const struct arg_type arg_port = { .metavar = "PORT", .parse = port_value };

/* --- times and changes ----------------------------------------------- */

static bool
time_value(struct arena *a, const char *word, struct value *v, struct err *e)
{
	(void)a;
	if (time_parse(word, (int64_t)time(NULL), &v->number))
		return true;
	err_set(e, ERR_INVALID, "not a time: \"%.200s\"", word);
	return err_hint(e, "2026-01-31, \"2026-01-31 07:08\" (in UTC), "
	    "2026-01-31T07:08:09+01:00, or how long ago: 2h, 7d");
}

const struct arg_type arg_time = { .metavar = "TIME", .parse = time_value };
const struct arg_type arg_change = {
	.metavar = "CHANGE", .parse = count_value
};

/* --- choices --------------------------------------------------------- */

static bool
choice_value(const char *const *choices, const char *word, struct value *v,
    struct err *e)
{
	struct text t = TEXT_INIT;

	for (size_t i = 0; choices[i] != NULL; i++) {
		if (strcmp(choices[i], word) == 0) {
			v->text = choices[i];
			text_clear(&t);
			return true;
		}
		text_addf(&t, "%s%s", i > 0 ? ", " : "", choices[i]);
	}
	err_set(e, ERR_USAGE, "\"%.200s\" is none of: %s", word, t.buf);
	text_clear(&t);
	return false;
}

static const char *const colors[] = { "auto", "always", "never", NULL };

static bool
color_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	(void)a;
	return choice_value(colors, word, v, e);
}

const struct arg_type arg_color = {
	.metavar = "WHEN", .parse = color_value, .choices = colors
};

static const char *const kinds[] = {
	"domain", "user", "alias", "grant", "history", NULL
};

static bool
kind_value(struct arena *a, const char *word, struct value *v, struct err *e)
{
	(void)a;
	return choice_value(kinds, word, v, e);
}

const struct arg_type arg_kind = {
	.metavar = "KIND", .parse = kind_value, .choices = kinds
};

static bool
severity_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	(void)a;
	return choice_value(severity_names, word, v, e);
}

/* No NAME of a row is meant where a rule is chosen. */
static bool
is_rule_id(const char *word, struct err *e)
{
	return strchr(word, ':') == NULL || err_set(e, ERR_USAGE,
	    "not the ID of a rule: %.100s", word);
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
const struct arg_type arg_severity = {
	.metavar = "SEVERITY", .parse = severity_value,
	.choices = severity_names
};

static bool
export_format_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	(void)a;
	return choice_value(manifest_format_names, word, v, e);
}

const struct arg_type arg_export = {
	.metavar = "FORMAT", .parse = export_format_value,
	.choices = manifest_format_names
};

static bool
objects_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	(void)a;
	return choice_value(manifest_section_names, word, v, e);
}

const struct arg_type arg_objects = {
	.metavar = "KIND", .parse = objects_value,
	.choices = manifest_section_names
};

/* The first one is no choice: it is what holds without any. */
#define FORMATS (out_format_names + OUT_TABLE)

static bool
format_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	(void)a;
	return choice_value(FORMATS, word, v, e);
}

const struct arg_type arg_format = {
	.metavar = "FORMAT", .parse = format_value, .choices = FORMATS
};

static const char *const answers[] = { "yes", "no", NULL };

static bool
yes_no_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	(void)a;
	if (!choice_value(answers, word, v, e))
		return false;
	v->number = v->text == answers[0];
	return true;
}

const struct arg_type arg_yes_no = {
	.metavar = "yes|no", .parse = yes_no_value, .choices = answers
};

static const char *const shells[] = { "bash", "zsh", NULL };

static bool
shell_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	(void)a;
	return choice_value(shells, word, v, e);
}

const struct arg_type arg_shell = {
	.metavar = "SHELL", .parse = shell_value, .choices = shells
};
