/* Reads a manifest and does nothing about it: the yardstick of plan. */
#include <stdio.h>

#include "model/manifest/manifest.h"

int
main(int argc, char **argv)
{
	struct arena a = { 0 };
	struct manifest m = { .arena = &a };
	struct err e = { 0 };

	if (argc != 2 || !manifest_read(&m, argv[1], &e)) {
		fprintf(stderr, "reading: %s\n", e.text ? e.text : "FILE?");
		return 1;
	}
	manifest_sort(&m);
	fprintf(stderr, "%zu users, %zu errors\n",
	    manifest_count(&m, MANIFEST_USER), m.complaints.count);
	manifest_clear(&m);
	arena_clear(&a);
	return 0;
}
