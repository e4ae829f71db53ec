/* SPDX-License-Identifier: MIT */
/* What comes out of compressed files and archives: whole, cut, damaged, in each other. */
#include "source_files.h"

#include <archive.h>
#include <archive_entry.h>

typedef struct {
    const char *name, *data;
    gsize length; /* 0: of the text */
} Member;

static struct archive *
archive_start (const char *path, int format, int filter)
{
    struct archive *archive = archive_write_new ();

    if (filter != ARCHIVE_FILTER_NONE)
        assert_int_equal (archive_write_add_filter (archive, filter), ARCHIVE_OK);
    assert_int_equal (archive_write_set_format (archive, format), ARCHIVE_OK);
    assert_int_equal (archive_write_set_bytes_in_last_block (archive, 1), ARCHIVE_OK);
    assert_int_equal (archive_write_open_filename (archive, path), ARCHIVE_OK);
    return archive;
}

static void
archive_member (struct archive *archive, const char *name, int type, const char *data, gsize length)
{
    struct archive_entry *entry = archive_entry_new ();

    archive_entry_set_pathname (entry, name);
    archive_entry_set_filetype (entry, (unsigned) type);
    archive_entry_set_perm (entry, 0644);
    if (type == AE_IFLNK)
        archive_entry_set_symlink (entry, data);
    else
        archive_entry_set_size (entry, (la_int64_t) length);
    assert_int_equal (archive_write_header (archive, entry), ARCHIVE_OK);
    if (type == AE_IFREG)
        assert_int_equal (archive_write_data (archive, data, length), length);
    archive_entry_free (entry);
}

static void
archive_end (struct archive *archive)
{
    assert_int_equal (archive_write_close (archive), ARCHIVE_OK);
    archive_write_free (archive);
}

static void
pack (const char *path, int format, int filter, const Member *members, gsize n)
{
    struct archive *archive = archive_start (path, format, filter);

    for (gsize i = 0; i < n; i++)
        archive_member (archive, members[i].name, AE_IFREG, members[i].data,
                        members[i].length > 0 ? members[i].length : strlen (members[i].data));
    archive_end (archive);
}

static void
compress_to (const char *path, int filter, const char *data, gsize length)
{
    struct archive *archive = archive_start (path, ARCHIVE_FORMAT_RAW, filter);

    archive_member (archive, "data", AE_IFREG, data, length);
    archive_end (archive);
}

static char *
contents (const char *path, gsize *length)
{
    char *data = NULL;

    assert_true (g_file_get_contents (path, &data, length, NULL));
    return data;
}

static void
test_compressed (void **state)
{
    static const struct {
        const char *name;
        int filter;
    } filters[] = {{"m.gz", ARCHIVE_FILTER_GZIP}, {"m.xz", ARCHIVE_FILTER_XZ}, {"m.bz2", ARCHIVE_FILTER_BZIP2},
                   {"m.zst", ARCHIVE_FILTER_ZSTD}};
    static const char one[] = FROM (1) MAIL (1) "\n", two[] = FROM (2) MAIL (2) "\n";

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (filters); i++) {
        const char *name = filters[i].name;
        g_autofree char *wanted = g_strdup_printf ("x %s 0 Subject: m1\nx %s 66 Subject: m2\n0 0\n", name, name);
        g_autofree char *first = NULL, *both = NULL;
        gsize first_length, second_length;

        /* two members in one file, as `cat a.gz b.gz` makes them */
        compress_to (name, filters[i].filter, one, sizeof one - 1);
        first = contents (name, &first_length);
        compress_to (name, filters[i].filter, two, sizeof two - 1);
        both = contents (name, &second_length);
        both = g_realloc (both, first_length + second_length);
        memmove (both + first_length, both, second_length);
        memcpy (both, first, first_length);
        put_length (name, both, first_length + second_length);
        assert_reads (name, wanted);
    }
    compress_to ("one.eml.gz", ARCHIVE_FILTER_GZIP, MAIL (3), sizeof MAIL (3) - 1);
    assert_reads ("one.eml.gz", "f one.eml.gz 0 Subject: m3\n0 0\n");
    compress_to ("empty.gz", ARCHIVE_FILTER_GZIP, "", 0);
    assert_reads ("empty.gz", "0 0\n! empty.gz:0: the file is empty\n");
    g_mkdir_with_parents ("Packed/new", 0700);
    g_mkdir_with_parents ("Packed/cur", 0700);
    compress_to ("Packed/cur/1.a:2,SZ", ARCHIVE_FILTER_ZSTD, MAIL (4), sizeof MAIL (4) - 1);
    assert_reads ("Packed", "d Packed/cur/1.a:2,SZ 0 Subject: m4\n0 0\n");
}

