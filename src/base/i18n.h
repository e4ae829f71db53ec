/* SPDX-License-Identifier: MIT */
/* Marks for text that people read, and the catalogue that translates it. Machine words (types, reasons, decisions, keys,
 * columns) are never marked. scripts/update-po collects what is marked.
 *
 *     writer_puts (writer, _("Blocks"));
 *     writer_printf (writer, P_ ("%u address", "%u addresses", n), n);
 *
 * Catalogues are gettext's .mo files, but we read them ourselves: the C library translates only in a locale that is
 * installed, which a server or a container has none of, and from glibc 2.40 on not in C.UTF-8 either. */
#ifndef NIXIE_BASE_I18N_H
#define NIXIE_BASE_I18N_H

#include <glib.h>

#define _(text) (i18n_text (text)) /* translate here; "" stays "" */
#define N_(text) (text)            /* mark in a table; translate with _() where it is printed */
#define P_(one, many, n) (i18n_plural ((one), (many), (unsigned long) (n))) /* the form for a number */

/* From now on translate with this catalogue: the bytes of a .mo file, which must live to the end of the program (there
 * is one catalogue a run). FALSE, and nothing changes, when it is none or damaged. NULL: English. */
gboolean i18n_use (const char *bytes, gsize length);

/* The translation, or the text itself. Borrowed. */
const char *i18n_text (const char *text) G_GNUC_FORMAT (1);
const char *i18n_plural (const char *one, const char *many, unsigned long n) G_GNUC_FORMAT (1) G_GNUC_FORMAT (2);

/* A number in plain digits, for the %s of a translated text: xgettext does not know
 * GLib's formats of 64 bits. `out`. */
#define I18N_DIGITS 24
const char *i18n_digits (guint64 number, char out[I18N_DIGITS]);

#endif
