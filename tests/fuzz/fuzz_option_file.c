/* Any bytes as an option file: facts, or a refusal that names the file. */
#include "file.h"

#include "base/arena.h"
#include "base/err.h"
#include "file/option_file.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	struct option_facts facts;
	struct arena a = { 0 };
	struct err e = { 0 };
	char path[FUZZ_PATH];
	int fd = fuzz_file(bytes, len, path);

	if (option_files_look(&a, path, "mailadm", "mailadm-admin", &facts,
	    &e)) {
		BUG_ON(e.code != ERR_NONE);
		BUG_ON(facts.host != NULL && *facts.host == '\0');
		option_host_is_local(facts.host, facts.socket);
	} else {
		BUG_ON(e.code == ERR_NONE || *e.text == '\0');
	}
	close(fd);
	err_clear(&e);
	arena_clear(&a);
	return 0;
}
