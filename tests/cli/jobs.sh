#!/bin/sh
# SPDX-License-Identifier: MIT
# Parse processes: their number changes no byte, their death costs a message and not the run, hostile mail hurts nobody.
. "${top_srcdir:?}/tests/cli/lib.sh"
sample=$(CDPATH='' cd -- "$top_srcdir/sample-mail" && pwd)

run events --jobs=0 "$sample/archive.mbox" "$sample/older.mbox.gz" "$sample/Maildir"
cp out none
check "there are events to compare" eval 'status_is 0 && [ "$(wc -l <none)" -gt 30 ]'
for jobs in 1 2 8; do
    run events --jobs=$jobs "$sample/archive.mbox" "$sample/older.mbox.gz" "$sample/Maildir"
    check "--jobs=$jobs: the same bytes" eval 'status_is 0 && same out none'
done
for paths in "$sample" "$top_srcdir/tests/data" ${NIXIE_CORPUS:+"$NIXIE_CORPUS"}; do
    for jobs in 0 2; do
        run events --jobs=$jobs --no-first-look "$paths"
        cp out full
        run events --jobs=$jobs "$paths"
        check "the first look loses no event of ${paths##*/}, --jobs=$jobs" eval '[ -s full ] && same out full'
        run events --jobs=$jobs --no-first-look --unparsed "$paths"
        cp out full
        run events --jobs=$jobs --unparsed "$paths"
        check "… and nothing that was not understood" same out full
    done
done
run report --jobs=0 "$sample"
cp out none
run report --jobs=3 "$sample"
check "report: the same bytes" same out none
run config
check "config says how mail is read" says "^# mail is read in [0-9]* parse process.* locked by .*\\(resource limits\\|count lines\\)$"
built=$(grep -c '^#define HAVE_POSTGRESQL 1' "${top_builddir:?}/config.h")
check "… and whether a ledger may be on a server" \
    says "^# ledgers on a PostgreSQL server: $([ "$built" -eq 1 ] && echo yes || echo no)"
printf '[nixie]\njobs = 0\n' >no-jobs.conf
run config -c no-jobs.conf
check "… and that it is not locked away" says "^# mail is read in the main process"

# Thirteen thousand letters: long enough to be killed in the middle.
five_bounces mail
mbox_of mail >few.mbox
i=0
while [ $i -lt 7 ]; do
    cat few.mbox few.mbox few.mbox >more.mbox
    mv more.mbox few.mbox
    i=$((i + 1))
done
messages=$(grep -c '^From MAILER' few.mbox)
"$NIXIE" events --jobs=2 few.mbox >out 2>err </dev/null &
parent=$!
killed=0
while [ $killed -lt 3 ]; do
    sleep 0.2
    kill -0 $parent 2>/dev/null || break
    child=$(cat "/proc/$parent/task/$parent/children" 2>/dev/null | cut -d' ' -f1)
    [ -n "$child" ] && kill -KILL "$child" 2>/dev/null && killed=$((killed + 1))
done
wait $parent
status=$?
if [ $killed -eq 0 ]; then
    skip "children are killed: the run goes on" "no child could be killed in time"
else
    lost=$(grep -c 'could not be read: its parse process was ended by signal 9' err)
    events=$(wc -l <out)
    check "children are killed: the run goes on, one line a message lost" eval \
        '[ "$lost" -le "$killed" ] && [ "$(wc -l <err)" -eq "$lost" ] && [ $((events + lost)) -ge $((messages * 5 / 6)) ]'
    check "exit 1 when one was lost" eval '[ "$lost" -eq 0 ] && status_is 0 || status_is 1'
fi

if python3 "$top_srcdir/tests/bench/make-killers" 0.02 >killers.mbox 2>/dev/null; then
    bounces=$(grep -c '^Message-ID: <killer-' killers.mbox)
    for jobs in 0 2; do
        run events --jobs=$jobs killers.mbox
        check "--jobs=$jobs: what is made to hurt is survived, the bounces between are all there" \
            eval '[ "$(grep -c "\"message_id\":\"killer-.*\"recipient\":\"user[0-9]*@example.com\"" out)" -eq "$bounces" ] && { status_is 0 || status_is 1; }'
    done
else
    skip "what is made to hurt is survived" "no python3"
fi
done_testing
