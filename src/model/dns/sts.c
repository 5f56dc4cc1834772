/* MTA-STS: RFC 8461, 3.1 and 3.2. */
#include "model/dns/sts.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "model/dns/name.h"
#include "model/dns/tags.h"

#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* --- the record ------------------------------------------------------ */

static const char *
id_judge(const char *id)
{
	size_t len = strlen(id);

	if (len < 1 || len > 32 || strspn(id, LETTERS DIGITS) != len)
		return "has an id= that is not 1 to 32 letters and digits";
	return NULL;
}

const char *
sts_record_parse(struct arena *a, const char *text, const char **id)
{
	struct dns_tags tags;
	const char *why = dns_tags_parse(a, text, false, &tags);

	*id = NULL;
	if (!dns_tags_have_version(&tags, text, STS_VERSION, false))
		return "does not begin with v=" STS_VERSION;
	if (why != NULL)
		return why;
	*id = dns_tags_find(&tags, "id");
	if (*id == NULL)
		return "has no id=";
	for (size_t i = 1; i < tags.count; i++) {
		if (strcmp(tags.tag[i].name, "id") == 0)
			continue;
		if (*tags.tag[i].value == '\0' ||
		    strpbrk(tags.tag[i].value, " =") != NULL)
			return "has a character that is not allowed";
	}
	return id_judge(*id);
}

/* --- the policy ------------------------------------------------------ */

/* What was read of it so far. */
struct reading {
	struct arena *arena;
	struct sts_policy *policy;
	bool version;
	bool mode;
	bool age;
};

static const char *
version_read(struct reading *r, const char *value)
{
	if (r->version)
		return "has two lines of version:";
	r->version = true;
	return strcmp(value, "STSv1") == 0 ? NULL :
	    "has another version than STSv1";
}

static const char *
mode_read(struct reading *r, const char *value)
{
	static const char *const names[] = { [STS_NONE] = "none",
		[STS_TESTING] = "testing", [STS_ENFORCE] = "enforce" };

	if (r->mode)
		return "has two lines of mode:";
	r->mode = true;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strcmp(value, names[i]) == 0) {
			r->policy->mode = (enum sts_mode)i;
			return NULL;
		}
	}
	return "has a mode that is not enforce, testing or none";
}

static const char *
age_read(struct reading *r, const char *value)
{
	size_t len = strlen(value);

	if (r->age)
		return "has two lines of max_age:";
	r->age = true;
	if (len < 1 || len > 10 || strspn(value, DIGITS) != len)
		return "has a max_age that is no number of seconds";
	r->policy->max_age = strtoul(value, NULL, 10);
	return r->policy->max_age <= STS_AGE_MAX ? NULL :
	    "has a max_age of more than a year";
}

static const char *
host_read(struct reading *r, const char *value)
{
	const char *name = strncmp(value, "*.", 2) == 0 ? value + 2 : value;

	if (!dns_name_is_valid(name) || name[strspn(name, LETTERS DIGITS
	    "-.")] != '\0' || strchr(name, '.') == NULL)
		return "has an mx that is no host name";
	words_add(r->arena, &r->policy->hosts, value);
	return NULL;
}

/* Other names are for later versions: they are skipped. */
static const char *
line_read(struct reading *r, const char *line)
{
	static const struct {
		const char *name;
		const char *(*read)(struct reading *r, const char *value);
	} lines[] = {
		{ "version", version_read }, { "mode", mode_read },
		{ "max_age", age_read }, { "mx", host_read },
	};
	size_t len = strcspn(line, ":");
	const char *value;

	if (line[len] == '\0' || len == 0 || len > 32 ||
	    strspn(line, LETTERS DIGITS "_-.") != len)
		return "has a line that is no NAME: VALUE";
	value = trimmed(r->arena, line + len + 1, strlen(line + len + 1),
	    BLANKS);
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		if (strlen(lines[i].name) == len &&
		    strncmp(lines[i].name, line, len) == 0)
			return lines[i].read(r, value);
	}
	return *value == '\0' ? "has a line without a value" : NULL;
}

static const char *
whole_judge(const struct reading *r)
{
	if (!r->version)
		return "has no line of version:";
	if (!r->mode)
		return "has no line of mode:";
	if (!r->age)
		return "has no line of max_age:";
	if (r->policy->mode != STS_NONE && r->policy->hosts.count == 0)
		return "has no line of mx:";
	return NULL;
}

const char *
sts_policy_parse(struct arena *a, const char *bytes, size_t len,
    struct sts_policy *policy)
{
	struct reading r = { .arena = a, .policy = policy };
	const char *why = NULL, *end = bytes + len;

	*policy = (struct sts_policy){ 0 };
	if (len > STS_SIZE_MAX)
		return "has more than 64 KiB";
	if (memchr(bytes, '\0', len) != NULL)
		return "has bytes that are no text";
	while (bytes < end && why == NULL) {
		const char *feed = memchr(bytes, '\n', (size_t)(end - bytes));
		const char *stop = feed == NULL ? end : feed;
		const char *line = arena_strndup(a, bytes, trimmed_length(
		    bytes, (size_t)(stop - bytes), LINE_BLANKS));

		why = line_read(&r, line);
		bytes = feed == NULL ? end : feed + 1;
	}
	return why != NULL ? why : whole_judge(&r);
}

bool
sts_policy_has(const struct sts_policy *policy, const char *host)
{
	const char *parent = dns_name_parent(host);

	for (size_t i = 0; i < policy->hosts.count; i++) {
		const char *pattern = policy->hosts.word[i];

		if (dns_name_same(pattern, host))
			return true;
		if (strncmp(pattern, "*.", 2) == 0 && parent != NULL &&
		    dns_name_same(pattern + 2, parent))
			return true;
	}
	return false;
}
