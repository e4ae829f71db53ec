/* SPDX-License-Identifier: MIT */
/* The words for the parts of an enhanced status (RFC 3463 section 2 and 3): for codes whose detail no table knows, and
 * for explaining one digit by digit. Texts are plain English and gettext msgids. */
#ifndef NIXIE_CLASSIFY_STATUS_MEANING_H
#define NIXIE_CLASSIFY_STATUS_MEANING_H

/* "4.2.1": what the first digit says; "" when the class is none of 2, 4, 5. */
const char *status_class_meaning (const char *status);
/* What the second number says; "" when it is none of 0 to 7. */
const char *status_subject_meaning (const char *status);
/* The subject's name in a word or two ("Mailbox"); "" as above. */
const char *status_subject_name (const char *status);

#endif
