/* SPDX-License-Identifier: MIT */
/* The MIME structure of a message as a flat list of byte ranges. GMime finds the parts; what is in them is decoded by
 * this folder. GMime is used lean and guarded: it never sees the message's own header fields, embedded messages are
 * plain parts to it (they came back, nobody walks them; its address parser, which recurses without limit, never runs),
 * and what would make it slow or hungry is made harmless in the copy that it is given. */
#ifndef NIXIE_MAIL_MAIL_WALK_H
#define NIXIE_MAIL_MAIL_WALK_H

#include "base/arena.h"
#include "base/text.h"

typedef struct {
    gint parent;        /* index of the multipart it is in, -1 for the root */
    guint depth;        /* 0 = the root */
    gboolean multipart; /* a container that was taken apart */
    Span headers;       /* from its first header field on; nothing for the root and for parts without fields */
    Span content;       /* as it stands, transfer encoding and all; nothing for containers */
} WalkPart;

typedef struct MailWalk MailWalk;

MailWalk *mail_walk_new (void);
void mail_walk_free (MailWalk *walk);

/* Take the body of a multipart message apart. Adds a WalkPart a part to `parts`, the container first. The ranges point
 * into `body`, or into `arena` in odd cases. FALSE when no part was found (nothing was added then). */
gboolean mail_walk_multipart (MailWalk *walk, Arena *arena, const char *boundary, Span body, GArray *parts,
                              guint32 *flags);
/* The same without the way past GMime (mail_plain.h): for tests that compare. */
gboolean mail_walk_by_gmime (MailWalk *walk, Arena *arena, const char *boundary, Span body, GArray *parts,
                             guint32 *flags);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MailWalk, mail_walk_free)

#endif
