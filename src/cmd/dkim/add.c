/* mailadm dkim add: new keys, made here or read from a file. */
#include <string.h>
#include <sys/stat.h>

#include "base/ascii.h"
#include "base/text.h"
#include "cmd/dkim/dkim.h"
#include "file/read.h"
#include "model/dkim/publish.h"

struct add_args {
	struct words domains;
	const char *selector;
	const char *algorithm;
	int64_t bits;
	const char *import;
	bool activate;
	bool if_not_exists;
	bool no_sync;

	/* Made by prepare_add(). */
	struct dkim_new *key;	/* for each domain one after the other */
	size_t each;		/* how many for a domain */
};

static const struct arg_type arg_bits = {
	.metavar = "BITS", .min = DKIM_BITS_MIN, .max = DKIM_BITS_MAX
};

static const struct arg add_arg[] = {
	ARGUMENT("DOMAIN", arg_domain, add_args, domains,
	    "one domain or several", .flags = ARG_REQUIRED | ARG_REPEAT),
	OPTION("--selector", arg_selector, add_args, selector,
	    "the name of the key in DNS; default: made from the date",
	    .flags = ARG_NEW),
	OPTION("--algorithm", arg_algorithm, add_args, algorithm,
	    "only rsa or ed25519; default: the setting dkim_algorithms"),
	OPTION("--bits", arg_bits, add_args, bits,
	    "size of an RSA key; default: the setting dkim_bits"),
	OPTION("--import", arg_file, add_args, import,
	    "a private key of another program instead of a new one"),
	FLAG("--activate", add_args, activate,
	    "with --import: let the key sign, if its record is in DNS"),
	FLAG("--if-not-exists", add_args, if_not_exists,
	    "succeed if such a key already exists"),
	NO_SYNC(add_args),
	{ 0 }
};

/* --- before the transaction: files, keys, DNS ------------------------ */

/* "mail._domainkey IN TXT ...": what opendkim-genkey writes beside the key. */
static bool
selector_beside(struct arena *a, const char *path, const char **selector,
    struct err *e)
{
	static const char private[] = ".private", record[] = "._domainkey";
	size_t len = strlen(path), cut = sizeof(private) - 1;
	struct text content = TEXT_INIT;
	struct err none = { 0 };
	struct stat st;
	const char *end;

	*selector = NULL;
	if (len > cut && strcmp(path + len - cut, private) == 0 &&
	    file_read(arena_printf(a, "%.*s.txt", (int)(len - cut), path),
		&content, &st, &none) &&
	    (end = strstr(content.buf, record)) != NULL)
		*selector = lowered(a, trimmed(a, content.buf,
		    (size_t)(end - content.buf), SPACES));
	text_clear(&content);
	err_clear(&none);
	if (*selector != NULL)
		return dkim_selector_check(*selector, e);
	return err_set(e, ERR_USAGE, "--import needs --selector: the name "
	    "of the key in DNS");
}

static bool
import(struct session *s, struct arena *a, struct add_args *args,
    const struct dkim_secret *secret, struct err *e)
{
	args->each = 1;
	args->key = arena_array(a, args->domains.count, sizeof(*args->key));
	if (args->selector == NULL && !selector_beside(a, args->import,
	    &args->selector, e))
		return false;
	if (!dkim_new_read(a, args->import, secret, &args->key[0], e))
		return false;
	for (size_t i = 1; i < args->domains.count; i++)
		args->key[i] = args->key[0];
	if (args->key[0].exposed)
		out_note(&s->out, "everybody can read %s: replace the key "
		    "soon", args->import);
	if (args->key[0].algorithm == DKIM_RSA &&
	    args->key[0].bits < DKIM_BITS_MIN)
		out_note(&s->out, "an RSA key of %lld bits is weak: replace "
		    "it soon", (long long)args->key[0].bits);
	return true;
}

static bool
makes(const struct add_args *args, const struct dkim_policy *policy,
    int algorithm)
{
	return args->algorithm == NULL ? policy->makes[algorithm] :
	    strcmp(args->algorithm, dkim_algorithm_names[algorithm]) == 0;
}

static bool
make(struct arena *a, struct add_args *args,
    const struct dkim_policy *policy, const struct dkim_secret *secret,
    struct err *e)
{
	int64_t bits = args->bits != VALUE_UNSET ? args->bits : policy->bits;
	size_t n = 0;

	args->key = arena_array(a, args->domains.count * DKIM_ALGORITHMS,
	    sizeof(*args->key));
	for (size_t d = 0; d < args->domains.count; d++) {
		for (int i = 0; i < DKIM_ALGORITHMS; i++) {
			if (makes(args, policy, i) && !dkim_new_make(a,
			    (enum dkim_algorithm)i, bits, secret,
			    &args->key[n++], e))
				return false;
		}
	}
	args->each = n / args->domains.count;
	return args->each == 1 || args->selector == NULL || err_set(e,
	    ERR_USAGE, "--selector names one key: give --algorithm as well");
}

