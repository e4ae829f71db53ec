/* SPDX-License-Identifier: MIT */
/* Provider and gateway: the order of evidence, platform and brand, and evidence that proves nothing. */
#include "unit.h"

#include "classify/tables_private.h"
#include "classify/verdict.h"
#include <glib/gstdio.h>
#include <string.h>

static const struct {
    const char *recipient, *remote_mta, *reporting_mta, *diagnostic, *provider, *gateway;
    ProviderEvidence evidence;
} CASES[] = {
    /* the recipient's domain first */
    {"a@gmail.com", "", "", "", "gmail", "", EVIDENCE_DOMAIN},
    {"a@GMAIL.com", "", "", "", "gmail", "", EVIDENCE_DOMAIN},
    {"a@googlemail.com", "", "", "", "gmail", "", EVIDENCE_DOMAIN},
    {"a@yahoo.co.jp", "", "", "", "yahoo-japan", "", EVIDENCE_DOMAIN},
    {"a@yahoo.co.uk", "", "", "", "yahoo", "", EVIDENCE_DOMAIN},
    {"a@aol.com", "dns; mx-aol.mail.gm0.yahoodns.net", "", "", "aol", "", EVIDENCE_DOMAIN},
    {"a@cox.net", "dns; cxr.mail.gm0.yahoodns.net", "", "", "cox", "", EVIDENCE_DOMAIN},
    {"a@hotmail.co.jp", "", "", "", "outlook", "", EVIDENCE_DOMAIN},
    {"a@contoso.onmicrosoft.com", "", "", "", "microsoft365", "", EVIDENCE_DOMAIN},
    {"a@b.ezweb.ne.jp", "", "", "", "kddi-au", "", EVIDENCE_DOMAIN},
    {"a@web.de", "", "", "", "web.de", "", EVIDENCE_DOMAIN},
    {"a@gmx.net", "", "", "", "gmx", "", EVIDENCE_DOMAIN},
    {"a@t-online.de", "", "", "", "t-online", "", EVIDENCE_DOMAIN},
    {"a@wanadoo.fr", "", "", "", "orange", "", EVIDENCE_DOMAIN},
    {"a@foxmail.com", "", "", "", "qq", "", EVIDENCE_DOMAIN},
    /* then the host that answered, longest suffix first */
    {"a@corp.example", "dns; aspmx.l.google.com", "", "", "google-workspace", "", EVIDENCE_REMOTE_MTA},
    {"a@corp.example", "dns; alt2.aspmx.l.google.com", "", "", "google-workspace", "", EVIDENCE_REMOTE_MTA},
    {"a@corp.example", "gmail-smtp-in.l.google.com", "", "", "gmail", "", EVIDENCE_REMOTE_MTA},
    {"a@corp.example", "dns; corp-example.mail.protection.outlook.com (192.0.2.1)", "", "", "microsoft365", "",
     EVIDENCE_REMOTE_MTA},
    {"a@corp.example", "dns; corp-example.olc.protection.outlook.com", "", "", "outlook", "", EVIDENCE_REMOTE_MTA},
    {"a@corp.example", "dns; mta5.am0.yahoodns.net", "", "", "yahoo", "", EVIDENCE_REMOTE_MTA},
    {"a@corp.example", "dns; notgoogle.com.example", "", "", "other", "", EVIDENCE_NONE},
    {"a@corp.example", "", "", "host mx01.mail.icloud.com[192.0.2.1] said: 550 no", "icloud", "", EVIDENCE_SAID_HOST},
    {"a@corp.example", "", "",
     "<corp-example.mail.protection.outlook.com #5.1.1 smtp; 550 5.1.1 unknown>", "microsoft365", "",
     EVIDENCE_SAID_HOST},
    /* then words that only one provider writes */
    {"a@corp.example", "", "", "550 5.1.1 no q12si123 - gsmtp", "google", "", EVIDENCE_HINT},
    {"a@corp.example", "", "", "550 rejected, see AUP#In-1310", "spectrum", "", EVIDENCE_HINT},
    {"a@corp.example", "", "", "552 5.1.1 pleine OFR_417", "orange", "", EVIDENCE_HINT},
    /* a gateway is not the mailbox */
    {"a@corp.example", "dns; eu-smtp-inbound-1.mimecast.com", "", "550 no", "other", "mimecast", EVIDENCE_NONE},
    {"a@corp.example", "dns; mx0a-0001.pphosted.com", "", "550 5.1.1 no - gsmtp", "google", "proofpoint",
     EVIDENCE_HINT},
    {"a@gmail.com", "dns; d1.ess.barracudanetworks.com", "", "550 no", "gmail", "barracuda", EVIDENCE_DOMAIN},
    {"a@corp.example", "", "", "550 poor reputation - https://community.mimecast.com/docs/DOC-1369", "other",
     "mimecast", EVIDENCE_NONE},
    /* what proves nothing: the reporting server is the sender's, a link is an advertisement, the sender's own host */
    {"a@corp.example", "", "dns; googlemail.com", "550 5.1.1 User unknown", "other", "", EVIDENCE_NONE},
    {"a@corp.example", "", "dns; mail-1.google.com", "550 5.1.1 User unknown", "other", "", EVIDENCE_NONE},
    {"a@corp.example", "", "", "550 blocked, see http://www.barracudanetworks.com/reputation/?ip=1", "other", "",
     EVIDENCE_NONE},
    {"a@corp.example", "", "", "550 <news@gmail.com>: we do not like mail from gmail.com", "other", "",
     EVIDENCE_NONE},
    {"a@x.mail.ru", "", "dns; mxs.mail.ru", "550 no", "mail.ru", "", EVIDENCE_REPORTING_MTA},
    {"a@corp.example", "", "", "", "other", "", EVIDENCE_NONE},
    {"", "", "", "550 no", "", "", EVIDENCE_NONE},
    {"", "", "", "550 no - gsmtp", "google", "", EVIDENCE_HINT},
};

