#!/bin/sh
# SPDX-License-Identifier: MIT
# Looking after the state: export, merge, verify, expire, forget.
. "${top_srcdir:?}/tests/cli/lib.sh"
five_bounces mail
mkdir one two three
cp mail/1 mail/2 mail/6 one
cp mail/2 mail/3 mail/4 two
cp mail/1 mail/3 mail/5 three
echo "Subject: Undelivered Mail Returned to Sender" >three/7
"$NIXIE" scan -q --state=a.db --now=2026-11-20 one
"$NIXIE" scan -q --state=b.db --now=2026-11-19 two
"$NIXIE" scan -q --state=c.db --now=2026-11-21 three
"$NIXIE" allow -q --state=a.db --now=2026-11-20 ann@example.com
"$NIXIE" allow -q --state=b.db --now=2026-11-22 Ann@Example.com
"$NIXIE" allow -q --state=b.db --now=2026-11-23 --undo ann@example.com
"$NIXIE" forgive -q --state=c.db --now=2026-11-20 dot@example.org

# export STATE FILE
export_of () { "$NIXIE" state export --state="$1" >"$2"; }
union () { # OUT STATE…
    out=$1
    shift
    rm -f "$out"*
    "$NIXIE" merge -q --state="$out" "$@" && export_of "$out" "$out.export"
}
union ab.db a.db b.db
check "merge" eval '[ $? -eq 0 ] && [ -s ab.db.export ]'
union ba.db b.db a.db
check "commutative" same ab.db.export ba.db.export
union ab_c.db ab.db c.db
union bc.db b.db c.db
union a_bc.db a.db bc.db
check "associative" same ab_c.db.export a_bc.db.export
union cba.db c.db b.db a.db
check "in any order" same ab_c.db.export cba.db.export
"$NIXIE" merge -q --state=ab_c.db a.db ab_c.db b.db c.db a.db
check "merge with itself, and again" eval '[ $? -eq 0 ]'
export_of ab_c.db again
check "changes nothing" same ab_c.db.export again
check "and all is in it" eval \
    '[ "$(grep -c "\"table\":\"message\"" again)" -eq 7 ] && [ "$(grep -c "\"table\":\"event\"" again)" -ge 5 ] &&
     [ "$(grep -c "\"table\":\"mark\"" again)" -eq 4 ]'
check "each line is JSON" python3 -c '
import json
rows = [json.loads(line) for line in open("again")]
assert rows == sorted(rows, key=lambda r: ["message", "event", "mark", "forgotten"].index(r["table"]))'
"$NIXIE" scan -q --state=whole.db --now=2026-11-19 mail three
run suppress --state=whole.db --now=2026-11-24 --decision=remove,keep,watch,pause,review
cp out whole
"$NIXIE" forgive -q --state=whole.db --now=2026-11-20 dot@example.org
run suppress --state=whole.db --now=2026-11-24 --decision=remove,keep,watch,pause,review
cp out whole
run suppress --state=ab_c.db --now=2026-11-24 --decision=remove,keep,watch,pause,review
check "the union decides as one scan of everything" same whole out
run merge --state=x.db nowhere.db
check "a state that is not there: exit 66" eval 'status_is 66 && clean_err 1'
run merge a.db
check "merge into what: exit 64" status_is 64
echo "no ledger at all, but text" >text.db
run merge --state=x.db text.db
check "no ledger: exit 65" eval 'status_is 65 && clean_err 1'

run state info --state=a.db
check "info" eval 'status_is 0 && says "^messages  *3$" && says "^events  *2$" && says "^allow  *1$"'
run state verify --state=whole.db
check "verify: sound" eval 'status_is 0 && warns "is sound"'
if on_file; then
cp whole.db hurt.db
python3 - <<END
data = bytearray(open("hurt.db", "rb").read())
for page in range(3, len(data) // 4096):
    data[page * 4096:page * 4096 + 60] = b"\\xa5" * 60
open("hurt.db", "wb").write(data)
END
run state verify --state=hurt.db
check "verify finds damage: exit 65" eval 'status_is 65 && warns .'
fi
if on_file && command -v sqlite3 >/dev/null 2>&1; then
    cp whole.db lost.db
    sqlite3 lost.db "PRAGMA foreign_keys = OFF; DELETE FROM message WHERE id = (SELECT message FROM event LIMIT 1)"
    run state verify --state=lost.db
    check "verify finds what is missing: exit 65" eval 'status_is 65 && warns "events without their message"'
else
    skip "verify finds what is missing" "no sqlite3"
fi

# expire: bob's full mailbox goes, ann is to be removed and stays, and no scan brings anything back
cp whole.db old.db
run state expire --state=old.db --now=2028-01-01
check "expire: until when" status_is 64
run state expire --state=old.db --now=2028-01-01 --until=2027-01-01
check "expire" eval 'status_is 0 && warns "events taken away"'
run events --state=old.db
check "of whom is listed, all stays" eval 'says ann@example.com && says eve@ && ! says bob@'
run scan --state=old.db --now=2028-01-02 mail
check "nothing comes back" warns "nothing new"
run suppress --state=old.db --now=2028-01-02
cp out after
run suppress --state=whole.db --now=2028-01-02
check "the list is the same" same out after

# forget
mkdir more
dsn 31 bob@example.net 4.2.2 "452 4.2.2 <bob@example.net>: Mailbox full" "Wed, 4 Nov 2026 08:00:00 +0000" >more/31
dsn 32 other@example.net 5.1.1 "550 5.1.1 forwarded from bob@example.net: User unknown" >more/32
"$NIXIE" scan -q --state=f.db --now=2026-11-21 mail more
"$NIXIE" allow -q --state=f.db --now=2026-11-21 bob@example.net
cp f.db copy.db
run state forget --state=f.db --now=2026-11-22 Bob@Example.NET
check "forget" eval 'status_is 0 && clean_err 1'
check "not a byte of it is left in the file" eval '! grep -a -i -q "bob@" f.db'
export_of f.db f.export
check "nor in the export" eval '! grep -i -q "bob@" f.export && grep -q "\"table\":\"forgotten\"" f.export'
mkdir elsewhere
sed 's/^Subject:.*/Subject: returned/' mail/2 >elsewhere/2
run scan -q --state=f.db --now=2026-11-23 mail more elsewhere
run explain --state=f.db --now=2026-11-23 bob@example.net
check "a scan does not bring it back" eval 'status_is 1 && says "no bounce of this address is known"'
"$NIXIE" merge -q --state=f.db copy.db
export_of f.db f.export
check "nor does a merge" eval '! grep -i -q "\"address\":\"bob@" f.export && ! grep -i -q "diagnostic\":\"[^\"]*bob@" f.export'
mkdir new
dsn 41 bob@example.net 5.1.1 "550 5.1.1 User unknown" "Tue, 1 Dec 2026 08:00:00 +0000" >new/41
"$NIXIE" scan -q --state=f.db --now=2026-12-02 new
run explain --state=f.db --now=2026-12-02 bob@example.net
check "what happens later is another story" eval 'status_is 0 && says "What happened: 1 event"'
run state forget --state=f.db
check "forget whom: exit 64" status_is 64
run state dance --state=f.db
check "no such thing: exit 64" status_is 64
run state info --state=nowhere.db
check "no state: exit 66" eval 'status_is 66 && clean_err 1'
done_testing
