/* SPDX-License-Identifier: MIT */
/* Marks for text that people read. For now they give the text back as it is; with gettext they become its calls and
 * no line that uses them changes. Machine words (types, reasons, decisions, keys, columns) are never marked.
 *
 *     writer_puts (writer, _("Blocks"));
 *     writer_printf (writer, P_ ("%u address", "%u addresses", n), n);
 */
#ifndef NIXIE_BASE_I18N_H
#define NIXIE_BASE_I18N_H

#define _(text) (text)   /* translate here */
#define N_(text) (text)  /* mark in a table; translate with _() where it is printed */
#define P_(one, many, n) ((n) == 1 ? (one) : (many)) /* the form for a number */

#endif
