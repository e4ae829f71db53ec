/* SPDX-License-Identifier: MIT */
#ifndef NIXIE_TESTS_DSN_REPORT_H
#define NIXIE_TESTS_DSN_REPORT_H

/* The frame of a report: headers, the text part, the status part, what came back. */
#define HEAD \
    "Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example.net>\nTo: <news@example.com>\n" \
    "Subject: Undelivered Mail Returned to Sender\nDate: Tue, 3 Nov 2026 10:00:00 +0100\n" \
    "Message-ID: <report.1@mx.example.net>\nMIME-Version: 1.0\n"
#define TYPED HEAD "Content-Type: multipart/report; report-type=delivery-status; boundary=\"=b\"\n\n"
#define TEXT(words) "--=b\nContent-Type: text/plain; charset=utf-8\n\n" words "\n"
#define STATUS(fields) "--=b\nContent-Type: message/delivery-status\n\n" fields "\n"
#define RETURNED \
    "--=b\nContent-Type: message/rfc822\n\nReturn-Path: <bounce+7@example.com>\nFrom: News <news@example.com>\n" \
    "To: <ann@example.org>\nSubject: November\nMessage-ID: <nov@example.com>\nList-Id: The news <news.example.com>\n\n" \
    "550 5.7.1 <ann@example.org>: these are words of the newsletter\n\n--=b--\n"
#define REPORT(words, fields) TYPED TEXT (words) STATUS (fields) RETURNED
#define MTA "Reporting-MTA: dns; mx.example.net\nArrival-Date: Tue, 3 Nov 2026 09:00:00 +0100\n\n"
#define ANN "Final-Recipient: rfc822; ann@example.org\n"
#define FAILED "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 unknown\n"

#endif
