/*
 * Stands between mailadm and the server, and lets something happen once.
 *
 *   cut LISTEN SERVER WHEN WHAT [BYTES [OTHER]]
 *
 * LISTEN, SERVER and OTHER, which serves afterwards, are Unix sockets.  All
 * is passed on until WHEN: a statement, or #N, the Nth packet of the client.
 * Then WHAT:
 *
 *   command	of it BYTES pass, and both sides are cut
 *   answer	it passes, of the answer to it BYTES, and both sides are cut
 *   kill-client, kill-server, stop-server	by a signal; it passes
 *   drop	the server rolls back first, and the client is not told
 *   deadlock	it passes, and its rows end with a deadlock
 *   lie	it passes, and the answer is an error of the cluster
 *   refuse	it does not pass, and the answer is the same error
 *
 * With "command-down" and "answer-down" nobody listens afterwards.  Other
 * connections are passed on, one after the other.  Says "ready" when it
 * listens and "now" when it is the time; ends with its parent.
 */
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define HEADER 5	/* length in three bytes, number, command */
#define PACKET_MAX (16 << 20)	/* more are not sent here */
#define EOF_SIZE 9	/* length, number, 0xfe, warnings, state */

struct what {
	const char *name;
	bool cuts_command;
	bool cuts_answer;
	bool down;
	bool drops;
	bool ends_rows;
	bool lies;
	bool refuses;
	int client_signal;
	int server_signal;
};

static const struct what whats[] = {
	{ "command", .cuts_command = true },
	{ "answer", .cuts_answer = true },
	{ "command-down", .cuts_command = true, .down = true },
	{ "answer-down", .cuts_answer = true, .down = true },
	{ "kill-client", .client_signal = SIGKILL },
	{ "kill-server", .server_signal = SIGKILL },
	{ "stop-server", .server_signal = SIGSTOP },
	{ "drop", .drops = true },
	{ "deadlock", .ends_rows = true },
	{ "lie", .lies = true },
	{ "refuse", .refuses = true },
	{ 0 }
};

struct cut {
	const char *when;
	const struct what *what;
	size_t bytes;
	unsigned long said;	/* packets of the client */
	char *packets;		/* of the client, until they are whole */
	size_t held;
	size_t answered;	/* bytes of the answer that have passed */
	bool asked;		/* it was the time */
	bool done;
	int client;
	int server;
};

static int
unix_socket(const char *path, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(address->sun_path))
		return -1;
	memcpy(address->sun_path, path, strlen(path) + 1);
	return socket(AF_UNIX, SOCK_STREAM, 0);
}

static bool
send_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);

		if (n < 0)
			return false;
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

