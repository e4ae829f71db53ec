#!/bin/sh
# SPDX-License-Identifier: MIT
# scan: what it counts, what it leaves alone.
. "${top_srcdir:?}/tests/cli/lib.sh"

five_bounces mail
mbox_of mail >all.mbox
cp all.mbox untouched
run scan --state=s.db --dry-run all.mbox
check "--dry-run counts" eval 'status_is 0 && warns "6 messages read, 6 new, 5 events new, 0 not understood"'
check "--dry-run makes no state" test ! -e s.db
run scan --state=s.db all.mbox
check "scan counts" eval 'status_is 0 && [ ! -s out ] && warns "6 messages read, 6 new, 5 events new, 0 not understood"'
check "the mail is as it was" same all.mbox untouched
run scan --state=s.db --dry-run all.mbox
check "--dry-run with a state" eval 'status_is 0 && warns "^nixie: 0 messages read, nothing new (nothing was written)$"'
dsn 7 fay@example.com 5.1.1 "550 5.1.1 unknown" | as_mbox >>all.mbox
run scan --state=s.db --dry-run all.mbox
check "--dry-run finds one" warns "1 new, 1 event new"
run scan --state=s.db all.mbox
check "an mbox that grew: one new" warns "1 new, 1 event new"
run scan --state=s.db --full all.mbox
check "--full: nothing new" warns "7 messages read, nothing new"
run scan --state=s.db -q all.mbox
check "-q says nothing" eval 'status_is 0 && silent'
run scan --state=s.db all.mbox missing.mbox
check "one path is missing: the rest is read, exit 1" eval 'status_is 1 && warns "missing.mbox: " && warns "nothing new"'
run scan --state=s.db missing.mbox
check "no path is there: exit 66, one line" eval 'status_is 66 && warns "missing.mbox: " && clean_err 1'
cp s.db copy.db
chmod 0400 copy.db
if [ "$(id -u)" -ne 0 ]; then
    run scan --state=copy.db all.mbox
    check "a state that cannot be written: exit 77" eval 'status_is 77 && clean_err 1'
else
    skip "a state that cannot be written: exit 77" "root may write everything"
fi
done_testing
