/* Verifying how Postfix and Dovecot talk to each other: sockets, quotas. */
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "model/verify/private.h"

/* A socket that Postfix uses. */
struct named {
	const char *setting;
	const char *path;	/* whole, or host:port */
	const char *service;	/* of Dovecot, which creates it */
};

/*
 * Relative to Postfix's queue, or to Dovecot's base directory; without the
 * links in its directories, where they exist.
 */
static const char *
whole(struct verifying *v, const char *base, const char *path)
{
	const char *full = *path == '/' ? path :
	    arena_printf(v->arena, "%s/%s", base, path);
	const char *real = full;

	for (size_t len = strlen(full); len > 1; len--) {
		char *found;

		if (full[len] != '/')
			continue;
		found = realpath(arena_strndup(v->arena, full, len), NULL);
		if (found == NULL)
			continue;
		real = arena_printf(v->arena, "%s%s", found, full + len);
		free(found);
		break;
	}
	return real;
}

/* A directory that others may not enter shuts what is in it. */
static bool
is_reachable(struct verifying *v, const char *path)
{
	struct stat st;

	for (size_t len = strlen(path); len > 1; len--) {
		if (path[len] == '/' && stat(arena_strndup(v->arena, path,
		    len), &st) == 0 && !(st.st_mode & 0001))
			return false;
	}
	return true;
}

/* --- what Dovecot creates ------------------------------------------- */

static const struct dovecot_block *
listener_find(struct verifying *v, const char *path,
    const struct dovecot_block **service)
{
	const char *base = verify_dovecot(v, "base_dir");
	const struct dovecot_block *s = v->dovecot.root->child;

	for (; s != NULL; s = s->next) {
		const struct dovecot_block *l = s->child;

		for (; strcmp(s->type, "service") == 0 && l != NULL;
		    l = l->next) {
			*service = s;
			if (strcmp(l->type, "unix_listener") == 0 &&
			    strcmp(whole(v, base, l->name), path) == 0)
				return l;
		}
	}
	return NULL;
}

bool
verify_dovecot_listens(struct verifying *v, const char *path)
{
	const struct dovecot_block *service;

	return listener_find(v, whole(v, "", path), &service) != NULL;
}

static const char *
listener_value(struct verifying *v, const struct dovecot_block *listener,
    const char *name, const char *default_value)
{
	const char *value = dovecot_value(listener, name);

	if (value == NULL || *value == '\0')
		return default_value;
	if (strcmp(value, "$default_internal_user") == 0 ||
	    strcmp(value, "$SET:default_internal_user") == 0)
		return verify_dovecot(v, "default_internal_user");
	if (strcmp(value, "$default_internal_group") == 0 ||
	    strcmp(value, "$SET:default_internal_group") == 0)
		return verify_dovecot(v, "default_internal_group");
	return value;
}

static unsigned
mode_of(const struct dovecot_block *listener)
{
	const char *mode = dovecot_value(listener, "mode");

	return mode == NULL ? 0600 : (unsigned)strtoul(mode, NULL, 8);
}

static bool
is_in_group(const char *user, const char *group)
{
	const struct passwd *p = getpwnam(user);
	const struct group *g = getgrnam(group);

	if (p == NULL || g == NULL)
		return strcmp(user, group) == 0;
	if (p->pw_gid == g->gr_gid)
		return true;
	for (char **m = g->gr_mem; *m != NULL; m++) {
		if (strcmp(*m, user) == 0)
			return true;
	}
	return false;
}

/* Connecting needs the right to write. */
bool
verify_may_connect(struct verifying *v, const struct dovecot_block *listener,
    const char *who)
{
	unsigned mode = mode_of(listener);

	if (strcmp(listener_value(v, listener, "user", "root"), who) == 0)
		return mode & 0200;
	if (is_in_group(who, listener_value(v, listener, "group", "root")))
		return mode & 0020;
	return mode & 0002;
}

/* --- a socket that both use ------------------------------------------ */

