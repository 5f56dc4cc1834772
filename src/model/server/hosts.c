/* The hosts of the database, in the form that each server needs. */
#include "model/server/hosts.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "base/text.h"
#include "file/option_file.h"

#define MYSQL_PORT "3306"

struct host {
	const char *name;	/* the path of a socket, or a host */
	const char *port;	/* NULL: the usual one */
	bool is_socket;
};

bool
server_is_of(const char *text, const char *characters)
{
	return *text != '\0' && text[strspn(text, characters)] == '\0';
}

bool
server_is_path(const char *path)
{
	return *path == '/' && server_is_of(path, LETTERS DIGITS "/._+@:-") &&
	    strlen(path) < PATH_MAX;
}

static bool
port_parse(const char *text)
{
	int64_t port;

	return number_parse(text, &port) && port > 0 && port <= UINT16_MAX;
}

/* HOST, HOST:PORT, [V6], [V6]:PORT or the path of a socket. */
static bool
host_parse(struct arena *a, const char *word, struct host *h)
{
	char *name = arena_strdup(a, word), *end;

	*h = (struct host){ .name = name, .is_socket = *word == '/' };
	if (h->is_socket)
		return server_is_path(word);
	if (*name == '[') {
		h->name = name + 1;
		end = strchr(name, ']');
		if (end == NULL || (end[1] != '\0' && end[1] != ':'))
			return false;
		h->port = end[1] == ':' ? end + 2 : NULL;
		*end = '\0';
		if (!server_is_of(h->name, DIGITS "abcdefABCDEF:."))
			return false;
	} else {
		end = strchr(name, ':');
		h->port = end != NULL ? end + 1 : NULL;
		if (end != NULL)
			*end = '\0';
		if (!server_is_of(name, LETTERS DIGITS ".-") || *name == '-')
			return false;
	}
	if (h->port != NULL && !port_parse(h->port))
		return false;
	if (h->port != NULL && strcmp(h->port, MYSQL_PORT) == 0)
		h->port = NULL;
	return true;
}

struct words
server_list(struct arena *a, const char *text)
{
	char *rest = arena_strdup(a, text != NULL ? text : ""), *word;
	struct words words = { 0 };

	while ((word = strsep(&rest, " \t")) != NULL) {
		if (*word != '\0')
			words_add(a, &words, word);
	}
	return words;
}

static const char *
port_of(const struct host *h)
{
	return h->port != NULL ? h->port : MYSQL_PORT;
}

bool
server_hosts_check(const char *value, struct err *e)
{
	struct arena a = { 0 };
	struct words words = server_list(&a, value);
	const char *port = NULL;
	struct host h;
	bool ok = words.count > 0 || err_set(e, ERR_INVALID, "no host");

	for (size_t i = 0; ok && i < words.count; i++) {
		ok = host_parse(&a, words.word[i], &h) || err_set(e,
		    ERR_INVALID, "not a socket, a host or host:port: "
		    "\"%.200s\"", words.word[i]);
		if (!ok || h.is_socket)
			continue;
		if (port != NULL && strcmp(port, port_of(&h)) != 0)
			ok = err_set(e, ERR_INVALID, "Dovecot wants the same "
			    "port on all hosts");
		port = port_of(&h);
	}
	arena_clear(&a);
	return ok;
}

void
server_database(struct arena *a, const struct settings *s,
    struct server_database *d)
{
	struct words words = server_list(a, s->database_hosts);
	struct text list = TEXT_INIT;
	struct host h;

	*d = (struct server_database){ 0 };
	for (size_t i = 0; i < words.count; i++) {
		BUG_ON(!host_parse(a, words.word[i], &h));
		if (h.is_socket) {
			d->socket = i == 0 ? h.name : d->socket;
			continue;
		}
		text_addf(&list, "%s%s", list.len > 0 ? "," : "", h.name);
		d->port = h.port;
		d->remote = d->remote || !option_host_is_local(h.name, NULL);
	}
	d->host = d->socket == NULL ? arena_strdup(a, list.buf) : NULL;
	text_clear(&list);
}

const char *
server_postfix_hosts(struct arena *a, const struct settings *s, bool retry)
{
	size_t times = retry ? 1 : 2;
	struct words words = server_list(a, s->database_hosts);
	struct text list = TEXT_INIT;
	const char *result;
	struct host h;

	for (size_t i = 0; i < times * words.count; i++) {
		BUG_ON(!host_parse(a, words.word[i / times], &h));
		text_add(&list, i > 0 ? " " : "");
		if (h.is_socket)
			text_addf(&list, "unix:%s", h.name);
		else if (strchr(h.name, ':') != NULL)
			text_addf(&list, "inet:[%s]:%s", h.name, port_of(&h));
		else
			text_addf(&list, "inet:%s:%s", h.name, port_of(&h));
	}
	result = arena_strdup(a, list.buf);
	text_clear(&list);
	return result;
}

const struct words *
server_dovecot_hosts(struct arena *a, const struct settings *s)
{
	struct words words = server_list(a, s->database_hosts);
	struct words *hosts = arena_alloc(a, sizeof(*hosts));
	struct host h;

	for (size_t i = 0; i < words.count; i++) {
		BUG_ON(!host_parse(a, words.word[i], &h));
		words_add(a, hosts, h.name);
	}
	return hosts;
}
