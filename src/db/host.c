/*
 * The hosts of an account, tried in their order.
 *
 * libmariadb reads HOST:PORT only in a list, goes on only where no connection
 * comes about, and does not say which host it took.  So each host is given to
 * it alone.  One that takes no writes is left when a write has failed there:
 * the transaction is done again on the next one.
 */
#include <errmsg.h>
#include <limits.h>
#include <mysqld_error.h>
#include <string.h>

#include "base/ascii.h"
#include "base/size.h"
#include "db/private.h"

static bool
port_take(const char *text, unsigned *port)
{
	int64_t number;

	if (!number_parse(text, &number) || number < 1 || number > UINT16_MAX)
		return false;
	*port = (unsigned)number;
	return true;
}

/* HOST, HOST:PORT, V6, [V6] or [V6]:PORT; what is none of it stays as it is. */
static struct host
host_parse(char *text, unsigned port)
{
	struct host whole = { text, port }, host = whole;
	char *end = *text == '[' ? strchr(text, ']') : strchr(text, ':');

	if (end == NULL || (*end == ':' && strchr(end + 1, ':') != NULL))
		return whole;
	if (*end == ']') {
		if (end[1] != '\0' && (end[1] != ':' ||
		    !port_take(end + 2, &host.port)))
			return whole;
		host.name = text + 1;
	} else if (!port_take(end + 1, &host.port)) {
		return whole;
	}
	*end = '\0';
	return host;
}

size_t
db_hosts_parse(struct arena *a, const struct db_account *account,
    struct host *hosts)
{
	char *list, *entry;
	size_t n = 0;

	if (account->host != NULL) {
		list = arena_strdup(a, account->host);
		while (n < HOSTS_MAX && (entry = strsep(&list, ",")) != NULL) {
			entry = trim(entry, SPACES);
			if (*entry != '\0')
				hosts[n++] = host_parse(entry, account->port);
		}
	}
	if (n == 0)
		hosts[n++] = (struct host){ NULL, account->port };
	return n;
}

bool
db_host_is_away(unsigned number)
{
	static const unsigned away[] = { CR_CONNECTION_ERROR,
	    CR_CONN_HOST_ERROR, CR_UNKNOWN_HOST, CR_SERVER_GONE_ERROR,
	    CR_SERVER_LOST, ER_CON_COUNT_ERROR, ER_SERVER_SHUTDOWN };

	for (size_t i = 0; i < sizeof(away) / sizeof(away[0]); i++) {
		if (away[i] == number)
			return true;
	}
	return false;
}

bool
db_host_left(const struct db *db, size_t n)
{
	return (db->hosts.left & UINT64_C(1) << n) != 0;
}

bool
db_host_leave(struct db *db)
{
	struct hosts *h = &db->hosts;

	h->left |= UINT64_C(1) << h->current;
	for (size_t i = 0; i < h->count; i++) {
		if (!db_host_left(db, i))
			return true;
	}
	/* By the next command one of them may take writes. */
	h->left = 0;
	return false;
}
