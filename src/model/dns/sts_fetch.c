/* The policies of MTA-STS, fetched by libcurl. */
#include "model/dns/sts_fetch.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/bug.h"
#include "base/text.h"
#include "model/dns/sts.h"

/* So many are under way at once; how often Ctrl-C is looked at. */
#define UNDER_WAY 20
#define SLICE_MS 50

#define HTTP_OK 200

struct fetching {
	const struct dns *dns;
	struct sts_fetch *fetch;
	CURL *curl;
	struct curl_slist *at;		/* the addresses, for libcurl */
	struct text body;
	bool too_large;
	char why[CURL_ERROR_SIZE];
};

/* --- one of them ----------------------------------------------------- */

static size_t
take(char *bytes, size_t size, size_t count, void *arg)
{
	struct fetching *f = arg;

	f->too_large = count > STS_SIZE_MAX - f->body.len;
	if (f->too_large)
		return CURL_WRITEFUNC_ERROR;
	text_add_bytes(&f->body, bytes, size * count);
	return count;
}

/* "mta-sts.example.org:443:192.0.2.1,[2001:db8::1]" */
static struct curl_slist *
places(struct arena *a, const struct sts_fetch *fetch)
{
	const struct words *addresses = &fetch->addresses;
	const char *list = "";

	for (size_t i = 0; i < addresses->count; i++) {
		const char *one = addresses->word[i];
		bool v6 = strchr(one, ':') != NULL;

		list = arena_printf(a, "%s%s%s%s%s", list, i > 0 ? "," : "",
		    v6 ? "[" : "", one, v6 ? "]" : "");
	}
	return curl_slist_append(NULL, arena_printf(a, "mta-sts.%s:443:%s",
	    fetch->domain, list));
}

/* The policy is public: nothing of this machine is shown to get it. */
static void
options_set(struct fetching *f, unsigned seconds)
{
	const char *authorities = getenv("SSL_CERT_FILE");
	CURL *c = f->curl;

	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "https");
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(c, CURLOPT_RESOLVE, f->at);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)seconds);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	if (authorities != NULL)
		curl_easy_setopt(c, CURLOPT_CAINFO, authorities);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, f->why);
	curl_easy_setopt(c, CURLOPT_PRIVATE, f);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, f);
}

static void
fetching_begin(struct fetching *f, CURLM *multi)
{
	struct arena *a = f->dns->arena;
	unsigned seconds = f->dns->seconds;

	f->curl = curl_easy_init();
	BUG_ON(f->curl == NULL);
	f->at = places(a, f->fetch);
	options_set(f, seconds > 0 ? seconds : DNS_SECONDS);
	curl_easy_setopt(f->curl, CURLOPT_URL, arena_printf(a,
	    "https://mta-sts.%s/.well-known/mta-sts.txt", f->fetch->domain));
	curl_multi_add_handle(multi, f->curl);
}

static bool
is_plain(const char *type)
{
	static const char plain[] = "text/plain";
	size_t len = sizeof(plain) - 1;

	return type != NULL && strncasecmp(type, plain, len) == 0 &&
	    strchr("; \t", type[len]) != NULL;
}

static const char *
why_not(const struct fetching *f, CURLcode code, long status)
{
	struct arena *a = f->dns->arena;

	if (f->too_large)
		return "it is larger than 64 KiB";
	if (code != CURLE_OK)
		return arena_strdup(a, *f->why != '\0' ? f->why :
		    curl_easy_strerror(code));
	if (status >= 300 && status < 400)
		return "the web server sends to another place, where others "
		    "do not look";
	return status == HTTP_OK ? NULL : arena_printf(a, "the web server "
	    "answers with status %ld", status);
}

static void
fetching_done(struct fetching *f, CURLcode code)
{
	struct sts_fetch *fetch = f->fetch;
	const char *type = NULL;
	long status = 0;

	curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(f->curl, CURLINFO_CONTENT_TYPE, &type);
	fetch->why = why_not(f, code, status);
	fetch->plain = is_plain(type);
	fetch->bytes = arena_strndup(f->dns->arena, f->body.len > 0 ?
	    f->body.buf : "", f->body.len);
	fetch->len = f->body.len;
}

static void
fetching_end(struct fetching *f, CURLM *multi)
{
	if (f->curl == NULL)
		return;
	curl_multi_remove_handle(multi, f->curl);
	curl_easy_cleanup(f->curl);
	curl_slist_free_all(f->at);
	text_clear(&f->body);
	f->curl = NULL;
}

/* --- all of them ----------------------------------------------------- */

/* How many have ended. */
static size_t
ended(CURLM *multi)
{
	const CURLMsg *message;
	size_t count = 0;
	int left;

	while ((message = curl_multi_info_read(multi, &left)) != NULL) {
		struct fetching *f = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE,
		    &f);
		fetching_done(f, message->data.result);
		fetching_end(f, multi);
		count++;
	}
	return count;
}

static bool
fetch_all(CURLM *multi, struct fetching *f, size_t count, struct err *e)
{
	const struct dns *dns = count > 0 ? f->dns : NULL;
	size_t begun = 0, done = 0;
	int running;

	while (done < count) {
		while (begun < count && begun - done < UNDER_WAY)
			fetching_begin(&f[begun++], multi);
		curl_multi_perform(multi, &running);
		done += ended(multi);
		if (done == count)
			break;
		if (dns->interrupted != NULL && dns->interrupted(dns->arg))
			return err_set(e, ERR_INTERRUPTED, "interrupted");
		if (begun - done == UNDER_WAY || begun == count)
			curl_multi_poll(multi, NULL, 0, SLICE_MS, NULL);
	}
	return true;
}

bool
sts_fetch(const struct dns *dns, struct sts_fetch *fetches, size_t count,
    struct err *e)
{
	struct fetching *f = arena_array(dns->arena, count, sizeof(*f));
	CURLM *multi = curl_multi_init();
	bool ok;

	BUG_ON(multi == NULL);
	for (size_t i = 0; i < count; i++)
		f[i] = (struct fetching){ .dns = dns, .fetch = &fetches[i],
		    .body = TEXT_INIT };
	ok = fetch_all(multi, f, count, e);
	for (size_t i = 0; i < count; i++)
		fetching_end(&f[i], multi);
	curl_multi_cleanup(multi);
	return ok;
}
