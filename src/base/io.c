/* Reading and writing descriptors completely. */
#include "base/io.h"

#include <errno.h>
#include <unistd.h>

#define PIECE 4096

bool
io_write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

ssize_t
io_read(int fd, void *bytes, size_t size)
{
	ssize_t n;

	do
		n = read(fd, bytes, size);
	while (n < 0 && errno == EINTR);
	return n;
}

bool
io_read_all(int fd, struct text *content, size_t most)
{
	while (content->len <= most) {
		ssize_t n;

		text_reserve(content, PIECE);
		n = io_read(fd, content->buf + content->len, PIECE);
		if (n <= 0)
			return n == 0;
		content->len += (size_t)n;
		content->buf[content->len] = '\0';
	}
	return true;
}
