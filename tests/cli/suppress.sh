#!/bin/sh
# SPDX-License-Identifier: MIT
# suppress: who is on the list, in every format.
. "${top_srcdir:?}/tests/cli/lib.sh"

five_bounces mail
run suppress --format=plain mail
printf '%s\n' ann@example.com eve@example.com >want
check "plain: hard bounces, sorted" eval 'status_is 0 && silent && same out want'
check "a block never lists anybody" eval '! says cid@'
run suppress mail
check "csv: the header" eval '[ "$(head -n 1 out | tr -d "\r")" = \
"email,domain,provider,decision,reason,type,status,reply,failures,first_seen,last_seen,next_try,attempt,rule,diagnostic" ]'
check "csv: a row an address" eval 'lines out 3 && says "^ann@example.com,example.com,"'
run suppress --format=jsonl mail
check "jsonl" eval 'lines out 2 && says "^{\"email\":\"ann@example.com\",\"domain\":\"example.com\","'
run suppress --decision=watch --format=plain --now=2026-11-10T09:00:00Z mail
check "--decision=watch: the try is due, and a domain that failed once" \
    eval 'lines out 2 && says "^bob@example.net$" && says "^dot@example.org$"'
run suppress --decision=pause --now=2026-11-05T03:00:00Z mail
check "--decision=pause: with the date of the next try" \
    eval 'lines out 2 && says "^bob@example.net,.*,2026-11-10T08:00:00Z,1,mailbox-full,"'
run suppress --decision=keep --format=plain mail
check "--decision=keep: the blocked one" says "^cid@example.com$"
run suppress --format=plain -o list.txt mail
check "-o" eval 'status_is 0 && [ ! -s out ] && same list.txt want && warns "2 addresses"'
run suppress --format=plain -q -o list.txt mail
check "-q" eval 'status_is 0 && silent'
# the same address in other letters is the same address
mkdir case
dsn 8 Ann@Example.COM 5.1.1 "550 5.1.1 User unknown" >case/8
dsn 9 ann@example.com 5.1.1 "550 5.1.1 User unknown" >case/9
run suppress --format=plain case
check "one row for one address" lines out 1
# ordinary mail: an empty list is a list
mkdir letters
letter 1 >letters/1
run suppress --format=plain letters
check "nothing to list: exit 0" eval 'status_is 0 && [ ! -s out ]'
done_testing
