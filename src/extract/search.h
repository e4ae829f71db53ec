/* SPDX-License-Identifier: MIT */
/* What the general reader knows while it reads one report, and what a line tells: shared by the half that finds who
 * failed (general.c) and the half that finds what was said about him (search_text.c). Private to them. */
#ifndef NIXIE_EXTRACT_SEARCH_H
#define NIXIE_EXTRACT_SEARCH_H

#include "extract/innocent.h"
#include "extract/recogniser.h"
#include "extract/report_lines.h"
#include "extract/transcript.h"

typedef struct {
    Extraction *extraction;
    Arena *arena;
    ReportLines report;
    Transcript *transcript;
    GPtrArray *named;    /* of const char*: who failed */
    Innocent innocent;   /* never blamed */
    GHashTable *told;    /* start of a line → what it tells (g_free) */
    Arena *scratch;      /* cleared whenever a line is asked for the first time */
    gboolean desperate;  /* nobody else is named: somebody wrote to himself */
    const char *failing; /* the sentences of failure, NULL until asked for */
} Search;

/* Where an address begins that stands at the start of a line, list marks and an opening bracket taken off. */
Span search_without_marks (Span line);
gboolean search_ends_in_colon (Span line);
/* "From: a@b", "Message-ID: <x@y>": a header field that names no recipient. */
gboolean search_is_other_field (Span line);
/* The line itself says that delivery failed: it holds a code, or words of failure. */
gboolean search_tells_failure (Search *search, Span line);
/* It names an address only to say whom to ask or who wrote. */
gboolean search_is_mention (Search *search, Span line);
/* A reply or a status code. */
gboolean search_has_code (Search *search, const char *text);

/* Adds the event of one who is in `named`. */
void search_emit (Search *search, const char *address, gboolean delayed);

#endif