static void
socket_verify(struct verifying *v, const struct named *n)
{
	const char *who = verify_postfix(v, "mail_owner");
	const struct dovecot_block *service, *listener;

	listener = listener_find(v, n->path, &service);
	if (listener == NULL || mode_of(listener) == 0) {
		verify_found(v, VERIFY_SOCKET_MISSING, n->path, arena_printf(
		    v->arena, "in dovecot.conf: service %s { unix_listener "
			"%s { mode = 0660, user and group = %s } }, a line "
			"each; doveadm reload", n->service, n->path, who),
		    "%s uses the socket %s, which Dovecot does not create",
		    n->setting, n->path);
		return;
	}
	if ((mode_of(listener) & 0006) && is_reachable(v, n->path))
		verify_found(v, VERIFY_SOCKET_OPEN, n->path, arena_printf(
		    v->arena, "write \"mode = 0660\", \"user = %s\" and "
			"\"group = %s\" in unix_listener %s; doveadm reload",
			who, who, listener->name), "the socket %s has the "
		    "mode %04o: every account on the machine may use it",
		    n->path, mode_of(listener));
	else if (!verify_may_connect(v, listener, who))
		verify_found(v, VERIFY_SOCKET_CLOSED, n->path, arena_printf(
		    v->arena, "write \"user = %s\" and \"group = %s\" in "
			"unix_listener %s; doveadm reload", who, who,
			listener->name), "the socket %s is for %s:%s with "
		    "mode %04o: %s may not connect to it", n->path,
		    listener_value(v, listener, "user", "root"),
		    listener_value(v, listener, "group", "root"),
		    mode_of(listener), who);
	if (strcmp(n->service, "lmtp") == 0 &&
	    strcmp(service->name, n->service) != 0)
		verify_found(v, VERIFY_SOCKET_MISSING, n->path, arena_printf(
		    v->arena, "write unix_listener %s in service %s; "
			"systemctl restart dovecot", listener->name,
			n->service), "%s uses the socket %s, which service "
		    "%s creates, and not service %s", n->setting, n->path,
		    service->name, n->service);
	if (strcmp(n->service, "lmtp") == 0 &&
	    !verify_dovecot_has(v, "protocols", "lmtp"))
		verify_found(v, VERIFY_SOCKET_MISSING, n->path,
		    "write \"protocols = imap lmtp\" in dovecot.conf; "
		    "systemctl restart dovecot", "%s uses the socket %s, "
		    "but Dovecot's protocols have no lmtp", n->setting,
		    n->path);
}

static const char *
queue_path(struct verifying *v, const char *path)
{
	return whole(v, verify_postfix(v, "queue_directory"), path);
}

/* --- delivery -------------------------------------------------------- */

/* Dovecot's own delivery, run by pipe(8). */
static bool
is_dovecot_pipe(const struct verifying *v, const char *transport)
{
	size_t len = strcspn(transport, ":");

	for (size_t i = 0; i < v->postfix.services; i++) {
		const struct postfix_service *s = &v->postfix.service[i];

		if (strlen(s->name) == len && strncmp(s->name, transport,
		    len) == 0 && strcmp(s->command, "pipe") == 0)
			return strstr(s->arguments, "dovecot") != NULL ||
			    strstr(s->arguments, "/deliver") != NULL;
	}
	return false;
}

/* Elsewhere other ways are right: another host, or virtual(8) alone. */
static bool
is_delivered(const struct verifying *v, const char *transport)
{
	if (strncmp(transport, "lmtp:", 5) == 0 ||
	    is_dovecot_pipe(v, transport))
		return true;
	return v->server != VERIFY_SERVER_OURS &&
	    (strcmp(transport, "virtual") != 0 || !v->has_dovecot ||
	    !verify_dovecot_has(v, "mail_plugins", "quota") ||
	    *verify_postfix(v, "virtual_mailbox_domains") == '\0');
}

/* In a chroot a whole path begins at the queue directory. */
static bool
is_chrooted(const struct verifying *v, const char *name)
{
	for (size_t i = 0; i < v->postfix.services; i++) {
		const struct postfix_service *s = &v->postfix.service[i];

		if (strcmp(s->name, name) == 0 && s->chrooted)
			return true;
	}
	return false;
}

/* local(8) hands mail on as well. */
static void
mailbox_verify(struct verifying *v)
{
	const char *transport = verify_postfix(v, "mailbox_transport");
	struct named named = { "mailbox_transport", NULL, "lmtp" };

	if (strncmp(transport, "lmtp:unix:", 10) != 0 || !v->has_dovecot)
		return;
	named.path = queue_path(v, is_chrooted(v, "lmtp") ? transport + 10 +
	    strspn(transport + 10, "/") : transport + 10);
	if (strcmp(transport, verify_postfix(v, "virtual_transport")) != 0)
		socket_verify(v, &named);
}

