/* SPDX-License-Identifier: MIT */
#include "source/maildir_name.h"
#include "source/source.h"

#include "base/date.h"
#include "source/source_frame.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

G_DEFINE_QUARK (nixie-source-error-quark, source_error)

/* What is queued: one path, or a list that is read name by name when its turn comes. */
typedef struct {
    char *path;
    ByteStream *list;
    char separator; /* of the list */
} Item;

struct Source {
    SourceWarning warning;
    gpointer user;
    GQueue items;
    GPtrArray *frames; /* the stack */
    MessageText text;
    gboolean stdin_used;
    guint failures, missing;
    guint64 bytes, given;
    gboolean follow;
    SourceCursorGet cursor_get;
    SourceCursorPut cursor_put;
    gpointer cursor_user;
    gboolean follow_maildirs;
    SourceSeenGet seen_get;
    SourceSeenPut seen_put;
    gpointer seen_user;
};

static void
item_free (gpointer pointer)
{
    Item *item = pointer;

    g_free (item->path);
    byte_stream_free (item->list);
    g_free (item);
}

static void
frame_free (gpointer pointer)
{
    Frame *frame = pointer;

    frame->class->free (frame);
}

Source *
source_new (SourceWarning warning, gpointer user)
{
    Source *source = g_new0 (Source, 1);

    source->warning = warning;
    source->user = user;
    g_queue_init (&source->items);
    source->frames = g_ptr_array_new_with_free_func (frame_free);
    message_text_init (&source->text);
    return source;
}

void
source_free (Source *source)
{
    if (source == NULL)
        return;
    while (source->frames->len > 0) /* from the top: frames stand on those below */
        g_ptr_array_remove_index (source->frames, source->frames->len - 1);
    g_ptr_array_free (source->frames, TRUE);
    g_queue_clear_full (&source->items, item_free);
    message_text_clear (&source->text);
    g_free (source);
}

void
source_follow (Source *source, SourceCursorGet get, SourceCursorPut put, gpointer user)
{
    source->follow = TRUE;
    source->cursor_get = get;
    source->cursor_put = put;
    source->cursor_user = user;
}

void
source_follow_maildirs (Source *source, SourceSeenGet get, SourceSeenPut put, gpointer user)
{
    source->follow_maildirs = TRUE;
    source->seen_get = get;
    source->seen_put = put;
    source->seen_user = user;
}

/* --- what frames ask for -------------------------------------------------------------------------------------------*/

void
source_push (Source *source, Frame *frame)
{
    g_ptr_array_add (source->frames, frame);
}

gboolean
source_ask_cursor (Source *source, const char *path, SourceCursor *cursor, gboolean *found)
{
    *found = source->follow && source->cursor_get != NULL && source->cursor_get (path, cursor, source->cursor_user);
    return source->follow;
}

void
source_tell_cursor (Source *source, const char *path, const SourceCursor *cursor)
{
    if (source->cursor_put != NULL)
        source->cursor_put (path, cursor, source->given, source->cursor_user);
}

gboolean
source_ask_seen (Source *source, const char *path, GBytes **seen)
{
    *seen = source->follow_maildirs && source->seen_get != NULL ? source->seen_get (path, source->seen_user) : NULL;
    return source->follow_maildirs;
}

void
source_tell_seen (Source *source, const char *path, GBytes *seen)
{
    if (source->seen_put != NULL)
        source->seen_put (path, seen, source->given, source->seen_user);
}

guint64
source_given (const Source *source)
{
    return source->given;
}

MessageText *
source_text (Source *source)
{
    return &source->text;
}

void
source_count_bytes (Source *source, gsize bytes)
{
    source->bytes += bytes;
}

static void
warn (Source *source, const char *path, guint64 offset, const char *format, va_list arguments)
{
    g_autofree char *reason = g_strdup_vprintf (format, arguments);

    if (source->warning != NULL)
        source->warning (path, offset, reason, source->user);
}

void
source_warn (Source *source, const char *path, guint64 offset, const char *format, ...)
{
    va_list arguments;

    va_start (arguments, format);
    warn (source, path, offset, format, arguments);
    va_end (arguments);
}

void
source_fail (Source *source, const char *path, guint64 offset, const char *format, ...)
{
    va_list arguments;

    source->failures++;
    va_start (arguments, format);
    warn (source, path, offset, format, arguments);
    va_end (arguments);
}

/* --- paths ---------------------------------------------------------------------------------------------------------*/

void
source_add (Source *source, const char *path)
{
    Item *item = g_new0 (Item, 1);

    item->path = g_strdup (path);
    g_queue_push_tail (&source->items, item);
}

static void
open_stdin (Source *source)
{
    FileInfo info = {.path = "-", .received = DATE_NONE};
    int fd = source->stdin_used ? -1 : fcntl (STDIN_FILENO, F_DUPFD_CLOEXEC, 3);

    if (source->stdin_used)
        source_fail (source, "-", 0, "standard input can be read only once");
    else if (fd < 0)
        source_fail (source, "-", 0, "%s", g_strerror (errno));
    else
        source_open_stream (source, fd_stream_new (fd), &info);
    source->stdin_used = TRUE;
}

/* `<(zcat …)` of the shell: a pipe by name, and wanted. */
static gboolean
is_descriptor_path (const char *path)
{
    return g_str_has_prefix (path, "/dev/fd/") || g_str_has_prefix (path, "/proc/self/fd/") ||
           strcmp (path, "/dev/stdin") == 0;
}

