/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/limits.h"
#include "extract/dsn_fields.h"
#include <string.h>

/* All groups as one line: "message-fields | recipient | recipient", a field as name=value, "!" behind a group whose
 * fields contradict each other. */
static char *
show (Arena *arena, const char *text)
{
    /* In memory that ends with the text, so that a memory checker sees a step too far. */
    g_autofree char *exact = g_memdup2 (text, strlen (text));
    DsnFields *fields = dsn_fields_parse (arena, exact, strlen (text));
    g_autoptr (GString) out = g_string_new (NULL);
    for (guint g = 0; g <= fields->n_recipients; g++) {
        const DsnGroup *group = g ? &fields->recipients[g - 1] : &fields->message;
        if (g)
            g_string_append (out, " |");
        for (guint i = 0; i < group->n_fields; i++)
            g_string_append_printf (out, "%s%s=%s", out->len ? " " : "", group->fields[i].name, group->fields[i].value);
        if (group->contradicted)
            g_string_append (out, "!");
    }
    return arena_strdup (arena, out->str);
}

#define M "Reporting-MTA: dns; m\n"
#define MM "reporting-mta=dns; m"

static const struct {
    const char *text, *groups;
} cases[] = {
    {M "\nFinal-Recipient: rfc822; a@x\nAction: failed\nStatus: 5.1.1\n",
     MM " | final-recipient=rfc822; a@x action=failed status=5.1.1"},
    /* several recipients */
    {M "\nFinal-Recipient: a@x\nAction: failed\n\nFinal-Recipient: b@x\nAction: delayed\n",
     MM " | final-recipient=a@x action=failed | final-recipient=b@x action=delayed"},
    /* CRLF, no blank line at the end, blank lines in front */
    {"\r\n\r\n" "Reporting-MTA: dns; m\r\n\r\nFinal-Recipient: a@x\r\nStatus: 5.1.1", MM " | final-recipient=a@x status=5.1.1"},
    /* folded lines; a fold with a tab; a value that begins on the second line */
    {M "\nFinal-Recipient: a@x\nDiagnostic-Code: smtp; 550\n 5.1.1\n\tunknown\nStatus:\n 5.1.1\n",
     MM " | final-recipient=a@x diagnostic-code=smtp; 550 5.1.1 unknown status=5.1.1"},
    /* case, space before the colon, none behind it */
    {"REPORTING-MTA:dns; m\n\nfinal-recipient : a@x\nACTION  :failed\n", MM " | final-recipient=a@x action=failed"},
    /* a blank line inside a group, one after every field */
    {M "\nFinal-Recipient: a@x\n\nAction: failed\nStatus: 5.1.1\n", MM " | final-recipient=a@x action=failed status=5.1.1"},
    {M "\n\nFinal-Recipient: a@x\n\nAction: failed\n\nStatus: 5.1.1\n\nFinal-Recipient: b@x\n\nAction: failed\n",
     MM " | final-recipient=a@x action=failed status=5.1.1 | final-recipient=b@x action=failed"},
    {M "\nOriginal-Recipient: o@x\n\nFinal-Recipient: a@x\n\nAction: failed\n",
     MM " | original-recipient=o@x final-recipient=a@x action=failed"},
    /* no blank line between the groups, whichever field leads */
    {M "\nFinal-Recipient: a@x\nAction: failed\nFinal-Recipient: b@x\nAction: failed\n",
     MM " | final-recipient=a@x action=failed | final-recipient=b@x action=failed"},
    {M "\nOriginal-Recipient: o@x\nFinal-Recipient: a@x\nAction: failed\nOriginal-Recipient: p@x\nFinal-Recipient: b@x\nAction: failed\n",
     MM " | original-recipient=o@x final-recipient=a@x action=failed | original-recipient=p@x final-recipient=b@x action=failed"},
    {M "\nAction: failed\nFinal-Recipient: a@x\nAction: failed\nFinal-Recipient: b@x\n",
     MM " | action=failed final-recipient=a@x | action=failed final-recipient=b@x"},
    /* no blank line between message and recipient; the message's fields behind or between the recipients */
    {M "Final-Recipient: a@x\nAction: failed\n", MM " | final-recipient=a@x action=failed"},
    {"Final-Recipient: a@x\nAction: failed\n\n" M, MM " | final-recipient=a@x action=failed"},
    {"Final-Recipient: a@x\n" M "Action: failed\n", MM " | final-recipient=a@x action=failed"},
    /* a recipient's fields in front of the group that names the recipient */
    {M "Action: failed\nStatus: 5.1.1\n\nFinal-Recipient: a@x\n", MM " | action=failed status=5.1.1 final-recipient=a@x"},
    {M "Action: failed\n\nFinal-Recipient: a@x\nAction: delayed\n", MM " | action=failed | final-recipient=a@x action=delayed"},
    /* the name stands last */
    {M "\nDiagnostic-Code: smtp; 550\nStatus: 5.1.1\nFinal-Recipient: a@x\n\nDiagnostic-Code: smtp; 551\nStatus: 5.1.6\nFinal-Recipient: b@x\n",
     MM " | diagnostic-code=smtp; 550 status=5.1.1 final-recipient=a@x | diagnostic-code=smtp; 551 status=5.1.6 final-recipient=b@x"},
    /* the same field twice: first wins; said when they differ */
    {M "\nFinal-Recipient: a@x\nFinal-Recipient: b@x\nAction: failed\n", MM " | final-recipient=a@x action=failed!"},
    {M "\nFinal-Recipient: a@x\nAction: failed\nFinal-Recipient: b@x\n", MM " | final-recipient=a@x action=failed!"},
    {M "\nFinal-Recipient: a@x\nStatus: 5.1.1\nStatus: 5.2.2\n", MM " | final-recipient=a@x status=5.1.1!"},
    {M "\nFinal-Recipient: a@x\nStatus: 5.1.1\nStatus: 5.1.1\n", MM " | final-recipient=a@x status=5.1.1"},
    /* junk */
    {"This is no field\n" M "--------\n\nhello\nFinal-Recipient: a@x\n???\nAction: failed\n", MM " | final-recipient=a@x action=failed"},
    {M "\nFinal-Recipient: a@x\nDiagnostic-Code: smtp; 550-turn on\n550-mail.x [192.0.2.1]:25 says\n550 no\nAction: failed\n",
     MM " | final-recipient=a@x diagnostic-code=smtp; 550-turn on 550-mail.x [192.0.2.1]:25 says 550 no action=failed"},
    /* indented as a whole */
    {"  Reporting-MTA: dns; m\n\n  Final-Recipient: a@x\n", MM " | final-recipient=a@x"},
    /* fields that nobody knows stay with their group */
    {M "X-Some: thing\n\nFinal-Recipient: a@x\nX-Other: thing\nAction: failed\n",
     MM " x-some=thing | final-recipient=a@x x-other=thing action=failed"},
    /* empty values, nothing at all */
    {M "\nFinal-Recipient: a@x\nStatus:\nAction: \n", MM " | final-recipient=a@x status= action="},
    /* which fields are whose, from the first chunk on */
    {"Final-Recipient: a@x\nX-Other: thing\nAction: failed\n", " | final-recipient=a@x x-other=thing action=failed"},
    {"Final-Recipient: a@x\nOriginal-Envelope-Id: 7\nReporting-UA: u\nAction: failed\n",
     "original-envelope-id=7 reporting-ua=u | final-recipient=a@x action=failed"},
    {"X-Other: thing\nFinal-Recipient: a@x\n", "x-other=thing | final-recipient=a@x"},
    {"Final-Recipient: a@x\nAction: failed\n\nX-Other: thing\n", "x-other=thing | final-recipient=a@x action=failed"},
    {"Original-Recipient: o@x\nLocalized-Diagnostic: d\n" M, MM " | original-recipient=o@x localized-diagnostic=d"},
    {M "\nFinal-Recipient: a@x\n\nFinal-Recipient: b@x\n", MM " | final-recipient=a@x | final-recipient=b@x"},
    {M "\nFinal-Recipient: a@x\nAction: failed\n\nOriginal-Recipient: o@x\nFinal-Recipient: b@x\nAction: failed\n",
     MM " | final-recipient=a@x action=failed | original-recipient=o@x final-recipient=b@x action=failed"},
    {M "\nFinal-Recipient: a@x\nAction: failed\n\nOriginal-Recipient: o@x\n", MM " | final-recipient=a@x action=failed | original-recipient=o@x"},
    /* the lines of a reply that were not folded: three digits and a blank or hyphen, nothing else */
    {"Final-Recipient: a@x\nDiagnostic-Code: smtp; 550-a\n550-\n550 no", " | final-recipient=a@x diagnostic-code=smtp; 550-a 550- 550 no"},
    {"Final-Recipient: a@x\nDiagnostic-Code: smtp; 550-a\nx50 b\n5x0 b\n55x b\n550b\n550", " | final-recipient=a@x diagnostic-code=smtp; 550-a"},
    {"Final-Recipient: a@x\nStatus: 5.1.1\n550 b\n", " | final-recipient=a@x status=5.1.1"},
    /* what is a name: a letter first, no more than 64 of them */
    {"F?: x\n-a: x\n7a: x\n_a: x\n: x\nF : y\nb\t:z\nA_-7: w\nN", "f=y b=z a_-7=w"},
    {"n23456789-123456789-123456789-123456789-123456789-123456789-1234: x\n", "n23456789-123456789-123456789-123456789-123456789-123456789-1234=x"},
    {"n23456789-123456789-123456789-123456789-123456789-123456789-12345: x\n", ""},
    {"Status", ""}, {"Status ", ""}, {"Status:", " | status="}, {"S", ""},
    {"", ""},
    {"\n\n\n", ""},
    {":\n : \nx\n", ""},
    {M, MM},
};