static void
transport_verify(struct verifying *v)
{
	const char *transport = verify_postfix(v, "virtual_transport");
	static const char unix_lmtp[] = "lmtp:unix:";
	struct named named = { "virtual_transport", NULL, "lmtp" };

	if (!is_delivered(v, transport)) {
		verify_found(v, VERIFY_TRANSPORT, "virtual_transport", NULL,
		    "virtual_transport is %s: mail is not delivered to "
		    "Dovecot, which knows quotas and homes", transport);
		return;
	}
	if (strncmp(transport, unix_lmtp, strlen(unix_lmtp)) != 0 ||
	    !v->has_dovecot)
		return;
	named.path = queue_path(v, is_chrooted(v, "lmtp") ?
	    transport + strlen(unix_lmtp) + strspn(transport +
		strlen(unix_lmtp), "/") : transport + strlen(unix_lmtp));
	socket_verify(v, &named);
}

/* --- logins ---------------------------------------------------------- */

static void
sasl_verify(struct verifying *v)
{
	struct words done = { 0 };

	for (size_t i = 0; i < v->postfix.services; i++) {
		const struct postfix_service *s = &v->postfix.service[i];
		const char *type = postfix_value(&v->postfix, s,
		    "smtpd_sasl_type");
		const char *path = postfix_value(&v->postfix, s,
		    "smtpd_sasl_path");
		struct named named = { "smtpd_sasl_path", NULL, "auth" };

		if (strcmp(s->command, "smtpd") != 0 || !verify_is_yes(
		    postfix_value(&v->postfix, s, "smtpd_sasl_auth_enable")))
			continue;
		if (strncmp(path, "unix:", 5) == 0)
			path += 5;
		named.path = s->chrooted && *path == '/' ?
		    arena_printf(v->arena, "%s%s", verify_postfix(v,
			"queue_directory"), path) : queue_path(v, path);
		if (verify_has_word(&done, named.path))
			continue;
		words_add(v->arena, &done, named.path);
		if (strcasecmp(type, "dovecot") != 0)
			verify_found(v, VERIFY_SOCKET_MISSING,
			    "smtpd_sasl_type", "postconf -e "
			    "'smtpd_sasl_type = dovecot' "
			    "'smtpd_sasl_path = private/auth'",
			    "smtpd_sasl_type is %s: Postfix does not ask "
			    "Dovecot about logins", type);
		else if (strncmp(path, "inet:", 5) != 0)
			socket_verify(v, &named);
	}
}

/* --- quotas ---------------------------------------------------------- */

/* Dovecot's quota-status may listen on a port: "inet:127.0.0.1:12340". */
static bool
is_quota_port(const struct verifying *v, const char *word)
{
	const struct dovecot_block *s = dovecot_block(v->dovecot.root,
	    "service", "quota-status");
	const struct dovecot_block *l = s != NULL ? s->child : NULL;
	const char *port = strrchr(word, ':') + 1;
	size_t len = strcspn(port, ",} ");

	for (; (l = verify_block_next(l, "inet_listener")) != NULL;
	    l = l->next) {
		const char *value = dovecot_value(l, "port");

		if (value != NULL && strlen(value) == len &&
		    strncmp(value, port, len) == 0)
			return true;
	}
	return false;
}

/*
 * The sockets behind check_policy_service in any list of the main.cf; by_port
 * is set where one of them is a port of quota-status.
 */
static struct words
policies(struct verifying *v, bool *by_port)
{
	struct words found = { 0 };

	for (size_t i = 0; verify_restrictions[i] != NULL; i++) {
		struct words words = postfix_list(v->arena,
		    verify_postfix(v, verify_restrictions[i]));

		for (size_t n = 1; n < words.count; n++) {
			const char *word = words.word[n];

			/* { unix:private/quota-status, timeout=5s } */
			word += strspn(word, "{ ");
			if (strcasecmp(words.word[n - 1],
			    "check_policy_service") != 0)
				continue;
			if (strncmp(word, "inet:", 5) == 0)
				*by_port |= is_quota_port(v, word);
			if (strncmp(word, "unix:", 5) == 0)
				words_add(v->arena, &found, queue_path(v,
				    arena_strndup(v->arena, word + 5,
					strcspn(word + 5, ",} "))));
		}
	}
	return found;
}

static void
quota_verify(struct verifying *v)
{
	bool by_port = false;
	struct words sockets = policies(v, &by_port);
	const struct dovecot_block *service;

	/* Without quotas no mailbox is full. */
	if (by_port || (v->server != VERIFY_SERVER_OURS &&
	    !verify_dovecot_loads(v, "quota")))
		return;
	for (size_t i = 0; i < sockets.count; i++) {
		const char *path = sockets.word[i];

		if (strstr(path, "quota") != NULL) {
			struct named named = { "check_policy_service", path,
			    "quota-status" };

			socket_verify(v, &named);
			return;
		}
		if (listener_find(v, path, &service) != NULL &&
		    strcmp(service->name, "quota-status") == 0)
			return;
	}
	verify_found(v, VERIFY_QUOTA_RCPT, "smtpd_recipient_restrictions",
	    NULL, "smtpd_recipient_restrictions do not ask Dovecot's "
	    "quota-status: mail for a full mailbox is accepted and then "
	    "bounces");
}

