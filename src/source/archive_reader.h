/* SPDX-License-Identifier: MIT */
/* Archives (tar, zip) and the compressions other than gzip, through libarchive; the only place that knows it. Members
 * come one after another, as streams. No helper program is ever started: only what libarchive can unpack itself. */
#ifndef NIXIE_SOURCE_ARCHIVE_READER_H
#define NIXIE_SOURCE_ARCHIVE_READER_H

#include "source/byte_stream.h"

typedef struct ArchiveReader ArchiveReader;

/* Takes `packed`. */
ArchiveReader *archive_reader_new (ByteStream *packed);
void archive_reader_free (ArchiveReader *reader);

/* The next regular file; *name (raw bytes) is borrowed until the next call. FALSE at the end: see
 * archive_reader_failure(). Whatever stream of the last member there was must be freed before. */
gboolean archive_reader_next (ArchiveReader *reader, const char **name);
/* The bytes of the current member; once a member. Belongs to the caller, must not outlive the reader. */
ByteStream *archive_reader_member (ArchiveReader *reader);
/* Why the archive ended early, NULL when it did not. */
const char *archive_reader_failure (const ArchiveReader *reader);
guint64 archive_reader_offset (const ArchiveReader *reader); /* bytes of `packed` that were used */

/* What a compressed file (one, no archive) holds. Takes `packed`. */
ByteStream *filter_stream_new (ByteStream *packed);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ArchiveReader, archive_reader_free)

#endif
