/* SPDX-License-Identifier: MIT */
/* What the cells of a suppression list say: one function a kind of cell, text out of a Decision. Private to
 * suppress_list. Machine text: never translated. */
#ifndef NIXIE_REPORT_SUPPRESS_FIELDS_H
#define NIXIE_REPORT_SUPPRESS_FIELDS_H

#include "policy/policy.h"
#include <glib.h>

/* Appends the cell. `line` counts the lines of one address from 0 (SparkPost wants two). */
typedef void (*FieldFunc) (GString *out, const Decision *decision, guint line);

void field_address (GString *out, const Decision *decision, guint line);
void field_ses_reason (GString *out, const Decision *decision, guint line);       /* BOUNCE, COMPLAINT */
void field_reply (GString *out, const Decision *decision, guint line);            /* 550 when not known */
void field_status (GString *out, const Decision *decision, guint line);           /* 5.1.1; reply; 5.0.0 */
void field_diagnostic (GString *out, const Decision *decision, guint line);       /* one line, no controls */
void field_mail_date (GString *out, const Decision *decision, guint line);        /* RFC 5322, of last_seen */
void field_unix_date (GString *out, const Decision *decision, guint line);        /* seconds */
void field_sparkpost_type (GString *out, const Decision *decision, guint line);
void field_status_reason (GString *out, const Decision *decision, guint line);    /* 5.1.1 user-unknown */
void field_one (GString *out, const Decision *decision, guint line);              /* 1 */
void field_postfix_key (GString *out, const Decision *decision, guint line);
void field_postfix_reject (GString *out, const Decision *decision, guint line);
void field_postfix_error (GString *out, const Decision *decision, guint line);
void field_exim_key (GString *out, const Decision *decision, guint line);
void field_exim_fail (GString *out, const Decision *decision, guint line);
void field_ses_json (GString *out, const Decision *decision, guint line);
void field_postmark_json (GString *out, const Decision *decision, guint line);
void field_address_json (GString *out, const Decision *decision, guint line);
void field_row_json (GString *out, const Decision *decision, guint line);         /* the `jsonl` row */

/* Why a format cannot take an address, NULL when it can. Static. */
typedef const char *(*RefuseFunc) (const char *address);

const char *refuse_csv_bare (const char *address);  /* comma-separated without any quoting */
const char *refuse_postfix (const char *address);
const char *refuse_exim (const char *address);
const char *refuse_mailchimp (const char *address);

#endif
