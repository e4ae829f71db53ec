/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "event/address.h"
#include "event/domain.h"

#include <string.h>

#define NONE "(none)"

static const char *
or_none (const char *text)
{
    return text == NULL ? NONE : text;
}

static void
test_clean (void **state)
{
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"user@example.com", "user@example.com"},
        {" <User@EXAMPLE.com> ", "User@example.com"},
        {"<user@example.com>:", "user@example.com"},
        {"\"Doe, John\" <john@example.com>", "john@example.com"},
        {"john@example.com (John Doe)", "john@example.com"},
        {"\"john@example.com\"", "john@example.com"},
        {"'john@example.com'", "john@example.com"},
        {"\"john doe\"@example.com", "\"john doe\"@example.com"},
        {"<\"a@b\"@example.com>", "\"a@b\"@example.com"},
        {"@relay.example,@two.example:user@example.com", "user@example.com"},
        {"mailto:user@example.com", "user@example.com"},
        {"SMTP:user@example.com", "user@example.com"},
        {"user@example.com.", "user@example.com"},
        {"user@[192.0.2.1]", "user@[192.0.2.1]"},
        {"user@[IPv6:2001:db8::1]", "user@[ipv6:2001:db8::1]"},
        {"a..b.@docomo.example", "a..b.@docomo.example"},
        {"user+tag=x@example.com", "user+tag=x@example.com"},
        {"=b@example.com", "=b@example.com"},
        {"\xe7\x94\xa8\xe6\x88\xb7@\xe4\xbe\x8b.example", "\xe7\x94\xa8\xe6\x88\xb7@\xe4\xbe\x8b.example"},
        {"", NONE},
        {"user", NONE},
        {"@example.com", NONE},
        {"user@", NONE},
        {"us er@example.com", NONE},
        {"user@exam ple.com", NONE},
        {"user@example..com", NONE},
        {"user@-example.com", NONE},
        {"us\ner@example.com", NONE},
        {"us\x01" "er@example.com", NONE},
        {"us\xff" "er@example.com", NONE},
        {"a\xef\xbf\xbd" "b@example.com", NONE},
        {"a\xe2\x80\xae" "b@example.com", NONE},
        {"\"unfinished@example.com", NONE},
        {"[email\xc2\xa0protected]", NONE},
        {"user@exa<mple.com", NONE},
    };
    g_autoptr (Arena) arena = arena_new ();
    g_autofree char *local = g_strnfill (300, 'a'), *longer = g_strconcat (local, "@", local, ".example", NULL);

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        const char *got = or_none (address_clean (arena, span_of (cases[i].in)));

        if (strcmp (got, cases[i].out) != 0)
            fail_msg ("“%s” gave “%s”, not “%s”", cases[i].in, got, cases[i].out);
    }
    assert_null (address_clean (arena, span ("a\0b@example.com", 15)));
    assert_null (address_clean (arena, span_of (longer)));
    assert_null (address_clean (arena, span (NULL, 0)));
}

static void
test_typed (void **state)
{
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"rfc822; user@example.com", "user@example.com"},
        {"RFC822;<user@example.com>", "user@example.com"},
        {"rfc822;user+tag@example.com", "user+tag@example.com"},
        {"rfc822;user+2Btag@example.com", "user+tag@example.com"},
        {"rfc822;user+20@example.com", "user+20@example.com"},
        {"rfc822;user+40example.com", "user@example.com"},
        {"rfc822;us+0Aer@example.com", "us+0Aer@example.com"},
        {"utf-8; \\x{7528}@example.com", "\xe7\x94\xa8@example.com"},
        {"utf-8; \\x{0}@example.com", NONE},
        {"utf-8;\xe7\x94\xa8@example.com", "\xe7\x94\xa8@example.com"},
        {"user@example.com", "user@example.com"},
        {"X400;/C=de/A=x/S=y@z/", NONE},
        {"system;local", NONE},
        {"unknown; a@example.com", "a@example.com"},
        {"rfc822;", NONE},
        {";", NONE},
        {"", NONE},
    };
    g_autoptr (Arena) arena = arena_new ();

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        const char *got = or_none (address_from_typed (arena, span_of (cases[i].in)));

        if (strcmp (got, cases[i].out) != 0)
            fail_msg ("“%s” gave “%s”, not “%s”", cases[i].in, got, cases[i].out);
    }
}

static void
test_find (void **state)
{
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"550 5.1.1 <a@example.com>... User unknown, see b@example.org.", "a@example.com b@example.org"},
        {"sent to a@example.com,b@example.com;c@example.com", "a@example.com b@example.com c@example.com"},
        {"To: \"john doe\"@example.com", "\"john doe\"@example.com"},
        {"mailto:a@example.com)", "a@example.com"},
        {"\xe5\xae\x9b\xe5\x85\x88" "a@example.jp\xe3\x81\xaf", "a@example.jp"},
        {"<\xe7\x94\xa8@example.jp>", "\xe7\x94\xa8@example.jp"},
        {"no address @ here, nor@ , nor @there", ""},
        {"'a@example.com'", "a@example.com"},
        {"host x[192.0.2.1] said", ""},
        {"a@b@c", "a@b"},
        {"user@[192.0.2.1] x", "user@[192.0.2.1]"},
    };
    g_autoptr (Arena) arena = arena_new ();

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GString) all = g_string_new (NULL);
        Span rest = span_of (cases[i].in);

        for (const char *found; (found = address_find (arena, &rest)) != NULL;)
            g_string_append_printf (all, "%s%s", all->len > 0 ? " " : "", found);
        if (strcmp (all->str, cases[i].out) != 0)
            fail_msg ("“%s” gave “%s”, not “%s”", cases[i].in, all->str, cases[i].out);
    }
}

static void
test_normal (void **state)
{
    g_autoptr (Arena) arena = arena_new ();

    (void) state;
    assert_string_equal (address_normal (arena, "User@Example.COM"), "user@example.com");
    assert_string_equal (address_normal (arena, "u@b\xc3\xbc" "cher.example"), "u@xn--bcher-kva.example");
    assert_string_equal (address_normal (arena, ""), "");
    assert_string_equal (address_normal (arena, "\"=1+1\"@example.com"), "=1+1@example.com");
    assert_string_equal (address_normal (arena, "\"John Doe\"@example.com"), "\"john doe\"@example.com");
    assert_string_equal (address_normal (arena, "\"\"@example.com"), "\"\"@example.com");
    assert_string_equal (address_domain ("\"a@b\"@example.com"), "example.com");
    assert_string_equal (domain_to_ascii (arena, "B\xc3\x9c" "CHER.example."), "xn--bcher-kva.example");
    assert_string_equal (domain_to_unicode (arena, "xn--bcher-kva.example"), "b\xc3\xbc" "cher.example");
    assert_true (domain_has_suffix ("mx.example.com", "example.com"));
    assert_true (domain_has_suffix ("example.com", "example.com"));
    assert_false (domain_has_suffix ("badexample.com", "example.com"));
    assert_false (domain_has_suffix ("example.com", ""));
    assert_string_equal (domain_registrable ("mail.example.co.jp"), "example.co.jp");
    assert_true (address_is_valid ("a@example.com"));
    assert_false (address_is_valid ("<a@example.com>"));
    assert_false (address_is_valid ("a@example.com."));
}

UNIT_MAIN (cmocka_unit_test (test_clean), cmocka_unit_test (test_typed), cmocka_unit_test (test_find),
           cmocka_unit_test (test_normal))
