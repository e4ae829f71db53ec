/* SPDX-License-Identifier: MIT */
/* Marks for text that people read: gettext finds its translation in the language of the locale, or of --lang. Machine
 * words (types, reasons, decisions, keys, columns) are never marked. scripts/update-po collects what is marked.
 *
 *     writer_puts (writer, _("Blocks"));
 *     writer_printf (writer, P_ ("%u address", "%u addresses", n), n);
 */
#ifndef NIXIE_BASE_I18N_H
#define NIXIE_BASE_I18N_H

#include <libintl.h>

#define _(text) (gettext (text))  /* translate here; never "" */
#define N_(text) (text)  /* mark in a table; translate with _() where it is printed */
#define P_(one, many, n) (ngettext ((one), (many), (unsigned long) (n))) /* the form for a number */

#endif
