/* SPDX-License-Identifier: MIT */
/* What a stream of bytes is, told by its first bytes and never by its name. Pure. */
#ifndef NIXIE_SOURCE_CONTENT_KIND_H
#define NIXIE_SOURCE_CONTENT_KIND_H

#include <glib.h>

typedef enum {
    CONTENT_EMPTY,   /* nothing, or blank lines */
    CONTENT_GZIP,
    CONTENT_FILTER,  /* compressed in another way: xz, zst, bz2, lzma, lz4, lzip, compress */
    CONTENT_ARCHIVE, /* tar, zip */
    CONTENT_MBOX,
    CONTENT_MESSAGE, /* starts with header fields */
    CONTENT_OTHER,   /* no mail */
} ContentKind;

/* As many of the first bytes as make it certain. */
#define CONTENT_KIND_BYTES 4096

ContentKind content_kind (const char *data, gsize length);

#endif
