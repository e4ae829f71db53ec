/* SPDX-License-Identifier: MIT */
#include "base/byte_search.h"

#include "base/ascii.h"

#include <string.h>

#ifdef __SSE2__
#include <immintrin.h>

#define LOOPS narrow
#define TARGET
#define WIDTH 16
#define Vector __m128i
#define v_load(at) _mm_loadu_si128 ((const __m128i *) (const void *) (at))
#define v_all _mm_set1_epi8
#define v_equal _mm_cmpeq_epi8
#define v_and _mm_and_si128
#define v_or _mm_or_si128
#define v_bits (guint) _mm_movemask_epi8
#include "base/byte_search_loops.inc"

/* Processors that have AVX2 are asked when the program runs. */
#define LOOPS wide
#define TARGET __attribute__ ((target ("avx2")))
#define WIDTH 32
#define Vector __m256i
#define v_load(at) _mm256_loadu_si256 ((const __m256i *) (const void *) (at))
#define v_all _mm256_set1_epi8
#define v_equal _mm256_cmpeq_epi8
#define v_and _mm256_and_si256
#define v_or _mm256_or_si256
#define v_bits (guint) _mm256_movemask_epi8
#include "base/byte_search_loops.inc"

#define IF_VECTORS(places, name, ...)                                   \
    do {                                                                \
        if ((places) >= 32 && __builtin_cpu_supports ("avx2"))          \
            return wide_##name (data, places, ##__VA_ARGS__);           \
        if ((places) >= 16)                                             \
            return narrow_##name (data, places, ##__VA_ARGS__);         \
    } while (FALSE)
#else
#define IF_VECTORS(...)
#endif

/* Below: what is too short for a vector, and everything on other processors, where memchr() is vectorised. */

const char *
byte_search_pair (const char *data, gsize length, char first, char second)
{
    const char *at = data, *end = data + length;

    if (length < 2)
        return NULL;
    IF_VECTORS (length - 1, pair, first, second);
    while (end - at >= 2 && (at = memchr (at, first, (gsize) (end - at - 1))) != NULL) {
        if (at[1] == second)
            return at;
        at++;
    }
    return NULL;
}

static gboolean
is_odd (const char *at, const char *end, char other)
{
    return *at == '\r' || *at == '\0' || (*at == '\n' && end - at > 1 && (at[1] == '>' || at[1] == other));
}

/* All bytes but the last one, behind which there is none to look at. */
static const char *
search_odd (const char *data, gsize places, char other)
{
    IF_VECTORS (places, odd, other);
    for (const char *at = data; at < data + places; at++)
        if (is_odd (at, data + places + 1, other))
            return at;
    return NULL;
}

static const char *
search_odd_or (const char *data, gsize length, char other)
{
    const char *end = data + length, *found = length > 0 ? search_odd (data, length - 1, other) : NULL;

    return found != NULL || length == 0 || !is_odd (end - 1, end, other) ? found : end - 1;
}

const char *
byte_search_odd (const char *data, gsize length)
{
    return search_odd_or (data, length, '>');
}

const char *
byte_search_odd_or_from (const char *data, gsize length)
{
    return search_odd_or (data, length, 'F');
}

const char *
byte_search_word (const char *data, gsize length, const char *word, gsize wanted)
{
    gsize places;

    if (wanted == 0)
        return data;
    if (wanted > length)
        return NULL;
    places = length - wanted + 1;
    IF_VECTORS (places, word, word, wanted);
    for (const char *at = data; at < data + places; at++)
        if (ascii_lower (*at) == ascii_lower (*word) && ascii_equal (at, word, wanted))
            return at;
    return NULL;
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

gsize
byte_count_printable (const char *data, gsize length)
{
    gsize n = 0, at = 0;

#ifdef __SSE2__
    const __m128i control = _mm_set1_epi8 (0x1f), delete = _mm_set1_epi8 (0x7f), one = _mm_set1_epi8 (1);
    __m128i sums = _mm_setzero_si128 (); /* of two 64-bit numbers */

    for (; length - at >= 16; at += 16) {
        __m128i bytes = _mm_loadu_si128 ((const __m128i *) (const void *) (data + at));
        __m128i printable = _mm_and_si128 (_mm_cmpgt_epi8 (bytes, control), _mm_cmplt_epi8 (bytes, delete));

        sums = _mm_add_epi64 (sums, _mm_sad_epu8 (_mm_and_si128 (printable, one), _mm_setzero_si128 ()));
    }
    n = (gsize) _mm_cvtsi128_si32 (sums) + (gsize) _mm_cvtsi128_si32 (_mm_unpackhi_epi64 (sums, sums));
#endif
    for (; at < length; at++)
        n += data[at] >= ' ' && data[at] < 0x7f;
    return n;
}
