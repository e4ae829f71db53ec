/* SPDX-License-Identifier: MIT */
#include "source/mbox_follow.h"

#include "source/message_end.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Bytes at the start, and in front of the offset, that must be the same. Bounces that return the same newsletter are of
 * one size and end in the same kilobytes, so that one of them gone and another come leaves those as they were: what is
 * looked at has to reach back to the head of the last message. */
#define ANCHOR_START 4096
#define ANCHOR_BEFORE (1024 * 1024)

static gint64
time_ns (const struct timespec *at)
{
    return (gint64) at->tv_sec * 1000000000 + at->tv_nsec;
}

/* When its bytes changed last; whoever sets that time back changes the other one. */
static gint64
mtime_ns (const struct stat *status)
{
    return MAX (time_ns (&status->st_mtim), time_ns (&status->st_ctim));
}

/* Seconds since it was last written to; a time in the future counts as just now. */
static double
age_of (gint64 nanoseconds)
{
    gint64 microseconds = g_get_real_time () - nanoseconds / 1000;
    return (double) MAX (0, microseconds) / G_USEC_PER_SEC;
}

static double
age (const struct stat *status)
{
    return age_of (time_ns (&status->st_mtim));
}

/* All of it, or FALSE. */
static gboolean
read_at (int fd, char *into, gsize length, guint64 from)
{
    while (length > 0) {
        gssize n = pread (fd, into, length, (off_t) from);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return FALSE;
        into += n;
        from += (guint64) n;
        length -= (gsize) n;
    }
    return TRUE;
}

static gboolean
add_piece (Digester *digester, int fd, guint64 from, gsize length)
{
    char piece[16384];

    while (length > 0) {
        gsize wanted = MIN (length, sizeof piece);

        if (!read_at (fd, piece, wanted, from))
            return FALSE;
        digester_add (digester, piece, wanted);
        from += wanted;
        length -= wanted;
    }
    return TRUE;
}

/* Of the start of the file and of the bytes right in front of `offset`: expunging or
 * rewriting anything shifts these. */
static gboolean
anchor (int fd, guint64 offset, Digest *digest)
{
    g_autoptr (Digester) digester = digester_new ();
    gsize start = (gsize) MIN (offset, ANCHOR_START), before = (gsize) MIN (offset, ANCHOR_BEFORE);

    if (!add_piece (digester, fd, 0, start) || !add_piece (digester, fd, offset - before, before))
        return FALSE;
    *digest = digester_end (digester);
    return TRUE;
}

gboolean
mbox_follow_cursor (int fd, guint64 offset, SourceCursor *cursor)
{
    struct stat status;

    memset (cursor, 0, sizeof *cursor);
    if (fstat (fd, &status) != 0 || !anchor (fd, offset, &cursor->before))
        return FALSE;
    cursor->device = status.st_dev;
    cursor->inode = status.st_ino;
    cursor->size = (guint64) status.st_size;
    cursor->offset = offset;
    /* Written to just now: another write could leave the same time behind, so that time proves nothing. */
    cursor->mtime_ns = age_of (mtime_ns (&status)) < FOLLOW_QUIET_SECONDS ? 0 : mtime_ns (&status);
    return TRUE;
}

/* The last message that was read had no line end: of such a one the last line is not believed (mail/cut.h). */
static gboolean
stopped_in_line (int fd, guint64 offset)
{
    char last;

    return offset > 0 && pread (fd, &last, 1, (off_t) offset - 1) == 1 && last != '\n' && last != '\r';
}

static gboolean
is_untouched (const struct stat *status, const SourceCursor *cursor)
{
    return status->st_dev == cursor->device && status->st_ino == cursor->inode && cursor->offset == cursor->size &&
           (guint64) status->st_size == cursor->size && cursor->mtime_ns != 0 && mtime_ns (status) == cursor->mtime_ns;
}

gboolean
mbox_follow_untouched (int fd, const SourceCursor *cursor)
{
    struct stat status;

    return fstat (fd, &status) == 0 && is_untouched (&status, cursor);
}

