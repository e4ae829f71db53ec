/* SPDX-License-Identifier: MIT */
#include "source/byte_search.h"

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