/* A PATH itself may be a symbolic link: its user named it. What lies below is never followed. */
static void
open_path (Source *source, const char *path)
{
    FileInfo info = {.path = (char *) path, .received = DATE_NONE};
    struct stat status;
    gboolean piped;
    int fd;

    if (strcmp (path, "-") == 0) {
        open_stdin (source);
        return;
    }
    if (stat (path, &status) != 0) {
        source->missing += errno == ENOENT || errno == ENOTDIR;
        source_fail (source, path, 0, "%s", g_strerror (errno));
        return;
    }
    piped = is_descriptor_path (path) && (S_ISFIFO (status.st_mode) || S_ISCHR (status.st_mode));
    if (!S_ISREG (status.st_mode) && !S_ISDIR (status.st_mode) && !piped) {
        source_fail (source, path, 0, "this is neither a file nor a folder");
        return;
    }
    fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | (piped ? 0 : O_NONBLOCK));
    if (fd < 0 || fstat (fd, &status) != 0) {
        source_fail (source, path, 0, "%s", g_strerror (errno));
        if (fd >= 0)
            close (fd);
    } else if (S_ISDIR (status.st_mode)) {
        source_open_folder (source, fd, path, NULL);
    } else if (S_ISREG (status.st_mode) || piped) {
        /* A file of a Maildir that is named by itself is the same message as in the Maildir. */
        const char *slash = strrchr (path, '/');
        info.maildir = *maildir_name_part (path) != '\0';
        if (info.maildir)
            info.received = maildir_name_received (slash + 1);
        source_open_stream (source, fd_stream_new (fd), &info);
    } else {
        source_fail (source, path, 0, "this is neither a file nor a folder");
        close (fd);
    }
}

/* --- lists of paths ------------------------------------------------------------------------------------------------*/

gboolean
source_add_list (Source *source, const char *list, gboolean nul_separated, GError **error)
{
    gboolean is_stdin = strcmp (list, "-") == 0;
    struct stat status;
    Item *item;
    int fd;

    if (is_stdin && source->stdin_used) {
        g_set_error (error, SOURCE_ERROR, SOURCE_ERROR_OPEN, "standard input can be read only once");
        return FALSE;
    }
    fd = is_stdin ? fcntl (STDIN_FILENO, F_DUPFD_CLOEXEC, 3) : open (list, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 || fstat (fd, &status) != 0 || S_ISDIR (status.st_mode)) {
        g_set_error (error, SOURCE_ERROR, SOURCE_ERROR_OPEN, "cannot read the list '%s': %s", list,
                     fd >= 0 && S_ISDIR (status.st_mode) ? g_strerror (EISDIR) : g_strerror (errno));
        if (fd >= 0)
            close (fd);
        return FALSE;
    }
    source->stdin_used |= is_stdin;
    item = g_new0 (Item, 1);
    item->path = g_strdup (list);
    item->list = fd_stream_new (fd);
    item->separator = nul_separated ? '\0' : '\n';
    g_queue_push_tail (&source->items, item);
    return TRUE;
}

/* Bytes up to the separator; all that is left where there is none. The window is larger than any name may be. */
static char *
take_name (Source *source, Item *item)
{
    GString *name = g_string_new (NULL);
    gboolean ended = FALSE, too_long = FALSE;

    while (!ended) {
        const char *data, *end;
        gsize length = byte_stream_peek (item->list, 1, &data), part;

        if (length == 0)
            break;
        end = memchr (data, item->separator, length);
        ended = end != NULL;
        part = ended ? (gsize) (end - data) : length;
        too_long |= name->len + part > LIMIT_PATH_LIST_ENTRY || memchr (data, '\0', part) != NULL;
        if (!too_long)
            g_string_append_len (name, data, (gssize) part);
        byte_stream_consume (item->list, part + ended);
    }
    if (too_long)
        source_fail (source, item->path, byte_stream_offset (item->list), "an entry of the list cannot be a path");
    if (!ended && name->len == 0)
        return g_string_free (name, TRUE), NULL;
    if (too_long)
        g_string_truncate (name, 0);
    return g_string_free (name, FALSE);
}

static gboolean
open_item (Source *source)
{
    Item *item = g_queue_peek_head (&source->items);
    g_autofree char *path = NULL;

    if (item == NULL)
        return FALSE;
    path = item->list == NULL ? g_steal_pointer (&item->path) : take_name (source, item);
    if (path == NULL && byte_stream_failure (item->list) != NULL)
        source_fail (source, item->path, byte_stream_offset (item->list), "%s", byte_stream_failure (item->list));
    if (path == NULL || item->list == NULL)
        item_free (g_queue_pop_head (&source->items));
    if (path != NULL && *path != '\0')
        open_path (source, path);
    return TRUE;
}

/* --- messages ------------------------------------------------------------------------------------------------------*/

gboolean
source_next (Source *source, SourceMessage *message)
{
    for (;;) {
        Frame *top;

        if (source->frames->len == 0) {
            if (!open_item (source))
                return FALSE;
            continue;
        }
        top = g_ptr_array_index (source->frames, source->frames->len - 1);
        *message = (SourceMessage){.received = DATE_NONE};
        switch (top->class->next (top, source, message)) {
        case FRAME_MESSAGE:
            message->serial = ++source->given;
            return TRUE;
        case FRAME_AGAIN:
            break;
        case FRAME_END:
            g_ptr_array_remove_index (source->frames, source->frames->len - 1);
            break;
        }
    }
}

guint
source_failures (const Source *source)
{
    return source->failures;
}

guint
source_missing (const Source *source)
{
    return source->missing;
}

guint64
source_bytes (const Source *source)
{
    return source->bytes;
}
