/* SPDX-License-Identifier: MIT */
/* Encoded words, RFC 2047 ("=?utf-8?B?…?="). Own decoder: GMime 3.2.13 drops the second of two adjacent words in
 * base64, and mail cuts characters in two between words. Words that stand side by side in one charset are therefore
 * joined as bytes before they are converted. A word that is broken stays as it stands. Pure. */
#ifndef NIXIE_MAIL_ENCODED_WORD_H
#define NIXIE_MAIL_ENCODED_WORD_H

#include "base/arena.h"
#include "base/text.h"

/* The text with all words decoded; bytes outside words are converted from `charset` ("" = guess). Control characters
 * that come out of a word, line ends too, become U+FFFD: no word can make a second line. At most `maximum` bytes. */
Span encoded_word_decode (Arena *arena, Span text, const char *charset, gsize maximum, guint32 *flags);

#endif
