#!/bin/sh
# SPDX-License-Identifier: MIT
# What people know better than the bounces: allow, forgive, import, each with its date, each to be taken back.
. "${top_srcdir:?}/tests/cli/lib.sh"
five_bounces mail
mkdir later
dsn 21 ann@example.com 5.1.1 "550 5.1.1 User unknown" "Sat, 5 Dec 2026 08:00:00 +0000" >later/21
XDG_STATE_HOME=$work/none
nixie () { # DAY VERB …
    day=$1
    verb=$2
    shift 2
    run "$verb" --state=s.db --now="$day" "$@"
}
nixie 2026-11-21 scan -q mail
list () { nixie "$1" suppress --format=plain; }

list 2026-11-21
check "two are listed" eval 'status_is 0 && lines out 2'
nixie 2026-11-22 allow Ann@EXAMPLE.com
check "allow" eval 'status_is 0 && clean_err 1'
list 2026-11-22
check "is not listed any more" eval 'lines out 1 && ! says ann@'
nixie 2026-11-22 explain ann@example.com
check "explain tells of it" eval 'status_is 1 && says "allowed on 2026-11-22" && says "nixie allow --undo" && says "550 5.1.1"'
nixie 2026-11-22 suppress --decision=keep
check "it is decided by that line" says '^ann@example.com,.*,keep,.*,allow,'
nixie 2026-11-22 allow --undo ann@example.com
list 2026-11-22
check "taken back within the same second" eval 'lines out 2'
nixie 2026-11-22 allow --undo ann@example.com
check "nothing to take back: exit 1" eval 'status_is 1 && warns "nothing\|no .allow. to take back"'

nixie 2026-11-23 forgive ann@example.com eve@example.com
list 2026-11-23
check "forgive: nobody is listed" eval 'status_is 0 && lines out 0'
nixie 2026-11-23 explain ann@example.com
check "explain tells of it" eval 'status_is 1 && says "forgiven on 2026-11-23"'
nixie 2026-12-06 scan -q later
list 2026-12-06
check "what comes back later counts" eval 'lines out 1 && says "^ann@example.com$"'
nixie 2026-12-06 forgive --undo eve@example.com
list 2026-12-06
check "forgiving is taken back" eval 'lines out 2'

cat >old.csv <<END
id;Email Address;when
1;Old.User@Example.com;2025-03-01 12:00:00
2;"zoe@example.org";2025-04-01T00:00:00Z
3;bob@example.net;
4;not an address;
END
nixie 2026-12-07 import old.csv
check "import" eval 'status_is 0 && warns "3 addresses taken, 2 lines without one"'
list 2026-12-07
check "imported addresses are listed among the others, in order" \
    eval 'lines out 5 && [ "$(cat out)" = "$(sort -f out)" ] && says "^Old.User@example.com$" && says "^bob@example.net$"'
nixie 2026-12-07 suppress
check "with the date of their row" says '^zoe@example.org,example.org,.*,remove,.*2025-04-01.*,import,'
nixie 2026-12-07 explain zoe@example.org
check "explain tells of it: exit 0, it is listed" eval 'status_is 0 && says "imported from a list of others, of 2025-04-01"'
cp s.db before.db
nixie 2026-12-07 import old.csv
list 2026-12-07
check "a second time changes nothing" lines out 5
nixie 2026-12-08 forgive zoe@example.org
nixie 2026-12-08 import --undo bob@example.net
list 2026-12-08
check "forgiven, taken back" eval 'lines out 3 && ! says zoe@ && ! says bob@'

nixie 2026-12-08 allow 'nobody at all'
check "no address: exit 64" eval 'status_is 64 && clean_err 1'
nixie 2026-12-08 allow x@example.com 'nobody at all'
nixie 2026-12-08 allow --undo x@example.com
check "all words or none" eval 'status_is 1'
nixie 2026-12-08 import nowhere.csv
check "no such file: exit 66" eval 'status_is 66 && clean_err 1'
printf 'no\naddress\n' >empty.csv
nixie 2026-12-08 import empty.csv
check "a file without addresses: exit 65" eval 'status_is 65 && clean_err 1'
nixie 2026-12-08 report
check "the report goes by it" eval 'status_is 0 && says "3 .*remove\|remove.*3"'

# The list as it was, and what came and went since.
nixie 2026-12-08 suppress --format=plain --added --since=2026-11-24
check "added since" eval 'status_is 0 && [ "$(tr "\n" " " <out)" = "ann@example.com eve@example.com Old.User@example.com " ]'
nixie 2026-12-08 suppress --format=plain --removed --since=2026-12-07T12:00:00Z
check "removed since" eval 'status_is 0 && lines out 2 && says zoe@ && says bob@'
nixie 2026-12-08 suppress --format=plain --added --removed --since=2026-12-07
check "both at once make no list: exit 64" status_is 64
nixie 2026-12-08 suppress --format=plain --added
check "since when: exit 64" status_is 64
run suppress --added --since=2026-11-24 mail
check "mail that is named has no past: exit 64" status_is 64
nixie 2026-11-21 suppress --compare=seed
check "--compare" eval 'status_is 0 && says "^email,decision,rule,compared_decision,compared_rule$" && says "^cid@example.com,keep,.*,remove,"'
nixie 2026-11-21 suppress --compare=default
check "the same policy decides the same" lines out 1
done_testing
