/* The doctor looks at the disks that mail needs. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/statvfs.h>

#include "base/size.h"
#include "file/postfix.h"
#include "model/doctor/private.h"

#define LEFT_LEAST 10		/* per cent */

static bool
is_low(uint64_t left, uint64_t all)
{
	return all > 0 && (double)left * 100 < (double)all * LEFT_LEAST;
}

static unsigned
percent(uint64_t left, uint64_t all)
{
	return (unsigned)((double)left * 100 / (double)all);
}

struct verdict
disk_judge(struct arena *a, const struct disk *disk)
{
	char size[SIZE_TEXT];

	if (is_low(disk->available, disk->size))
		return (struct verdict){ DOCTOR_WRONG, arena_printf(a, "the "
		    "disk of the %s has %u %% left: %s", disk->holds,
		    percent(disk->available, disk->size), disk->path),
		    arena_printf(a, "df -h %s; make space: mail waits or is "
		    "lost when it is full", disk->path) };
	if (is_low(disk->files_left, disk->files))
		return (struct verdict){ DOCTOR_WRONG, arena_printf(a, "the "
		    "disk of the %s can take %u %% more files: %s",
		    disk->holds, percent(disk->files_left, disk->files),
		    disk->path), arena_printf(a, "df -i %s; each message is "
		    "a file", disk->path) };
	size_format(size, (int64_t)(disk->available / 1048576) * 1048576);
	return (struct verdict){ DOCTOR_OK, arena_printf(a, "the disk of the "
	    "%s has %s left: %s", disk->holds, size, disk->path), NULL };
}

static void
look(struct doctor *d, const char *holds, const char *path)
{
	struct statvfs fs;
	struct disk disk = { .path = path, .holds = holds };

	if (statvfs(path, &fs) != 0) {
		/* That it is missing is a finding of config verify. */
		doctor_say(d, DOCTOR_UNKNOWN, NULL, "the disk of the %s: %s: "
		    "%s", holds, path, strerror(errno));
		return;
	}
	disk.size = (uint64_t)fs.f_blocks * fs.f_frsize;
	disk.available = (uint64_t)fs.f_bavail * fs.f_frsize;
	disk.files = fs.f_files;
	disk.files_left = fs.f_favail;
	doctor_add(d, disk_judge(d->arena, &disk));
}

/* Only that of a server on this machine, by its socket. */
static void
database_look(struct doctor *d)
{
	struct err e = { 0 };
	struct words path = { 0 };

	if (d->database && db_texts(d->mail->db, d->arena, SQL_SERVER_DATADIR,
	    NO_PARAMS, &path, &e) && path.count > 0 &&
	    strstr(db_connection(d->mail->db), "UNIX socket") != NULL)
		look(d, "database", path.word[0]);
	err_clear(&e);
}

void
doctor_disk(struct doctor *d)
{
	const struct settings *s = d->options->settings;
	const char *queue;
	struct err e = { 0 };

	look(d, "mail", s->mail_directory);
	if (postfix_setting(d->arena, s->postfix_directory,
	    "queue_directory", &queue, &e))
		look(d, "queue", queue);
	else
		doctor_say(d, DOCTOR_UNKNOWN, NULL, "the disk of the queue: "
		    "%s", e.text);
	err_clear(&e);
	database_look(d);
}
