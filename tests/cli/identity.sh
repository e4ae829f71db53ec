#!/bin/sh
# SPDX-License-Identifier: MIT
# Whose mail is it: thirty forged reports remove somebody while nobody says what mail is ours, and nobody once it is said.
. "${top_srcdir:?}/tests/cli/lib.sh"
now=2026-11-21T03:00:00Z

# original: the headers of what is said to have come back; $original is "none" when nothing did
original () { # RECIPIENT SENDER MESSAGE-ID
    [ "$2" != none ] || return 0
    printf 'Return-Path: <%s>\nFrom: News <%s>\nTo: %s\nSubject: News\nMessage-Id: <%s>\n' "$2" "$2" "$1" "$3"
}
head_of () { # NUMBER TO CONTENT-TYPE
    printf 'Return-Path: <>\nReceived: from evil.example by mx.lists.example.org; Mon, 2 Nov 2026 08:00:%02d +0000\n' "$1"
    printf 'Date: Mon, 2 Nov 2026 08:00:%02d +0000\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example.com>\n' "$1"
    printf 'To: %s\nSubject: %s\nMessage-Id: <f%d@mx.example.com>\nMIME-Version: 1.0\nContent-Type: %s\n\n' "$2" \
        "${4:-Undelivered Mail Returned to Sender}" "$1" "$3"
}
# Each: NUMBER RECIPIENT TO SENDER MESSAGE-ID
report_dsn () { # … [delivery-status type] [type in front of addresses]
    head_of "$1" "$3" 'multipart/report; report-type=delivery-status; boundary=b'
    printf -- '--b\nContent-Type: text/plain\n\n<%s>: 550 5.1.1 User unknown\n\n--b\nContent-Type: message/%s\n\n' "$2" \
        "${6:-delivery-status}"
    printf 'Reporting-MTA: dns; mx.example.com\n\nFinal-Recipient: %s; %s\nAction: failed\nStatus: 5.1.1\n' "${7:-rfc822}" "$2"
    printf 'Diagnostic-Code: smtp; 550 5.1.1 User unknown\n\n'
    [ "$4" = none ] || printf -- '--b\nContent-Type: text/rfc822-headers\n\n%s\n\n' "$(original "$2" "$4" "$5")"
    printf -- '--b--\n'
}
report_global () { report_dsn "$@" global-delivery-status utf-8; }
report_qmail () {
    head_of "$1" "$3" 'text/plain' 'failure notice'
    printf "Hi. This is the qmail-send program at mx.example.com.\nI'm afraid I wasn't able to deliver your message to the "
    printf "following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<%s>:\n" "$2"
    printf '192.0.2.7 does not like recipient.\nRemote host said: 550 5.1.1 User unknown\nGiving up on 192.0.2.7.\n\n'
    [ "$4" = none ] || printf -- '--- Below this line is a copy of the message.\n\n%s\n\nNews\n' "$(original "$2" "$4" "$5")"
}
report_exim () {
    head_of "$1" "$3" 'text/plain' 'Mail delivery failed: returning message to sender'
    printf 'This message was created automatically by mail delivery software.\n\nA message that you sent could not be '
    printf 'delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n'
    printf '  %s\n    host mx.example.com [192.0.2.7]\n    SMTP error from remote mail server after RCPT TO:<%s>:\n' "$2" "$2"
    printf '    550 5.1.1 User unknown\n\n'
    [ "$4" = none ] || printf -- '------ This is a copy of the message, including all the headers. ------\n\n%s\n\nNews\n' \
        "$(original "$2" "$4" "$5")"
}
report_complaint () {
    head_of "$1" "$3" 'multipart/report; report-type=feedback-report; boundary=b' 'Abuse report'
    printf -- '--b\nContent-Type: text/plain\n\nThis is an abuse report.\n\n--b\nContent-Type: message/feedback-report\n\n'
    printf 'Feedback-Type: abuse\nVersion: 1\nUser-Agent: Loop/1.0\nOriginal-Rcpt-To: %s\n\n' "$2"
    [ "$4" = none ] || printf -- '--b\nContent-Type: text/rfc822-headers\n\n%s\n\n' "$(original "$2" "$4" "$5")"
    printf -- '--b--\n'
}

