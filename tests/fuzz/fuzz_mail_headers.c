/* SPDX-License-Identifier: MIT */
/* Header blocks: fields are one line of valid UTF-8 each, names are names, the bytes used are there; a block that ends
 * where it was found to end is read as the same. */
#include "fuzz.h"

#include "base/limits.h"
#include "mail/headers.h"
#include "mail/mail_view.h"

static void
check_line (const char *text, gsize maximum)
{
    fuzz_check_text (text, maximum, TRUE); /* C1 is let through here: it is text until somebody shows it */
    for (; *text != '\0'; text++)
        g_assert (!g_ascii_iscntrl (*text));
}

static void
check_fields (const MailHeaders *headers, gsize size)
{
    g_assert (headers->n_fields <= LIMIT_HEADERS);
    for (guint i = 0; i < headers->n_fields; i++) {
        const MailHeader *field = &headers->fields[i];

        g_assert (*field->name != '\0' && strpbrk (field->name, ": \t\n") == NULL);
        check_line (field->value, 3 * size);
        check_line (field->raw, 3 * size);
        g_assert (mail_headers_find (headers, field->name) != NULL);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    const char *bytes = size > 0 ? (const char *) data : "";
    Arena *arena = fuzz_arena ();
    MailHeaders headers = {0}, again = {0};
    guint32 flags = 0;
    gsize used = mail_headers_parse (arena, bytes, size, &headers, &flags);

    g_assert (used <= size);
    check_fields (&headers, size);
    g_assert (mail_headers_parse (arena, bytes, used, &again, &flags) == used && again.n_fields == headers.n_fields);
    for (guint i = 0; i < again.n_fields; i++)
        g_assert (strcmp (again.fields[i].value, headers.fields[i].value) == 0);
    g_assert (headers_name_length (span (bytes, size)) <= size);
    headers_is_from_line (span (bytes, size));
    return 0;
}