static void
test_evidence (void **state)
{
    g_autoptr (Tables) tables = tables_load (NULL, FALSE, NULL);
    g_autoptr (Arena) arena = arena_new ();
    guint wrong = 0;

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
        ProviderAnswer answer;
        BounceEvent event;

        event_init (&event);
        event.recipient = CASES[i].recipient;
        event.remote_mta = CASES[i].remote_mta;
        event.reporting_mta = CASES[i].reporting_mta;
        event.diagnostic = CASES[i].diagnostic;
        answer = verdict_place (tables, &event, arena);
        if (strcmp (event.provider, CASES[i].provider) == 0 && strcmp (event.gateway, CASES[i].gateway) == 0 &&
            answer.evidence == CASES[i].evidence)
            continue;
        wrong++;
        print_error ("%u: %s '%s' '%s': %s/%s by %s, expected %s/%s by %s\n", i, CASES[i].recipient,
                     CASES[i].remote_mta, CASES[i].diagnostic, event.provider, event.gateway,
                     provider_evidence_word (answer.evidence), CASES[i].provider, CASES[i].gateway,
                     provider_evidence_word (CASES[i].evidence));
    }
    assert_int_equal (wrong, 0);
    assert_true (provider_table_length (tables->providers) > 500);
}

static void
test_override (void **state)
{
    g_autofree char *path = g_build_filename (g_get_tmp_dir (), "nixie-providers.tsv", NULL);
    const char *const files[] = {path, NULL};
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (Tables) tables = NULL;
    BounceEvent event;

    (void) state;
    assert_true (g_file_set_contents (path,
                                      "kind\tkey\tprovider\tgroup\n"
                                      "domain\tgmail.com\tours\twebmail\n"
                                      "domain\t.b\xc3\xbc" "cher.example\tlibrary\thosted\n"
                                      "mx\tfilter.example\tsieve\tgateway\n",
                                      -1, NULL));
    tables = tables_load (files, FALSE, NULL);
    assert_non_null (tables);
    event_init (&event);
    event.recipient = "a@gmail.com";
    verdict_place (tables, &event, arena);
    assert_string_equal (event.provider, "ours");
    event.recipient = "a@xn--bcher-kva.example"; /* below the domain only, not itself */
    verdict_place (tables, &event, arena);
    assert_string_equal (event.provider, "other");
    event.recipient = "a@mail.xn--bcher-kva.example";
    event.remote_mta = "dns; mx.filter.example";
    verdict_place (tables, &event, arena);
    assert_string_equal (event.provider, "library");
    assert_string_equal (event.gateway, "sieve");
    assert_string_equal (provider_table_host (tables->providers, "mx1.qq.com", NULL), "qq");
    assert_string_equal (provider_table_host (tables->providers, "", NULL), "");
    g_unlink (path);
}

static void
test_known (void **state)
{
    static const char LIST[] = "# domain and MX\n"
                               "corp.example\taspmx.l.google.com\n"
                               "corp.example\tmx1.pphosted.com.\textra\n"
                               "Other.Example mx.unknown.example\r\n"
                               "broken\n\n\tx\n";
    g_autoptr (Tables) tables = tables_load (NULL, FALSE, NULL);
    g_autoptr (Arena) arena = arena_new ();
    BounceEvent event;

    (void) state;
    tables_add_mx_list (tables, LIST, sizeof LIST - 1);
    event_init (&event);
    event.recipient = "a@corp.example";
    verdict_place (tables, &event, arena);
    assert_string_equal (event.provider, "google-workspace");
    assert_string_equal (event.gateway, "proofpoint");
    assert_string_equal (tables_provider_evidence (tables, &event, arena), "mx-file");
    /* what was learned comes first, what the event says before that */
    tables_learn_domain (tables, "corp.example", "zoho", "");
    tables_learn_domain (tables, "", "zoho", "");
    verdict_place (tables, &event, arena);
    assert_string_equal (event.provider, "zoho");
    assert_string_equal (event.gateway, "proofpoint");
    event.remote_mta = "dns; mx1.qq.com";
    verdict_place (tables, &event, arena);
    assert_string_equal (event.provider, "qq");
    assert_string_equal (tables_provider_evidence (tables, &event, arena), "remote-mta");
    event.remote_mta = "";
    event.recipient = "a@other.example";
    verdict_place (tables, &event, arena);
    assert_string_equal (event.provider, "other");
}

UNIT_MAIN (cmocka_unit_test (test_known), cmocka_unit_test (test_evidence), cmocka_unit_test (test_override))
