/* SPDX-License-Identifier: MIT */
/* A mailbox that grows from night to night: where to go on reading, and whether its last message is
 * whole. For mailboxes that are plain files; everything is asked of the open descriptor, so that a
 * rename meanwhile does no harm. */
#ifndef NIXIE_SOURCE_MBOX_FOLLOW_H
#define NIXIE_SOURCE_MBOX_FOLLOW_H

#include "source/source.h"

/* The cursor for everything in front of `offset`. FALSE when the file cannot be asked. */
gboolean mbox_follow_cursor (int fd, guint64 offset, SourceCursor *cursor);

/* TRUE: the file was read to its end and nobody has written to it since, as its size and its times tell. */
gboolean mbox_follow_untouched (int fd, const SourceCursor *cursor);

typedef enum {
    FOLLOW_NOTHING_NEW,
    FOLLOW_RESUME, /* go on at cursor->offset */
    FOLLOW_START,  /* the file is another one, or was written anew: read all of it */
} FollowFrom;
FollowFrom mbox_follow_from (int fd, const SourceCursor *cursor);

/* The file at the start of reading, and whether since then nothing was done to it but appending. A mail program that
 * expunges meanwhile moves the rest below our feet: no cursor may say that it was read. The mark comes before the first
 * byte that is given out, and before the look at the cursor: what was read earlier may be of the file before. */
typedef struct {
    guint64 size;
    Digest before;
    gint64 mtime_ns;    /* when it was looked at last */
    guint64 size_then;
} FollowMark;
gboolean mbox_follow_mark (int fd, FollowMark *mark);
gboolean mbox_follow_only_grew (int fd, const FollowMark *mark);
/* The same, asked after each block: the bytes are compared only when size or times have changed. */
gboolean mbox_follow_still (int fd, FollowMark *mark);

typedef enum {
    LAST_WHOLE,
    LAST_CUT,     /* its end is missing and the file was just written to: it waits */
    LAST_GROWING, /* somebody writes to the file right now: it waits */
} LastMessage;
/* Of the message at the end of the file, which was read up to `end`. `cut`: it ends in the middle of a line. May sleep
 * for up to FOLLOW_QUIET_SECONDS when the file was written to so lately that more could be coming. */
LastMessage mbox_follow_last (int fd, guint64 end, const char *data, gsize length, gboolean cut);

#define FOLLOW_QUIET_SECONDS 2    /* no program pauses that long in the middle of a delivery */
#define FOLLOW_PATIENCE_SECONDS 60 /* a message without its end waits that long, then it is taken as it is */

#endif
