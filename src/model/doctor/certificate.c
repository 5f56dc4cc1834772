/* The doctor reads the certificate that the servers should present. */
#include <inttypes.h>
#include <openssl/x509v3.h>

#include "base/pem.h"
#include "base/text.h"
#include "base/time.h"
#include "file/read.h"
#include "model/doctor/private.h"
#include "model/server/settings.h"

#define DAY (24 * 60 * 60)
#define DAYS_LEAST 14		/* Let's Encrypt's are renewed before 30 */

struct verdict
certificate_judge(struct arena *a, const struct certificate *c, int64_t now)
{
	int64_t days = (c->ends - now) / DAY;

	if (c->begins > now)
		return (struct verdict){ DOCTOR_WRONG, arena_printf(a,
		    "%s is not valid yet", c->path), "look at the clock: "
		    "timedatectl" };
	if (c->ends <= now)
		return (struct verdict){ DOCTOR_WRONG, arena_printf(a,
		    "%s expired %" PRId64 " days ago", c->path,
		    (now - c->ends) / DAY), NULL };
	if (c->host != NULL && !c->is_for_host)
		return (struct verdict){ DOCTOR_WRONG, arena_printf(a,
		    "%s is not for %s", c->path, c->host), arena_printf(a,
		    "certbot certonly -d %s", c->host) };
	if (days < DAYS_LEAST)
		return (struct verdict){ DOCTOR_WRONG, arena_printf(a,
		    "%s expires in %" PRId64 " days, and was not renewed",
		    c->path, days), NULL };
	return (struct verdict){ DOCTOR_OK, arena_printf(a, "%s is valid for "
	    "%" PRId64 " days", c->path, days), NULL };
}

static int64_t
seconds(const ASN1_TIME *when)
{
	struct tm tm = { 0 };

	if (!ASN1_TIME_to_tm(when, &tm))
		return 0;
	return time_from_date(tm.tm_year + 1900, (unsigned)tm.tm_mon + 1,
	    (unsigned)tm.tm_mday, (unsigned)tm.tm_hour, (unsigned)tm.tm_min,
	    (unsigned)tm.tm_sec);
}

static void
judge(struct doctor *d, const char *path, X509 *x)
{
	struct certificate c = { .path = path,
	    .host = d->options->settings->hostname };

	unsigned char *digest = arena_alloc(d->arena, EVP_MAX_MD_SIZE);

	if (X509_digest(x, EVP_sha256(), digest, NULL) == 1)
		d->digest = digest;
	c.begins = seconds(X509_get0_notBefore(x));
	c.ends = seconds(X509_get0_notAfter(x));
	c.is_for_host = c.host != NULL &&
	    X509_check_host(x, c.host, 0, 0, NULL) == 1;
	doctor_add(d, certificate_judge(d->arena, &c, d->now));
}

static void
read_and_judge(struct doctor *d, const char *path, const struct text *pem)
{
	BIO *bio = pem_open(pem->buf, pem->len);
	X509 *x = bio != NULL ? pem_certificate(bio) : NULL;

	if (x != NULL)
		judge(d, path, x);
	else
		doctor_say(d, DOCTOR_WRONG, NULL, "%s holds no certificate",
		    path);
	X509_free(x);
	BIO_free(bio);
}

void
doctor_certificate(struct doctor *d)
{
	const struct settings *s = d->options->settings;
	struct text pem = TEXT_INIT;
	struct err e = { 0 };
	struct stat st;
	const char *path;

	if (s->hostname == NULL && s->certificate == NULL) {
		doctor_say(d, DOCTOR_UNKNOWN, "mailadm config init",
		    "the setting hostname is not set");
		return;
	}
	path = server_certificate(d->arena, s);
	if (file_read(path, &pem, &st, &e))
		read_and_judge(d, path, &pem);
	else
		doctor_say(d, e.code == ERR_NOT_FOUND ? DOCTOR_WRONG :
		    DOCTOR_UNKNOWN, NULL, "%s", e.text);
	err_clear(&e);
	text_clear(&pem);
}
