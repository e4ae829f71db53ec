#!/bin/sh
# SPDX-License-Identifier: MIT
# clean: the mailing list without the dead addresses, everything else byte by byte.
. "${top_srcdir:?}/tests/cli/lib.sh"

five_bounces mail
dsn 4 dot@example.org 5.1.1 "550 5.1.1 No such user" "Thu, 5 Nov 2026 08:00:00 +0000" >mail/4
# ann, dot and eve are to be removed; bob is watched, cid is kept
cat >list.csv <<'END'
Id,"E-Mail",Name
1,ann@example.com,"Ann, the first"
2,bob@example.net,"Bob ""Bobby"" B"
3,Dot@Example.ORG,Dot
4,zoe@example.com,"two
lines"
5,,nobody
6,"Eve <eve@example.com>",Eve
END
cat >want.csv <<'END'
Id,"E-Mail",Name
2,bob@example.net,"Bob ""Bobby"" B"
4,zoe@example.com,"two
lines"
5,,nobody
END
cp list.csv list.orig
run clean list.csv mail
check "the dead are left out, the rest is untouched" eval 'status_is 0 && same out want.csv'
check "counts" warns "6 rows, 3 left out, 1 without an address"
check "the list itself is as it was" same list.csv list.orig
run scan -q --state=s.db mail
run clean --state=s.db list.csv
check "from the state" same out want.csv
"$NIXIE" clean - mail <list.csv >out 2>err
check "from standard input" same out want.csv
run clean -q --dropped=gone.csv -o clean.csv list.csv mail
check "-q, -o" eval 'status_is 0 && silent && [ ! -s out ] && same clean.csv want.csv'
cat >want-gone.csv <<'END'
Id,"E-Mail",Name,nixie_decision,nixie_reason,nixie_status,nixie_failures,nixie_last_seen
1,ann@example.com,"Ann, the first",remove,user-unknown,5.1.1,1,2026-11-02
3,Dot@Example.ORG,Dot,remove,user-unknown,5.1.1,1,2026-11-05
6,"Eve <eve@example.com>",Eve,remove,user-unknown,5.1.1,1,2026-11-06
END
check "--dropped says why" same gone.csv want-gone.csv
run clean --mark list.csv mail
check "--mark keeps all rows" eval 'status_is 0 && says "^1,ann@example.com,.*,remove,user-unknown,5.1.1,1,2026-11-02$" && says "^5,,nobody,,,,,$"'
check "… and marks the watched" says '^2,bob@.*,watch,mailbox-full,'
run clean --decision=remove,watch list.csv mail
check "--decision=remove,watch" eval '! says bob@ && ! says ann@ && says zoe@'

sed 's/$/\r/' list.csv >crlf.csv
sed 's/$/\r/' want.csv >want-crlf.csv
run clean crlf.csv mail
check "CRLF" same out want-crlf.csv
tr ',' ';' <list.csv >semicolon.csv
tr ',' ';' <want.csv >want-semicolon.csv
run clean semicolon.csv mail
check "semicolons" same out want-semicolon.csv
printf 'Ann\tann@example.com\nZoe\tzoe@example.com' >tab.csv
run clean tab.csv mail
check "tabs, no header, no line end at the end" eval '[ "$(cat out)" = "$(printf "Zoe\tzoe@example.com")" ] && [ "$(wc -c <out)" -eq 19 ]'
printf '\357\273\277Email\r\nann@example.com\r\nzoe@example.com\r\n' >bom.csv
printf '\357\273\277Email\r\nzoe@example.com\r\n' >want-bom.csv
run clean bom.csv mail
check "a byte order mark" same out want-bom.csv
printf 'a@b.example,ann@example.com\nzoe@example.com,zoe@example.com\n' >two.csv
run clean --column=2 --no-header two.csv mail
check "--column=2" eval 'lines out 1 && says zoe@'
printf 'who,contact\nAnn,ann@example.com\nZoe,zoe@example.com\n' >unnamed.csv
run clean unnamed.csv mail
check "the column is found by its contents" eval 'lines out 2 && says "^who" && ! says ann@'
run clean --column=CONTACT unnamed.csv mail
check "--column=NAME" eval 'lines out 2 && ! says ann@'
printf 'Email\nAnn@example.com\nann@example.com\n' >case.csv
run clean --case-sensitive case.csv mail
check "--case-sensitive" eval 'lines out 2 && says "^Ann@"'
printf 'Email\ndot@b\303\274cher.example\n' >idn.csv
mkdir idn
dsn 9 dot@xn--bcher-kva.example 5.1.1 "550 5.1.1 User unknown" >idn/9
run clean idn.csv idn
check "domains are compared as A-labels" lines out 1

run clean --column=phone list.csv mail
check "no such column: exit 65" eval 'status_is 65 && clean_err 1'
printf 'a,b\n1,2\n' >none.csv
run clean none.csv mail
check "no addresses: exit 65" eval 'status_is 65 && clean_err 1 && warns column'
run clean -o result.csv none.csv mail
check "… and no output" test ! -e result.csv
printf 'Email\n"ann@example.com\nzoe@example.com\n' >open.csv
run clean open.csv mail
check "a quote that is never closed: exit 65" eval 'status_is 65 && clean_err 1 && warns quote'
printf '\377\376E\0m\0' >utf16.csv
run clean utf16.csv mail
check "UTF-16: exit 65" eval 'status_is 65 && clean_err 1 && warns UTF-8'
run clean missing.csv mail
check "no list: exit 66" eval 'status_is 66 && clean_err 1'
run clean -o list.csv list.csv mail
check "never in place: exit 64" eval 'status_is 64 && clean_err 1 && same list.csv list.orig'
run clean --dropped=x -o x list.csv mail
check "one file for both: exit 64" status_is 64
run clean --delimiter=,, list.csv mail
check "--delimiter: exit 64" status_is 64
: >empty.csv
run clean empty.csv mail
check "an empty list" eval 'status_is 0 && [ ! -s out ]'
done_testing
