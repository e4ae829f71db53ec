#!/bin/sh
# SPDX-License-Identifier: MIT
# A message that could not be read is tried again when version or limits are others, wherever it lies, and not before;
# read at last, it counts once.
. "${top_srcdir:?}/tests/cli/lib.sh"
if ! command -v sqlite3 >/dev/null; then
    skip "messages that could not be read" "no sqlite3"
    done_testing
    exit 0
fi
for n in 1 2 3; do dsn $n "user$n@example.com" 5.1.1 "550 5.1.1 No such user $n" | as_mbox; done >box
mkdir -p Maildir/new Maildir/cur Maildir/tmp
for n in 4 5; do dsn $n "user$n@example.com" 5.1.1 "550 5.1.1 No such user $n" >Maildir/new/176.M$n.host; done
touch -d 2026-11-01 box Maildir/new/*
sleep 2.1
# lose WITH: as if one message of each could not have been read, tried with WITH
lose () {
    sqlite3 s.db "CREATE TEMP TABLE lost AS SELECT max (id) AS id FROM message GROUP BY source = 'box';
        DELETE FROM event WHERE message IN (SELECT id FROM lost);
        UPDATE message SET result = 'unreadable' WHERE id IN (SELECT id FROM lost);
        INSERT OR REPLACE INTO unreadable SELECT id, '$1' FROM lost;"
}
count () { "$NIXIE" events --state=s.db | wc -l; }

run scan --state=s.db box Maildir
run scan --state=s.db box Maildir
check "nothing is read again" warns "^nixie: 0 messages* read"
lose "0.0.1, 1 s"
check "two are lost" [ "$(count)" -eq 3 ]
run scan --state=s.db --dry-run box Maildir
check "looking changes nothing" [ "$(count)" -eq 3 ]
run scan --state=s.db box Maildir
check "another version or other limits: both are read and count as new" warns "^nixie: 5 messages read, 2 new, 2 events new"
check "… once" [ "$(count)" -eq 5 ]
run scan --state=s.db box Maildir
check "… and then never again" warns "^nixie: 0 messages* read"
today=$(sqlite3 s.db "SELECT value FROM meta WHERE name = 'tried_with'")
lose "$today"
run scan --state=s.db box Maildir
check "the same version and limits: they are left alone" warns "^nixie: 0 messages* read"
run scan --state=s.db --full box Maildir
check "… also when everything is read" eval 'warns "^nixie: 5 messages read, nothing new$" && [ "$(count)" -eq 3 ]'
lose "0.0.1, 1 s"
sqlite3 s.db "DELETE FROM meta WHERE name = 'tried_with'; UPDATE message SET source = 'elsewhere' WHERE result = 'unreadable'"
run scan --state=s.db box Maildir
check "moved meanwhile: they are found" [ "$(count)" -eq 5 ]
run state verify --state=s.db
check "the state is sound" status_is 0
done_testing
