/* SPDX-License-Identifier: MIT */
/* From a name, a descriptor or a stream to the frame that reads it. */
#include "source/source_frame.h"

#include "base/date.h"
#include "source/archive_reader.h"
#include "source/content_kind.h"
#include "source/gzip_stream.h"
#include "source/mbox_from.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

G_STATIC_ASSERT (BYTE_STREAM_PEEK >= CONTENT_KIND_BYTES);

FileInfo
file_info_copy (const FileInfo *info)
{
    FileInfo copy = *info;

    copy.path = g_strdup (info->path);
    copy.status = NULL;
    return copy;
}

/* --- streams -------------------------------------------------------------------------------------------------------*/

/* Nothing to read there. An empty mailbox is a fine one; an empty file where a message should be is not. */
static void
tell_no_mail (Source *source, const ByteStream *stream, ContentKind kind, const FileInfo *info)
{
    guint64 offset = byte_stream_offset (stream);

    if (byte_stream_failure (stream) != NULL)
        source_fail (source, info->path, offset, "%s", byte_stream_failure (stream));
    else if (kind == CONTENT_EMPTY && info->maildir)
        source_fail (source, info->path, offset, "the file is empty");
    else if (kind == CONTENT_EMPTY)
        source_warn (source, info->path, offset, "the file is empty");
    else
        source_fail (source, info->path, offset, "this is no mail: no header field at its start, no mbox, no archive");
}

/* Unpack until something shows that is not compressed. NULL when that was told to be impossible. */
static ByteStream *
unpack (Source *source, ByteStream *stream, FileInfo *info, ContentKind *kind)
{
    for (;;) {
        const char *data;
        gsize length = byte_stream_peek (stream, CONTENT_KIND_BYTES, &data);

        *kind = content_kind (data, length);
        if (*kind != CONTENT_GZIP && *kind != CONTENT_FILTER)
            return stream;
        if (info->filters++ == LIMIT_ARCHIVE_DEPTH) {
            source_fail (source, info->path, 0, "compressed more than %d times over", LIMIT_ARCHIVE_DEPTH);
            byte_stream_free (stream);
            return NULL;
        }
        stream = *kind == CONTENT_GZIP ? gzip_stream_new (stream) : filter_stream_new (stream);
    }
}

void
source_open_stream (Source *source, ByteStream *stream, const FileInfo *given)
{
    FileInfo info = *given;
    ContentKind kind;

    stream = unpack (source, stream, &info, &kind);
    if (stream == NULL)
        return;
    if (kind == CONTENT_ARCHIVE && info.maildir)
        kind = CONTENT_OTHER;
    if (kind == CONTENT_ARCHIVE && info.archives >= LIMIT_ARCHIVE_DEPTH) {
        source_fail (source, info.path, 0, "archives in archives, more than %d deep", LIMIT_ARCHIVE_DEPTH);
        byte_stream_free (stream);
    } else if (kind == CONTENT_ARCHIVE) {
        source_push (source, archive_frame_new (stream, &info));
    } else if (kind == CONTENT_MBOX && !info.maildir) {
        source_push (source, mbox_frame_new (source, stream, &info));
    } else if (kind == CONTENT_MBOX || kind == CONTENT_MESSAGE) {
        source_push (source, message_frame_new (stream, &info));
    } else {
        tell_no_mail (source, stream, kind, &info);
        byte_stream_free (stream);
    }
}

gboolean
source_finish_message (Source *source, const char *path, guint64 offset, gboolean *told_nul, SourceMessage *message)
{
    const char *nul = NULL;

    message->path = path;
    message->offset = offset;
    message->data = message_text_finish (source_text (source), told_nul != NULL, &message->length, &message->truncated);
    if (message->length == 0)
        return FALSE;
    if (message->truncated)
        source_fail (source, path, offset, "the message is longer than %d MiB: the rest was not read",
                     LIMIT_MESSAGE / 1024 / 1024);
    if (source_text (source)->has_nul && !(told_nul != NULL && *told_nul))
        nul = memchr (message->data, '\0', message->length);
    if (nul != NULL)
        source_fail (source, path, offset, "the message has NUL bytes");
    if (nul != NULL && told_nul != NULL)
        *told_nul = TRUE;
    if (header_line_look (message->data, message->length) != HEADER_LINE_YES &&
        content_kind (message->data, MIN (message->length, CONTENT_KIND_BYTES)) != CONTENT_MESSAGE)
        source_fail (source, path, offset, "the message has no header fields");
    return TRUE;
}

/* --- folders and their entries -------------------------------------------------------------------------------------*/

void
source_open_folder (Source *source, int fd, const char *path, const FolderPlace *parent)
{
    FolderPlace place = {.parent = parent, .depth = parent == NULL ? 0 : parent->depth + 1};
    const char *wrong = NULL;
    struct stat status;

    if (fstat (fd, &status) != 0)
        wrong = g_strerror (errno);
    place.device = status.st_dev;
    place.inode = status.st_ino;
    if (wrong == NULL && place.depth > LIMIT_DIR_DEPTH)
        wrong = "folders too deep in each other";
    for (; wrong == NULL && parent != NULL; parent = parent->parent)
        if (parent->device == place.device && parent->inode == place.inode)
            wrong = "this folder lies in itself";
    if (wrong != NULL) {
        source_fail (source, path, 0, "%s", wrong);
        close (fd);
    } else if (maildir_frame_fits (fd)) {
        source_push (source, maildir_frame_new (fd, path, &place));
    } else {
        source_push (source, folder_frame_new (fd, path, &place));
    }
}

static const char *
not_a_file (mode_t mode)
{
    return S_ISLNK (mode)    ? "a symbolic link is not followed"
           : S_ISFIFO (mode) ? "a named pipe is not read"
           : S_ISSOCK (mode) ? "a socket is not read"
                             : "a device is not read";
}

/* FALSE: `fd` was not taken; what is wrong with it was told. */
static gboolean
take_entry (Source *source, int fd, const FileInfo *info, const FolderPlace *parent)
{
    struct stat status;

    if (fstat (fd, &status) != 0) {
        source_fail (source, info->path, 0, "%s", g_strerror (errno));
    } else if (S_ISREG (status.st_mode)) {
        if (info->status != NULL)
            *info->status = status;
        source_open_stream (source, fd_stream_new (fd), info);
        return TRUE;
    } else if (S_ISDIR (status.st_mode) && parent != NULL) {
        source_open_folder (source, fd, info->path, parent);
        return TRUE;
    } else if (!S_ISDIR (status.st_mode)) {
        source_fail (source, info->path, 0, "%s", not_a_file (status.st_mode));
    }
    return FALSE;
}

/* Look first, so that no device or pipe is ever opened; open, and look again at what was opened. */
gboolean
source_open_entry (Source *source, int folder, const char *name, guchar type, const FileInfo *info,
                   const FolderPlace *parent)
{
    struct stat status = {.st_mode = DTTOIF (type)};
    int fd = -1;

    if (type == DT_UNKNOWN && fstatat (folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        status.st_mode = S_IFREG; /* openat() will tell why */
    if (!S_ISREG (status.st_mode) && !S_ISDIR (status.st_mode)) {
        source_fail (source, info->path, 0, "%s", not_a_file (status.st_mode));
        return TRUE;
    }
    fd = openat (folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return FALSE;
    if (fd < 0)
        source_fail (source, info->path, 0, "%s", errno == ELOOP ? not_a_file (S_IFLNK) : g_strerror (errno));
    else if (!take_entry (source, fd, info, parent))
        close (fd);
    return TRUE;
}
