/* Talking to a server by lines, with or without TLS, until a deadline. */
#include "model/talk/talk.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/time.h"

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_un local;
};

/* Its length, 0 where the text is no address. */
static socklen_t
address_fill(union address *a, const char *text, unsigned port)
{
	*a = (union address){ 0 };
	if (inet_pton(AF_INET, text, &a->v4.sin_addr) == 1) {
		a->v4.sin_family = AF_INET;
		a->v4.sin_port = htons((uint16_t)port);
		return sizeof(a->v4);
	}
	if (inet_pton(AF_INET6, text, &a->v6.sin6_addr) != 1)
		return 0;
	a->v6.sin6_family = AF_INET6;
	a->v6.sin6_port = htons((uint16_t)port);
	return sizeof(a->v6);
}

/* In milliseconds, and short enough to see when to stop; 0: it is time. */
static int
patience(const struct talk *t)
{
	double left = stop_left(t->stop, t->until - clock_seconds());

	if (left <= 0 || stop_is_asked(t->stop))
		return 0;
	return left * 1000 > STOP_SLICE_MS ? STOP_SLICE_MS :
	    (int)(left * 1000) + 1;
}

/* Until the socket is ready; false at the deadline. */
static bool
ready(const struct talk *t, short events)
{
	struct pollfd p = { .fd = t->fd, .events = events };

	for (;;) {
		int wait = patience(t);
		int n = poll(&p, 1, wait);

		if (n > 0)
			return true;
		if (wait == 0 || (n < 0 && errno != EINTR))
			return false;
	}
}

static enum talk_end
connect_to(struct talk *t, const struct sockaddr *to, socklen_t len)
{
	int failure = 0;
	socklen_t size = sizeof(failure);

	if (connect(t->fd, to, len) == 0)
		return TALK_OK;
	failure = errno;
	if (failure == EINPROGRESS) {
		if (!ready(t, POLLOUT))
			return TALK_UNREACHABLE;
		getsockopt(t->fd, SOL_SOCKET, SO_ERROR, &failure, &size);
	}
	/* A socket of this machine: EAGAIN is a queue that is full. */
	return failure == 0 ? TALK_OK : failure == ECONNREFUSED ||
	    failure == ENOENT ? TALK_REFUSED : failure == EAGAIN ?
	    TALK_SILENT : TALK_UNREACHABLE;
}

static bool
begin(struct talk *t, int family, const struct stop *stop, unsigned seconds)
{
	t->ssl = NULL;
	t->begin = t->end = 0;
	t->stop = stop;
	t->until = clock_seconds() + seconds;
	t->fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    0);
	return t->fd >= 0;
}

static enum talk_end
connect_unix(struct talk *t, const struct talk_to *to, unsigned seconds)
{
	union address address = { .local.sun_family = AF_UNIX };
	size_t len = strlen(to->path);

	if (len >= sizeof(address.local.sun_path) ||
	    !begin(t, AF_UNIX, to->stop, seconds))
		return TALK_UNREACHABLE;
	memcpy(address.local.sun_path, to->path, len + 1);
	return connect_to(t, &address.any, sizeof(address.local));
}

static enum talk_end
connect_inet(struct talk *t, const struct talk_to *to, unsigned seconds)
{
	union address address, from;
	socklen_t len = address_fill(&address, to->address, to->port);
	socklen_t from_len = to->from != NULL ? address_fill(&from, to->from,
	    0) : 0;

	if (len == 0 || !begin(t, address.any.sa_family, to->stop, seconds))
		return TALK_UNREACHABLE;
	if (from_len > 0 && bind(t->fd, &from.any, from_len) != 0)
		return TALK_UNREACHABLE;
	return connect_to(t, &address.any, len);
}

enum talk_end
talk_connect(struct talk *t, const struct talk_to *to, unsigned seconds)
{
	t->fd = -1;
	t->ssl = NULL;
	return to->path != NULL ? connect_unix(t, to, seconds) :
	    connect_inet(t, to, seconds);
}

void
talk_wait(struct talk *t, unsigned seconds)
{
	t->until = clock_seconds() + seconds;
}

void
talk_close(struct talk *t)
{
	SSL_free(t->ssl);
	t->ssl = NULL;
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
}

/* --- bytes ----------------------------------------------------------- */

/* After an SSL function: waits for what it wants; false: it has failed. */
static bool
again(const struct talk *t, int result, enum talk_end *end)
{
	int why = SSL_get_error(t->ssl, result);

	*end = TALK_CLOSED;
	if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
		return false;
	*end = TALK_SILENT;
	return ready(t, why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT);
}

static enum talk_end
some_sent(struct talk *t, const char *bytes, size_t len, size_t *sent)
{
	enum talk_end end;
	ssize_t n;
	int result;

	while (t->ssl != NULL) {
		result = SSL_write_ex(t->ssl, bytes, len, sent);
		if (result == 1)
			return TALK_OK;
		if (!again(t, result, &end))
			return end;
	}
	for (;;) {
		n = send(t->fd, bytes, len, MSG_NOSIGNAL);
		*sent = n > 0 ? (size_t)n : 0;
		if (n >= 0)
			return TALK_OK;
		if (errno != EAGAIN && errno != EINTR)
			return TALK_CLOSED;
		if (!ready(t, POLLOUT))
			return TALK_SILENT;
	}
}

