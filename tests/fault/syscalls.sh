#!/bin/sh
# SPDX-License-Identifier: MIT
# Faults at every system call with which the program changes or asks the world: killed there, or an error answered, at the
# Nth call of a kind, for every N of a scan of 200 messages and of the nightly run with its lists. Whatever the fault:
# the exit status is one of those that sysexits(3) has for it and the reason stands on standard error, or all was done; the
# state is the one before or the one after, and so is every list; the next run that nothing disturbs makes the state
# (`state export`, byte for byte) and the lists what they should be, and leaves no other file behind. A call that a
# signal interrupted (EINTR) is not seen at all. The calls are counted by tests/fault/shim.c, preloaded.
#     tests/fault/syscalls.sh [STEP [FIGURES [RUN…]]]
# STEP 1 takes every N: scripts/fault-sweep; `make check` takes fewer. RUN: scan, first or second (night); otherwise all.
# shellcheck source=tests/fault/lib.sh
. "${top_srcdir:?}/tests/fault/lib.sh"

step=${1:-53}
figures=${2:-$work/figures}
if [ $# -le 2 ]; then
    runs="scan first second"
else
    shift 2
    runs=$*
fi
cc=$(command -v "${CC:-cc}" || command -v gcc)
if [ -z "$cc" ] || ! $cc -std=gnu11 -O1 -fPIC -shared -o shim.so "$top_srcdir/tests/fault/shim.c" -ldl 2>cc.err; then
    skip "every system call" "no compiler for the shim"
    done_testing
    exit 0
fi
many 1 200 >a.mbox
touch -d 2026-11-01 a.mbox
shim=$work/shim.so

# shimmed FAULT ARGUMENT…: the program with the shim in front
shimmed () {
    fault=$1
    shift
    rm -f "$work/report"
    timeout 60 env LD_PRELOAD="$shim" NIXIE_FAULT="$fault" NIXIE_FAULT_REPORT="$work/report" "$NIXIE" "$@"
}
rm -rf new; mkdir new
if ! shimmed "open parent 0 EIO" scan -q --state=new/s.db a.mbox >out 2>err || ! [ -s report ]; then
    skip "every system call" "the shim cannot be preloaded into this program"
    done_testing
    exit 0
fi

# --- what is run: in a folder of its own, made from NAME.template ------------------------------------------------------
mkdir scan.template first.template
cp -p a.mbox scan.template
cp -p a.mbox first.template
cat >first.template/nixie.conf <<'END'
[nixie]
state = s.db
[source bounces]
path = a.mbox
[output remove]
file = lists/remove.csv
keep = 2
[output all]
file = lists/all.txt
format = plain
decision = remove,inactive,pause,review,watch
max-rows = 150
END
mkdir first.template/lists
command_of () { # NAME: into $command
    case $1 in
    scan) command="scan -q --state=s.db --now=2026-11-21 a.mbox" ;;
    *) command="run -q -c nixie.conf --now=2026-11-21 --metrics=metrics.prom" ;;
    esac
}
# The second night: state and lists are there, and 15 messages more. Everything runs in new/: the configuration makes
# absolute names of it, which the state keeps.
rm -rf new; cp -Rp first.template new
(
    cd new || exit 1
    many 1 185 >a.mbox
    touch -d 2026-11-01 a.mbox
    "$NIXIE" run -q -c nixie.conf --now=2026-11-20 --metrics=metrics.prom
    many 186 200 >>a.mbox
    touch -d 2026-11-02 a.mbox
) 2>err
mv new second.template