/* --- sockets that Postfix does not use --------------------------------- */

/*
 * Whoever may connect to one of these asks for passwords or users.  Dovecot
 * answers a caller of auth-userdb about the caller's own uid alone, unless its
 * mode is 0777.
 */
static const struct inner {
	const char *service;
	const char *socket;
	unsigned open;		/* the bits that open it to everybody */
} inner[] = {
	{ "auth-worker", "auth-worker", 0002 },
	{ "auth", "auth-master", 0002 },
	{ "auth", "auth-userdb", 0001 },
	{ "doveadm", "doveadm-server", 0002 },
	{ "dict", "dict", 0002 },
};

static void
inner_verify(struct verifying *v, const struct inner *in)
{
	const struct dovecot_block *s = dovecot_block(v->dovecot.root,
	    "service", in->service);
	const struct dovecot_block *l = s != NULL ? dovecot_block(s,
	    "unix_listener", in->socket) : NULL;
	const char *path;

	if (l == NULL || !(mode_of(l) & in->open))
		return;
	path = whole(v, verify_dovecot(v, "base_dir"), l->name);
	if (is_reachable(v, path))
		verify_found(v, VERIFY_SOCKET_OPEN, path, arena_printf(
		    v->arena, "write \"mode = 0600\" in unix_listener %s of "
			"service %s; doveadm reload", in->socket,
			in->service), "the socket %s of service %s has the "
		    "mode %04o: every account on the machine may ask it "
		    "about users and passwords", in->socket, in->service,
		    mode_of(l));
}

/* --- where mail goes -------------------------------------------------- */

/* "[mx.example.org]:587" has a name, ".", "[]" and ":25" have none. */
static void
relayhost_verify(struct verifying *v)
{
	const char *host = verify_postfix(v, "relayhost");
	size_t skip = strspn(host, "[. ");

	if (*host != '\0' && (host[skip] == '\0' ||
	    strchr("]:", host[skip]) != NULL))
		verify_found(v, VERIFY_RELAYHOST, "relayhost", NULL,
		    "relayhost is \"%s\", which names no server: all mail to "
		    "others stays in the queue", host);
}

static void
copies_verify(struct verifying *v)
{
	static const char *const settings[] = { "recipient_bcc_maps",
	    "sender_bcc_maps" };
	struct words aliases = postfix_list(v->arena, verify_postfix(v,
	    "virtual_alias_maps"));

	for (size_t s = 0; s < 2; s++) {
		struct words maps = postfix_list(v->arena, verify_postfix(v,
		    settings[s]));

		for (size_t i = 0; i < maps.count; i++) {
			if (!verify_has_word(&aliases, maps.word[i]))
				continue;
			verify_found(v, VERIFY_COPIES, settings[s],
			    arena_printf(v->arena, "postconf -X %s",
				settings[s]), "%s and virtual_alias_maps "
			    "have the same map: each mail to an alias "
			    "arrives twice", settings[s]);
			break;
		}
	}
}

/* --- the rest -------------------------------------------------------- */

static void
delimiter_verify(struct verifying *v)
{
	const char *ours = verify_postfix(v, "recipient_delimiter");
	const char *theirs = verify_dovecot(v, "recipient_delimiter");

	/* Postfix then refuses such addresses itself. */
	if (v->server != VERIFY_SERVER_OURS && *ours == '\0')
		return;
	if (strcmp(ours, theirs) != 0)
		verify_found(v, VERIFY_DELIMITER, "recipient_delimiter",
		    strcmp(ours, "+") != 0 ? NULL : "write "
		    "\"recipient_delimiter = +\" in dovecot.conf; doveadm "
		    "reload", "recipient_delimiter is \"%s\" in Postfix and "
		    "\"%s\" in Dovecot", ours, theirs);
}

void
verify_delivery(struct verifying *v)
{
	for (size_t i = 0; v->has_dovecot && i < sizeof(inner) /
	    sizeof(*inner); i++)
		inner_verify(v, &inner[i]);
	if (!v->has_postfix)
		return;
	relayhost_verify(v);
	copies_verify(v);
	transport_verify(v);
	mailbox_verify(v);
	if (!v->has_dovecot)
		return;
	sasl_verify(v);
	quota_verify(v);
	delimiter_verify(v);
}
