#!/bin/sh
# SPDX-License-Identifier: MIT
# events: one line an event, as it is read or from the state.
. "${top_srcdir:?}/tests/cli/lib.sh"

five_bounces mail
run events mail/1
check "one event" eval 'status_is 0 && lines out 1'
for pair in '"v":1' '"source":"mail/1"' '"offset":0' '"date":"2026-11-02T08:00:00Z"' '"type":"hard"' \
    '"reason":"user-unknown"' '"recipient":"ann@example.com"' '"domain":"example.com"' '"status":"5.1.1"' \
    '"reply":"550"' '"action":"failed"' '"format":"rfc3464"' '"original_message_id":"original-1@lists.example.org"'; do
    check "… $pair" eval 'says "$pair"'
done
run events mail mail
check "two places, two lines" lines out 10
event_ids out >ids
check "… with one id each" lines ids 5
mbox_of mail >all.mbox
run events all.mbox
# shellcheck disable=SC2034  # used in eval
offset=$(sed -n 's/.*"offset":\([0-9]*\).*/\1/p' out | sed -n 2p)
check "offset: where the message starts in its mbox" \
    eval '[ "$(tail -c +$((offset + 1)) all.mbox | head -c 5)" = "From " ]'
run events --format=csv mail
check "csv: a header and a line an event" eval 'status_is 0 && lines out 6 && says "^v,event_id,"'
run events --since=2026-11-05 mail
check "--since" lines out 2
run events --until=2026-11-03 mail
check "--until" lines out 1

cat >strange <<END
Date: Mon, 2 Nov 2026 08:00:00 +0000
From: MAILER-DAEMON@mx.example.org
To: list-bounces@lists.example.org
Subject: Undelivered Mail Returned to Sender
Message-Id: <strange@mx.example.org>
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: text/plain

Something could not be delivered, and nobody says to whom.

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

--x--
END
run events strange
check "not understood: no event" eval 'status_is 0 && lines out 0'
run events --unparsed strange
check "--unparsed lists it" eval 'lines out 1 && says "\"recipient\":\"\"" && says "\"type\":\"unknown\""'
run events --unparsed mail
check "--unparsed lists nothing else" lines out 0
run scan --state=s.db mail strange
check "scan counts it" warns "1 not understood"
run events --state=s.db --unparsed
check "--unparsed from the state" eval 'lines out 1 && says "\"source\":\"strange\""'
run events --state=s.db
check "from the state" lines out 5

# A name is bytes; what is written is UTF-8 without control characters.
name=$(printf 'odd\377\033[2Jname\\')
cp mail/1 "$name"
run events "$name"
check "a name that is no UTF-8" eval 'status_is 0 && says "\"source\":\"odd.*name.*\"" && ! LC_ALL=C grep -q "[[:cntrl:]]" out'
check "… can be had back" grep -F -q 'odd\\xff\\x1b[2Jname\\\\' out
if command -v python3 >/dev/null; then
    check "… is JSON" python3 -c 'import json; json.loads(open("out", encoding="utf-8").read())'
else
    skip "… is JSON" "no python3"
fi
run events "$name-missing"
check "… and does not reach the terminal" eval 'status_is 66 && clean_err 1'
done_testing
