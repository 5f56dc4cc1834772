/*
 * Any bytes as what Postfix asks a policy service: read to the end, or to what
 * is no request.
 */
#include "file.h"

#include "model/sending/request.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len);

static void
is_whole(const struct request *r)
{
	const char *const text[] = { r->kind, r->state, r->login,
	    r->recipient, r->recipients };

	for (size_t i = 0; i < sizeof(text) / sizeof(text[0]); i++)
		BUG_ON(strlen(text[i]) >= REQUEST_MAX ||
		    strchr(text[i], '\n') != NULL);
}

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	static struct request_reader reader;
	char path[FUZZ_PATH];
	int fd = fuzz_file(bytes, len, path);
	struct request request;
	struct err e = { 0 };
	bool found = true;
	size_t taken = 0;

	BUG_ON(lseek(fd, 0, SEEK_SET) != 0);
	reader.fd = fd;
	reader.begin = reader.end = reader.looked = 0;
	while (found && request_read(&reader, &request, &found, &e)) {
		if (found)
			is_whole(&request);
		BUG_ON(++taken > len + 1);
	}
	BUG_ON(e.code != ERR_NONE && e.code != ERR_INVALID);
	err_clear(&e);
	close(fd);
	return 0;
}
