#!/bin/sh
# SPDX-License-Identifier: MIT
# The same mail in every container: the same events, each counted once; the same output from run to run.
. "${top_srcdir:?}/tests/cli/lib.sh"

five_bounces mail
maildir_of mail Maildir
mbox_of mail >all.mbox
# two members in one .gz, as a rotated log that was appended to
{ dsn 1 ann@example.com 5.1.1 "550 5.1.1 <ann@example.com>: Recipient address rejected: User unknown" | as_mbox | gzip -c
  mkdir rest && cp mail/[23456] rest && mbox_of rest | gzip -c; } >two.mbox.gz
xz -c all.mbox >all.mbox.xz
bzip2 -c all.mbox >all.mbox.bz2
tar cJf all.tar.xz mail
tar czf maildir.tar.gz Maildir

run events mail
check "a folder of messages: five events" eval 'status_is 0 && silent && lines out 5'
event_ids out >want
for source in Maildir all.mbox two.mbox.gz all.mbox.xz all.mbox.bz2 all.tar.xz maildir.tar.gz; do
    run events "$source"
    event_ids out >got
    check "$source: the same event ids" eval 'status_is 0 && silent && same want got'
done
if command -v zstd >/dev/null; then
    zstd -q all.mbox
    run events all.mbox.zst
    event_ids out >got
    check "all.mbox.zst: the same event ids" eval 'status_is 0 && same want got'
else
    skip "all.mbox.zst" "no zstd"
fi
if command -v zip >/dev/null; then
    zip -q -r all.zip mail
    run events all.zip
    event_ids out >got
    check "all.zip: the same event ids" eval 'status_is 0 && same want got'
else
    skip "all.zip" "no zip"
fi
"$NIXIE" events - <all.mbox >out 2>err
event_ids out >got
check "standard input" same want got
gzip -c all.mbox | "$NIXIE" events - >out 2>err
event_ids out >got
check "standard input, compressed" same want got
find mail -type f -print0 | LC_ALL=C sort -z | "$NIXIE" events --files-from=- -0 >out 2>err
event_ids out >got
check "--files-from=- -0" same want got
find mail -type f >list
run events --files-from=list
event_ids out >got
check "--files-from=FILE" same want got

# Line ends do not matter.
for ends in crlf cr; do
    mkdir "$ends"
    for file in mail/*; do
        case $ends in
        crlf) sed 's/$/\r/' "$file" >"$ends/${file##*/}" ;;
        cr) tr '\n' '\r' <"$file" >"$ends/${file##*/}" ;;
        esac
    done
    run events "$ends"
    sed 's/"source":"[^"]*"/"source":""/' out >got-events
    "$NIXIE" events mail | sed 's/"source":"[^"]*"/"source":""/' >want-events
    check "$ends: the same events" same want-events got-events
    mbox_of mail >plain
    case $ends in
    crlf) sed 's/$/\r/' plain >ends.mbox ;;
    cr) tr '\n' '\r' <plain >ends.mbox ;;
    esac
    run events ends.mbox
    event_ids out >got
    check "$ends in an mbox: the same event ids" same want got
done

# One state, all containers, each event once.
run scan --state=s.db Maildir all.mbox two.mbox.gz all.tar.xz
check "one scan of four containers: each message once" \
    eval 'status_is 0 && warns "24 messages read, 6 new, 5 events new, 0 not understood"'
"$NIXIE" events --state=s.db >out 2>err
check "the state lists each event once" lines out 5
event_ids out >got
check "… with the same ids" same want got
for format in text json csv; do
    "$NIXIE" report --state=s.db --format=$format --now=2026-11-21T03:00:00Z >"before.$format" 2>err
done
run scan --state=s.db Maildir all.mbox two.mbox.gz all.tar.xz mail crlf
check "a second scan: nothing new" eval 'status_is 0 && warns "read, nothing new$"'
for format in text json csv; do
    "$NIXIE" report --state=s.db --format=$format --now=2026-11-21T03:00:00Z >after 2>err
    check "the $format report is the same byte by byte" same "before.$format" after
    "$NIXIE" report --format=$format --now=2026-11-21T03:00:00Z mail >one 2>err
    "$NIXIE" report --format=$format --now=2026-11-21T03:00:00Z mail >two 2>err
    check "report of a PATH, $format: the same from run to run" same one two
done
"$NIXIE" suppress mail --now=2026-11-21T03:00:00Z >one
"$NIXIE" suppress --state=s.db --now=2026-11-21T03:00:00Z >two
check "suppress: the same from the state and from the mail" same one two
done_testing
