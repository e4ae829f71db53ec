#!/bin/sh
# SPDX-License-Identifier: MIT
# What happens to a Maildir between two nights: whatever it is, the ledger ends with every bounce once, with the same when
# everything is read again, and no file is opened that need not be.
#
# The times of a file prove nothing while they are younger than two seconds, and the time of change cannot be set. So
# all scenarios go from night to night together, with one pause for all of them in between.
# shellcheck source=tests/fault/lib.sh
. "${top_srcdir:?}/tests/fault/lib.sh"

# deliver PART NUMBER NAME: the bounce NUMBER into m/PART/NAME, written long ago
deliver () {
    mkdir -p m/new m/cur m/tmp truth
    bounce "$2" >"truth/$2"
    cat "truth/$2" >"m/$1/$3"
    touch -d 2026-11-01 "m/$1/$3"
}

# start: what every scenario begins with
start () {
    echo 3 >wanted
    deliver new 10 1700000010.M1.host
    deliver cur 11 1700000011.M2.host:2,
    deliver cur 12 1700000012.M3.host:2,S
}
inode () { stat -c %i "$1"; }

# Each scenario: what happens before the second and the third night, and how many messages those two nights read.
s_rests () { case $1 in 2) echo 0 ;; 3) echo 0 ;; esac; }
s_grows () {
    case $1 in
    2) deliver new 13 1700000013.M4.host; echo 1 ;;
    3) deliver new 14 1700000014.M5.host; deliver new 16 1700000016.M6.host; echo 2 ;;
    esac
}
s_new_to_cur () {
    case $1 in
    2) mv m/new/1700000010.M1.host m/cur/1700000010.M1.host:2,; echo 0 ;;
    3) deliver new 13 1700000013.M4.host; mv m/new/* m/cur/; echo 1 ;;
    esac
}
s_flags () {
    case $1 in
    2) mv m/cur/1700000011.M2.host:2, m/cur/1700000011.M2.host:2,RS; echo 0 ;;
    3) mv m/cur/1700000011.M2.host:2,RS m/cur/1700000011.M2.host:2,F; mv m/cur/1700000012.M3.host:2,S m/new/1700000012.M3.host; echo 0 ;;
    esac
}
s_touched () {
    case $1 in
    2) touch m/cur/1700000011.M2.host:2,; echo 1 ;;
    3) chmod 640 m/cur/1700000011.M2.host:2,; echo 1 ;; # its time of change is another one
    esac
}
s_same_size_and_time () { # another file under the name of one that is there
    case $1 in
    2) deliver tmp 13 x; touch -r m/cur/1700000011.M2.host:2, m/tmp/x; mv m/tmp/x m/cur/1700000011.M2.host:2,; echo 1 ;;
    3) deliver tmp 14 x; touch -r m/cur/1700000011.M2.host:2, m/tmp/x; mv m/tmp/x m/cur/1700000011.M2.host:2,; echo 1 ;;
    esac
}
s_written_in_place () { # same name, inode, size and time of writing
    file=m/cur/1700000011.M2.host:2,
    case $1 in
    2) was=$(inode $file); deliver cur 13 1700000011.M2.host:2,; [ "$(inode $file)" = "$was" ] && echo 1 ;;
    3) deliver cur 14 1700000011.M2.host:2,; echo 1 ;;
    esac
}
s_redelivered () { # gone, and another message comes under the same name
    case $1 in
    2) rm m/new/*; echo 0 ;;
    3) deliver new 13 1700000010.M1.host; echo 1 ;;
    esac
}
s_redelivered_at_once () {
    case $1 in
    2) rm m/new/*; deliver new 13 1700000010.M1.host; echo 1 ;;
    3) rm m/new/*; deliver cur 14 1700000010.M1.host:2,S; echo 1 ;;
    esac
}
s_name_twice () { # a message in new/ with the name of another one in cur/
    case $1 in
    2) deliver new 13 1700000011.M2.host; echo 1 ;;
    3) deliver cur 14 1700000011.M2.host:2,RS; echo 1 ;;
    esac
}
s_moved_by_link () { # as programs of old do: link, then unlink
    case $1 in
    2) ln m/new/1700000010.M1.host m/cur/1700000010.M1.host:2,; echo 1 ;; # under its old name it was changed
    3) rm m/new/*; echo 0 ;;
    esac
}
s_hard_link () { # under a name of its own it is another file
    case $1 in
    2) ln m/cur/1700000011.M2.host:2, m/cur/1700000099.M9.host:2,; echo 2 ;;
    3) rm m/cur/1700000011.M2.host:2,; deliver cur 13 1700000011.M2.host:2,; echo 2 ;;
    esac
}
s_appended_to () {
    case $1 in
    2) echo more >>m/cur/1700000011.M2.host:2,; cp m/cur/1700000011.M2.host:2, truth/more; echo 1 ;;
    3) echo 0 ;;
    esac
}
s_emptied () {
    case $1 in
    2) : >m/cur/1700000011.M2.host:2,; echo 0 ;;
    3) deliver cur 13 1700000011.M2.host:2,; echo 1 ;;
    esac
}
s_expunged () {
    case $1 in
    2) rm m/cur/*; echo 0 ;;
    3) rm m/new/*; deliver new 13 1700000013.M4.host; echo 1 ;;
    esac
}
s_filed_away () { # into a subfolder, which remembers for itself
    case $1 in
    2) mkdir -p m/.Old/new m/.Old/cur m/.Old/tmp; mv m/cur/* m/.Old/cur/; echo 2 ;;
    3) mv m/.Old/cur/*11.M2* m/cur/; echo 1 ;;
    esac
}
s_restored () { # from a backup: other inodes
    case $1 in
    2) cp -a m n; rm -r m; mv n m; echo 3 ;;
    3) echo 0 ;;
    esac
}
s_gone_and_back () {
    case $1 in
    2) mkdir aside; mv m/cur m/new aside/; mkdir m/cur m/new; echo 0 ;;
    3) rmdir m/cur m/new; mv aside/cur aside/new m/; deliver new 13 1700000013.M4.host; echo 4 ;;
    esac
}
s_folders_change_names () {
    case $1 in
    2) cp -a m/cur m/c; mv m/new m/n; mv m/c m/new; mv m/n m/cur; echo 2 ;; # copies of those in cur/; the one of new/ is known
    3) deliver new 13 1700000013.M4.host; echo 1 ;;
    esac
}
s_looked_at_only () { # --dry-run remembers nothing
    case $1 in
    2) deliver new 13 1700000013.M4.host; run scan --state=s.db --dry-run m; echo 1 ;;
    3) deliver new 14 1700000014.M5.host; run scan --state=s.db --dry-run m; run scan --state=s.db --dry-run --full m; echo 1 ;;
    esac
}
s_state_lost () {
    case $1 in
    2) rm s.db*; echo 3 ;;
    3) echo 0 ;;
    esac
}
s_cursor_damaged () {
    command -v sqlite3 >/dev/null || { echo 0; return; }
    case $1 in
    2) sqlite3 s.db "UPDATE maildir SET seen = zeroblob (80)"; echo 3 ;;
    3) sqlite3 s.db "UPDATE maildir SET seen = substr (seen, 1, length (seen) - 5)"; deliver new 13 1700000013.M4.host; echo 4 ;;
    esac
}
s_scan_killed () { # between two transactions, or before the last: what is not in the ledger is not remembered either
    case $1 in
    2) many 100 1400 | maildir n; mv n/new/* m/new/; "$NIXIE" scan -q --state=s.db m 2>/dev/null & sleep 0.07; kill -KILL $!
       wait $! 2>/dev/null; many 100 1400 >truth/many; echo any ;;
    3) echo 0 ;;
    esac
}

scenarios=$(sed -n 's/^s_\([a-z_]*\) () .*/\1/p' "$top_srcdir/tests/fault/maildir-scenarios.sh")
for name in $scenarios; do
    mkdir "$name"
