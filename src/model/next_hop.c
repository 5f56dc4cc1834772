/* Next hops: parsing them, and whether they are this server. */
#include "model/next_hop.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ascii.h"
#include "model/address.h"

/* What the column holds. */
#define TRANSPORT_MAX 255

static bool
is_address(const char *text)
{
	unsigned char bytes[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, text, bytes) == 1 ||
	    inet_pton(AF_INET6, text, bytes) == 1;
}

/* Only digits and dots, and yet no address: 127.1 or 1.2.3.4.5. */
static bool
is_half_address(const char *text)
{
	return text[strspn(text, "0123456789.")] == '\0';
}

bool
next_hop_host(struct arena *a, const char *text, const char **host,
    struct err *e)
{
	*host = lowered(a, text);
	if (is_address(*host))
		return true;
	/* A name without a dot is not found from everywhere. */
	if (strcmp(*host, "localhost") == 0)
		return true;
	if (!is_half_address(*host) && domain_parse(a, text, host, e))
		return true;
	err_clear(e);
	err_set(e, ERR_INVALID, "expected the name or address of a server, "
	    "got \"%.200s\"", text);
	return err_hint(e, "like mail.example.net or 192.0.2.7");
}

/* Without one the port stays as it is. */
static bool
port_parse(const char *text, int64_t *port, struct err *e)
{
	if (*text == '\0')
		return true;
	*port = 0;
	if (*text == ':' && text[1] != '0' && strlen(text) <= 6 &&
	    text[1 + strspn(text + 1, "0123456789")] == '\0')
		*port = strtoll(text + 1, NULL, 10);
	return (*port > 0 && *port <= UINT16_MAX) || err_set(e, ERR_INVALID,
	    "expected a port after \":\", got \"%.200s\"", text);
}

bool
next_hop_parse(struct arena *a, const char *text, int64_t port,
    const char **hop, struct err *e)
{
	const char *name = text, *rest, *host;
	size_t len;

	if (strcmp(text, NEXT_HOP_MX) == 0) {
		*hop = NEXT_HOP_MX;
		return true;
	}
	if (*text == '[') {
		name++;
		len = strcspn(name, "]");
		rest = name + len + (name[len] == ']');
	} else {
		/* An IPv6 address without brackets has no port. */
		len = is_address(text) ? strlen(text) : strcspn(text, ":");
		rest = text + len;
	}
	if (!next_hop_host(a, arena_strndup(a, name, len), &host, e) ||
	    !port_parse(rest, &port, e))
		return false;
	*hop = arena_printf(a, "[%s]:%lld", host, (long long)port);
	return true;
}

bool
next_hop_transport(struct arena *a, const char *text,
    const char **transport, struct err *e)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	size_t service = strspn(text,
	    "abcdefghijklmnopqrstuvwxyz0123456789_.-");
	bool ok = service > 0 && strchr(letters, *text) != NULL &&
	    text[service] == ':' && strlen(text) <= TRANSPORT_MAX;

	for (const char *p = text + service; ok && *p != '\0'; p++)
		ok = *p > ' ' && *p <= '~';
	*transport = arena_strdup(a, text);
	if (ok)
		return true;
	err_set(e, ERR_INVALID, "expected a transport, got \"%.200s\"",
	    text);
	return err_hint(e, "SERVICE:NEXT-HOP, like smtp:[mail.example.net]:25 "
	    "or lmtp:unix:/run/lists/lmtp");
}

bool
next_hop_split(struct arena *a, const char *hop, const char **host,
    int64_t *port)
{
	const char *end = strchr(hop, ']');
	struct err ignored = { 0 };
	bool ok;

	if (*hop != '[' || end == NULL)
		return false;
	*host = arena_strndup(a, hop + 1, (size_t)(end - hop - 1));
	*port = NEXT_HOP_PORT;
	ok = port_parse(end + 1, port, &ignored);
	err_clear(&ignored);
	return ok;
}

/* 127.0.0.0/8, ::1 and the unspecified ones. */
static bool
is_loopback(const char *host)
{
	struct in6_addr six;
	struct in_addr four;

	if (inet_pton(AF_INET, host, &four) == 1)
		return (ntohl(four.s_addr) >> 24) == 127 ||
		    four.s_addr == 0;
	return inet_pton(AF_INET6, host, &six) == 1 &&
	    (IN6_IS_ADDR_LOOPBACK(&six) || IN6_IS_ADDR_UNSPECIFIED(&six));
}

static bool
is_of_interface(const char *host)
{
	struct ifaddrs *all, *one;
	char text[NI_MAXHOST];
	bool found = false;

	if (getifaddrs(&all) != 0)
		return false;
	for (one = all; one != NULL && !found; one = one->ifa_next) {
		int family = one->ifa_addr ? one->ifa_addr->sa_family : 0;

		if (family != AF_INET && family != AF_INET6)
			continue;
		found = getnameinfo(one->ifa_addr, family == AF_INET ?
		    sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6),
		    text, sizeof(text), NULL, 0, NI_NUMERICHOST) == 0 &&
		    strcmp(text, host) == 0;
	}
	freeifaddrs(all);
	return found;
}

bool
next_hop_is_own(struct arena *a, const char *host, const char *hostname)
{
	char own[256] = "";

	if (gethostname(own, sizeof(own) - 1) != 0)
		own[0] = '\0';
	return strcmp(host, "localhost") == 0 ||
	    strcmp(host, lowered(a, own)) == 0 ||
	    (hostname != NULL && strcmp(host, lowered(a, hostname)) == 0) ||
	    is_loopback(host) || is_of_interface(host);
}