# Five ways to write a report, six ways to get wrong what only the sender of a mail knows.
mkdir forged
number=0
for way in dsn global qmail exim complaint; do
    for lie in nothing foreign-sender foreign-id verp-of-another no-verp stranger; do
        number=$((number + 1))
        victim=victim$number@example.com
        to="bounce-k7-victim$number=example.com@lists.example.org"
        sender=$to
        id="n$number@lists.example.org"
        case $lie in
        nothing) to=bounces@lists.example.org sender=none ;;
        foreign-sender) to=bounces@lists.example.org sender=someone@evil.example ;;
        foreign-id) id="n$number@evil.example" ;;
        verp-of-another) to=bounce-k7-mallory=evil.example@lists.example.org sender=$to ;;
        no-verp) to=list-bounces@lists.example.org sender=news@lists.example.org ;;
        stranger) victim=stranger$number@example.com
            to="bounce-k7-stranger$number=example.com@lists.example.org" sender=$to ;;
        esac
        report_$way "$number" "$victim" "$to" "$sender" "$id" >"forged/$number-$way-$lie"
        case $victim in victim*) echo "$victim" >>everybody.txt ;; esac
    done
done
echo Reader@Example.com >>everybody.txt
cat >nixie.conf <<END
[nixie]
state = state.db
[identity]
sender_domains = example.org
message_id_domains = lists.example.org
verp = bounce-{id}-{local}={domain}@lists.example.org
recipients = everybody.txt
END

run suppress --format=plain forged
check "without an identity all thirty are believed" eval 'status_is 0 && lines out 30'
run report forged
check "and the report says that the gate is open" eval 'says "\[identity\]" && says "the gate is open"'
run report --format=json forged
check "also as JSON" says '"gate":"open"'
run suppress -c nixie.conf --now=$now --format=plain --decision=remove,inactive,pause forged
check "with one, none removes anybody" eval 'status_is 0 && lines out 0'
run suppress -c nixie.conf --now=$now --format=plain --decision=review forged
check "all thirty are for a person to look at" eval 'status_is 0 && lines out 30'
run report -c nixie.conf --now=$now forged
check "the report says no more that the gate is open" eval 'status_is 0 && ! says "the gate is open"'

mkdir true
n=0
for way in dsn global qmail exim complaint; do
    n=$((n + 1))
    to=bounce-x$n-reader=example.com@lists.example.org
    report_$way $n reader@example.com $to $to n$n@lists.example.org >true/$way
    run suppress -c nixie.conf --now=$now --format=plain true/$way
    check "$way: a report about mail of ours removes" eval 'status_is 0 && says "^reader@example.com$"'
    run events -c nixie.conf --now=$now true/$way
    check "$way: correlated" says '"trust":"correlated"'
done

run scan -q --state=state.db --now=$now forged
run suppress --state=state.db --now=$now --format=plain
check "a state filled without an identity" eval 'status_is 0 && lines out 30'
printf '%s\n' "$(cat nixie.conf)" >later.conf
run suppress -c later.conf --now=$now --format=plain
check "is judged by the one that is configured later" eval 'status_is 0 && lines out 0'
run explain -c later.conf --now=$now victim1@example.com
check "explain says what is missing" eval 'status_is 1 && says "not acted upon"'

# Less than all of it is configured.
printf '[identity]\nsender_domains = lists.example.org\n' >sender.conf
run events -c sender.conf forged/1-dsn-nothing
check "the address a report came to proves nothing" says '"trust":"unverified"'
run events -c sender.conf forged/2-dsn-foreign-sender
check "a foreign sender" says '"trust":"contradicted"'
run events -c sender.conf forged/5-dsn-no-verp
check "our sender" says '"trust":"plausible"'
printf '[identity]\nverp = bounce-{name}@x\n' >bad.conf
run events -c bad.conf true
check "a pattern that is none: exit 78" eval 'status_is 78 && clean_err 1'
printf '[identity]\nrecipients = nowhere.txt\n' >bad.conf
run events -c bad.conf true
check "a list of recipients that is not there: exit 78" eval 'status_is 78 && clean_err 1'
done_testing
