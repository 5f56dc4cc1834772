/* Which ports of the machine have to be open. */
#include "model/doctor/opening.h"

#include <stdlib.h>
#include <string.h>

#include "file/read.h"
#include "model/doctor/port.h"

const struct field opening_fields[] = {
	FIELD(struct opening, port, FIELD_NUMBER),
	FIELD(struct opening, proto, FIELD_TEXT),
	FIELD(struct opening, from, FIELD_TEXT),
	FIELD(struct opening, why, FIELD_TEXT),
	FIELD(struct opening, listens, FIELD_FLAG),
	{ 0 }
};

/* --- who listens ------------------------------------------------------- */

#define STATE_LISTEN 0x0a

static bool
is_loopback(const char *address)
{
	static const char v6[] = "00000000000000000000000001000000";
	static const char mapped[] = "0000000000000000FFFF0000";
	size_t len = strcspn(address, ":");

	/* The bytes of each word are in the order of the machine. */
	if (len == 8)
		return strncmp(address + 6, "7F", 2) == 0;
	return len == 32 && (strncmp(address, v6, 32) == 0 ||
	    (strncmp(address, mapped, 24) == 0 &&
	    strncmp(address + 30, "7F", 2) == 0));
}

static void
listener_add(struct listeners *to, const struct listener *found)
{
	for (size_t i = 0; i < to->count; i++) {
		if (to->item[i].port == found->port) {
			to->item[i].loopback &= found->loopback;
			return;
		}
	}
	*VECTOR_ADD(to) = *found;
}

/* The sixth word behind the state. */
static unsigned long
inode_read(const char *state)
{
	for (int i = 0; i < 6; i++) {
		state += strcspn(state, " \n");
		state += strspn(state, " ");
	}
	return strtoul(state, NULL, 10);
}

/* "   0: 0100007F:0CEA 00000000:0000 0A ..." */
static void
line_read(const char *line, struct listeners *to)
{
	const char *local = strchr(line, ':'), *colon;
	char *end;
	unsigned long port;

	if (local == NULL)
		return;
	local += 1 + strspn(local + 1, " ");
	colon = local + strcspn(local, ":\n");
	if (*colon != ':')
		return;
	port = strtoul(colon + 1, &end, 16);
	if (*end != ' ' || port == 0 || port > 65535)
		return;
	end += 1 + strcspn(end + 1, " \n");
	if (*end == ' ' && strtoul(end + 1, NULL, 16) == STATE_LISTEN)
		listener_add(to, &(struct listener){ (unsigned)port,
		    is_loopback(local), inode_read(end + 1) });
}

void
listeners_read(const char *text, struct listeners *to)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		line_read(text, to);
		text += len + (text[len] == '\n');
	}
}

void
listeners_find(struct listeners *to)
{
	static const char *const files[] = { "/proc/net/tcp",
	    "/proc/net/tcp6" };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct text text = TEXT_INIT;
		struct err e = { 0 };
		struct stat st;

		if (file_read(files[i], &text, &st, &e))
			listeners_read(text.buf, to);
		err_clear(&e);
		text_clear(&text);
	}
}

static bool
listens(const struct listeners *all, int64_t port)
{
	for (size_t i = 0; i < all->count; i++) {
		if (all->item[i].port == port)
			return !all->item[i].loopback;
	}
	return false;
}

/* --- what has to be open ------------------------------------------------ */

static void
add(struct openings *to, const struct opening *o)
{
	for (size_t i = 0; i < to->count; i++) {
		if (to->item[i].port == o->port &&
		    strcmp(to->item[i].from, o->from) == 0 &&
		    strcmp(to->item[i].proto, o->proto) == 0)
			return;
	}
	*VECTOR_ADD(to) = *o;
}

static void
add_ports(const struct ports *ports, struct openings *to)
{
	static const char *const why[] = {
		[PORT_SMTP] = "sending mail, with a login",
		[PORT_IMAP] = "reading mail by IMAP",
		[PORT_POP3] = "fetching mail by POP3",
	};

	for (size_t i = 0; i < ports->count; i++) {
		const struct port *p = &ports->item[i];
		bool mx = p->protocol == PORT_SMTP && !p->logins;

		add(to, &(struct opening){ p->number, "tcp", mx ?
		    "everybody" : "users", mx ? "mail from other servers" :
		    why[p->protocol], false });
	}
}

static void
add_others(const struct settings *s, struct openings *to)
{
	add(to, &(struct opening){ 80, "tcp", "everybody",
	    "certbot --standalone renews the certificate", false });
	if (s->autoconfig || strcmp(s->mta_sts, "no") != 0)
		add(to, &(struct opening){ 443, "tcp", "everybody",
		    "the web server of MTA-STS and autoconfig", false });
	add(to, &(struct opening){ 25, "tcp", "out",
	    "mail to other servers", false });
	add(to, &(struct opening){ 53, "udp", "out", "DNS", false });
	add(to, &(struct opening){ 53, "tcp", "out", "DNS", false });
}

/* Sockets that others of the machine use, and nobody else may. */
static void
add_closed(const struct listeners *all, struct openings *to)
{
	static const struct { unsigned port; const char *why; } closed[] = {
		{ 3306, "MariaDB: must not be open" },
		{ 8891, "OpenDKIM: must not be open" },
		{ 8893, "OpenDMARC: must not be open" },
		{ 11332, "rspamd: must not be open" },
		{ 11333, "rspamd: must not be open" },
		{ 11334, "rspamd's controller: must not be open" },
	};

	for (size_t i = 0; i < sizeof(closed) / sizeof(closed[0]); i++) {
		if (listens(all, closed[i].port))
			add(to, &(struct opening){ closed[i].port, "tcp",
			    "nobody", closed[i].why, false });
	}
}

void
openings_find(struct mail *m, const struct settings *s, struct openings *to)
{
	const struct doctor_options options = { .settings = s };
	struct doctor d = { .mail = m, .arena = m->arena,
	    .options = &options };
	struct ports ports = { 0 };
	struct listeners all = { 0 };

	doctor_ports_find(&d, &ports);
	listeners_find(&all);
	add_ports(&ports, to);
	add_others(s, to);
	add_closed(&all, to);
	for (size_t i = 0; i < to->count; i++)
		to->item[i].listens = strcmp(to->item[i].from, "out") != 0 &&
		    strcmp(to->item[i].proto, "tcp") == 0 &&
		    listens(&all, to->item[i].port);
	VECTOR_CLEAR(&ports);
	VECTOR_CLEAR(&all);
}
