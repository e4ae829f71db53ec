#!/bin/sh
# SPDX-License-Identifier: MIT
# scan --partial: the share of one task, there whole or not at all; merge joins them.
. "${top_srcdir:?}/tests/cli/lib.sh"
five_bounces mail
maildir_of mail box
mbox_of mail >all.mbox
ls_out () { find . -maxdepth 1 -name "$1"; }

ls -d mail/1 mail/2 >shard.1
printf 'mail/3\0mail/4\0mail/6\0mail/3\0' >shard.2
run scan --partial=part.1 --files-from=shard.1 --now=2026-11-21
check "a share by its list" eval 'status_is 0 && warns "2 messages read, 2 new, 2 events new" && [ ! -s out ]'
run scan -q --partial=part.2 --files-from=shard.2 -0 --now=2026-11-21
check "names that end in NUL" eval 'status_is 0 && silent'
"$NIXIE" scan -q --partial=part.3 --files-from=- --now=2026-11-21 <<END
mail/5
mail/1
END
check "names on standard input" test $? -eq 0
check "mode 0600" test "$(stat -c %a part.1)" = 600
check "one file each, nothing beside it" eval '[ "$(ls_out "*part.*" | wc -l)" -eq 3 ]'
run merge --state=joined.db part.3 part.1 part.2
check "merged" eval 'status_is 0 && warns "messages: 6, events: 5, in "'
"$NIXIE" scan -q --partial=whole --now=2026-11-21 mail
"$NIXIE" state export --state=whole >whole.export
"$NIXIE" state export --state=joined.db >joined.export
check "as one scan of everything" same whole.export joined.export
run report --state=part.1 --now=2026-11-22
check "a partial state is a state" eval 'status_is 0 && says "2"'

# Places: the least counts, whatever was read first
"$NIXIE" scan -q --partial=one --now=2026-11-21 box all.mbox mail
"$NIXIE" scan -q --partial=two --now=2026-11-21 mail box all.mbox
"$NIXIE" state export --state=one >one.export
"$NIXIE" state export --state=two >two.export
check "several places: the same one is told" same one.export two.export
check "the least" eval 'grep -q "\"source\":\"all.mbox\"" one.export && ! grep -q "\"source\":\"mail/" one.export'

# A Maildir as a whole, or file by file: the date of its name as well
maildir_of mail dated
sed -i '/^Date:/d; /^Received:/d; /^Arrival-Date:/d' dated/cur/*
"$NIXIE" scan -q --partial=folder --now=2026-11-21 dated
find dated -type f | "$NIXIE" scan -q --partial=files --now=2026-11-21 --files-from=-
"$NIXIE" state export --state=folder >folder.export
"$NIXIE" state export --state=files >files.export
check "a Maildir, or its files" eval 'same folder.export files.export && grep -q "\"date\":1762000" files.export'

# Other rules
printf 'id\tscope\tstatus\treply\tmatch\ttext\treason\ttype\twitness\nmine\tall\t-\t-\tcontains\tUser unknown\tmailbox-full\tsoft\t550 5.1.1 User unknown\n' >rules.tsv
"$NIXIE" scan -q --partial=ruled.1 --rules=rules.tsv --files-from=shard.1 --now=2026-11-21
check "a share that other rules judged" eval '"$NIXIE" events --state=ruled.1 | grep -q "\"rule\":\"mine\""'
"$NIXIE" merge -q --state=mixed.db part.2 ruled.1 part.3
"$NIXIE" state export --state=mixed.db >mixed.export
check "the rules of the one who merges decide" same mixed.export whole.export
"$NIXIE" merge -q --rules=rules.tsv --state=ruled.db part.2 ruled.1 part.3
"$NIXIE" scan -q --rules=rules.tsv --partial=ruled.whole --now=2026-11-21 mail
"$NIXIE" state export --state=ruled.db >ruled.export
"$NIXIE" state export --state=ruled.whole >ruled-whole.export
check "whatever they are" eval 'same ruled.export ruled-whole.export && ! same ruled.export mixed.export'

# Again, and what goes wrong
cp part.1 before
run scan -q --partial=part.1 --files-from=shard.1 --now=2026-11-21
check "written again, whole" eval 'status_is 0 && "$NIXIE" state verify --state=part.1 2>/dev/null'
run scan -q --partial=part.1 --now=2026-11-21 mail/1
"$NIXIE" state export --state=part.1 >part.export
check "what lay there is replaced, not added to" eval '[ "$(grep -c "\"table\":\"message\"" part.export)" -eq 1 ]'
: >nothing
run scan --partial=part.0 --files-from=nothing
check "an empty share gives an empty state" eval 'status_is 0 && [ -f part.0 ]'
run merge --state=joined.db part.0
check "which merges as well" eval 'status_is 0 && warns "messages: 6, events: 5"'
echo missing >shard.4
run scan --partial=part.4 --files-from=shard.4
check "no input: exit 66 and no state" eval 'status_is 66 && [ -z "$(ls_out "*part.4*")" ]'
echo mail/1 >>shard.4
run scan --partial=part.4 --files-from=shard.4
check "some input is missing: exit 1, the rest is there" eval 'status_is 1 && [ -f part.4 ]'
run scan --partial=part.5 --files-from=no-such-list
check "no list: no state" eval '[ "$status" -ne 0 ] && [ -z "$(ls_out "*part.5*")" ]'
run scan --partial=nowhere/part.5 mail
check "no folder: exit 73" eval 'status_is 73 && clean_err 1'
run scan --partial=part.5 --state=s.db mail
check "not with --state: exit 64" eval 'status_is 64 && clean_err 1'
run scan --partial=part.5 --dry-run mail
check "not with --dry-run: exit 64" status_is 64
mkfifo slow
"$NIXIE" scan -q --partial=part.6 mail - <slow &
pid=$!
exec 3>slow
cat all.mbox >&3
sleep 1
kill -KILL "$pid"
status=$?
exec 3>&-
wait "$pid" 2>/dev/null
check "killed half way: nothing there" eval 'status_is 0 && [ -z "$(ls_out "*part.6*")" ]'
done_testing
