/* SPDX-License-Identifier: MIT */
#include "report/code_text.h"

#include "base/i18n.h"
#include "report/columns.h"
#include "report/json.h"
#include "report/reason_text.h"
#include <string.h>

#define WIDTH_DEFAULT 80
#define WIDTH_MINIMUM 40
#define INDENT 2

static const char *
or_empty (const char *text)
{
    return text ? text : "";
}

/* --- the digits --------------------------------------------------------------------------------------------------------- */

/* The parts of "4.2.1": where each begins and how long it is; FALSE when it is no such code. */
static gboolean
split_status (const char *status, char class[4], char subject[4], char detail[4])
{
    char *const parts[] = {class, subject, detail};

    for (guint i = 0; i < 3; i++) {
        gsize length = strspn (status, "0123456789");

        if (length == 0 || length > 3 || status[length] != (i < 2 ? '.' : '\0'))
            return FALSE;
        memcpy (parts[i], status, length);
        parts[i][length] = '\0';
        status += length + 1;
    }
    return TRUE;
}

/* RFC 3463 section 3.1. */
static const char *
class_text (char class)
{
    switch (class) {
    case '2':
        return _("success");
    case '4':
        return _("failed for now: sending the same again later may work");
    case '5':
        return _("failed for good: sending the same again will not work");
    default:
        return _("not a class of RFC 3463");
    }
}

/* RFC 3463 section 3.2. */
static const char *
subject_text (const char *subject)
{
    static const char *const texts[] = {
        N_("not said what about"),
        N_("the address"),
        N_("the mailbox"),
        N_("the recipient's mail system"),
        N_("the network or the way of the mail"),
        N_("the SMTP dialogue"),
        N_("the content of the message"),
        N_("security or policy"),
    };
    if (subject[1] != '\0' || subject[0] < '0' || subject[0] > '7')
        return _("not a subject of RFC 3463");
    return _(texts[subject[0] - '0']);
}

/* RFC 5321 section 4.2.1. */
static const char *
reply_text (const char *reply)
{
    switch (reply[0]) {
    case '2':
        return _("done");
    case '3':
        return _("go on");
    case '4':
        return _("refused for now");
    case '5':
        return _("refused for good");
    default:
        return _("not a reply of RFC 5321");
    }
}

/* --- when to try again -------------------------------------------------------------------------------------------------- */

/* Hard, but one failure may be an accident: no cause was told, or name servers failed. */
static gboolean
is_doubtful (Reason reason)
{
    return reason == REASON_ADDRESS_REJECTED || reason == REASON_DOMAIN_UNKNOWN;
}

/* For programs: "never", "once", "later", "when-mended", "wait", "". */
static const char *
retry_word (const CodeAnswer *answer)
{
    switch (answer->type) {
    case TYPE_HARD:
        return is_doubtful (answer->reason) ? "once" : "never";
    case TYPE_COMPLAINT:
        return "never";
    case TYPE_SOFT:
        return "later";
    case TYPE_BLOCK:
        return "when-mended";
    case TYPE_DELAYED:
        return "wait";
    default:
        return "";
    }
}

static const char *
retry_text (const CodeAnswer *answer)
{
    switch (answer->type) {
    case TYPE_HARD:
        return is_doubtful (answer->reason) ? _("once, on another day; then never") : _("never");
    case TYPE_COMPLAINT:
        return _("never");
    case TYPE_BLOCK:
        return _("when the cause on our side is mended; the address stays in the list");
    case TYPE_DELAYED:
        return _("not by hand: the server is still trying");
    case TYPE_SOFT:
        break;
    default:
        return "";
    }
    switch (answer->reason) {
    case REASON_MAILBOX_DISABLED:
    case REASON_MAILBOX_INACTIVE:
        return _("24 hours after the first bounce, 48 hours after that, 72 hours after that, then after a week; then "
                 "take it as gone");
    case REASON_MAILBOX_FULL:
        return _("after a week");
    case REASON_RECIPIENT_RATE:
        return _("after some hours");
    default:
        return _("after a day; servers try for up to five days by themselves");
    }
}

/* --- for people --------------------------------------------------------------------------------------------------------- */

static void
put_pair (Page *page, guint column, const char *label, const char *text)
{
    g_autofree char *kept = g_strdup (text);

    if (!*text)
        return;
    page_spaces (page, INDENT);
    page_cell (page, INK_DIM, label, column - INDENT, FALSE);
    page_wrap (page, INK_PLAIN, kept, column, 0);
}

