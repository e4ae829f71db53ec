/* SPDX-License-Identifier: MIT */
/* How a Source is built inside: a stack of frames. A frame is one thing that is being read: a folder, an archive, an
 * mbox, a file with one message. The one on top is asked for its next message; it gives one, or pushes the frame of
 * something inside it, or ends and is dropped. */
#ifndef NIXIE_SOURCE_SOURCE_FRAME_H
#define NIXIE_SOURCE_SOURCE_FRAME_H

#include "source/byte_stream.h"
#include "source/message_text.h"
#include "source/source.h"

#include <sys/stat.h>
#include <sys/types.h>

typedef enum {
    FRAME_MESSAGE, /* `message` is filled in */
    FRAME_AGAIN,   /* something was pushed or skipped: ask again */
    FRAME_END,     /* nothing more: drop me */
} FrameResult;

typedef struct Frame Frame;

typedef struct {
    FrameResult (*next) (Frame *frame, Source *source, SourceMessage *message);
    void (*free) (Frame *frame);
} FrameClass;

struct Frame {
    const FrameClass *class;
};

/* What is known of a file, or of a member of an archive, before a look at its bytes. */
typedef struct {
    char *path;       /* owned by whoever holds the struct */
    gboolean maildir; /* one message, whatever it starts with */
    gint64 received;  /* DATE_NONE when its name does not tell */
    guint archives;   /* it lies in so many archives */
    guint filters;    /* it was unpacked so many times since then */
    struct stat *status; /* NULL, or filled in when the file is opened */
} FileInfo;

FileInfo file_info_copy (const FileInfo *info); /* without `status` */

/* Where a folder lies, for its subfolders: how deep, and whether it lies in itself. */
typedef struct FolderPlace FolderPlace;
struct FolderPlace {
    const FolderPlace *parent; /* of the frame below on the stack; NULL for a PATH */
    guint depth;
    dev_t device;
    ino_t inode;
};

/* --- source.c: what frames ask of the Source ---*/

/* Takes `frame`. */
void source_push (Source *source, Frame *frame);
/* A warning; source_fail() counts it as well. */
void source_warn (Source *source, const char *path, guint64 offset, const char *format, ...) G_GNUC_PRINTF (4, 5);
void source_fail (Source *source, const char *path, guint64 offset, const char *format, ...) G_GNUC_PRINTF (4, 5);
void source_count_bytes (Source *source, gsize bytes);
/* FALSE when mailboxes are not followed; *found: *cursor is filled in. */
gboolean source_ask_cursor (Source *source, const char *path, SourceCursor *cursor, gboolean *found);
void source_tell_cursor (Source *source, const char *path, const SourceCursor *cursor);
/* The same for a Maildir: FALSE when they are not followed; *seen may be NULL, and is yours. */
gboolean source_ask_seen (Source *source, const char *path, GBytes **seen);
void source_tell_seen (Source *source, const char *path, GBytes *seen);
/* How many messages were given out so far. */
guint64 source_given (const Source *source);
/* The one buffer for the message at hand. */
MessageText *source_text (Source *source);

/* --- source_open.c: from a name or a stream to its frame ---*/

/* Look what the stream holds and push the frame for it. Takes `stream`; `info` is copied. */
void source_open_stream (Source *source, ByteStream *stream, const FileInfo *info);
/* Push the frame of a folder: a Maildir, or any other. Takes `fd`. `parent` NULL for a PATH. */
void source_open_folder (Source *source, int fd, const char *path, const FolderPlace *parent);
/* What is called `name` in the open `folder`, info->path in full: pushes its frame. Never follows a symbolic link,
 * never opens anything but files and folders; folders only with `parent`. `type`: as readdir(3) told. FALSE when
 * nothing is there any more; all else that stands in the way is told by a warning. */
gboolean source_open_entry (Source *source, int folder, const char *name, guchar type, const FileInfo *info,
                            const FolderPlace *parent);
/* The message in source_text() is whole: fill in `message` (all but kind and received) and tell what is odd about it.
 * `told_nul`: of an mbox, whose quoting is undone; NUL bytes are told once for all of it. NULL for a file with one
 * message. FALSE when there is nothing to give out. */
gboolean source_finish_message (Source *source, const char *path, guint64 offset, gboolean *told_nul,
                                SourceMessage *message);

/* --- the frames; each takes its stream or descriptor and copies the rest ---*/

Frame *archive_frame_new (ByteStream *stream, const FileInfo *info);
Frame *folder_frame_new (int fd, const char *path, const FolderPlace *place);
Frame *maildir_frame_new (int fd, const char *path, const FolderPlace *place);
Frame *mbox_frame_new (Source *source, ByteStream *stream, const FileInfo *info);
Frame *message_frame_new (ByteStream *stream, const FileInfo *info);

/* TRUE when at least two of new/, cur/ and tmp/ are folders there. */
gboolean maildir_frame_fits (int fd);

#endif
