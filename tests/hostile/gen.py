#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Mail, archives and folders that strangers could send or leave, made to hurt a reader.

    gen.py list                       the names of the messages
    gen.py messages FOLDER SCALE      one file a message: FOLDER/NAME
    gen.py mbox FILE SCALE            all of them in one mbox, each between two bounces that must be counted
    gen.py one FILE NAME SCALE        an mbox of one of them between two bounces; prints its size
    gen.py bounce NUMBER              such a bounce, on standard output
    gen.py archives FOLDER SCALE      compressed bombs and nests, each with one bounce in it where one fits
    gen.py folder FOLDER SECRET       a Maildir of links, pipes, devices and names; SECRET is a file that must not be read
    gen.py swap FOLDER SECRET TIMES   swap files of a Maildir for links to SECRET, pipes and back while somebody reads it

SCALE 1 is the size that was seen to hurt some reader (up to 100 MB a message); 0.01 is for a quick test."""
import bz2
import gzip
import io
import lzma
import os
import stat
import sys
import tarfile
import time
import zipfile

BOUNCE = """Return-Path: <>
From: MAILER-DAEMON@mx.example.org
To: news@letters.example.org
Date: Mon, 2 Nov 2026 08:00:00 +0000
Message-ID: <between-%d@mx.example.org>
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

Not delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; between%d@example.com
Action: failed
Status: 5.1.1

