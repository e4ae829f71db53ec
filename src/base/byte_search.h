/* SPDX-License-Identifier: MIT */
/* Searches that look at 16 bytes at a time where the processor can. Pure. */
#ifndef NIXIE_BASE_BYTE_SEARCH_H
#define NIXIE_BASE_BYTE_SEARCH_H

#include <glib.h>

/* The searches that every byte of a mailbox goes through.
 *
 * First place where `first` is followed by `second`, both inside [data, data + length); NULL when there is none. */
const char *byte_search_pair (const char *data, gsize length, char first, char second);
/* First byte that keeps the text of a message from being taken as it stands: a CR, a NUL, or the LF of
 * "\n>"; NULL when there is none. */
const char *byte_search_odd (const char *data, gsize length);
/* Both at once: what byte_search_odd() or byte_search_pair (…, '\n', 'F') finds, whichever comes first. */
const char *byte_search_odd_or_from (const char *data, gsize length);

/* First place of the `wanted` bytes at `word`, case of ASCII letters ignored; NULL when there is none. `wanted` 0 is
 * found at once. Both may hold NULs. */
const char *byte_search_word (const char *data, gsize length, const char *word, gsize wanted);

/* How many bytes from `data` on are printable ASCII and neither '"' nor '\\': what JSON takes as it stands. */
gsize byte_run_plain (const char *data, gsize length);
/* How many of the bytes are printable ASCII. */
gsize byte_count_printable (const char *data, gsize length);

#endif
