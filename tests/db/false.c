/*
 * A server that is none: what a client tells it, and what that believes.
 *
 *   false SOCKET VERSION WHAT [NAME]
 *
 * It greets with VERSION.  WHAT:
 *
 *   ok		lets everybody in and answers each statement with OK
 *   auth	wants the password again by the plugin NAME
 *   file	answers the first statement by asking for the file NAME
 *
 * What comes then (the password, the file) is printed, what no byte of a
 * text is as a dot.  Says "ready" when it listens; ends with its parent.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static const char ok[] = "\0\0\0\2\0\0";

static bool
packet_send(int fd, unsigned char number, const char *bytes, size_t len)
{
	const char header[] = { (char)len, 0, 0, (char)number };

	return send(fd, header, sizeof(header), MSG_NOSIGNAL) ==
	    sizeof(header) &&
	    send(fd, bytes, len, MSG_NOSIGNAL) == (ssize_t)len;
}

/* One packet of the client, which is small; false where that is gone. */
static bool
packet_read(int fd, unsigned char *bytes, size_t size, size_t *len)
{
	unsigned char header[4];

	if (recv(fd, header, sizeof(header), MSG_WAITALL) != sizeof(header))
		return false;
	*len = header[0] | (size_t)header[1] << 8;
	return *len < size && (*len == 0 ||
	    recv(fd, bytes, *len, MSG_WAITALL) == (ssize_t)*len);
}

static void
show(const unsigned char *bytes, size_t len)
{
	fputs("got: ", stdout);
	for (size_t i = 0; i < len; i++)
		putchar(bytes[i] >= ' ' && bytes[i] < 127 ? bytes[i] : '.');
	putchar('\n');
	fflush(stdout);
}

/* Protocol 10: version, session, scramble, what it can. */
static bool
greet(int fd, const char *version)
{
	static const char after[] = "\1\0\0\0" "scramble" "\0" "\x8a\xa2"
	    "\x2d" "\2\0" "\x08\0" "\x15" "\0\0\0\0\0\0\0\0\0\0"
	    "scramble2345" "\0" "mysql_native_password";
	char bytes[200] = "\x0a";
	size_t len = 1 + strlen(version) + 1;

	if (len + sizeof(after) > sizeof(bytes))
		return false;
	memcpy(bytes + 1, version, strlen(version));
	memcpy(bytes + len, after, sizeof(after));
	return packet_send(fd, 0, bytes, len + sizeof(after));
}

/* "\xfe", the name of the plugin, its scramble. */
static bool
auth_switch(int fd, const char *plugin)
{
	char bytes[100] = "\xfe";
	size_t len = 1 + strlen(plugin) + 1;

	if (len + 21 > sizeof(bytes))
		return false;
	memcpy(bytes + 1, plugin, strlen(plugin));
	memcpy(bytes + len, "scramblescramble2345", 21);
	return packet_send(fd, 2, bytes, len + 21);
}

static bool
file_ask(int fd, const char *name)
{
	char bytes[200] = "\xfb";
	size_t len = 1 + strlen(name);

	if (len > sizeof(bytes))
		return false;
	memcpy(bytes + 1, name, len - 1);
	return packet_send(fd, 1, bytes, len);
}

static void
serve(int fd, char **argv)
{
	const char *what = argv[3], *name = argv[4];
	unsigned char bytes[64 * 1024];
	size_t len;

	if (!greet(fd, argv[2]) || !packet_read(fd, bytes, sizeof(bytes), &len))
		return;
	if (strcmp(what, "auth") == 0) {
		if (auth_switch(fd, name) &&
		    packet_read(fd, bytes, sizeof(bytes), &len))
			show(bytes, len);
		return;
	}
	packet_send(fd, 2, ok, 7);
	while (packet_read(fd, bytes, sizeof(bytes), &len)) {
		if (strcmp(what, "file") != 0) {
			packet_send(fd, 1, ok, 7);
			continue;
		}
		if (!file_ask(fd, name))
			return;
		while (packet_read(fd, bytes, sizeof(bytes), &len) && len > 0)
			show(bytes, len);
		return;
	}
}

int
main(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);

	if (argc < 4 || strlen(argv[1]) >= sizeof(address.sun_path))
		return 2;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	memcpy(address.sun_path, argv[1], strlen(argv[1]) + 1);
	unlink(argv[1]);
	if (bind(listener, (const struct sockaddr *)&address,
	    sizeof(address)) != 0 || listen(listener, 8) != 0) {
		perror(argv[1]);
		return 1;
	}
	puts("ready");
	fflush(stdout);
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		serve(fd, argv);
		close(fd);
	}
}