enum talk_end
talk_send(struct talk *t, const void *bytes, size_t len)
{
	enum talk_end end = TALK_OK;
	size_t sent = 0;

	for (size_t done = 0; end == TALK_OK && done < len; done += sent)
		end = some_sent(t, (const char *)bytes + done, len - done,
		    &sent);
	return end;
}

enum talk_end
talk_say(struct talk *t, const char *line)
{
	enum talk_end end = talk_send(t, line, strlen(line));

	return end == TALK_OK ? talk_send(t, "\r\n", 2) : end;
}

/* Fills the empty buffer. */
static enum talk_end
more(struct talk *t)
{
	enum talk_end end;
	ssize_t n;
	int result;

	t->begin = t->end = 0;
	while (t->ssl != NULL) {
		result = SSL_read_ex(t->ssl, t->buf, sizeof(t->buf), &t->end);
		if (result == 1)
			return TALK_OK;
		if (!again(t, result, &end))
			return end;
	}
	for (;;) {
		n = recv(t->fd, t->buf, sizeof(t->buf), 0);
		if (n > 0) {
			t->end = (size_t)n;
			return TALK_OK;
		}
		if (n == 0 || (errno != EAGAIN && errno != EINTR))
			return TALK_CLOSED;
		if (!ready(t, POLLIN))
			return TALK_SILENT;
	}
}

/* --- lines ----------------------------------------------------------- */

enum talk_end
talk_hear(struct talk *t, char line[static TALK_LINE])
{
	size_t len = 0;

	for (;;) {
		if (t->begin == t->end) {
			enum talk_end end = more(t);

			if (end != TALK_OK)
				return end;
		}
		char c = t->buf[t->begin++];
		if (c == '\n')
			break;
		if (len < TALK_LINE - 1)
			line[len++] = c != '\0' ? c : '?';
	}
	if (len > 0 && line[len - 1] == '\r')
		len--;
	line[len] = '\0';
	return TALK_OK;
}

enum talk_end
talk_bytes(struct talk *t, char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		enum talk_end end = t->begin == t->end ? more(t) : TALK_OK;

		if (end != TALK_OK)
			return end;
		bytes[i] = t->buf[t->begin++];
	}
	return TALK_OK;
}

enum talk_end
talk_reply(struct talk *t, char line[static TALK_LINE], const char *feature,
    bool *has)
{
	enum talk_end end;

	if (has != NULL)
		*has = false;
	do {
		end = talk_hear(t, line);
		if (end == TALK_OK && feature != NULL && strlen(line) > 4 &&
		    strcasecmp(line + 4, feature) == 0)
			*has = true;
	} while (end == TALK_OK && strlen(line) > 3 && line[3] == '-');
	return end;
}

/* --- TLS ------------------------------------------------------------- */

static SSL *
ssl_make(const struct talk *t, const char *host)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	SSL *ssl = NULL;

	if (ctx == NULL)
		return NULL;
	SSL_CTX_set_default_verify_paths(ctx);
	ssl = SSL_new(ctx);
	SSL_CTX_free(ctx);
	/* The macro for this casts const away. */
	if (ssl == NULL || SSL_set_fd(ssl, t->fd) != 1 || (host != NULL &&
	    SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME,
		TLSEXT_NAMETYPE_host_name, (void *)(uintptr_t)host) != 1)) {
		SSL_free(ssl);
		return NULL;
	}
	return ssl;
}

static bool
presented(SSL *ssl, const char *host, struct talk_tls *tls)
{
	X509 *x = SSL_get1_peer_certificate(ssl);
	struct tm tm = { 0 };

	*tls = (struct talk_tls){ .chain = SSL_get_verify_result(ssl) };
	if (x == NULL)
		return false;
	tls->is_for_host = host == NULL || X509_check_host(x, host, 0, 0,
	    NULL) == 1;
	if (ASN1_TIME_to_tm(X509_get0_notAfter(x), &tm))
		tls->ends = time_from_date(tm.tm_year + 1900,
		    (unsigned)tm.tm_mon + 1, (unsigned)tm.tm_mday,
		    (unsigned)tm.tm_hour, (unsigned)tm.tm_min,
		    (unsigned)tm.tm_sec);
	X509_digest(x, EVP_sha256(), tls->digest, NULL);
	X509_free(x);
	return true;
}

static enum talk_end
handshake(struct talk *t)
{
	enum talk_end end;
	int result;

	while ((result = SSL_connect(t->ssl)) != 1) {
		if (!again(t, result, &end))
			return end == TALK_SILENT ? end : TALK_BROKEN;
	}
	return TALK_OK;
}

enum talk_end
talk_tls(struct talk *t, const char *host, struct talk_tls *tls)
{
	enum talk_end end;

	t->begin = t->end = 0;
	t->ssl = ssl_make(t, host);
	end = t->ssl == NULL ? TALK_BROKEN : handshake(t);
	return end != TALK_OK || presented(t->ssl, host, tls) ? end :
	    TALK_BROKEN;
}

/* OpenSSL offers the old versions and their hashes at its lowest level. */
enum talk_end
talk_tls_old(struct talk *t, const char *host)
{
	t->begin = t->end = 0;
	t->ssl = ssl_make(t, host);
	if (t->ssl == NULL ||
	    SSL_set_cipher_list(t->ssl, "ALL:@SECLEVEL=0") != 1 ||
	    SSL_set_min_proto_version(t->ssl, TLS1_VERSION) != 1 ||
	    SSL_set_max_proto_version(t->ssl, TLS1_1_VERSION) != 1)
		return TALK_BROKEN;
	return handshake(t);
}
