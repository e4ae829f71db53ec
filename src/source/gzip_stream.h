/* SPDX-License-Identifier: MIT */
/* What a gzip file holds: all its members, and of a cut one every byte before the cut. (libarchive, which unpacks all
 * the rest, throws away what it has of the last 64 KiB when a file is cut; for a mailbox these are whole messages.) */
#ifndef NIXIE_SOURCE_GZIP_STREAM_H
#define NIXIE_SOURCE_GZIP_STREAM_H

#include "source/byte_stream.h"

/* Takes `packed`. */
ByteStream *gzip_stream_new (ByteStream *packed);

#endif