static void
test_gzip_ends (void **state)
{
    g_autofree char *data = NULL, *longer = NULL;
    gsize length;

    (void) state;
    compress_to ("m.gz", ARCHIVE_FILTER_GZIP, MAIL (1), sizeof MAIL (1) - 1);
    data = contents ("m.gz", &length);
    longer = g_malloc0 (length + 600);
    memcpy (longer, data, length);
    put_length ("padded.gz", longer, length + 600);
    assert_reads ("padded.gz", "f padded.gz 0 Subject: m1\n0 0\n");
    longer[length + 3] = 'x';
    put_length ("junk.gz", longer, length + 600);
    assert_reads ("junk.gz", "1 0\n! junk.gz:20: what follows the last gzip member is no gzip data\n");
    longer[length - 6] ^= 1; /* the checksum */
    put_length ("sum.gz", longer, length);
    assert_reads ("sum.gz", "1 0\n! sum.gz:0: the gzip data are damaged\n");
    put_length ("stub.gz", longer, 5);
    assert_reads ("stub.gz", "1 0\n! stub.gz:0: the gzip data end too early\n");
}

/* Whatever is whole before the cut comes out; one warning names the file. `lost` bytes may be missing: what the
 * decompressor had not given out. */
static void
check_cut (const char *name, const char *packed, gsize length, gsize whole, gsize lost, guint of)
{
    g_autoptr (GString) warnings = g_string_new (NULL);
    g_autoptr (Source) source = source_new (on_warning, warnings);
    SourceMessage message;
    guint n = 0;

    put_length (name, packed, length);
    source_add (source, name);
    while (source_next (source, &message)) {
        g_autofree char *wanted = g_strdup_printf ("Subject: m%u\n\n", n++);

        assert_memory_equal (message.data, wanted, strlen (wanted));
        assert_true (message.length > 2000); /* no half message */
    }
    assert_int_equal (source_failures (source), 1);
    assert_true (strstr (warnings->str, name) != NULL && strchr (warnings->str, '\n')[1] == '\0');
    if (n == of || (n + 2) * 2070 + lost < whole * of * 2070 / 100)
        fail_msg ("%s: %u of %u messages, %s", name, n, of, warnings->str);
}

static void
test_cut_archives (void **state)
{
    enum { N = 200 };
    g_autoptr (GString) mbox = random_mbox (N);
    g_autofree char *gz = NULL, *xz = NULL, *tar = NULL;
    Member members[N];
    char *names[N];
    gsize length;

    (void) state;
    compress_to ("whole.gz", ARCHIVE_FILTER_GZIP, mbox->str, mbox->len);
    gz = contents ("whole.gz", &length);
    check_cut ("cut.gz", gz, length / 2, 49, 0, N);
    check_cut ("cut.gz", gz, length - 9, 99, 0, N);
    check_cut ("cut.gz", gz, length - 4, 99, 0, N); /* all mail is there, the checksum is not */
    compress_to ("whole.xz", ARCHIVE_FILTER_XZ, mbox->str, mbox->len);
    xz = contents ("whole.xz", &length);
    check_cut ("cut.xz", xz, length / 2, 49, 64 * 1024, N);
    for (guint i = 0; i < N; i++) {
        names[i] = g_strdup_printf ("m/%u", i);
        members[i] = (Member){names[i], mbox->str + i * (mbox->len / N), 2060};
    }
    g_string_free (g_steal_pointer (&mbox), TRUE);
    for (guint i = 0; i < N; i++) {
        GString *text = g_string_new (NULL);

        g_string_append_printf (text, "Subject: m%u\n\n%2001d\n", i, 7);
        members[i] = (Member){names[i], g_string_free (text, FALSE), 0};
    }
    pack ("whole.tar", ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, ARCHIVE_FILTER_NONE, members, N);
    tar = contents ("whole.tar", &length);
    check_cut ("cut.tar", tar, length / 2 + 700, 49, 0, N);
    for (guint i = 0; i < N; i++) {
        g_free (names[i]);
        g_free ((char *) members[i].data);
    }
}