static Ink
type_ink (EventType type)
{
    return type == TYPE_HARD || type == TYPE_COMPLAINT ? INK_RED : type == TYPE_SOFT ? INK_YELLOW
           : type == TYPE_BLOCK                        ? INK_BLUE : INK_PLAIN;
}

static void
put_digits (Page *page, guint column, const CodeAnswer *answer)
{
    char class[4], subject[4], detail[4];
    const char *status = or_empty (answer->status);
    const char *reply = or_empty (answer->reply);

    if (split_status (status, class, subject, detail)) {
        put_pair (page, column, _("class"), arena_printf (page->arena, "%s  %s", class, class_text (class[0])));
        put_pair (page, column, _("subject"), arena_printf (page->arena, "%s  %s", subject, subject_text (subject)));
        put_pair (page, column, _("detail"),
                  arena_printf (page->arena, "%s  %s", detail, _(or_empty (answer->meaning))));
    }
    if (*reply)
        put_pair (page, column, _("reply"),
                  arena_printf (page->arena, "%s  %s", reply, answer->reply_meaning && *answer->reply_meaning
                                                                  ? _(answer->reply_meaning) : reply_text (reply)));
}

void
code_text_write (Writer *writer, const CodeAnswer *answer, const CodeTextOptions *options)
{
    g_autoptr (Arena) arena = arena_new ();
    Page page = {.writer = writer, .arena = arena, .unicode = options->unicode, .colour = options->colour,
                 .width = options->width == 0 ? WIDTH_DEFAULT : MAX (options->width, WIDTH_MINIMUM)};
    const char *labels[] = {_("meaning"), _("class"), _("subject"), _("detail"), _("reply"), _("reason"), _("fault of"),
                            _("provider"), _("what to do"), _("try again"), _("known by"), _("see")};
    const char *advice = or_empty (answer->advice);
    guint column = 0;

    for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
        column = MAX (column, columns_of (labels[i]));
    column += INDENT + 2;

    page_wrap (&page, INK_BOLD, or_empty (answer->input), 0, 3);
    page_spaces (&page, INDENT);
    page_cell (&page, type_ink (answer->type), type_label (answer->type), column - INDENT, FALSE);
    page_wrap (&page, type_ink (answer->type), type_meaning (answer->type), column, 0);
    if (!*or_empty (answer->status) && !*or_empty (answer->reply)) {
        page_spaces (&page, INDENT);
        page_wrap (&page, INK_PLAIN, _("No status code and no reply code is known in this."), INDENT, 0);
    }
    if (!*or_empty (answer->status)) /* else it is what the detail says */
        put_pair (&page, column, _("meaning"), _(or_empty (answer->meaning)));
    put_digits (&page, column, answer);
    put_pair (&page, column, _("reason"),
              arena_printf (arena, "%s: %s", reason_word (answer->reason), reason_label (answer->reason)));
    if (answer->fault != FAULT_NONE)
        put_pair (&page, column, _("fault of"), fault_label (answer->fault));
    put_pair (&page, column, _("provider"), or_empty (answer->provider));
    put_pair (&page, column, _("what to do"), *advice ? _(advice) : reason_advice (answer->reason));
    put_pair (&page, column, _("try again"), retry_text (answer));
    put_pair (&page, column, _("known by"), or_empty (answer->rule));
    put_pair (&page, column, _("see"), or_empty (answer->reference));
}

/* --- for programs ------------------------------------------------------------------------------------------------------- */

void
code_json_write (Writer *writer, const CodeAnswer *answer)
{
    char class[4] = "", subject[4] = "", detail[4] = "";
    Json json = {writer, FALSE};

    if (!split_status (or_empty (answer->status), class, subject, detail))
        class[0] = subject[0] = detail[0] = '\0';
    json_open (&json, NULL, '{');
    json_string (&json, "input", answer->input);
    json_string (&json, "status", answer->status);
    json_string (&json, "reply", answer->reply);
    json_string (&json, "class", class);
    json_string (&json, "subject", subject);
    json_string (&json, "detail", detail);
    json_string (&json, "type", event_type_word (answer->type));
    json_string (&json, "fault", fault_word (answer->fault));
    json_string (&json, "reason", reason_word (answer->reason));
    json_string (&json, "rule", answer->rule);
    json_string (&json, "provider", answer->provider);
    json_string (&json, "meaning", answer->meaning);
    json_string (&json, "advice", answer->advice);
    json_string (&json, "retry", retry_word (answer));
    json_string (&json, "reference", answer->reference);
    json_close (&json, '}');
    writer_putc (writer, '\n');
}
