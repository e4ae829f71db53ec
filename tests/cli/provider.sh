#!/bin/sh
# SPDX-License-Identifier: MIT
# A provider in depth: reports, addresses, types, the main codes with share and wording, since when, the trend, what to do,
# and the page that the answer names.
. "${top_srcdir:?}/tests/cli/lib.sh"
mkdir mail
now=--now=2026-11-21T03:00:00Z
# The page stands in the last line of a long answer, behind what is kept of it as a sample.
long="550-5.7.26 Your email has been blocked because the sender is unauthenticated. Gmail requires all senders to authenticate with either SPF or DKIM. Authentication results: DKIM = did not pass SPF example.org with ip 192.0.2.25 = did not pass. $(printf '%0100d' 0) For instructions on setting up authentication, go to https://support.example/mail/answer/81126#authentication."
i=0
while [ $i -lt 6 ]; do
    i=$((i + 1))
    dsn "g$i" "user$i@gmail.com" 5.7.26 "$long" "Wed, 18 Nov 2026 08:00:0$i +0000" >"mail/g$i"
done
dsn g7 user1@gmail.com 5.1.1 "550 5.1.1 The email account that you tried to reach does not exist" "Tue, 10 Nov 2026 08:00:00 +0000" >mail/g7
for code in 4.2.2 4.3.0 5.2.1 5.3.4 4.4.1 5.4.4; do
    i=$((i + 1))
    dsn "g$i-$code" "user$i@gmail.com" $code "450 $code trouble $i" "Mon, 16 Nov 2026 08:00:00 +0000" >"mail/c$i"
done
dsn y1 user@yahoo.com 4.7.0 "421 4.7.0 [TSS04] deferred; see www.postmaster.example/lift" "Thu, 19 Nov 2026 08:00:00 +0000" >mail/y1
# One report about two people is one message and two events.
dsn two ann@gmail.com 4.2.2 "452 4.2.2 over quota" "Mon, 16 Nov 2026 09:00:00 +0000" |
    sed 's/^Final-Recipient: rfc822; ann@gmail.com$/Final-Recipient: rfc822; bob@gmail.com\nAction: failed\nStatus: 4.2.2\nDiagnostic-Code: smtp; 452 4.2.2 over quota\n\n&/' >mail/two

run report $now --by=provider --format=text mail
cp out all
check "a provider: figures" says "^  gmail  *15  *14  *[1-9]"
check "… messages, first and last" says "^    told by 14 messages, from 2026-11-10 to 2026-11-18$"
check "… trend" says "^    7 days against as many before: hard [0-9]* (.*), soft [0-9]* (+[0-9]*), block [0-9]* (+[0-9]*)$"
check "… the heaviest code with its share" says "^    5.7.26 *40 %  block, SPF, DKIM or DMARC failed$"
check "… its events, addresses, days" says "^      6 events, 6 addresses, on 2026-11-18$"
check "… a sample line" says "^      550-5.7.26 Your email has been blocked"
check "… what to do" says "^      →  Mend SPF, DKIM and DMARC of the sending domain; keep the address.$"
check "… the page that the answer names, from its end" eval \
    'grep -A1 "The answer names:" out | tr -d "\n" | grep -q "The answer names: *https://support.example/mail/answer/81126#authentication"'
check "… five codes and no more" eval '[ "$(sed -n "/^  gmail/,/^$/p" out | grep -c "^    [45]\.")" -eq 5 ]'
check "a page without https" says "The answer names: www.postmaster.example/lift$"
check "refusals that began this week: compared with nothing" eval \
    'sed -n "/^  yahoo/,/^$/p" out | grep -q "7 days against as many before: hard 0 (=), soft 0 (=), block 1 (+1)"'
sed -n "/^  gmail  *15 /,/^$/p" all >gmail
run report $now --provider=GMAIL mail
check "--provider: whatever its case" eval 'status_is 0 && silent && says "^Bounce report"'
check "--provider: the same in depth" eval 'sed -n "/^  gmail  *15 /,/^$/p" out | sed "1d" >one && sed 1d gmail | cmp -s - one'
check "--provider: no other" eval '! says yahoo'
check "--provider: the trend of it alone, compared with the time before" says "^7 days against as many before: hard .* (.*), .*block 7 (+7)"
run report $now --provider=gmail --since=7d mail
check "--provider --since: the same comparison" eval 'status_is 0 && says "^7 days against as many before: .*block 7 (+7)" && says "told by 13 messages"'
for format in html md; do
    run report $now --format=$format mail
    check "$format: the page, the trend" eval 'says "https.*//support.example/mail/answer/81126#authentication" && says "block 1 (+1)"'
done
run report $now --provider=gmial mail
check "no such provider: said, and where the names are" eval 'status_is 0 && clean_err 1 && warns "report --by=provider"'
check "nothing of a page in what machines read" eval '"$NIXIE" report $now --format=csv --by=provider mail | head -n 1 | grep -q "^provider,events,recipients,hard,soft,block,complaint"'
# An answer that was cut in the middle of its page names none.
cut=$(printf '%02100d' 0)
mkdir cut
dsn cut user@gmail.com 5.7.1 "550 5.7.1 blocked $(echo "$cut" | cut -c1-1990) https://support.example/$cut" >cut/1
run report $now --by=provider --format=text cut
check "half a page is none" eval '! says "The answer names"'
done_testing
