/* SPDX-License-Identifier: MIT */
#include "base/byte_search.h"

#include "base/ascii.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* The rest that is too short for a vector, and everything on other processors: memchr() is vectorised there. */
static const char *
search_plain (const char *at, const char *end, char first, char second)
{
    while (end - at >= 2 && (at = memchr (at, first, (gsize) (end - at - 1))) != NULL) {
        if (at[1] == second)
            return at;
        at++;
    }
    return NULL;
}

const char *
byte_search_pair (const char *data, gsize length, char first, char second)
{
    const char *at = data, *end = data + length;

#ifdef __SSE2__
    const __m128i firsts = _mm_set1_epi8 (first), seconds = _mm_set1_epi8 (second);

    /* Two overlapping loads, one byte apart: a bit is set where both bytes fit. */
    for (; end - at >= 33; at += 32) {
        const __m128i *here = (const __m128i *) (const void *) at;
        const __m128i *next = (const __m128i *) (const void *) (at + 1);
        __m128i low = _mm_and_si128 (_mm_cmpeq_epi8 (_mm_loadu_si128 (here), firsts),
                                     _mm_cmpeq_epi8 (_mm_loadu_si128 (next), seconds));
        __m128i high = _mm_and_si128 (_mm_cmpeq_epi8 (_mm_loadu_si128 (here + 1), firsts),
                                      _mm_cmpeq_epi8 (_mm_loadu_si128 (next + 1), seconds));
        guint bits = (guint) _mm_movemask_epi8 (low) | (guint) _mm_movemask_epi8 (high) << 16;

        if (bits != 0)
            return at + __builtin_ctz (bits);
    }
#endif
    return search_plain (at, end, first, second);
}

/* The first of the `n` places from `at` on where the word stands. */
static const char *
search_word_plain (const char *at, gsize n, const char *word, gsize wanted)
{
    const char first = ascii_lower (word[0]);

    for (; n > 0; n--, at++)
        if (ascii_lower (*at) == first && ascii_equal (at, word, wanted))
            return at;
    return NULL;
}

const char *
byte_search_word (const char *data, gsize length, const char *word, gsize wanted)
{
    const char *at = data, *end; /* behind the last place where the word has room */

    if (wanted == 0)
        return data;
    if (wanted > length)
        return NULL;
    end = data + length - wanted + 1;
#ifdef __SSE2__
    /* Its first and its last byte with the bit of lower case set, in the word and in the text: letters are found in both
     * cases, and some other bytes as well, which the comparison sorts out. */
    const __m128i lower = _mm_set1_epi8 (0x20);
    const __m128i first = _mm_set1_epi8 ((char) (word[0] | 0x20)), last = _mm_set1_epi8 ((char) (word[wanted - 1] | 0x20));

    for (; end - at >= 16; at += 16) {
        __m128i starts = _mm_or_si128 (_mm_loadu_si128 ((const __m128i *) (const void *) at), lower);
        __m128i ends = _mm_or_si128 (_mm_loadu_si128 ((const __m128i *) (const void *) (at + wanted - 1)), lower);
        guint bits = (guint) _mm_movemask_epi8 (_mm_and_si128 (_mm_cmpeq_epi8 (starts, first), _mm_cmpeq_epi8 (ends, last)));

        for (; bits != 0; bits &= bits - 1)
            if (ascii_equal (at + __builtin_ctz (bits), word, wanted))
                return at + __builtin_ctz (bits);
    }
#endif
    return search_word_plain (at, (gsize) (end - at), word, wanted);
}

static gboolean
is_plain (char byte)
{
    return byte >= ' ' && byte != 0x7f && byte != '"' && byte != '\\';
}

gsize
byte_run_plain (const char *data, gsize length)
{
    gsize n = 0;

#ifdef __SSE2__
    const __m128i control = _mm_set1_epi8 (0x1f), delete = _mm_set1_epi8 (0x7f), quote = _mm_set1_epi8 ('"');
    const __m128i backslash = _mm_set1_epi8 ('\\');

    for (; length - n >= 16; n += 16) {
        __m128i bytes = _mm_loadu_si128 ((const __m128i *) (const void *) (data + n));
        __m128i marks = _mm_or_si128 (_mm_or_si128 (_mm_cmpeq_epi8 (bytes, delete), _mm_cmpeq_epi8 (bytes, quote)),
                                      _mm_cmpeq_epi8 (bytes, backslash));
        /* bytes beyond ASCII are below zero */
        guint plain = (guint) _mm_movemask_epi8 (_mm_andnot_si128 (marks, _mm_cmpgt_epi8 (bytes, control)));

        if (plain != 0xffff)
            return n + (guint) __builtin_ctz (~plain);
    }
#endif
    while (n < length && is_plain (data[n]))
        n++;
    return n;
}