static void
send_signal(int peer, int number)
{
	struct ucred who;
	socklen_t size = sizeof(who);

	if (number != 0 &&
	    getsockopt(peer, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0)
		kill(who.pid, number);
}

static bool
is_time(const struct cut *c, const char *bytes, size_t len)
{
	size_t size = strlen(c->when);

	if (c->asked)
		return false;
	if (*c->when == '#')
		return c->said == strtoul(c->when + 1, NULL, 10);
	return len == HEADER + size &&
	    memcmp(bytes + HEADER, c->when, size) == 0;
}

/* What a server does that drops a transaction in silence. */
static bool
roll_back(const struct cut *c)
{
	static const char rollback[] = "\x09\0\0\0\x03ROLLBACK";
	unsigned char answer[256];
	ssize_t n;

	if (!send_all(c->server, rollback, sizeof(rollback) - 1))
		return false;
	n = recv(c->server, answer, sizeof(answer), 0);
	return n >= HEADER && n == 4 + answer[0] && answer[4] == 0;
}

/* As the first and only packet of an answer. */
static bool
send_refusal(const struct cut *c)
{
	static const char text[] = "\xff\x9c\x04#HY000Error while appending "
	    "streaming replication fragment";
	const char header[] = { sizeof(text) - 1, 0, 0, 1 };

	return send_all(c->client, header, sizeof(header)) &&
	    send_all(c->client, text, sizeof(text) - 1);
}

/* False: the connection ends here. */
static bool
pass_command(struct cut *c, const char *bytes, size_t len)
{
	c->said++;
	if (!is_time(c, bytes, len))
		return send_all(c->server, bytes, len);
	c->asked = true;
	puts("now");
	fflush(stdout);
	if (c->what->drops && !roll_back(c))
		return false;
	send_signal(c->client, c->what->client_signal);
	send_signal(c->server, c->what->server_signal);
	c->done = !c->what->cuts_answer && !c->what->ends_rows &&
	    !c->what->lies;
	if (c->what->refuses)
		return send_refusal(c);
	if (!c->what->cuts_command)
		return send_all(c->server, bytes, len);
	send_all(c->server, bytes, c->bytes < len ? c->bytes : len);
	return false;
}

/*
 * An answer with rows ends with an EOF packet; a server that fails between
 * two rows sends an error in its place.
 */
static bool
end_rows(struct cut *c, const char *bytes, size_t len)
{
	static const char deadlock[] = "\xff\xbd\x04#40001false alarm";
	const char *end = bytes + len - EOF_SIZE;
	char header[] = { sizeof(deadlock) - 1, 0, 0, 0 };

	/* Another one stands in front of the rows. */
	if (len <= 2 * EOF_SIZE || end[0] != EOF_SIZE - 4 || end[4] != '\xfe')
		return send_all(c->client, bytes, len);
	c->done = true;
	header[3] = end[3];
	return send_all(c->client, bytes, len - EOF_SIZE) &&
	    send_all(c->client, header, sizeof(header)) &&
	    send_all(c->client, deadlock, sizeof(deadlock) - 1);
}

static bool
pass_answer(struct cut *c, const char *bytes, size_t len)
{
	size_t left = c->bytes - c->answered;

	if (c->done || !c->asked)
		return send_all(c->client, bytes, len);
	if (c->what->ends_rows)
		return end_rows(c, bytes, len);
	if (c->what->lies) {
		c->done = true;
		return send_refusal(c);
	}
	if (len < left) {
		c->answered += len;
		return send_all(c->client, bytes, len);
	}
	c->done = true;
	send_all(c->client, bytes, left);
	return false;
}

/*
 * Packet by packet: a large one comes in parts, and one that has no answer
 * may come together with the next, as the machine has time.
 */
static bool
pass_packets(struct cut *c, const char *bytes, size_t len)
{
	const unsigned char *p = (const unsigned char *)c->packets;
	size_t size;

	if (len > PACKET_MAX - c->held)
		return false;
	memcpy(c->packets + c->held, bytes, len);
	c->held += len;
	while (c->held >= HEADER - 1 && c->held >= (size = HEADER - 1 +
	    (size_t)p[0] + ((size_t)p[1] << 8) + ((size_t)p[2] << 16))) {
		if (!pass_command(c, c->packets, size))
			return false;
		c->held -= size;
		memmove(c->packets, c->packets + size, c->held);
	}
	return true;
}

static void
serve(struct cut *c)
{
	struct pollfd from[] = {
		{ .fd = c->client, .events = POLLIN },
		{ .fd = c->server, .events = POLLIN },
	};
	char bytes[64 * 1024];
	bool open = true;

	while (open && poll(from, 2, -1) > 0) {
		for (int i = 0; open && i < 2; i++) {
			ssize_t n;

			if (from[i].revents == 0)
				continue;
			n = recv(from[i].fd, bytes, sizeof(bytes), 0);
			open = n > 0 && (i == 0 ?
			    pass_packets(c, bytes, (size_t)n) :
			    pass_answer(c, bytes, (size_t)n));
		}
	}
}

static void
serve_next(struct cut *c, int listener, const char *path)
{
	struct sockaddr_un address;

	c->held = 0;
	c->client = accept(listener, NULL, NULL);
	c->server = unix_socket(path, &address);
	if (c->client >= 0 && c->server >= 0 && connect(c->server,
	    (const struct sockaddr *)&address, sizeof(address)) == 0)
		serve(c);
	close(c->client);
	close(c->server);
}

static int
listen_at(const char *path)
{
	struct sockaddr_un address;
	int listener = unix_socket(path, &address);

	unlink(path);
	if (listener < 0 || bind(listener, (const struct sockaddr *)&address,
	    sizeof(address)) != 0 || listen(listener, 8) != 0) {
		perror(path);
		exit(1);
	}
	return listener;
}

int
main(int argc, char **argv)
{
	struct cut c = { .what = whats };
	int listener;

	while (argc >= 5 && c.what->name != NULL &&
	    strcmp(c.what->name, argv[4]) != 0)
		c.what++;
	if (argc < 5 || argc > 7 || c.what->name == NULL)
		return 2;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	c.packets = malloc(PACKET_MAX);
	if (c.packets == NULL)
		return 1;
	c.when = argv[3];
	c.bytes = argc > 5 ? strtoul(argv[5], NULL, 10) : 0;
	listener = listen_at(argv[1]);
	puts("ready");
	fflush(stdout);
	while (!c.done || !c.what->down)
		serve_next(&c, listener, argv[c.done && argc > 6 ? 6 : 2]);
	free(c.packets);
	return 0;
}
