/* SPDX-License-Identifier: MIT */
/* Reports that look like bounces from outside and are none: read receipts (RFC 8098), message tracking (RFC 3886), TLS
 * reports (RFC 8460), DMARC aggregates. Told before anybody searches them for words. */
#include "base/text.h"
#include "extract/evidence.h"
#include "extract/recogniser.h"

static gboolean
is_aggregate (const MailView *view)
{
    /* RFC 7489 7.2.1.1, RFC 8460 5.3: "Report Domain: x Submitter: y Report-ID: z" */
    const char *subject = mail_view_header (view, "Subject");
    if (text_find (subject, "report domain:") && text_find (subject, "submitter:"))
        return TRUE;
    /* Exim's failure report of DMARC goes as plain text to the owner of the domain that was abused. */
    if (text_find (view->body, "claiming to be from you has failed the published DMARC policy"))
        return TRUE;
    return *mail_view_header (view, "TLS-Report-Domain") != '\0';
}

Answer
receipt_recognise (Extraction *extraction)
{
    const MailView *view = extraction->view;
    static const char *const types[] = {"disposition-notification", "tracking-status", "tlsrpt"};
    if (extraction->evidence & (EVIDENCE_DSN_PART | EVIDENCE_FAILED_RECIPIENTS))
        return ANSWER_PASS;
    /* Dovecot's way to refuse what was accepted already: a receipt that says "deleted", with the reason in its text. */
    if (text_find (view->body, " was automatically rejected:"))
        return ANSWER_PASS;
    for (guint i = 0; i < G_N_ELEMENTS (types); i++)
        if (text_equal (view->type, "multipart/report") && text_equal (view->report_type, types[i]))
            return ANSWER_ORDINARY;
    if (mail_view_part (view, PART_DISPOSITION, NULL) ||
        mail_view_part (view, PART_TRACKING, NULL) || is_aggregate (view))
        return ANSWER_ORDINARY;
    return ANSWER_PASS;
}
