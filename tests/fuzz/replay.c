/*
 * Runs a fuzz target over files, without libFuzzer: replay DIR...
 *
 * What the fuzzer once found stays found.  One test a file, as TAP, in the
 * order of the names; a crash ends the program before its plan is fulfilled.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
is_case(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* The whole file, in memory of exactly its size: sanitizers see overruns. */
static uint8_t *
read_whole(const char *path, size_t *size)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = NULL;
	long end;

	if (f == NULL)
		return NULL;
	if (fseek(f, 0, SEEK_END) == 0 && (end = ftell(f)) >= 0 &&
	    fseek(f, 0, SEEK_SET) == 0) {
		*size = (size_t)end;
		data = malloc(*size > 0 ? *size : 1);
		if (data != NULL && fread(data, 1, *size, f) != *size) {
			free(data);
			data = NULL;
		}
	}
	fclose(f);
	return data;
}

static bool
replay(const char *dir, const char *name)
{
	char path[4096];
	uint8_t *data;
	size_t size;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	data = read_whole(path, &size);
	if (data == NULL)
		return false;
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	return true;
}

/* The number of files that failed, or -1 without any file. */
static int
replay_all(const char *dir, int *number)
{
	struct dirent **entries;
	int n = scandir(dir, &entries, is_case, alphasort), failed = 0, i;

	if (n <= 0) {
		printf("Bail out! no files in %s\n", dir);
		return -1;
	}
	for (i = 0; i < n; i++) {
		bool ok = replay(dir, entries[i]->d_name);

		printf("%sok %d - %s\n", ok ? "" : "not ", ++*number,
		    entries[i]->d_name);
		fflush(stdout);
		failed += !ok;
		free(entries[i]);
	}
	free(entries);
	return failed;
}

int
main(int argc, char **argv)
{
	int number = 0, failed = 0, i, n;

	for (i = 1; i < argc; i++) {
		n = replay_all(argv[i], &number);
		if (n < 0)
			return 1;
		failed += n;
	}
	printf("1..%d\n", number);
	return failed > 0 || number == 0;
}