static void
test_archives (void **state)
{
    static const Member members[] = {
        {"./Maildir/cur/1000.b:2,S", FROM (1) MAIL (1) "\n" FROM (2) MAIL (2), 0},
        {"./Maildir/tmp/1001.c", MAIL (9), 0},
        {"./Maildir/dovecot-uidlist", "3 V1\n", 0},
        {"./Maildir/new/1002.d", MAIL (2), 0},
        {"./x.mbox", FROM (1) MAIL (3) "\n" FROM (2) MAIL (4), 0},
        {"./.hidden", "no mail", 0},
        {"./tmp/y.eml", MAIL (5), 0},
        {"./words", "no mail\n", 0},
    };
    static const char *const wanted = "d %s!./Maildir/cur/1000.b:2,S 0 Subject: m1\n"
                                      "d %s!./Maildir/new/1002.d 0 Subject: m2\n"
                                      "x %s!./x.mbox 0 Subject: m3\nx %s!./x.mbox 66 Subject: m4\n"
                                      "f %s!./tmp/y.eml 0 Subject: m5\n"
                                      "1 0\n! %s!./words:0: this is no mail: no header field at its start, no mbox, no archive\n";
    static const struct {
        const char *name;
        int format, filter;
    } kinds[] = {{"a.tar", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE},
                 {"a.tar.gz", ARCHIVE_FORMAT_TAR_GNUTAR, ARCHIVE_FILTER_GZIP},
                 {"a.tar.xz", ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE, ARCHIVE_FILTER_XZ},
                 {"a.zip", ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE}};

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
        const char *name = kinds[i].name;
        g_autofree char *text = NULL;

        pack (name, kinds[i].format, kinds[i].filter, members, G_N_ELEMENTS (members));
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        text = g_strdup_printf (wanted, name, name, name, name, name, name);
#pragma GCC diagnostic pop
        assert_reads (name, text);
    }
}

static void
test_nested_archives (void **state)
{
    g_autofree char *gz = NULL, *tar = NULL;
    gsize length;
    Member member;
    struct archive *archive;

    (void) state;
    compress_to ("in.gz", ARCHIVE_FILTER_GZIP, FROM (1) MAIL (1), sizeof FROM (1) MAIL (1) - 1);
    gz = contents ("in.gz", &length);
    member = (Member){"in.gz", gz, length};
    pack ("1.tar", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE, &member, 1);
    assert_reads ("1.tar", "x 1.tar!in.gz 0 Subject: m1\n0 0\n");
    for (int i = 2; i <= LIMIT_ARCHIVE_DEPTH + 1; i++) {
        g_autofree char *inner = g_strdup_printf ("%d.tar", i - 1), *outer = g_strdup_printf ("%d.tar", i);

        g_free (tar);
        tar = contents (inner, &length);
        member = (Member){inner, tar, length};
        pack (outer, ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_BZIP2, &member, 1);
    }
    assert_reads ("3.tar", "x 3.tar!2.tar!1.tar!in.gz 0 Subject: m1\n0 0\n");
    assert_reads ("4.tar", "1 0\n! 4.tar!3.tar!2.tar!1.tar:0: archives in archives, more than 3 deep\n");
    archive = archive_start ("links.tar", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE);
    archive_member (archive, "link", AE_IFLNK, "/etc/passwd", 0);
    archive_member (archive, "a.eml", AE_IFREG, MAIL (1), sizeof MAIL (1) - 1);
    archive_end (archive);
    assert_reads ("links.tar", "f links.tar!a.eml 0 Subject: m1\n0 0\n");
}

UNIT_MAIN (IN_FOLDER (test_compressed), IN_FOLDER (test_gzip_ends), IN_FOLDER (test_cut_archives),
           IN_FOLDER (test_archives), IN_FOLDER (test_nested_archives))
