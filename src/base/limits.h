/* SPDX-License-Identifier: MIT */
/* Every cap of the program, one line and its reason. Hostile mail is bounded here and nowhere else: a module that
 * needs a number takes it from this page. Sizes are bytes unless the name says otherwise. */
#ifndef NIXIE_BASE_LIMITS_H
#define NIXIE_BASE_LIMITS_H

/* source */
#define LIMIT_MESSAGE (16 * 1024 * 1024)       /* of a message is read and parsed; the rest is skipped and flagged */
#define LIMIT_READ_BLOCK (256 * 1024)          /* one read(2); large enough that system calls do not show */
#define LIMIT_FROM_LINE 1024                   /* a longer line is no mbox separator */
#define LIMIT_DIR_DEPTH 32                     /* folders below a PATH; deeper is a loop or a mistake */
#define LIMIT_PATH_LIST_ENTRY 65536            /* one name in --files-from */
#define LIMIT_ARCHIVE_DEPTH 3                  /* an archive in an archive in an archive, no deeper */

/* mail */
#define LIMIT_HEADER_BLOCK (1024 * 1024)       /* of a header block is looked at */
#define LIMIT_HEADER (64 * 1024)               /* of one header's value is kept */
#define LIMIT_HEADERS 2000                     /* header fields of one block are kept */
#define LIMIT_NESTING 64                       /* MIME depth; GMime recurses, and real mail stays below 10 */
#define LIMIT_PARTS 1000                       /* MIME parts of a message */
#define LIMIT_BOUNDARY_LINES 20000             /* lines starting "--": GMime's work is lines x open boundaries */
#define LIMIT_BOUNDARY 2048                    /* GMime 3.2.13 never matches a boundary of some 4 KiB */
#define LIMIT_PART_TEXT (1024 * 1024)          /* of one part's decoded text is kept */
#define LIMIT_TEXT (256 * 1024)                /* of all text parts together is searched for a bounce */

/* extract */
#define LIMIT_DSN_RECIPIENTS 1000              /* recipient groups of one report */
#define LIMIT_DSN_FIELDS 20000                 /* fields of one report */
#define LIMIT_FIELD (8 * 1024)                 /* of one report field is kept */
#define LIMIT_EVENTS 1000                      /* events of one message */
#define LIMIT_REPORT_TO 8                      /* addresses that a report was delivered to; real mail has one or two */
#define LIMIT_DIAGNOSTIC 2048                  /* of a diagnostic is kept in the event */
#define LIMIT_SUBJECT 1024                     /* of a subject is kept in the event */
#define LIMIT_ADDRESS 320                      /* RFC 5321: 64 + "@" + 255 */
#define LIMIT_LOCAL_PART 254                   /* RFC 5321 says 64, the field does not; the whole stays below 320 */

/* classify */
#define LIMIT_REGEX_MATCH 20000                /* PCRE match steps of a rule: 1 ms where a bad pattern took 0.5 s */
#define LIMIT_TSV_LINE (16 * 1024)             /* one line of a data file */

/* worker */
#define LIMIT_JOBS 256                         /* parse processes */
#define LIMIT_BATCH_BYTES (128 * 1024)         /* a batch of mail is sent when it is that long */
#define LIMIT_BATCH_ITEMS 64                   /* … or that many messages */
#define LIMIT_BATCH_ORDINARY 1024              /* … with those that need no reading */
#define LIMIT_IN_FLIGHT (12 * 1024 * 1024)     /* of mail and of answers to it waits; one message may be longer */
#define LIMIT_CHILD_MESSAGES 10000             /* then a parse process is replaced: leaks of libraries end with it */
#define LIMIT_CHILD_MEMORY (512 * 1024 * 1024) /* address space of a parse process beyond what it started with */
#define LIMIT_CHILD_FILES 16                   /* its descriptors */
#define LIMIT_MESSAGE_CPU_SOFT 2               /* seconds of processor time for one message, then nothing more is begun */
#define LIMIT_MESSAGE_CPU 10                   /* seconds of processor time for one message, then the process is ended */
#define LIMIT_MESSAGE_WALL 120                 /* seconds on the clock for one message: the process may be stopped */
#define LIMIT_RESULT_FRAME (64 * 1024 * 1024)  /* what a parse process may say about one message */
#define LIMIT_EVENT_STRING (256 * 1024)        /* one string of an event on its way between processes */

/* store, app */
#define LIMIT_BATCH_MESSAGES 4000              /* messages of one transaction, or events where they are more */
#define LIMIT_INCIDENT_MESSAGES 100000         /* original messages that a report counts refusals of */
#define LIMIT_BATCH_SECONDS 2                  /* a slow source commits at least this often */
#define LIMIT_CSV_RECORD (1024 * 1024)         /* a longer row of a mailing list has a quote that is never closed */
#define LIMIT_STORE_CACHE_KIB 16384            /* page cache of the ledger */
#define LIMIT_STORE_OPEN_SECONDS 3             /* a server that does not answer at first is tried that long … */
#define LIMIT_STORE_RETRY_SECONDS 30           /* … and that long when it went away in the middle of the work */

#endif
