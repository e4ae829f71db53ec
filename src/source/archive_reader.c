/* SPDX-License-Identifier: MIT */
#include "source/archive_reader.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <string.h>

struct ArchiveReader {
    struct archive *archive;
    ByteStream *packed;
    gsize lent;      /* bytes of the window that libarchive is looking at */
    gboolean opened;
    char *name;
    char *failure;
    guint64 members;
};

/* --- what libarchive reads from ------------------------------------------------------------------------------------*/

static la_ssize_t
on_read (struct archive *archive, void *user, const void **data)
{
    ArchiveReader *self = user;
    const char *window;

    (void) archive;
    byte_stream_consume (self->packed, self->lent);
    self->lent = byte_stream_peek (self->packed, 1, &window);
    *data = window;
    return (la_ssize_t) self->lent; /* a broken stream is a short one here: its reason is asked for later */
}

static la_int64_t
on_seek (struct archive *archive, void *user, la_int64_t offset, int whence)
{
    ArchiveReader *self = user;

    (void) archive;
    byte_stream_consume (self->packed, self->lent);
    self->lent = 0;
    return byte_stream_seek (self->packed, offset, whence);
}

static void
fail (ArchiveReader *self)
{
    const char *why = byte_stream_failure (self->packed), *ours = archive_error_string (self->archive);

    if (self->failure == NULL)
        self->failure = g_strdup (why != NULL ? why : ours != NULL ? ours : "the archive is damaged");
}

static ArchiveReader *
reader_new (ByteStream *packed)
{
    ArchiveReader *self = g_new0 (ArchiveReader, 1);

    self->packed = packed;
    self->archive = archive_read_new ();
    g_assert (self->archive != NULL);
    archive_read_set_read_callback (self->archive, on_read);
    archive_read_set_callback_data (self->archive, self);
    if (byte_stream_can_seek (packed))
        archive_read_set_seek_callback (self->archive, on_seek);
    return self;
}

ArchiveReader *
archive_reader_new (ByteStream *packed)
{
    ArchiveReader *self = reader_new (packed);

    archive_read_support_format_tar (self->archive);
    archive_read_support_format_zip (self->archive);
    archive_read_support_format_empty (self->archive);
    return self;
}

void
archive_reader_free (ArchiveReader *reader)
{
    if (reader == NULL)
        return;
    archive_read_free (reader->archive);
    byte_stream_free (reader->packed);
    g_free (reader->name);
    g_free (reader->failure);
    g_free (reader);
}

/* --- members -------------------------------------------------------------------------------------------------------*/

static void
take_name (ArchiveReader *self, struct archive_entry *entry)
{
    const char *name = archive_entry_pathname (entry);

    if (name == NULL) /* it cannot be written in the locale's charset */
        name = archive_entry_pathname_utf8 (entry);
    g_free (self->name);
    self->name = name != NULL ? g_strdup (name) : g_strdup_printf ("member-%" G_GUINT64_FORMAT, self->members);
}

static gboolean
next_header (ArchiveReader *self, struct archive_entry **entry)
{
    int result;

    if (!self->opened) {
        self->opened = TRUE;
        if (archive_read_open1 (self->archive) < ARCHIVE_WARN) {
            fail (self);
            return FALSE;
        }
    }
    do
        result = archive_read_next_header (self->archive, entry);
    while (result == ARCHIVE_RETRY);
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
        if (result != ARCHIVE_EOF || byte_stream_failure (self->packed) != NULL)
            fail (self);
        return FALSE;
    }
    self->members++;
    return TRUE;
}

gboolean
archive_reader_next (ArchiveReader *reader, const char **name)
{
    struct archive_entry *entry;

    while (reader->failure == NULL && next_header (reader, &entry))
        if (archive_entry_filetype (entry) == AE_IFREG && archive_entry_hardlink (entry) == NULL) {
            take_name (reader, entry);
            *name = reader->name;
            return TRUE;
        }
    return FALSE;
}

const char *
archive_reader_failure (const ArchiveReader *reader)
{
    return reader->failure;
}

guint64
archive_reader_offset (const ArchiveReader *reader)
{
    return byte_stream_offset (reader->packed) + reader->lent;
}

/* --- streams -------------------------------------------------------------------------------------------------------*/

typedef struct {
    ByteStream stream;
    ArchiveReader *reader;
    gboolean owned;    /* of a compressed file: the reader is nobody else's */
    gboolean started;
    const char *block; /* what libarchive gave and was not passed on yet */
    gsize left;
} MemberStream;

/* By blocks: archive_read_data() fills the whole buffer, and when the archive breaks meanwhile it forgets what it had
 * put there. Holes of sparse files close up. */
static int
next_block (MemberStream *self)
{
    struct archive_entry *entry;
    la_int64_t offset;
    const void *block;
    int result;

    if (self->owned && !self->started && !next_header (self->reader, &entry))
        return self->reader->failure == NULL ? ARCHIVE_EOF : ARCHIVE_FATAL;
    self->started = TRUE;
    do
        result = archive_read_data_block (self->reader->archive, &block, &self->left, &offset);
    while (result == ARCHIVE_RETRY || (result == ARCHIVE_OK && self->left == 0));
    self->block = block;
    if (result < ARCHIVE_OK && result != ARCHIVE_WARN)
        self->left = 0;
    return result;
}

static gssize
member_read (ByteStream *stream, char *data, gsize length, char **reason)
{
    MemberStream *self = (MemberStream *) stream;
    ArchiveReader *reader = self->reader;
    int result = self->left > 0 ? ARCHIVE_OK : next_block (self);

    if (result == ARCHIVE_OK || result == ARCHIVE_WARN) {
        length = MIN (length, self->left);
        memcpy (data, self->block, length);
        self->block += length;
        self->left -= length;
        return (gssize) length;
    }
    if (result != ARCHIVE_EOF || byte_stream_failure (reader->packed) != NULL)
        fail (reader);
    *reason = g_strdup (reader->failure);
    return reader->failure == NULL ? 0 : -1;
}

static void
member_close (ByteStream *stream)
{
    MemberStream *self = (MemberStream *) stream;

    if (self->owned)
        archive_reader_free (self->reader);
}

static ByteStream *
member_new (ArchiveReader *reader, gboolean owned)
{
    static const ByteStreamClass class = {member_read, NULL, member_close};
    MemberStream *self = g_new0 (MemberStream, 1);

    byte_stream_init (&self->stream, &class);
    self->reader = reader;
    self->owned = owned;
    return &self->stream;
}

ByteStream *
archive_reader_member (ArchiveReader *reader)
{
    return member_new (reader, FALSE);
}

ByteStream *
filter_stream_new (ByteStream *packed)
{
    ArchiveReader *reader = reader_new (packed);

    archive_read_support_filter_bzip2 (reader->archive);
    archive_read_support_filter_compress (reader->archive);
    archive_read_support_filter_lz4 (reader->archive);
    archive_read_support_filter_lzip (reader->archive);
    archive_read_support_filter_lzma (reader->archive);
    archive_read_support_filter_xz (reader->archive);
    archive_read_support_filter_zstd (reader->archive);
    archive_read_support_format_raw (reader->archive);
    archive_read_support_format_empty (reader->archive);
    return member_new (reader, TRUE);
}
