/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "policy/guard.h"
#include "policy/identity.h"

typedef struct {
    const char *recipient, *report_to, *sender, *message_id;
    guint32 flags;
    Trust trust;
} Case;

static void
judge_all (const Identity *identity, const Case *cases, guint n)
{
    for (guint i = 0; i < n; i++) {
        BounceEvent event;
        event_init (&event);
        event.recipient = cases[i].recipient;
        event.report_to = cases[i].report_to;
        event.original_sender = cases[i].sender;
        event.original_message_id = cases[i].message_id;
        event.flags = cases[i].flags;
        if (identity_judge (identity, &event) != cases[i].trust)
            fail_msg ("case %u (%s, %s): %s", i, cases[i].recipient, cases[i].report_to,
                      trust_word (identity_judge (identity, &event)));
    }
}

static void
test_verp (void **state)
{
    static const Case cases[] = {
        {"ann@x.example", "b-1-ann=x.example@l.example", "", "", 0, TRUST_CORRELATED},
        {"Ann@X.Example", "other@l.example B-77-ANN=x.example@L.example", "", "", 0, TRUST_CORRELATED},
        {"a-b=c@x.example", "b-1-a-b=c=x.example@l.example", "", "", 0, TRUST_CORRELATED},
        {"ann@x.example", "b-1-2-3-ann=x.example@l.example", "", "", 0, TRUST_CORRELATED},
        {"ann@x.example", "", "b-1-ann=x.example@l.example", "", 0, TRUST_CORRELATED},
        {"ann@x.example", "b-1-ann=x.example@l.example", "", "1@evil.example", 0, TRUST_CONTRADICTED},
        {"ann@x.example", "b-1-ann=x.example@l.example", "", "1@sub.m.example", 0, TRUST_CORRELATED},
        {"ann@x.example", "b--ann=x.example@l.example", "", "", 0, TRUST_UNVERIFIED}, /* {id} is something */
        {"ann@x.example", "b-1-bob=x.example@l.example", "", "", 0, TRUST_CONTRADICTED},
        {"ann@x.example", "b-1-joann=x.example@l.example", "", "", 0, TRUST_CONTRADICTED},
        {"ann@x.example", "b-1-ann=x.example@l.example.evil.example", "", "", 0, TRUST_UNVERIFIED},
        {"ann@x.example", "xb-1-ann=x.example@l.example", "", "", 0, TRUST_UNVERIFIED},
        {"ann@x.example", "postmaster@l.example", "", "", 0, TRUST_UNVERIFIED},
        {"ann@x.example", "", "news@s.example", "1@m.example", 0, TRUST_UNVERIFIED}, /* everybody knows these */
        {"ann@x.example", "b-1-ann=x.example@l.example", "", "", FLAG_CONTRADICTED, TRUST_CONTRADICTED},
        {"", "b-1-ann=x.example@l.example", "", "", 0, TRUST_UNVERIFIED},
    };
    g_autoptr (Identity) identity = identity_new ();
    (void) state;
    assert_true (identity_is_empty (identity));
    assert_null (identity_add_verp (identity, "b-{id}-{local}={domain}@l.example"));
    identity_add_message_id_domain (identity, "M.example");
    assert_non_null (identity_add_verp (identity, "b-{name}@l.example"));
    assert_non_null (identity_add_verp (identity, "b-{local}"));
    assert_non_null (identity_add_verp (identity, ""));
    assert_false (identity_is_empty (identity));
    judge_all (identity, cases, G_N_ELEMENTS (cases));
}

static void
test_verp_without_recipient (void **state)
{
    static const Case cases[] = {
        {"ann@x.example", "b-123@l.example", "", "", 0, TRUST_PLAUSIBLE},
        {"ann@x.example", "b-@l.example", "", "", 0, TRUST_UNVERIFIED},
    };
    g_autoptr (Identity) identity = identity_new ();
    (void) state;
    assert_null (identity_add_verp (identity, "b-{id}@l.example"));
    judge_all (identity, cases, G_N_ELEMENTS (cases));
}

