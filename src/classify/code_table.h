/* SPDX-License-Identifier: MIT */
/* status.tsv and reply.tsv in memory: a code's row. Rows of a later file replace those of an earlier one.
 *
 * A status is looked up as it is ("4.2.1"), then with any class ("X.2.1"). */
#ifndef NIXIE_CLASSIFY_CODE_TABLE_H
#define NIXIE_CLASSIFY_CODE_TABLE_H

#include "base/arena.h"
#include "classify/tables.h"

typedef struct {
    GHashTable *statuses; /* code → CodeRow */
    GHashTable *replies;
} CodeTable;

void code_table_init (CodeTable *table);
void code_table_clear (CodeTable *table);
/* Strings are copied to `arena`. `name` is for messages. */
gboolean code_table_read_statuses (CodeTable *table, Arena *arena, const char *name, const char *text, gsize length,
                                   GError **error);
gboolean code_table_read_replies (CodeTable *table, Arena *arena, const char *name, const char *text, gsize length,
                                  GError **error);
/* NULL when there is no row. */
const CodeRow *code_table_status (const CodeTable *table, const char *status);
const CodeRow *code_table_reply (const CodeTable *table, const char *reply);

#endif
