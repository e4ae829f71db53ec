/* SPDX-License-Identifier: MIT */
#include "unit.h"

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
    identity_free (NULL);
}

/* What an address must look like to be a pattern. */
static void
test_verp_patterns (void **state)
{
    static const char *const refused[] = {
        "", "b", "@", "b-{local}", "b-{local}@", "b-{name}@l.example", "b-{id@l.example", "b-id}@l.example",
        "b {id}@l.example", "b\t{id}@l.example", "b\037@l.example", "b\001@l.example",
        /* everybody's domain would be ours */
        "b@{id}", "b@{domain}", "b-{id}@{id}", "{local}@{domain}", "b@l.{id}",
    };
    static const char *const taken[] = {"b-{local}@x", "{id}@l.example", "b-{id}@{id}.l.example", "b!~@l.example",
                                        "b@x@l.example"};
    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
        g_autoptr (Identity) identity = identity_new ();
        if (identity_add_verp (identity, refused[i]) == NULL)
            fail_msg ("'%s' was taken", refused[i]);
        assert_true (identity_is_empty (identity));
    }
    for (guint i = 0; i < G_N_ELEMENTS (taken); i++) {
        g_autoptr (Identity) identity = identity_new ();
        if (identity_add_verp (identity, taken[i]) != NULL)
            fail_msg ("'%s' was refused", taken[i]);
        assert_false (identity_is_empty (identity));
    }
}

/* Only part of the address is in the pattern: it may be another's. */
static void
test_verp_half (void **state)
{
    static const char *const patterns[] = {"b-{local}@l.example", "b-{domain}@l.example"};
    static const Case cases[][2] = {
        {{"ann@x.example", "b-ann@l.example", "", "", 0, TRUST_PLAUSIBLE},
         {"ann@x.example", "b-bob@l.example", "", "", 0, TRUST_CONTRADICTED}},
        {{"ann@x.example", "b-x.example@l.example", "", "", 0, TRUST_PLAUSIBLE},
         {"ann@x.example", "b-y.example@l.example", "", "", 0, TRUST_CONTRADICTED}},
    };
    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (patterns); i++) {
        g_autoptr (Identity) identity = identity_new ();
        assert_null (identity_add_verp (identity, patterns[i]));
        judge_all (identity, cases[i], 2);
    }
}

static void
test_sender_alone (void **state)
{
    static const Case cases[] = {
        {"ann@x.example", "", "news@s.example", "1@other.example", 0, TRUST_PLAUSIBLE},
        {"ann@x.example", "", "news@ss.example", "", 0, TRUST_CONTRADICTED},
        {"ann@x.example", "", "news@example", "", 0, TRUST_CONTRADICTED},
        {"ann@x.example", "", "news@s.example.evil.example", "", 0, TRUST_CONTRADICTED},
        {"ann@x.example", "", "news", "", 0, TRUST_UNVERIFIED},
        {"ann@x.example", "", "srs0=ab=cd=o.example=news@forward.example", "", 0, TRUST_UNVERIFIED},
        {"ann@x.example", "", "SRS1=ab=f.example=news@forward.example", "", 0, TRUST_UNVERIFIED},
        {"ann@x.example", "", "srs2=ab=f.example=news@forward.example", "", 0, TRUST_CONTRADICTED},
    };
    g_autoptr (Identity) identity = identity_new ();
    (void) state;
    identity_add_sender_domain (identity, "S.example");
    judge_all (identity, cases, G_N_ELEMENTS (cases));
}

/* The same identity in another order is the same; another one is another. */
static void
test_digest (void **state)
{
    static const char *const sets[][3] = {
        /* senders, ids, patterns: words separated by a blank */
        {"", "", ""}, {"a.example", "", ""}, {"b.example", "", ""}, {"a.examplf", "", ""}, {"", "a.example", ""},
        {"a.example b.example", "", ""}, {"a.example", "b.example", ""}, {"a.exampleb.example", "", ""},
        {"b.example c.example", "", ""}, {"", "", "b-{id}@a.example"}, {"", "", "b-{local}@a.example"},
        {"a.example b.example c.example", "", ""}, {"x.example b.example c.example", "", ""},
    };
    Digest digests[G_N_ELEMENTS (sets) + 3];
    guint n = 0;
    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (sets); i++) {
        Digest forward = {{0}};
        for (guint turn = 0; turn < 2; turn++) {
            g_autoptr (Identity) identity = identity_new ();
            for (guint k = 0; k < 3; k++) {
                g_auto (GStrv) words = g_strsplit (sets[i][k], " ", -1);
                guint length = g_strv_length (words);
                for (guint w = 0; w < length; w++) {
                    const char *word = words[turn == 0 ? w : length - 1 - w];
                    if (k == 0)
                        identity_add_sender_domain (identity, word);
                    else if (k == 1)
                        identity_add_message_id_domain (identity, word);
                    else
                        assert_null (identity_add_verp (identity, word));
                }
            }
            Digest digest = identity_digest (identity);
            if (turn == 0)
                forward = digest;
            assert_true (digest_equal (&forward, &digest));
        }
        digests[n++] = forward;
    }
    for (guint count = 0; count < 3; count++) {
        g_autoptr (Identity) identity = identity_new ();
        identity_has_recipients (identity);
        for (guint i = 0; i < count; i++)
            identity_add_recipient (identity, i == 0 ? "ann@x.example" : "bob@x.example");
        assert_true (identity_n_recipients (identity) == count);
        digests[n++] = identity_digest (identity);
    }
    for (guint i = 0; i < n; i++)
        for (guint k = 0; k < i; k++)
            if (digest_equal (&digests[i], &digests[k]))
                fail_msg ("%u and %u are one", i, k);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_verp),       cmocka_unit_test (test_verp_without_recipient),
        cmocka_unit_test (test_domains),    cmocka_unit_test (test_recipients),
        cmocka_unit_test (test_verp_patterns), cmocka_unit_test (test_verp_half),
        cmocka_unit_test (test_sender_alone), cmocka_unit_test (test_digest),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