--b--
"""
HEAD = b"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.org\nSubject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n"
TEXT = HEAD + b"Content-Type: text/plain; charset=utf-8\n\n"
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=p\n\n"
FIELDS = b"Reporting-MTA: dns; mx.example.org\n\n"
GROUP = b"Final-Recipient: rfc822; %s@example.com\nAction: failed\nStatus: 5.1.1\n"

messages = {}


def hostile(function):
    messages[function.__name__.replace("_", "-")] = function
    return function


def bounce(number):
    return (BOUNCE % (number, number)).encode()


def report(status, text=b"Not delivered.\n", encoding=b""):
    """A delivery report with these bytes as its fields."""
    return (HEAD + b"Content-Type: multipart/report; report-type=delivery-status; boundary=o\n\n--o\n\n" + text
            + b"\n--o\nContent-Type: message/delivery-status\n" + encoding + b"\n" + status + b"\n--o--\n")


def returning(copy):
    """A delivery report with this message as what came back."""
    return (HEAD + b"Content-Type: multipart/report; report-type=delivery-status; boundary=o\n\n--o\n\nx\n\n--o\n"
            b"Content-Type: message/delivery-status\n\n" + FIELDS + GROUP % b"ann" + b"\n--o\nContent-Type: message/rfc822\n\n"
            + copy + b"\n--o--\n")


def n(scale, most, least=10):
    return max(least, int(most * scale))


# --- nests ---

@hostile
def nest_multipart(scale):
    return HEAD + b"".join(b"Content-Type: multipart/mixed; boundary=n%d\n\n--n%d\n" % (i, i)
                           for i in range(n(scale, 100000))) + b"\ndeep\n"


@hostile
def nest_multipart_same_boundary(scale):
    return HEAD + b"Content-Type: multipart/mixed; boundary=n\n\n--n\n" * n(scale, 100000) + b"\ndeep\n"


@hostile
def nest_multipart_closed(scale):
    depth = n(scale, 20000)
    return (HEAD + b"".join(b"Content-Type: multipart/mixed; boundary=n%d\n\n--n%d\n" % (i, i) for i in range(depth))
            + b"\ndeep\n" + b"".join(b"--n%d--\n" % i for i in reversed(range(depth))))


@hostile
def nest_message(scale):
    return returning(b"From: a@example.com\n" + b"Content-Type: message/rfc822\n\n" * n(scale, 100000) + b"x\n")


@hostile
def nest_message_outer(scale):
    return HEAD + b"Content-Type: message/rfc822\n\n" * n(scale, 100000) + b"x\n"


@hostile
def nest_reports(scale):
    inner = report(FIELDS + GROUP % b"inner")
    for i in range(n(scale, 200)):
        inner = (HEAD + b"Content-Type: multipart/report; boundary=r%d\n\n--r%d\nContent-Type: message/rfc822\n\n" % (i, i)
                 + inner + b"\n--r%d--\n" % i)
    return inner


@hostile
def nest_base64(scale):
    import base64
    inner = bounce(0)
    for i in range(n(scale, 12, 4)):
        inner = HEAD + b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(inner)
    return inner


@hostile
def glued(scale):
    return b"From: a@example.com\n\n--b--\n" + (b"From a@b.example Mon Nov  2 08:00:00 2026\n" + HEAD
                                               + b"\n<x@example.com>: 550 no such user\n\n--b--\n") * n(scale, 100000)


@hostile
def glued_ordinary(scale):
    return b"From: a@example.com\n\n--b--\n" + b"From a@b.example Mon Nov  2 08:00:00 2026\nA: b\n\n--b--\n" * n(scale, 200000)


# --- parts ---

@hostile
def parts(scale):
    return MIXED + b"--p\n\nx\n" * n(scale, 1000000) + b"--p--\n"


@hostile
def parts_empty(scale):
    return MIXED + b"--p\n" * n(scale, 2000000) + b"--p--\n"


@hostile
def parts_with_headers(scale):
    return MIXED + (b"--p\n" + b"".join(b"X-%d: y\n" % i for i in range(1000)) + b"\nx\n") * n(scale, 1000)


@hostile
def parts_of_status(scale):
    return MIXED + (b"--p\nContent-Type: message/delivery-status\n\n" + FIELDS + GROUP % b"ann" + b"\n") * n(scale, 50000)


@hostile
def parts_of_text(scale):
    return MIXED + (b"--p\nContent-Type: text/html\n\n<p>550 5.1.1 &lt;x@example.com&gt; unknown\n") * n(scale, 50000)


@hostile
def part_header_long(scale):
    return MIXED + b"--p\nContent-Type: text/plain; x=" + b"y" * n(scale, 50000000) + b"\n\nx\n--p--\n"


# --- boundaries ---

@hostile
def boundary_lines(scale):
    depth = n(scale, 1000)
    return (HEAD + b"Content-Type: multipart/mixed; boundary=n0\n\n"
            + b"".join(b"--n%d\nContent-Type: multipart/mixed; boundary=n%d\n\n" % (i, i + 1) for i in range(depth))
            + b"--n%d\n\n" % depth + b"--z\n" * n(scale, 2500000))


@hostile
def boundary_long(scale):
    return HEAD + b"Content-Type: multipart/mixed; boundary=\"" + b"b" * n(scale, 5000000) + b"\"\n\nx\n"


@hostile
def boundary_prefixes(scale):
    lines = b"".join(b"--" + b"b" * (i % 2000) + b"\n\nx\n" for i in range(n(scale, 20000)))
    return HEAD + b"Content-Type: multipart/mixed; boundary=" + b"b" * 1000 + b"\n\n" + lines


@hostile
def boundary_odd(scale):
    return b"".join(HEAD + b"Content-Type: multipart/mixed; boundary=" + b + b"\n\n--" + b + b"\n\nx\n--" + b + b"--\n"
                    for b in (b"\"\"", b"\"a\\\"b\"", b"a b", b"-", b"--", b"\"a\x00b\"", b"\xff", b"=?utf-8?q?x?="))


@hostile
def boundary_missing(scale):
    return HEAD + b"Content-Type: multipart/report; report-type=delivery-status\n\n" + b"--x\n\ny\n" * n(scale, 200000)


@hostile
def boundary_almost(scale):
    return MIXED + (b"--" + b"-" * 70 + b"\n") * n(scale, 200000) + b"--p \t \n\nx\n--p-- -\n"


# --- header fields ---

@hostile
def headers(scale):
    return HEAD + b"".join(b"X-%d: y\n" % i for i in range(n(scale, 1000000))) + b"\nx\n"


@hostile
def headers_folded(scale):
    return HEAD + b"X-Folded:\n" + b" y\n" * n(scale, 5000000) + b"\nx\n"


@hostile
def header_long(scale):
    return HEAD + b"X-Long: " + b"y" * n(scale, 100000000) + b"\n\nx\n"


@hostile
def header_block_long(scale):
    return HEAD + (b"X-Long: " + b"y" * 60000 + b"\n") * n(scale, 1500) + b"\nx\n"


@hostile
def header_without_end(scale):
    return HEAD + b"To: a@example.com,\n" * n(scale, 500000)


@hostile
def received(scale):
    return HEAD + b"Received: from a by b; Mon, 2 Nov 2026 08:00:00 +0000\n" * n(scale, 200000) + b"\nx\n"


@hostile
def subjects(scale):
    return HEAD + b"Subject: Undelivered mail, failure notice, Returned mail\n" * n(scale, 200000) + b"\nx\n"


@hostile
def names_of_one_letter(scale):
    return HEAD + b"".join(bytes([65 + i % 26]) + b":\n" for i in range(n(scale, 1000000))) + b"\nx\n"


# --- addresses ---

def group_bomb(size):
    return b"a:" * (size // 2)


@hostile
def group_16k(scale):
    return HEAD + b"Cc: " + group_bomb(16384) + b"\n\nx\n"


@hostile
def group_120k(scale):
    return HEAD + b"Cc: " + group_bomb(120000) + b"\n\nx\n"


@hostile
def group_2m(scale):
    return HEAD + b"Cc: " + group_bomb(n(scale, 2000000)) + b"\n\nx\n"


@hostile
def group_returned(scale):
    return returning(b"From: a@example.com\nTo: " + group_bomb(120000) + b"\n\nx\n")


@hostile
def group_in_part(scale):
    return MIXED + b"--p\nTo: " + group_bomb(60000) + b"\nContent-Type: message/rfc822\n\nTo: " + group_bomb(60000) + b"\n\nx\n--p--\n"


@hostile
def group_in_status(scale):
    return report(FIELDS + b"Final-Recipient: rfc822; " + group_bomb(n(scale, 2000000)) + b"\nAction: failed\nStatus: 5.1.1\n")


@hostile
def comments_in_addresses(scale):
    return HEAD + b"To: " + b"(" * n(scale, 1000000) + b"\nCc: " + b"(\\" * n(scale, 500000) + b"\n\nx\n"


@hostile
def quotes_in_addresses(scale):
    return HEAD + b"To: " + b"\"\\" * n(scale, 500000) + b"\nCc: " + b"\"a\"." * n(scale, 300000) + b"@b\n\nx\n"


@hostile
def routes(scale):
    return report(FIELDS + b"Final-Recipient: rfc822; <" + b"@a," * n(scale, 1000000) + b":u@example.com>\nStatus: 5.1.1\n")


@hostile
def copies(scale):
    return HEAD + b"To: " + b"a@example.com, " * n(scale, 1000000) + b"\n\nx\n"


@hostile
def at_signs(scale):
    return TEXT + b"@" * n(scale, 1000000) + b"\n" + b"a@" * n(scale, 1000000) + b"\n" + b"<a@b" * n(scale, 500000) + b"\n"


@hostile
def addresses_in_text(scale):
    return TEXT + b"<user@example.com>: " * n(scale, 500000) + b"\n"


@hostile
def addresses_by_line(scale):
    return TEXT + b"Delivery failed for:\n" + b"".join(b"  user%d@example.com\n" % i for i in range(n(scale, 200000)))


@hostile
def domain_labels(scale):
    return report(FIELDS + b"Final-Recipient: rfc822; a@" + b"xn--a." * n(scale, 100000) + b"com\nStatus: 5.1.1\n"
                  b"\nFinal-Recipient: utf-8; a@" + "\u00fc.".encode() * n(scale, 100000) + b"com\nStatus: 5.1.1\n")


# --- encodings ---

@hostile
def encoded_words(scale):
    return HEAD + b"Subject: " + b"=?utf-8?B?SGVsbG8=?= " * n(scale, 500000) + b"\n\nx\n"


@hostile
def encoded_words_open(scale):
    return HEAD + b"Subject: " + b"=?utf-8?B?" * n(scale, 1000000) + b"\nFrom: " + b"=?" * n(scale, 1000000) + b"\n\nx\n"


@hostile
def encoded_word_long(scale):
    return HEAD + b"Subject: =?iso-2022-jp?B?" + b"GyRC" * n(scale, 1000000) + b"?=\n\nx\n"


@hostile
def encoded_word_charsets(scale):
    return HEAD + b"Subject: " + b"".join(b"=?x-%d?Q?a=FF=00=1B=0A?= " % i for i in range(n(scale, 200000))) + b"\n\nx\n"


@hostile
def parameters(scale):
    return (HEAD + b"Content-Type: multipart/mixed; " + b"".join(b"n*%d*=utf-8''%%41; " % i for i in range(n(scale, 100000)))
            + b"boundary*2=c; boundary*0=p\n\n--pc\n\nx\n")


@hostile
def parameter_name_long(scale):
    return HEAD + b"Content-Type: multipart/mixed; " + b"x" * 80 + b"=1; " + b"y" * n(scale, 1000000) + b"=2; boundary=p\n\n--p\n\nx\n--p--\n"


@hostile
def base64_faults(scale):
    return (HEAD + b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n"
            + b"SGVsbG8=SGVs\x00bG8\n====\n-_-_\n\xff\xff" * n(scale, 500000))


@hostile
def base64_zeros(scale):
    return HEAD + b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n" + b"A" * n(scale, 20000000) + b"\n"


@hostile
def quoted_printable_faults(scale):
    return (HEAD + b"Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n"
            + b"=\n=3=G=\r\n=00=1B[2J= \t\n" * n(scale, 500000))


@hostile
def uuencode_faults(scale):
    return (HEAD + b"Content-Type: text/plain\nContent-Transfer-Encoding: x-uuencode\n\n" + b"begin 644 x\nM\n~~~~\n`\nbegin\n" * n(scale, 300000))


@hostile
def charset_switches(scale):
    return HEAD + b"Content-Type: text/plain; charset=iso-2022-jp\n\n" + b"\x1b$B\x1b(B\x1b(I\x1b(J~\xff" * n(scale, 1000000)


@hostile
def charset_seven(scale):
    return HEAD + b"Content-Type: text/plain; charset=utf-7\n\n" + b"+2D3eAA-+AGEA" * n(scale, 1000000)


@hostile
def charset_wide(scale):
    return (b"\xff\xfe" + "Subject: x\n\n".encode("utf-16-le") + HEAD + b"Content-Type: text/plain; charset=utf-16\n\n\xfe\xff"
            + b"\x00\n\xd8\x00" * n(scale, 1000000))


# --- bytes ---

@hostile
def zeros(scale):
    return TEXT + b"\x00" * n(scale, 20000000)


@hostile
def zeros_everywhere(scale):
    return b"\x00".join(bounce(7)[i:i + 5] for i in range(0, 700, 5))


@hostile
def every_byte(scale):
    every = bytes(range(256))
    return (b"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.org" + every.replace(b"\n", b"") + b"\nSubject: Undelivered " + every
            + b"\n\n<x@example.com>: 550 5.1.1 " + every + b"\n")


@hostile
def control_bytes_in_fields(scale):
    evil = b"\x1b]0;owned\x07\x1b[2J\x9b31m" + "\u202e\u2066\u200b".encode() + b"\x00\x08\x7f"
    return report(b"Reporting-MTA: dns; m" + evil + b"x\n\nFinal-Recipient: rfc822; x" + evil + b"@example.com\n"
                  b"Original-Recipient: rfc822; ann@example.com\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; r" + evil
                  + b"\nDiagnostic-Code: smtp; 550 " + evil + b" unknown\n", b"<ann@example.com>: 550 " + evil + b"\n")


@hostile
def line_ends(scale):
    return bounce(8).replace(b"\n\n", b"\r\r\n\n\r").replace(b": ", b":\r ")


@hostile
def bare_cr(scale):
    return bounce(9).replace(b"\n", b"\r")


@hostile
def surrogates(scale):
    return TEXT + b"\xed\xa0\x80\xed\xbf\xbf\xc0\xaf\xf4\x90\x80\x80\xfe\xff" * n(scale, 500000)


@hostile
def line_long(scale):
    return TEXT + b"x" * n(scale, 100000000) + b"\n"


@hostile
def lines_empty(scale):
    return TEXT + b"\n" * n(scale, 20000000)


# --- fields of a report ---

@hostile
def recipients(scale):
    return report(FIELDS + b"\n".join(GROUP % b"u%d" % i for i in range(n(scale, 100000))))


@hostile
def recipients_same(scale):
    return report(FIELDS + b"\n".join(GROUP % b"same" for i in range(n(scale, 100000))))


@hostile
def fields(scale):
    return report(FIELDS + GROUP % b"ann" + b"".join(b"X-%d: y\n" % i for i in range(n(scale, 500000))))


@hostile
def fields_contradict(scale):
    return report(b"Final-Recipient: rfc822; a@example.com\nReporting-MTA: dns; x\nStatus: 5.1.1\nStatus: 4.2.2\nStatus: 9.9.9\n"
                  b"Final-Recipient: rfc822; b@example.com\nAction: delivered\nAction: failed\nStatus: 5.1.1\n\n\n\n"
                  b"Action: relayed\nStatus: 5.1111111.1\n\nFinal-Recipient: x400; /C=a/\nStatus: 2.0.0\nAction: failed\n"
                  b"Final-Recipient: rfc822; c@example.com\nFinal-Recipient: rfc822; d@example.com\nStatus: 5\n")


@hostile
def fields_by_encoding(scale):
    return report(b"Reporting-MTA: dns; x=0A=0AFinal-Recipient: rfc822; hidden=40example.com=0AStatus: 5.1.1=0AAction: failed\n",
                  encoding=b"Content-Transfer-Encoding: quoted-printable\n")


@hostile
def field_long(scale):
    return report(FIELDS + GROUP % b"ann" + b"Diagnostic-Code: smtp; 550 " + b"5.1.1 user unknown " * n(scale, 500000) + b"\n")


@hostile
def recipient_long(scale):
    return report(FIELDS + GROUP % (b"u" * n(scale, 1000000)))


@hostile
def xtext(scale):
    return report(FIELDS + b"Original-Recipient: rfc822;" + b"+2B" * n(scale, 500000) + b"+40example.com\n" + GROUP % b"ann"
                  + b"\nFinal-Recipient: utf-8;" + b"\\x{10FFFF}" * n(scale, 200000) + b"@example.com\nStatus: 5.1.1\n")


@hostile
def statuses_in_text(scale):
    return TEXT + b"5.1.1 " * n(scale, 500000) + b"\n" + b"5.1." * n(scale, 500000) + b"\n" + b"550 " * n(scale, 500000) + b"\n"


@hostile
def dates(scale):
    return (HEAD.replace(b"MIME", b"Date: " + b"Mon, " * n(scale, 500000) + b"\nMIME") + b"Date: 99999999999 Nov 2026\n"
            + b"Received: x; " + b"(" * n(scale, 500000) + b"\n\n<x@example.com>: 550 5.1.1 unknown\n")


# --- text that is searched ---

@hostile
def dialogue(scale):
    return TEXT + b">>> RCPT To:<x@example.com>\n<<< 550 5.1.1 unknown\n" * n(scale, 200000)


@hostile
def dialogue_of_many(scale):
    return TEXT + b"".join(b">>> RCPT To:<x%d@example.com>\n<<< 550-5.1.1 unknown\n" % i for i in range(n(scale, 200000)))


@hostile
def copies_in_text(scale):
    return TEXT + b"----- Original message -----\n\nReceived: from a\nFrom: b@example.com\nMessage-ID: <1@x>\n" * n(scale, 100000)


@hostile
def almost_copies(scale):
    return TEXT + b"----- \nReceived: x\n y\n\n" * n(scale, 300000)


@hostile
def almost_dates(scale):
    return TEXT + b"<a@example.com> on Mon, 2 Nov host said: 550 (in reply to RCPT " * n(scale, 100000) + b"\n"


@hostile
def words_almost(scale):
    return TEXT + b"could not be deliver could not be delivere user unknow mailbox ful " * n(scale, 200000) + b"\n"


@hostile
def paragraphs(scale):
    return (HEAD + b"\nHi. This is the qmail-send program at x.\n" + b"<x@example.com>:\nno\n\n" * n(scale, 200000))


@hostile
def html_open(scale):
    return HEAD + b"Content-Type: text/html\n\n" + b"<" * n(scale, 1000000) + b"<!--" * n(scale, 200000) + b"<a href='" * n(scale, 200000)


@hostile
def html_nested(scale):
    return HEAD + b"Content-Type: text/html\n\n" + b"<div><table><tr><td>" * n(scale, 200000) + b"550 5.1.1 x@example.com"


@hostile
def html_entities(scale):
    return HEAD + b"Content-Type: text/html\n\n" + b"&" * n(scale, 1000000) + b"&#x41" * n(scale, 300000) + b"&lt" * n(scale, 300000)


@hostile
def html_scripts(scale):
    return HEAD + b"Content-Type: text/html\n\n" + b"<script></scrip" * n(scale, 300000) + b"<style>" * n(scale, 300000)


@hostile
def json_nested(scale):
    return (b"From: no-reply@sns.example.com\nSubject: AWS Notification Message\n\n{\"notificationType\":\"Bounce\",\"bounce\":"
            + b"[" * n(scale, 1000000) + b"\n")


@hostile
def json_objects(scale):
    return (b"From: no-reply@sns.example.com\nSubject: AWS Notification Message\n\n{\"notificationType\":\"Bounce\",\"bounce\":"
            + b"{\"bounce\":" * n(scale, 500000) + b"1" + b"}" * n(scale, 500000) + b"}\n")


@hostile
def json_recipients(scale):
    return (b"From: no-reply@sns.example.com\nSubject: AWS Notification Message\n\n{\"notificationType\":\"Bounce\",\"bounce\":"
            b"{\"bounceType\":\"Permanent\",\"bouncedRecipients\":[" +
            b",".join(b"{\"emailAddress\":\"u%d@example.com\"}" % i for i in range(n(scale, 100000))) + b"]},\"mail\":{}}\n")


@hostile
def complaint(scale):
    return (HEAD + b"Content-Type: multipart/report; report-type=feedback-report; boundary=p\n\n--p\nContent-Type: message/feedback-report\n\n"
            b"Feedback-Type: abuse\n" + b"Original-Rcpt-To: x@example.com\n" * n(scale, 300000) + b"\n--p--\n")


# --- containers ---

def quoted(message):
    """As a writer of an mbox quotes it: LF lines, `>From `."""
    return b"\n".join(b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in message.split(b"\n"))


def write_messages(folder, scale):
    os.makedirs(folder, exist_ok=True)
    for name, make in messages.items():
        with open(os.path.join(folder, name), "wb") as out:
            out.write(make(scale))


def write_mbox(path, scale):
    with open(path, "wb") as out:
        for number, make in enumerate(messages.values(), 1):
            for message in (bounce(number), make(scale)):
                out.write(b"From MAILER-DAEMON Mon Nov  2 08:00:00 2026\n" + quoted(message).rstrip(b"\n") + b"\n\n")


def write_one(path, name, scale):
    message = messages[name](scale)
    with open(path, "wb") as out:
        out.write(as_mbox(1) + b"From x@example.org Mon Nov  2 08:00:00 2026\n" + quoted(message).rstrip(b"\n") + b"\n\n"
                  + as_mbox(2))
    print(len(message))


def write_huge(path, size):
    """A message of so many bytes, most of them a hole in the file, between two bounces."""
    with open(path, "wb") as out:
        out.write(as_mbox(1) + b"From x@example.org Mon Nov  2 08:00:00 2026\n" + TEXT)
        out.seek(size, os.SEEK_CUR)
        out.write(b"\n\n" + as_mbox(2))


def as_mbox(number):
    return b"From MAILER-DAEMON Mon Nov  2 08:00:00 2026\n" + bounce(number) + b"\n"


def write_archives(folder, scale):
    os.makedirs(folder, exist_ok=True)
    zeros_size = n(scale, 1 << 28)
    block = b"\0" * (1 << 20)

    def bomb(opened):
        with opened as out:
            out.write(as_mbox(1) + b"From x Mon Nov  2 08:00:00 2026\nSubject: x\n\n")
            for _ in range(zeros_size >> 20):
                out.write(block)
            out.write(b"\n\n" + as_mbox(2))

    bomb(gzip.open(folder + "/zeros.mbox.gz", "wb", 9))
    bomb(bz2.open(folder + "/zeros.mbox.bz2", "wb"))
    bomb(lzma.open(folder + "/zeros.mbox.xz", "wb", preset=0))
    inner = as_mbox(1)
    for _ in range(n(scale, 40, 8)):
        inner = gzip.compress(inner)
    with open(folder + "/nest.gz", "wb") as out:
        out.write(inner)
    with tarfile.open(folder + "/many.tar.gz", "w:gz", compresslevel=1) as tar:
        for i in range(n(scale, 100000)):
            data = bounce(1) if i == 0 else b"Subject: x\n\ny\n"
            info = tarfile.TarInfo("m/%d" % i)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    with tarfile.open(folder + "/odd.tar", "w") as tar:
        for name, kind in (("../../outside", tarfile.REGTYPE), ("/etc/passwd", tarfile.REGTYPE), ("link", tarfile.SYMTYPE),
                           ("hard", tarfile.LNKTYPE), ("fifo", tarfile.FIFOTYPE), ("device", tarfile.CHRTYPE),
                           ("a\nb\x1b[2J", tarfile.REGTYPE), ("n" * 5000, tarfile.REGTYPE), ("mail", tarfile.REGTYPE)):
            data = bounce(1) if name == "mail" else b"Subject: x\n\ny\n"
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            info.size = len(data) if kind == tarfile.REGTYPE else 0
            tar.addfile(info, io.BytesIO(data))
    with zipfile.ZipFile(folder + "/zeros.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("zeros", "w") as out:
            out.write(b"Subject: x\n\n")
            for _ in range(zeros_size >> 20):
                out.write(block)
        archive.writestr("mail", bounce(1))
    inner = b""
    for level in range(n(scale, 12, 6)):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("mail%d" % level, bounce(1))
            if inner:
                for copy in range(3):
                    archive.writestr("inner%d.zip" % copy, inner)
        inner = out.getvalue()
    with open(folder + "/nest.zip", "wb") as out:
        out.write(inner)
    with open(folder + "/garbage.gz", "wb") as out:
        out.write(gzip.compress(as_mbox(1) * 50)[:-30] + b"\xff" * 200)


def write_folder(folder, secret):
    folder = os.fsencode(folder)
    for part in (b"new", b"cur", b"tmp"):
        os.makedirs(os.path.join(folder, part), exist_ok=True)
    cur = os.path.join(folder, b"cur")

    def put(name, data):
        with open(os.path.join(cur, name), "wb") as out:
            out.write(data)
    put(b"1.plain", bounce(1))
    put(b"2.with\nnewline", bounce(2))
    put(b"3.esc\x1b[2J\x1b]0;owned\x07", bounce(3))
    put(b"4.\xff\xfe\xc0\xaf", bounce(4))
    put(b"5." + b"n" * 253, bounce(5))
    put("6.\u202efdp.exe".encode(), bounce(6))
    put(b"7.quote'\"$(reboot)`x`", bounce(7))
    put(b"8. -rf --help", bounce(8))
    put(b"9.empty", b"")
    os.symlink(os.fsencode(os.path.abspath(secret)), os.path.join(cur, b"link"))
    os.symlink(b"missing", os.path.join(cur, b"dangling"))
    os.symlink(b"loop", os.path.join(cur, b"loop"))
    os.symlink(b"..", os.path.join(cur, b"up"))
    os.mkfifo(os.path.join(cur, b"fifo"))
    os.makedirs(os.path.join(cur, b"folder", b"deep"), exist_ok=True)
    try:
        os.mknod(os.path.join(cur, b"device"), stat.S_IFCHR | 0o600, os.makedev(1, 5))
    except OSError:
        pass  # not allowed to make one
    import socket
    here = os.getcwd()
    os.chdir(cur)  # names of sockets must be short
    socket.socket(socket.AF_UNIX).bind("socket")
    os.chdir(here)


def swap(folder, secret, times):
    cur = os.path.join(folder, "cur")
    secret = os.path.abspath(secret)
    for i in range(times):
        path, other = os.path.join(cur, "swap%d" % (i % 20)), os.path.join(folder, "tmp", "other")
        if i % 3 == 1:
            os.symlink(secret, other)
        elif i % 3 == 2:
            os.mkfifo(other)
        else:
            with open(other, "wb") as out:
                out.write(b"Subject: x\n\ny\n")
        os.rename(other, path)
        time.sleep(0.002)


def main(words):
    if words[:1] == ["list"]:
        print("\n".join(messages))
    elif words[:1] == ["bounce"] and len(words) == 2:
        sys.stdout.buffer.write(bounce(int(words[1])))
    elif words[:1] == ["messages"] and len(words) == 3:
        write_messages(words[1], float(words[2]))
    elif words[:1] == ["one"] and len(words) == 4:
        write_one(words[1], words[2], float(words[3]))
    elif words[:1] == ["mbox"] and len(words) == 3:
        write_mbox(words[1], float(words[2]))
    elif words[:1] == ["archives"] and len(words) == 3:
        write_archives(words[1], float(words[2]))
    elif words[:1] == ["folder"] and len(words) == 3:
        write_folder(words[1], words[2])
    elif words[:1] == ["swap"] and len(words) == 4:
        swap(words[1], words[2], int(words[3]))
    else:
        print(__doc__, file=sys.stderr)
        return 64
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