FollowFrom
mbox_follow_from (int fd, const SourceCursor *cursor)
{
    struct stat status;
    Digest now;

    if (fstat (fd, &status) != 0 || status.st_dev != cursor->device || status.st_ino != cursor->inode ||
        (guint64) status.st_size < cursor->offset)
        return FOLLOW_START;
    if (is_untouched (&status, cursor))
        return FOLLOW_NOTHING_NEW;
    if (!anchor (fd, cursor->offset, &now) || !digest_equal (&now, &cursor->before))
        return FOLLOW_START;
    if ((guint64) status.st_size == cursor->offset)
        return FOLLOW_NOTHING_NEW;
    return stopped_in_line (fd, cursor->offset) ? FOLLOW_START : FOLLOW_RESUME; /* now its line may have an end */
}

gboolean
mbox_follow_mark (int fd, FollowMark *mark)
{
    struct stat status;

    memset (mark, 0, sizeof *mark);
    if (fstat (fd, &status) != 0)
        return FALSE;
    mark->size = mark->size_then = (guint64) status.st_size;
    mark->mtime_ns = mtime_ns (&status);
    return anchor (fd, mark->size, &mark->before);
}

gboolean
mbox_follow_only_grew (int fd, const FollowMark *mark)
{
    struct stat status;
    Digest now;

    return fstat (fd, &status) == 0 && (guint64) status.st_size >= mark->size && anchor (fd, mark->size, &now) &&
           digest_equal (&now, &mark->before);
}

gboolean
mbox_follow_still (int fd, FollowMark *mark)
{
    struct stat status;

    if (fstat (fd, &status) != 0)
        return FALSE;
    if (mark->size <= mark->size_then && (guint64) status.st_size == mark->size_then &&
        mtime_ns (&status) == mark->mtime_ns)
        return TRUE;
    mark->size_then = (guint64) status.st_size;
    mark->mtime_ns = mtime_ns (&status);
    return mbox_follow_only_grew (fd, mark);
}

/* An empty line is the last thing that a delivery writes. */
static gboolean
ends_in_empty_line (int fd, guint64 end)
{
    char tail[4] = "";
    gsize length = (gsize) MIN (end, sizeof tail);

    if (length < 2 || !read_at (fd, tail, length, end - length))
        return FALSE;
    return memcmp (tail + length - 2, "\n\n", 2) == 0 || memcmp (tail + length - 2, "\r\r", 2) == 0 ||
           (length == 4 && memcmp (tail, "\r\n\r\n", 4) == 0);
}

/* Somebody holds the lock that deliveries take (fcntl). */
static gboolean
is_locked (int fd)
{
#ifdef F_OFD_GETLK
    struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET};

    return fcntl (fd, F_OFD_GETLK, &lock) == 0 && lock.l_type == F_WRLCK;
#else
    (void) fd;
    return FALSE;
#endif
}

/* Nothing more comes: the file has been left alone for a while, if need be while we wait. */
static gboolean
is_quiet (int fd, guint64 end)
{
    struct stat status;

    for (int looks = 0; looks < 2; looks++) {
        if (fstat (fd, &status) != 0 || (guint64) status.st_size != end || is_locked (fd))
            return FALSE;
        if (age (&status) >= FOLLOW_QUIET_SECONDS)
            return TRUE;
        g_usleep ((gulong) ((FOLLOW_QUIET_SECONDS - age (&status)) * G_USEC_PER_SEC));
    }
    return fstat (fd, &status) == 0 && (guint64) status.st_size == end && !is_locked (fd);
}

LastMessage
mbox_follow_last (int fd, guint64 end, const char *data, gsize length, gboolean cut)
{
    MessageEnd look;
    struct stat status;

    if (fstat (fd, &status) != 0 || age (&status) >= FOLLOW_PATIENCE_SECONDS)
        return LAST_WHOLE;
    look = message_end_look (data, length);
    if (look == MESSAGE_END_CLOSED)
        return LAST_WHOLE;
    if (look == MESSAGE_END_OPEN || cut || !ends_in_empty_line (fd, end))
        return LAST_CUT;
    return is_quiet (fd, end) ? LAST_WHOLE : LAST_GROWING;
}
