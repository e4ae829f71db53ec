/* SPDX-License-Identifier: MIT */
/* Data files: rows come in order, cells are valid UTF-8 without control characters, and there are as many as were asked
 * for; an error names file and line. */
#include "fuzz.h"

#include "base/tsv.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static const char *const columns[] = {"id", "text", "note?", NULL};
    g_autoptr (GError) error = NULL;
    const char *bytes = size > 0 ? (const char *) data : "";
    g_autoptr (Tsv) tsv = tsv_new ("f", bytes, size, columns, &error);
    TsvRow row;
    guint line = 1;

    g_assert ((tsv == NULL) == (error != NULL));
    while (tsv != NULL && tsv_next (tsv, &row, &error)) {
        g_assert (row.line > line && row.n_cells == 3);
        line = row.line;
        for (guint i = 0; i < row.n_cells; i++) {
            fuzz_check_text (row.cells[i], size, FALSE);
        }
    }
    g_assert (error == NULL || (error->domain == TSV_ERROR && g_str_has_prefix (error->message, "f")));
    return 0;
}
