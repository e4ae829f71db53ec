/* SPDX-License-Identifier: MIT */
/* Frame of an archive: pushes a frame for each of its members that may hold mail. */
#include "source/source_frame.h"

#include "base/date.h"
#include "source/archive_reader.h"
#include "source/maildir_name.h"

#include <string.h>

typedef struct {
    Frame frame;
    FileInfo info;
    ArchiveReader *reader;
    gboolean in_member; /* what breaks inside a member is told by the frame of that member */
} ArchiveFrame;

static FrameResult
archive_next (Frame *frame, Source *source, SourceMessage *message)
{
    ArchiveFrame *self = (ArchiveFrame *) frame;
    const char *failure = archive_reader_failure (self->reader), *name, *base, *part;
    FileInfo info = self->info;

    (void) message;
    if (failure != NULL && self->in_member)
        return FRAME_END;
    self->in_member = FALSE;
    if (!archive_reader_next (self->reader, &name)) {
        failure = archive_reader_failure (self->reader);
        if (failure != NULL)
            source_fail (source, self->info.path, archive_reader_offset (self->reader), "%s", failure);
        return FRAME_END;
    }
    base = strrchr (name, '/') == NULL ? name : strrchr (name, '/') + 1;
    part = maildir_name_part (name);
    if (maildir_name_is_index (base) || strcmp (part, "tmp") == 0)
        return FRAME_AGAIN;
    self->in_member = TRUE;
    info.path = g_strconcat (self->info.path, "!", name, NULL);
    info.maildir = *part != '\0';
    info.received = info.maildir ? maildir_name_received (base) : DATE_NONE;
    info.archives++;
    info.filters = 0;
    source_open_stream (source, archive_reader_member (self->reader), &info);
    g_free (info.path);
    return FRAME_AGAIN;
}

static void
archive_free (Frame *frame)
{
    ArchiveFrame *self = (ArchiveFrame *) frame;

    archive_reader_free (self->reader);
    g_free (self->info.path);
    g_free (self);
}

Frame *
archive_frame_new (ByteStream *stream, const FileInfo *info)
{
    static const FrameClass class = {archive_next, archive_free};
    ArchiveFrame *self = g_new0 (ArchiveFrame, 1);

    self->frame.class = &class;
    self->info = file_info_copy (info);
    self->reader = archive_reader_new (stream);
    return &self->frame;
}
