/* SPDX-License-Identifier: MIT */
/* Where messages come from: paths to an iterator of messages. A path is an mbox, a Maildir, a folder of messages, a
 * single message, stdin ("-"), any of these compressed (gz, xz, zst, bz2) or a tar/zip of them. What a path is, is
 * found by looking at it, not by its name. Messages come out one at a time, with LF line ends and mbox quoting undone,
 * in the order of the source; memory does not grow with it. Nothing is ever written, locked or renamed there.
 *
 *     g_autoptr (Source) source = source_new (on_warning, user);
 *     source_add (source, "Maildir");
 *     while (source_next (source, &message))
 *         … message.data …
 *
 * What cannot be read is a warning and not an error: the rest goes on, and source_failures() counts (exit 1). */
#ifndef NIXIE_SOURCE_SOURCE_H
#define NIXIE_SOURCE_SOURCE_H

#include "base/digest.h"
#include <glib.h>

typedef struct Source Source;

typedef enum {
    SOURCE_MBOX,    /* a message of an mbox */
    SOURCE_MAILDIR, /* a file of a Maildir */
    SOURCE_FILE,    /* a file that is one message */
} SourceKind;

/* Borrowed: valid until the next call of source_next() or source_free(). */
typedef struct {
    SourceKind kind;
    guint64 serial;     /* counts the messages of a Source from 1 */
    const char *path;   /* as given, or below the path as given; ARCHIVE!MEMBER inside an archive; raw bytes */
    guint64 offset;     /* where the message (its `From ` line) starts in an mbox or member; 0 else */
    const char *data;   /* the message from its first header on; LF line ends; not NUL-terminated */
    gsize length;       /* at most LIMIT_MESSAGE */
    gboolean truncated; /* there was more than LIMIT_MESSAGE */
    guint day;          /* message_day(), by who wants it: no source looks */
    gint64 received;    /* mbox: date of the `From ` line; Maildir: seconds in the file name; else DATE_NONE */
} SourceMessage;

/* `path` is what the warning is about, `offset` where (0 when not told), `reason` one line without a full stop. */
typedef void (*SourceWarning) (const char *path, guint64 offset, const char *reason, gpointer user);

Source *source_new (SourceWarning warning, gpointer user);
void source_free (Source *source);
/* Queue a path. "-" is stdin (once). Existence is only looked at when its turn comes. */
void source_add (Source *source, const char *path);
/* Queue the names in a list file ("-" = stdin): one a line, or NUL-separated. FALSE when the list cannot be read. */
gboolean source_add_list (Source *source, const char *list, gboolean nul_separated, GError **error);
/* TRUE and a message, FALSE at the end of everything. */
gboolean source_next (Source *source, SourceMessage *message);

/* --- mailboxes that grow ---
 * How far an mbox was read: only for plain files, not for what is compressed or in an archive. */
typedef struct {
    guint64 device, inode, size;
    gint64 mtime_ns;    /* 0: too fresh to prove anything */
    guint64 offset;     /* everything in front of it was given out */
    Digest before;      /* of the file's start and of what stands in front of `offset` */
} SourceCursor;
/* What is known of the path; FALSE = nothing. And: this will be known once the message `serial` and all before it are
 * dealt with; the mailbox has been read to its end. */
typedef gboolean (*SourceCursorGet) (const char *path, SourceCursor *cursor, gpointer user);
typedef void (*SourceCursorPut) (const char *path, const SourceCursor *cursor, guint64 serial, gpointer user);
/* Follow growing mailboxes: go on where a cursor says, when the file is still that file; and leave a last message that
 * is still being written for the next time. A mailbox that is rewritten while it is read is read again from its start:
 * its messages may come twice. `get` and `put` may be NULL. */
void source_follow (Source *source, SourceCursorGet get, SourceCursorPut put, gpointer user);

/* The same for the files of Maildirs. What is known is bytes that only this floor understands; NULL = nothing. They are
 * told once the message `serial` and all before it are dealt with, and only when they are others than those asked for.
 * A file that is known is not opened, and no message. */
typedef GBytes *(*SourceSeenGet) (const char *path, gpointer user);
typedef void (*SourceSeenPut) (const char *path, GBytes *seen, guint64 serial, gpointer user);
/* `get` and `put` may be NULL. */
void source_follow_maildirs (Source *source, SourceSeenGet get, SourceSeenPut put, gpointer user);

/* How many inputs could not be read in full so far (paths that do not exist included; an empty mailbox is none of
 * them); how many of the added paths did not exist. */
guint source_failures (const Source *source);
guint source_missing (const Source *source);
/* Bytes of mail read so far, decompressed: for progress. */
guint64 source_bytes (const Source *source);

#define SOURCE_ERROR (source_error_quark ())
GQuark source_error_quark (void);
typedef enum { SOURCE_ERROR_OPEN, SOURCE_ERROR_READ } SourceError;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Source, source_free)

#endif