static void
test_domains (void **state)
{
    static const Case cases[] = {
        {"ann@x.example", "", "news@s.example", "1@m.example", 0, TRUST_PLAUSIBLE},
        {"ann@x.example", "", "news@deep.S.example", "1@m.example", 0, TRUST_PLAUSIBLE},
        {"ann@x.example", "", "news@nots.example", "1@m.example", 0, TRUST_CONTRADICTED},
        {"ann@x.example", "", "news@s.example", "1@other.example", 0, TRUST_CONTRADICTED},
        {"ann@x.example", "", "news@s.example", "", 0, TRUST_UNVERIFIED},
        {"ann@x.example", "", "", "", 0, TRUST_UNVERIFIED},
        {"ann@x.example", "", "SRS0=ab=cd=s.example=news@forward.example", "1@m.example", 0, TRUST_UNVERIFIED},
        /* nothing came back: the sender is only where the report was sent to */
        {"ann@x.example", "", "news@s.example", "1@m.example", FLAG_NO_ORIGINAL, TRUST_UNVERIFIED},
    };
    g_autoptr (Identity) identity = identity_new ();
    (void) state;
    identity_add_sender_domain (identity, "s.example");
    identity_add_message_id_domain (identity, "m.example");
    judge_all (identity, cases, G_N_ELEMENTS (cases));
}

static void
test_recipients (void **state)
{
    static const Case cases[] = {
        {"Ann@x.example", "", "", "", 0, TRUST_PLAUSIBLE},
        {"bob@x.example", "", "", "", 0, TRUST_CONTRADICTED},
        {"", "", "", "", 0, TRUST_UNVERIFIED},
    };
    static const Case nobody[] = {{"ann@x.example", "", "", "", 0, TRUST_CONTRADICTED}};
    static const Case no_identity[] = {{"ann@x.example", "", "", "", 0, TRUST_UNVERIFIED},
                                       {"ann@x.example", "", "", "", FLAG_CONTRADICTED, TRUST_CONTRADICTED}};
    g_autoptr (Identity) identity = identity_new (), empty = identity_new (), same = identity_new ();
    (void) state;
    identity_add_recipient (identity, "zoe@x.example");
    identity_add_recipient (identity, "ann@X.example");
    identity_add_recipient (same, "ann@x.example");
    identity_add_recipient (same, "zoe@x.example");
    judge_all (identity, cases, G_N_ELEMENTS (cases));
    Digest a = identity_digest (identity), b = identity_digest (same), c = identity_digest (empty);
    assert_true (digest_equal (&a, &b));
    assert_false (digest_equal (&a, &c));
    judge_all (empty, no_identity, G_N_ELEMENTS (no_identity));
    judge_all (NULL, no_identity, G_N_ELEMENTS (no_identity));
    identity_has_recipients (empty);
    judge_all (empty, nobody, 1);
}

static void
test_guard (void **state)
{
    static const struct {
        GuardFigures figures;
        GuardVerdict verdict;
    } cases[] = {
        {{FALSE, 100, 0, 5000, 0}, GUARD_FIRST},
        {{TRUE, 100, 10, 0, 0}, GUARD_PASSES},
        {{TRUE, 100, 10, 20, 0}, GUARD_PASSES},
        {{TRUE, 100, 10, 21, 0}, GUARD_GROWS},
        {{TRUE, 100000, 10, 2000, 0}, GUARD_PASSES},
        {{TRUE, 100000, 10, 2001, 0}, GUARD_GROWS},
        {{TRUE, G_MAXUINT64, 10, 2001, 0}, GUARD_PASSES},
        {{TRUE, 100, 100, 0, 20}, GUARD_PASSES},
        {{TRUE, 100, 100, 0, 21}, GUARD_SHRINKS},
        {{TRUE, 100, 100, 15, 30}, GUARD_PASSES}, /* 85 of 100 */
        {{TRUE, 100, 0, 20, 0}, GUARD_PASSES},
        {{TRUE, 0, 0, 0, 0}, GUARD_PASSES},
    };
    GuardLimits limits = GUARD_LIMITS_DEFAULT;
    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
        if (guard_check (&cases[i].figures, &limits) != cases[i].verdict)
            fail_msg ("case %u", i);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_verp),       cmocka_unit_test (test_verp_without_recipient),
        cmocka_unit_test (test_domains),    cmocka_unit_test (test_recipients),
        cmocka_unit_test (test_guard),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
