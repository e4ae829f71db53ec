#!/bin/sh
# SPDX-License-Identifier: MIT
# What the state remembers beyond events: who serves a domain; and what it does when the rules change.
. "${top_srcdir:?}/tests/cli/lib.sh"

is () { # GOT WANTED NAME
    check "$3" [ "$1" = "$2" ]
}

bounce () { # recipient, remote host, id
    cat <<MAIL
From: MAILER-DAEMON@out.example.net
To: bounces@lists.example.org
Date: Tue, 10 Nov 2026 03:00:00 +0000
Message-ID: <$3@out.example.net>
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; out.example.net

Final-Recipient: rfc822; $1
Action: failed
Status: 5.0.0
${2:+Remote-MTA: dns; $2
}Diagnostic-Code: smtp; 550 the frobnicator says zzyzx

--x--
MAIL
}
providers () { "$NIXIE" events "$@" | sed -n 's/.*"recipient":"\([^"]*\)".*"provider":"\([^"]*\)".*/\1 \2/p'; }

bounce ann@firm.example firm-example.mail.protection.outlook.com 1 >one.eml
bounce bob@firm.example '' 2 >two.eml

is "$(providers two.eml)" 'bob@firm.example other' 'by itself the report does not tell the provider'
"$NIXIE" scan -q --state s.db one.eml
"$NIXIE" scan -q --state s.db two.eml
is "$(providers --state s.db | LC_ALL=C sort)" 'ann@firm.example microsoft365
bob@firm.example microsoft365' 'a domain once seen behind a provider is remembered'

# In whatever order and in however many nights the mail comes, the state says the same.
"$NIXIE" scan -q --state t.db two.eml one.eml
"$NIXIE" scan -q --state u.db two.eml
"$NIXIE" scan -q --state u.db one.eml
"$NIXIE" events --state s.db >nights
"$NIXIE" events --state t.db >once
"$NIXIE" events --state u.db >turned
check 'two nights are one night' cmp -s nights once
check 'in the other order, too' cmp -s nights turned

printf 'firm.example\tfirm-example.mail.protection.outlook.com\n' >mx.tsv
is "$(providers --mx-file mx.tsv two.eml)" 'bob@firm.example microsoft365' '--mx-file tells it, too'
"$NIXIE" events --mx-file nowhere.tsv two.eml >out 2>err
is "$?" 66 'a list of MX hosts that is not there: exit 66'

printf 'id\tscope\tstatus\treply\tmatch\ttext\treason\ttype\twitness\nours\tall\t-\t-\tcontains\tzzyzx\tmailbox-full\t-\t550 zzyzx\n' >ours.tsv
"$NIXIE" events --state s.db | grep -o '"event_id":"[^"]*"' >before
"$NIXIE" scan -q --state s.db --rules ours.tsv one.eml
is "$("$NIXIE" events --state s.db | grep -c '"reason":"mailbox-full","rule":"ours"')" 2 'new rules judge the stored events again'
"$NIXIE" events --state s.db | grep -o '"event_id":"[^"]*"' >after
is "$(cat after)" "$(cat before)" 'and make no new ones'
done_testing