done
for turn in 1 2 3 4; do
    for name in $scenarios; do
        (
            cd "$name" || exit
            case $turn in
            1) start ;;
            4) echo 0 >wanted ;;
            *) "s_$name" $turn >wanted ;;
            esac
        )
    done
    sleep 2.1
    for name in $scenarios; do
        (
            cd "$name" || exit
            run scan --state=s.db --now="2026-11-1${turn}T03:00:00Z" m
            [ $status -le 1 ] || echo "night $turn: exit status $status" >>trouble
            wanted=$(cat wanted)
            [ "$wanted" = any ] || warns "^nixie: $wanted messages* read" || {
                echo "night $turn: it should have read $wanted messages"; cat err; } >>trouble
        )
    done
done
for name in $scenarios; do
    cd "$name" || exit
    exact s.db >>trouble || echo "at the end: wrong" >>trouble
    "$NIXIE" state export --state=s.db >by-cursor
    run scan --state=s.db --full --now=2026-11-20T03:00:00Z m
    "$NIXIE" state export --state=s.db >by-reading
    cmp by-cursor by-reading >>trouble 2>&1
    cd ..
    [ ! -s "$name/trouble" ] || sed 's/^/# /' "$name/trouble"
    check "$(echo "$name" | tr _ ' ')" test ! -s "$name/trouble"
done
done_testing
