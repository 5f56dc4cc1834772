/* The formats of records: one file each. */
#include "model/records/formats.h"

const char *const record_format_names[] = {
	"zone", "octodns", "terraform", "nsupdate", NULL
};

static const struct record_writer *const writers[] = {
	&record_zone_writer, &record_octodns_writer, &record_terraform_writer,
	&record_nsupdate_writer
};

void
record_export_begin(struct record_export *x)
{
	x->comment = writers[x->format]->comment;
	writers[x->format]->begin(x);
}

void
record_export_add(struct record_export *x, const struct records *list)
{
	writers[x->format]->add(x, list);
}

void
record_export_change(struct record_export *x,
    const struct record_change *change)
{
	writers[x->format]->change(x, change);
}

void
record_export_end(struct record_export *x)
{
	if (writers[x->format]->end != NULL)
		writers[x->format]->end(x);
}