/* ERR_DIFFERS unless DNS has the record already. */
static bool
published(struct session *s, const struct add_args *args,
    const char *domain, struct err *e)
{
	const struct dkim_new *key = &args->key[0];
	const struct dkim_row row = { .domain = domain,
	    .selector = args->selector, .state = "pending",
	    .algorithm = dkim_algorithm_names[key->algorithm],
	    .public_key = key->public_key };
	struct dns dns = dkim_dns(s);
	struct dkim_look look = { 0 };

	if (!dkim_look_up(&dns, &(struct dkim_looks){ .key = &row,
	    .look = &look, .count = 1 }, e))
		return false;
	if (look.state == DKIM_PUBLISHED)
		return true;
	err_set(e, look.state == DKIM_UNKNOWN ? ERR_RETRY : ERR_DIFFERS,
	    "%s cannot be activated: %s", dkim_key_name(s, &row), look.why);
	return err_hint(e, "without --activate it is added as pending");
}

static bool
options_check(const struct add_args *args, struct err *e)
{
	if (args->activate && args->import == NULL)
		return err_set(e, ERR_USAGE, "--activate needs --import: the "
		    "record of a new key cannot be in DNS yet");
	if (args->import != NULL && (args->algorithm != NULL ||
	    args->bits != VALUE_UNSET))
		return err_set(e, ERR_USAGE, "--import takes the algorithm "
		    "and the size from the key");
	return args->bits == VALUE_UNSET || args->algorithm == NULL ||
	    strcmp(args->algorithm, "rsa") == 0 || err_set(e, ERR_USAGE,
	    "--bits is for RSA keys only");
}

static bool
prepare_add(struct session *s, struct arena *a, void *args, struct err *e)
{
	struct add_args *add = args;
	struct dkim_secret secret;
	struct dkim_policy policy;

	if (!options_check(add, e) ||
	    !dkim_policy_read(&s->settings, &policy, e) ||
	    !dkim_secret_get(s, a, &secret, e))
		return false;
	if (add->import == NULL)
		return make(a, add, &policy, &secret, e);
	if (!import(s, a, add, &secret, e))
		return false;
	for (size_t i = 0; add->activate && i < add->domains.count; i++) {
		if (!published(s, add, add->domains.word[i], e))
			return false;
	}
	return true;
}

static bool
opens_files(const void *args)
{
	const struct add_args *a = args;

	return a->import != NULL;
}

/* --- in the transaction ---------------------------------------------- */

static bool
add_one(struct session *s, const struct add_args *args, size_t domain,
    const struct dkim_new *key, struct err *e)
{
	const struct dkim_add add = {
		.domain = args->domains.word[domain],
		.selector = args->selector,
		.key = key,
		.if_not_exists = args->if_not_exists,
	};
	enum outcome outcome;
	struct dkim_row row;

	if (!dkim_add(&s->mail, &add, &row, &outcome, e))
		return false;
	if (args->activate && strcmp(row.state, "active") != 0 && (
	    !dkim_see(&s->mail, &row, e) ||
	    !dkim_activate(&s->mail, &row, e) || !dkim_find(&s->mail,
		row.domain, row.selector, &row, e)))
		return false;
	outcome_print(s, outcome, "DKIM key", dkim_key_name(s, &row),
	    "added");
	return dkim_record_print(s, &row, e);
}

static bool
run_add(struct session *s, const void *args, struct err *e)
{
	const struct add_args *a = args;

	if (!out_begin(&s->out, dkim_record_fields, OUT_LIST, e))
		return false;
	for (size_t d = 0; d < a->domains.count; d++) {
		for (size_t i = 0; i < a->each; i++) {
			if (!add_one(s, a, d, &a->key[d * a->each + i], e))
				return false;
		}
	}
	if (!a->activate)
		out_hint(&s->out, "when the record is published: mailadm dkim "
		    "activate %s", a->domains.word[0]);
	return out_end(&s->out, e);
}

const struct cmd dkim_add_cmds[] = {
	{ .name = "dkim add", .brief = "add a key that signs mail",
	    .detail =
	    "Makes a key for each algorithm of the setting dkim_algorithms "
	    "and prints the record that DNS needs for it. The key is pending: "
	    "it signs after \"dkim activate\". The private half is stored "
	    "encrypted with the secret of this host. --import reads a private "
	    "key instead: PEM of openssl or opendkim-genkey, whose .txt file "
	    "beside it names the selector, or the base64 of rspamadm; "
	    "--selector names the one that DNS has. For many keys at once, "
	    "see \"import dkim\".",
	    .example = "dkim add example.com --algorithm ed25519",
	    ARGS(add_arg, add_args), .columns = dkim_record_fields,
	    .flags = CMD_DB | CMD_WRITES, .prepare = prepare_add,
	    .opens_files = opens_files, .run = run_add },
	{ 0 }
};