static void
test_groups (void **state)
{
    (void) state;
    g_autoptr (Arena) arena = arena_new ();
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
        assert_string_equal (show (arena, cases[i].text), cases[i].groups);
}

static void
test_get (void **state)
{
    (void) state;
    g_autoptr (Arena) arena = arena_new ();
    const char text[] = "Final-Recipient: rfc822; a\0b@x\nStatus: 5.1.1\n";
    DsnFields *fields = dsn_fields_parse (arena, text, sizeof text - 1);
    assert_int_equal (fields->n_recipients, 1);
    assert_true (span_equal (dsn_group_get (&fields->recipients[0], "STATUS"), "5.1.1"));
    Span recipient = dsn_group_get (&fields->recipients[0], "Final-Recipient");
    assert_int_equal (recipient.length, 13);
    assert_non_null (memchr (recipient.at, '\0', recipient.length)); /* kept, so that the address is seen to be none */
    assert_int_equal (dsn_group_get (&fields->recipients[0], "Action").length, 0);
}

static void
test_limits (void **state)
{
    (void) state;
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GString) text = g_string_new ("Reporting-MTA: dns; m\n\n");
    for (guint i = 0; i < LIMIT_DSN_RECIPIENTS + 50; i++)
        g_string_append_printf (text, "Final-Recipient: rfc822; u%u@x\nAction: failed\n\n", i);
    DsnFields *fields = dsn_fields_parse (arena, text->str, text->len);
    assert_int_equal (fields->n_recipients, LIMIT_DSN_RECIPIENTS);
    assert_true (fields->capped);

    g_string_assign (text, "");
    for (guint i = 0; i < LIMIT_DSN_FIELDS + 50; i++)
        g_string_append_printf (text, "X-Field-%u: v\n", i);
    fields = dsn_fields_parse (arena, text->str, text->len);
    assert_int_equal (fields->message.n_fields, LIMIT_DSN_FIELDS);
    assert_true (fields->capped);

    g_string_assign (text, "Final-Recipient: a@x\nDiagnostic-Code: smtp; ");
    for (guint i = 0; i < 2 * LIMIT_FIELD; i++)
        g_string_append (text, "\xc3\xa9\n ");
    fields = dsn_fields_parse (arena, text->str, text->len);
    Span value = dsn_group_get (&fields->recipients[0], "Diagnostic-Code");
    assert_true (value.length <= LIMIT_FIELD);
    assert_true (value.length > LIMIT_FIELD - 8);
    assert_true (g_utf8_validate (value.at, (gssize) value.length, NULL));

    /* two long pieces: the second is cut, a third is not looked at */
    g_string_assign (text, "Final-Recipient: a@x\nDiagnostic-Code: ");
    for (guint piece = 0; piece < 3; piece++) {
        for (guint i = 0; i < LIMIT_FIELD - 100; i++)
            g_string_append_c (text, (char) ('a' + piece));
        g_string_append (text, "\n ");
    }
    fields = dsn_fields_parse (arena, text->str, text->len);
    value = dsn_group_get (&fields->recipients[0], "Diagnostic-Code");
    assert_int_equal (value.length, LIMIT_FIELD);
    assert_int_equal (value.at[LIMIT_FIELD - 1], 'b');
}

