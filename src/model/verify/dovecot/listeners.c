/* Verifying the services of Dovecot: their accounts, programs and ports. */
#include <ctype.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>

#include "model/verify/private.h"

/* --- accounts ----------------------------------------------------------- */

/* "$default_internal_user" is a default, and a number needs no name. */
static bool
is_name(const char *value)
{
	return value != NULL && *value != '\0' && *value != '$' &&
	    !isdigit((unsigned char)*value);
}

/* Those of files below a root are of another machine. */
static void
account_verify(struct verifying *v, const struct dovecot_block *b,
    const char *setting)
{
	const char *name = dovecot_value(b, setting);
	bool group = strcmp(setting, "user") != 0;

	if (v->options->root != NULL || !is_name(name) ||
	    (group ? getgrnam(name) != NULL : getpwnam(name) != NULL))
		return;
	verify_at(v, (struct verify_at){ .setting = setting });
	verify_found(v, VERIFY_ACCOUNT_MISSING, *b->name != '\0' ? b->name :
	    b->type, arena_printf(v->arena, "correct \"%s = %s\" in %s %s; "
		"systemctl restart dovecot", setting, name, b->type, b->name),
	    "%s of %s %s is %s, and there is no such %s: Dovecot does not "
	    "start", setting, b->type, b->name, name, group ? "group" :
	    "account");
}

/* --- programs ----------------------------------------------------------- */

static void
program_verify(struct verifying *v, const struct dovecot_block *s)
{
	const char *program = dovecot_value(s, "executable");

	if (program == NULL || *program != '\0')
		return;
	verify_found(v, VERIFY_REFUSED_LATER, s->name, arena_printf(v->arena,
	    "correct the name of service %s, or write what it executes; "
		"systemctl restart dovecot", s->name), "Dovecot has no "
	    "service %s, and it has no executable: Dovecot does not start",
	    s->name);
}

/* --- ports -------------------------------------------------------------- */

static bool
is_inside(const char *address)
{
	return strncmp(address, "127.", 4) == 0 ||
	    strcmp(address, "localhost") == 0 || strcmp(address, "::1") ==
	    0 || strncmp(address, "10.", 3) == 0 ||
	    strncmp(address, "192.168.", 8) == 0 ||
	    strncmp(address, "172.", 4) == 0 ||
	    strncmp(address, "fd", 2) == 0;
}

/* A container has no other network than that of its neighbours. */
static void
port_verify(struct verifying *v, const struct dovecot_block *s,
    const struct dovecot_block *l)
{
	const char *setting = v->dovecot.minor >= 4 ? "listen" : "address";
	const char *address = dovecot_value(l, setting);
	const char *port = dovecot_value(l, "port");

	if (port == NULL || strcmp(port, "0") == 0)
		return;
	if (address == NULL || *address == '\0')
		address = verify_dovecot(v, "listen");
	if (is_inside(address))
		return;
	verify_found(v, VERIFY_PORT_OPEN, arena_printf(v->arena, "%s:%s",
	    s->name, port), arena_printf(v->arena, "write \"%s = "
		"127.0.0.1\" in inet_listener %s of service %s; systemctl "
		"restart dovecot", setting, l->name, s->name), strcmp(s->name,
	    "auth") == 0 ? "service %s listens on port %s of every network: "
	    "strangers can try passwords there without limit" : "service %s "
	    "listens on port %s of every network: strangers can deliver mail "
	    "past Postfix", s->name, port);
}

static bool
is_inner(const char *service)
{
	return strcmp(service, "auth") == 0 || strcmp(service, "lmtp") == 0;
}

/* "inet:127.0.0.1:12345" is a port of service auth here. */
static bool
has_port(const struct verifying *v, const char *port)
{
	const struct dovecot_block *s = dovecot_block(v->dovecot.root,
	    "service", "auth");
	const struct dovecot_block *l = s != NULL ? s->child : NULL;

	for (; (l = verify_block_next(l, "inet_listener")) != NULL;
	    l = l->next) {
		const char *own = dovecot_value(l, "port");

		if (own != NULL && strcmp(own, port) == 0)
			return true;
	}
	return false;
}

static void
sasl_verify(struct verifying *v)
{
	const char *path = verify_postfix(v, "smtpd_sasl_path");
	const char *port = strrchr(path, ':');

	if (strncmp(path, "inet:", 5) != 0 || strcmp(verify_postfix(v,
	    "smtpd_sasl_type"), "dovecot") != 0 || (strstr(path,
	    "127.0.0.1") == NULL && strstr(path, "localhost") == NULL) ||
	    has_port(v, port + 1))
		return;
	verify_at(v, (struct verify_at){ .setting = "smtpd_sasl_path" });
	verify_found(v, VERIFY_SOCKET_MISSING, "smtpd_sasl_path",
	    arena_printf(v->arena, "in dovecot.conf: service auth { "
		"inet_listener postfix { %s = 127.0.0.1, port = %s } }, a "
		"line each; systemctl restart dovecot", v->dovecot.minor >=
		4 ? "listen" : "address", port + 1),
	    "smtpd_sasl_path is %s, and Dovecot's service auth does not "
	    "listen on that port: nobody can log in to send", path);
}

/* --- each of them ------------------------------------------------------- */

static void
service_verify(struct verifying *v, const struct dovecot_block *s)
{
	static const char *const settings[] = { "user", "group" };

	program_verify(v, s);
	for (size_t i = 0; i < 2; i++)
		account_verify(v, s, settings[i]);
	for (const struct dovecot_block *l = s->child; l != NULL;
	    l = l->next) {
		for (size_t i = 0; i < 2; i++)
			account_verify(v, l, settings[i]);
		if (strcmp(l->type, "inet_listener") == 0 &&
		    is_inner(s->name))
			port_verify(v, s, l);
	}
}

void
verify_listeners(struct verifying *v)
{
	const struct dovecot_block *s = v->dovecot.root->child;

	for (; (s = verify_block_next(s, "service")) != NULL; s = s->next)
		service_verify(v, s);
	if (v->has_postfix)
		sasl_verify(v);
}
