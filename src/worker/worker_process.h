/* SPDX-License-Identifier: MIT */
/* One parse process as its parent holds it: started, locked, talked to, watched, ended. Private to the pool. */
#ifndef NIXIE_WORKER_WORKER_PROCESS_H
#define NIXIE_WORKER_WORKER_PROCESS_H

#include "worker/mail_space.h"
#include "worker/worker_child.h"

typedef struct WorkerProcess WorkerProcess;

/* NULL with errno when the system has no process left. */
WorkerProcess *worker_process_start (MailSpace *space, WorkerParse parse, gpointer user);
/* Hang up and wait for its end; NULL is fine. */
void worker_process_free (WorkerProcess *process);
/* The same, and how it ended: "ended by signal 11 (Segmentation fault)". */
char *worker_process_end (WorkerProcess *process);

GPid worker_process_id (const WorkerProcess *process);
int worker_process_socket (const WorkerProcess *process);
/* Neither waits. Sent bytes, 0 when it takes none now. Received bytes; 0 at the end, -1 when there is nothing now. */
gssize worker_process_send (WorkerProcess *process, gconstpointer data, gsize length);
gssize worker_process_receive (WorkerProcess *process, GByteArray *into);
/* Number of the message that it reads + 1; 0 = none. */
guint64 worker_process_reading (const WorkerProcess *process);
/* To be asked from time to time: NULL, or which limit the message at hand has passed (the process is being ended then).
 * `cpu_limit` in microseconds. */
const char *worker_process_overdue (WorkerProcess *process, gint64 cpu_limit);

#endif
