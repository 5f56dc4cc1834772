/* Requests of Postfix's policy delegation protocol: bytes into attributes. */
#include "model/sending/request.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define AT(member) offsetof(struct request, member)

static const struct attribute {
	const char *name;
	size_t at;		/* in struct request: a const char * */
} attributes[] = {
	{ "request", AT(kind) },
	{ "protocol_state", AT(state) },
	{ "sasl_username", AT(login) },
	{ "recipient", AT(recipient) },
	{ "recipient_count", AT(recipients) },
};

#define ATTRIBUTES (sizeof(attributes) / sizeof(attributes[0]))

static const char **
slot(struct request *r, const char *name)
{
	for (size_t i = 0; i < ATTRIBUTES; i++) {
		if (strcmp(attributes[i].name, name) == 0)
			return (const char **)(void *)((char *)r +
			    attributes[i].at);
	}
	return NULL;
}

/* Ends the line, and the name before its "=". */
static bool
line_take(char *line, size_t len, struct request *r, struct err *e)
{
	char *equals = memchr(line, '=', len);
	const char **value;

	line[len] = '\0';
	if (equals == NULL || equals == line)
		return err_set(e, ERR_INVALID, "a line of the request is no "
		    "name=value");
	*equals = '\0';
	value = slot(r, line);
	if (value == NULL)
		return true;
	if (*value != NULL)
		return err_set(e, ERR_INVALID, "the request has %s twice",
		    line);
	*value = equals + 1;
	return true;
}

/* `len` bytes of lines, each with its end. */
static bool
request_split(char *bytes, size_t len, struct request *r, struct err *e)
{
	*r = (struct request){ 0 };
	if (memchr(bytes, '\0', len) != NULL)
		return err_set(e, ERR_INVALID, "the request holds a NUL byte");
	while (len > 0) {
		size_t line = (size_t)((char *)memchr(bytes, '\n', len) -
		    bytes);

		if (!line_take(bytes, line, r, e))
			return false;
		bytes += line + 1;
		len -= line + 1;
	}
	for (size_t i = 0; i < ATTRIBUTES; i++) {
		const char **value = slot(r, attributes[i].name);

		BUG_ON(value == NULL);
		if (*value == NULL)
			*value = "";
	}
	return true;
}

/* Moves what is left to the front, and reads behind it. */
static bool
more_read(struct request_reader *r, bool *eof, struct err *e)
{
	ssize_t n;

	if (r->begin > 0) {
		memmove(r->bytes, r->bytes + r->begin, r->end - r->begin);
		r->end -= r->begin;
		r->begin = 0;
	}
	if (r->end == sizeof(r->bytes))
		return err_set(e, ERR_INVALID, "the request is longer than "
		    "%d bytes", REQUEST_MAX);
	do {
		n = read(r->fd, r->bytes + r->end, sizeof(r->bytes) - r->end);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_errno(e, "cannot read the request");
	r->end += (size_t)n;
	*eof = n == 0;
	return true;
}

/* The empty line that ends the first request, or NULL. */
static char *
end_find(struct request_reader *r)
{
	char *from = r->bytes + r->begin, *end;
	size_t len = r->end - r->begin;

	if (len > 0 && *from == '\n')
		return from;
	end = memmem(from + r->looked, len - r->looked, "\n\n", 2);
	if (end != NULL)
		return end + 1;
	/* The last byte may be the first of the two. */
	r->looked = len > 0 ? len - 1 : 0;
	return NULL;
}

bool
request_read(struct request_reader *r, struct request *request, bool *found,
    struct err *e)
{
	bool eof = false;
	char *begin, *end;

	*found = false;
	while ((end = end_find(r)) == NULL) {
		if (!more_read(r, &eof, e))
			return false;
		if (eof)
			return r->begin == r->end || err_set(e, ERR_INVALID,
			    "the connection ended within a request");
	}
	begin = r->bytes + r->begin;
	r->begin = (size_t)(end - r->bytes) + 1;
	r->looked = 0;
	*found = true;
	return request_split(begin, (size_t)(end - begin), request, e);
}