static void
test_locate (void **state)
{
    (void) state;
    const char *text = "Your mail failed:\n\nReporting-MTA: dns; m\n\nFinal-Recipient: a@x\nAction: failed\n\n--boundary\nFrom: x\n";
    Span found = dsn_fields_locate (text, strlen (text));
    assert_true (span_has_prefix (found, "Reporting-MTA"));
    assert_null (text_find_length (found.at, found.length, "boundary"));
    static const char *const none[] = {
        "", "Status: fine\n", "Action: failed\nStatus: 5.1.1\n", "Final-Recipient: a@x\nis a field of RFC 3464\nStatus: 5.1.1\nis another\n",
        "> Final-Recipient: a@x\n> Action: failed\n", "Final-Recipient: a@x\n", "hello\nFinal-Recipient: a@x\n",
        "hello\nAction: failed\nStatus: 5\n", "Action: failed\nhello\nFinal-Recipient: a@x\n", "Final-Recipient: a@x\nStatus",
        "\n \n", "Final-Recipient: a@x\nx\n\nAction: failed\n",
    };
    for (guint i = 0; i < G_N_ELEMENTS (none); i++) {
        g_autofree char *exact = g_memdup2 (none[i], strlen (none[i]));
        assert_int_equal (dsn_fields_locate (exact, strlen (none[i])).length, 0);
    }
    static const struct {
        const char *text, *found;
    } some[] = {
        {"Final-Recipient: a@x\nAction: failed\nhello\n", "Final-Recipient: a@x\nAction: failed\n"},
        {"Final-Recipient: a@x\nAction: failed", "Final-Recipient: a@x\nAction: failed"},
        {"Hello\n\n  Action: failed\n  Original-Recipient: a@x\n\n\nbye", "  Action: failed\n  Original-Recipient: a@x\n\n\n"},
        {"Final-Recipient: a@x\nDiagnostic-Code: smtp; 550\n folded\nX-Other: y\nAction: failed\n-- \n",
         "Final-Recipient: a@x\nDiagnostic-Code: smtp; 550\n folded\nX-Other: y\nAction: failed\n"},
        {"Status: 5\nhello\nFinal-Recipient: a@x\nStatus: 4\n", "Final-Recipient: a@x\nStatus: 4\n"},
    };
    for (guint i = 0; i < G_N_ELEMENTS (some); i++) {
        g_autofree char *exact = g_memdup2 (some[i].text, strlen (some[i].text));
        found = dsn_fields_locate (exact, strlen (some[i].text));
        g_autofree char *copy = g_strndup (found.at, found.length);
        assert_string_equal (copy, some[i].found);
    }
}

UNIT_MAIN (cmocka_unit_test (test_groups), cmocka_unit_test (test_get), cmocka_unit_test (test_limits),
           cmocka_unit_test (test_locate))
