/* SPDX-License-Identifier: MIT */
/* Where two given bytes stand side by side. The one search that every byte of a mailbox goes through (line end + `F`,
 * line end + `>`), so it looks at 16 bytes at a time where the processor can. Pure. */
#ifndef NIXIE_SOURCE_BYTE_SEARCH_H
#define NIXIE_SOURCE_BYTE_SEARCH_H

#include <glib.h>

/* First place where `first` is followed by `second`, both inside [data, data + length); NULL when there is none. */
const char *byte_search_pair (const char *data, gsize length, char first, char second);

#endif
