/* SPDX-License-Identifier: MIT */
/* The form in which texts are compared: lower case (Unicode's simple mapping, no locale), every run of white space one
 * space, none at the ends, typographic quotes, dashes and spaces as their ASCII twins. Servers, web pages and mail
 * programs change these at will; what a diagnostic means does not depend on them. */
#ifndef NIXIE_BASE_FOLD_H
#define NIXIE_BASE_FOLD_H

#include "base/text.h"
#include <glib.h>

/* `text`: any bytes; what is no UTF-8 stays as it is. *length (may be NULL) receives the length of the result. */
char *fold_text (Arena *arena, Span text, gsize *length);
/* The same without taking the spaces off the ends: for the texts of rules, where " quota" means a word's start. */
char *fold_pattern (Arena *arena, Span text, gsize *length);

/* The ASCII twin of the typographic character at `text`, 0 when it has none; *length: its
 * bytes (1 for what is no UTF-8). */
char fold_twin (const char *text, gsize available, gsize *length);

#endif
