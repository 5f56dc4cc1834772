/* One hop of a probe, by libcurl. */
#include "model/talk/hop.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#define MESSAGE_MAX ((size_t)1024 * 1024)

struct hop_box {
	CURL *curl;
	struct curl_slist *to;
	struct arena arena;
	const char *url;
};

static size_t
take(char *bytes, size_t size, size_t count, void *arg)
{
	struct text *t = arg;

	(void)size;
	if (t->len < MESSAGE_MAX)
		text_add_bytes(t, bytes, count);
	return count;
}

/* The rest of the mail to be sent. */
static size_t
give(char *bytes, size_t size, size_t count, void *arg)
{
	const char **rest = arg;
	size_t len = strlen(*rest);

	len = len < size * count ? len : size * count;
	memcpy(bytes, *rest, len);
	*rest += len;
	return len;
}

/* It is asked again and again while curl waits. */
static int
go_on(void *arg, curl_off_t down, curl_off_t downed, curl_off_t up,
    curl_off_t upped)
{
	(void)down;
	(void)downed;
	(void)up;
	(void)upped;
	return stop_is_due(arg) ? 1 : 0;
}

static const char *
bracketed(struct arena *a, const char *address)
{
	return strchr(address, ':') != NULL ? arena_printf(a, "[%s]",
	    address) : address;
}

static CURL *
curl_make(const struct hop *hop, struct arena *a, struct curl_slist **to)
{
	CURL *c = curl_easy_init();
	const char *authorities = getenv("SSL_CERT_FILE");

	BUG_ON(c == NULL);
	*to = curl_slist_append(NULL, arena_printf(a, "%s:%u:%s:%u",
	    hop->host, hop->port, bracketed(a, hop->address), hop->port));
	curl_easy_setopt(c, CURLOPT_CONNECT_TO, *to);
	curl_easy_setopt(c, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)hop->seconds);
	curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, go_on);
	curl_easy_setopt(c, CURLOPT_XFERINFODATA, hop->stop);
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	if (authorities != NULL)
		curl_easy_setopt(c, CURLOPT_CAINFO, authorities);
	if (hop->user != NULL) {
		curl_easy_setopt(c, CURLOPT_USERNAME, hop->user);
		curl_easy_setopt(c, CURLOPT_PASSWORD, hop->password);
	}
	return c;
}

static bool
perform(CURL *c, struct err *e)
{
	char why[CURL_ERROR_SIZE] = "";
	CURLcode code;

	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, why);
	code = curl_easy_perform(c);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, NULL);
	return code == CURLE_OK || err_set(e, ERR_IO, "%s", *why != '\0' ?
	    why : curl_easy_strerror(code));
}

bool
hop_send(const struct hop *hop, const struct hop_mail *mail, struct err *e)
{
	struct arena a = { 0 };
	struct curl_slist *to, *rcpt;
	CURL *c = curl_make(hop, &a, &to);
	const char *rest = mail->text;
	bool ok;

	rcpt = curl_slist_append(NULL, mail->to);
	/* The path is the name in EHLO: one that is never refused. */
	curl_easy_setopt(c, CURLOPT_URL, arena_printf(&a,
	    "%s://%s:%u/[127.0.0.1]", hop->scheme, hop->host, hop->port));
	curl_easy_setopt(c, CURLOPT_MAIL_FROM, mail->from);
	curl_easy_setopt(c, CURLOPT_MAIL_RCPT, rcpt);
	curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(c, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(c, CURLOPT_READDATA, &rest);
	if (mail->said != NULL) {
		curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take);
		curl_easy_setopt(c, CURLOPT_HEADERDATA, mail->said);
	}
	ok = perform(c, e);
	curl_easy_cleanup(c);
	curl_slist_free_all(rcpt);
	curl_slist_free_all(to);
	arena_clear(&a);
	return ok;
}

bool
hop_login(const struct hop *hop, struct err *e)
{
	struct arena a = { 0 };
	struct curl_slist *to;
	CURL *c = curl_make(hop, &a, &to);
	bool ok;

	curl_easy_setopt(c, CURLOPT_URL, arena_printf(&a, "%s://%s:%u/",
	    hop->scheme, hop->host, hop->port));
	curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, "NOOP");
	curl_easy_setopt(c, CURLOPT_NOBODY, 1L);
	ok = perform(c, e);
	curl_easy_cleanup(c);
	curl_slist_free_all(to);
	arena_clear(&a);
	return ok;
}

/* --- IMAP -------------------------------------------------------------- */

struct hop_box *
hop_open(const struct hop *hop, const char *mailbox)
{
	struct hop_box *box;
	struct arena a = { 0 };

	box = arena_alloc(&a, sizeof(*box));
	box->arena = a;
	box->curl = curl_make(hop, &box->arena, &box->to);
	box->url = arena_printf(&box->arena, "%s://%s:%u/%s", hop->scheme,
	    hop->host, hop->port, mailbox);
	return box;
}

void
hop_close(struct hop_box *box)
{
	struct arena a;

	if (box == NULL)
		return;
	curl_easy_cleanup(box->curl);
	curl_slist_free_all(box->to);
	a = box->arena;
	arena_clear(&a);
}

static bool
box_ask(struct hop_box *box, const char *url, const char *command,
    struct text *answer, struct err *e)
{
	text_cut(answer, 0);
	curl_easy_setopt(box->curl, CURLOPT_URL, url);
	curl_easy_setopt(box->curl, CURLOPT_CUSTOMREQUEST, command);
	curl_easy_setopt(box->curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(box->curl, CURLOPT_WRITEDATA, answer);
	return perform(box->curl, e);
}

bool
hop_command(struct hop_box *box, const char *command, struct text *answer,
    struct err *e)
{
	return box_ask(box, box->url, command, answer, e);
}

bool
hop_fetch(struct hop_box *box, const char *uid, struct text *message,
    struct err *e)
{
	return box_ask(box, arena_printf(&box->arena, "%s;UID=%s", box->url,
	    uid), NULL, message, e);
}
