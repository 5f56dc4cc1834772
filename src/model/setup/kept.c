/* Keeping files, and putting them back. */
#include "model/setup/kept.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "file/read.h"

bool
kept_add(struct kept *k, const char *path, struct err *e)
{
	struct kept_file file = { .path = path, .bytes = TEXT_INIT };
	struct stat st;

	if (file_read(path, &file.bytes, &st, e)) {
		file.existed = true;
		file.place = (struct file_place){ st.st_mode & 07777,
		    st.st_uid, st.st_gid };
	} else {
		text_clear(&file.bytes);
		if (e->code != ERR_NOT_FOUND)
			return false;
		err_clear(e);
	}
	*VECTOR_ADD(k) = file;
	return true;
}

static bool
restore(const struct kept_file *f, struct err *e)
{
	if (f->existed)
		return file_install(f->path, f->bytes.buf, f->bytes.len,
		    &f->place, e);
	return unlink(f->path) == 0 || errno == ENOENT || err_set(e, ERR_IO,
	    "%s: %s", f->path, strerror(errno));
}

/* One that fails is no reason to leave the others as they are. */
bool
kept_restore(const struct kept *k, struct err *e)
{
	bool ok = true;

	for (size_t i = 0; i < k->count; i++) {
		struct err also = { 0 };

		if (!restore(&k->item[i], ok ? e : &also))
			ok = false;
		err_clear(&also);
	}
	return ok;
}

void
kept_clear(struct kept *k)
{
	for (size_t i = 0; i < k->count; i++)
		text_clear(&k->item[i].bytes);
	VECTOR_CLEAR(k);
}