# export_of FOLDER FILE: "" where there is no state
export_of () {
    : >"$2"
    [ ! -s "$1/s.db" ] || "$NIXIE" state export --state="$1/s.db" >"$2" 2>/dev/null || echo "no export" >"$2"
}
# What the run makes besides the state. The figures of metrics.prom are those of one run: only its wholeness is looked at.
lists_of () { # FOLDER
    (cd "$1" && for file in lists/*; do [ ! -f "$file" ] || echo "$file $(cksum <"$file")"; done)
}
files_of () { # FOLDER
    (cd "$1" && find . | LC_ALL=C sort)
}
for name in scan first second; do
    export_of $name.template $name.before
    lists_of $name.template >$name.lists-before
    rm -rf new; cp -Rp $name.template new
    command_of $name
    (cd new && "$NIXIE" $command) 2>$name.golden-err
    echo $? >$name.golden-status
    rm -rf $name.golden; mv new $name.golden
    export_of $name.golden $name.export
    lists_of $name.golden >$name.lists
    files_of $name.golden >$name.files
    check "$name: the undisturbed one" eval '[ "$(cat $name.golden-status)" -eq 0 ] && [ "$(grep -c \"table\":\"event\" $name.export)" -eq 200 ]'
    rm -rf new; cp -Rp $name.template new
    (cd new && shimmed "open parent 0 EIO" $command) >out 2>err
    cp report $name.counts
done

# --- one fault -----------------------------------------------------------------------------------------------------------
wrong_say () { # TEXT
    wrong="$wrong
# $name: $fault: $1"
}
whole () { # the state and each list is the one of before or the golden one
    rm -rf probe; mkdir probe
    for file in new/s.db new/s.db-wal new/s.db-journal; do
        [ ! -f $file ] || cp $file probe
    done
    export_of probe got
    if [ $status -eq 1 ]; then # an input that could not be read: what was read of it is kept, whole messages
        LC_ALL=C sort got >got.sorted
        LC_ALL=C sort $name.export | LC_ALL=C comm -13 - got.sorted >odd
        [ ! -s odd ] || wrong_say "a message that is none: $(head -n 1 odd)"
    else
        cmp -s got $name.before || cmp -s got $name.export || ! [ -s got ] || wrong_say "a state between two batches"
    fi
    lists_of new | while read -r line; do
        grep -q -x -F "$line" $name.lists-before $name.lists || echo "$line"
    done >odd
    [ ! -s odd ] || [ $status -eq 1 ] || wrong_say "a list between two: $(head -n 1 odd)"
}
golden () { # WHEN
    export_of new got
    cmp -s got $name.export || wrong_say "$1: another state: $(diff $name.export got | head -n 3 | cut -c1-150 | tr '\n' ' ')"
    lists_of new >got
    cmp -s got $name.lists || wrong_say "$1: other lists: $(diff $name.lists got | tr '\n' ' ')"
}
again () {
    # A first list made of half the mail is the last one that was published: the whole one must be confirmed.
    case $status,$command in 1,run*) command="$command --confirm" ;; esac
    (cd new && "$NIXIE" $command) >out 2>err
    status=$?
    [ $status -eq 0 ] || wrong_say "the next run: exit $status: $(head -n 1 err)"
    golden "the next run"
    files_of new >got
    cmp -s got $name.files || wrong_say "the next run: other files: $(diff $name.files got | tr '\n' ' ')"
}
# one NAME CALL WHO NUMBER WHAT
one () {
    name=$1 fault="$2 $3 $4 $5"
    command_of "$name"
    rm -rf new; cp -Rp "$name.template" new
    (cd new && shimmed "$fault" $command) >out 2>err
    status=$?
    fired=$(sed -n 's/^fired //p' report 2>/dev/null)
    [ $status -ne 137 ] || fired=1
    [ "${fired:-0}" -gt 0 ] || return 0 # fewer calls than in the counted run
    faults=$((faults + 1))
    case $5,$3,$status in
    kill,parent,137) ;;
    kill,parent,*) wrong_say "not killed but exit $status" ;;
    kill,child,0|EINTR,*,0)
        [ ! -s err ] || wrong_say "said: $(head -n 1 err)" ;;
    EINTR,*) wrong_say "exit $status: $(head -n 1 err)" ;;
    *,0) ;;
    *,1|*,66|*,7[34578])
        # where all writing fails, standard error cannot tell it
        if [ "$2 $4" != "write ${4%+}+" ] && { [ ! -s err ] || grep -q -v '^nixie: ' err; }; then
            wrong_say "exit $status, untold: $(head -n 1 err)"
        fi ;;
    EIO,*,65) # of a read that fails once, SQLite says that the file is damaged
        [ "$2" = pread ] && ! grep -q -v '^nixie: ' err || wrong_say "exit $status: $(head -n 1 err)" ;;
    *) wrong_say "exit $status: $(head -n 1 err)" ;;
    esac
    echo "$name $2 $3 $5 $status" >>all
    if [ $status -eq 0 ]; then
        golden "exit 0"
    else
        whole
    fi
    again
}

# sweep NAME WHO CALL WHAT…: every STEPth call; WHAT with a + as well from that call on
sweep () {
    name=$1 who=$2 call=$3
    shift 3
    count=$(sed -n "s/^$call $who //p" "$name.counts")
    for what in "$@"; do
        wrong='' faults=0
        # not the same calls for each error; in a short sweep only some of the errors
        offset=$((offset * 7 % 101 + 1)) turn=$((turn + 1))
        [ "$step" -le 20 ] || [ $((turn % 4)) -eq 0 ] || continue
        n=$((offset % step + 1))
        [ "$count" -ge "$n" ] || [ "$count" -eq 0 ] || n=$((offset % count + 1))
        while [ "$n" -le "$count" ]; do
            case $what in
            *+) one "$name" "$call" "$who" "$n+" "${what%+}" ;;
            *) one "$name" "$call" "$who" "$n" "$what" ;;
            esac
            n=$((n + step))
        done
        [ $faults -gt 0 ] || continue
        total=$((total + faults))
        printf '%-7s %-7s %-11s %-8s %5d calls %5d faults: %s\n' "$name" "$who" "$call" "$what" "$count" $faults \
            "$(grep "^$name $call $who ${what%+} " all | awk '{ n[$5]++ } END { for (s in n) printf "exit %s: %d  ", s, n[s] }')" \
            >>"$figures"
        : >all
        check "$name: $what at $faults of $count calls of $call ($who)" test -z "$wrong"
        [ -z "$wrong" ] || echo "$wrong" | sed 1d | head -n 20
    done
}
offset=1 total=0 turn=0
: >"$figures"
: >all
for name in $runs; do
    sweep $name parent write kill ENOSPC ENOSPC+ EIO EIO+ EINTR
    sweep $name parent pwrite kill ENOSPC ENOSPC+ EIO EIO+ EROFS+ EINTR
    sweep $name parent fsync kill EIO EIO+ ENOSPC
    sweep $name parent fdatasync kill EIO EIO+ ENOSPC
    sweep $name parent ftruncate kill EIO EIO+ ENOSPC EROFS EINTR
    sweep $name parent rename kill EIO EIO+ ENOSPC EROFS+
    sweep $name parent link kill EIO ENOSPC EROFS+
    sweep $name parent unlink kill EIO EIO+ EROFS+
    sweep $name parent mkdir kill ENOSPC EROFS
    sweep $name parent fchmod kill EIO EROFS
    sweep $name parent open kill ENOSPC EIO EIO+ EROFS EROFS+ EMFILE EMFILE+ EINTR
    sweep $name parent close EIO EINTR
    sweep $name parent read EIO EIO+ EINTR
    sweep $name parent pread EIO EIO+ EINTR
    sweep $name parent flock EINTR EIO
    sweep $name parent mmap ENOMEM
    sweep $name parent socketpair EMFILE EMFILE+
    sweep $name parent fork EAGAIN EAGAIN+
    sweep $name parent recv EINTR EIO
    sweep $name parent send EINTR EIO
    sweep $name parent poll EINTR
    sweep $name parent waitpid EINTR
    sweep $name child read kill EIO EINTR
    sweep $name child write kill EIO EINTR
done
echo "# $total faults"
check "there were faults" test $total -gt 0
done_testing
