#!/bin/sh
# SPDX-License-Identifier: MIT
# A back-fill of 16 shares by Slurm: munge, slurmctld and slurmd of this machine, on the loopback address, started here
# and ended at the end. One task is requeued while it runs. The state must be that of one scan, byte for byte. Then the
# same by GNU parallel. Needs root and the Debian packages slurm-wlm, munge and parallel; skips without them.
#     NIXIE=$PWD/build/nixie top_srcdir=$PWD tests/scale/slurm.sh
. "${top_srcdir:?}/tests/cli/lib.sh"
top=$top_srcdir
PATH=$PATH:/usr/sbin
missing=''
for tool in sbatch scontrol slurmctld slurmd munged mungekey parallel; do
    command -v "$tool" >/dev/null 2>&1 || missing="$missing $tool"
done
[ "$(id -u)" -eq 0 ] || missing="$missing root"
if [ -n "$missing" ]; then
    skip "a back-fill by Slurm" "not here:$missing"
    done_testing
    exit 0
fi
host=$(hostname -s)
pids=''
end () {
    for pid in $pids; do kill "$pid" 2>/dev/null; done
    for pid in $pids; do wait "$pid" 2>/dev/null; done
    rm -rf "$work"
}
trap end EXIT

# --- the cluster: one machine --------------------------------------------------------------------------------------------
chmod 0755 "$work"
mkdir -p cluster/munge cluster/state cluster/spool
conf=$work/cluster
mungekey --create --keyfile="$conf/munge/key" --bits=1024
chown -R munge: "$conf/munge"
setpriv --reuid=munge --regid=munge --clear-groups munged --foreground --key-file="$conf/munge/key" \
    --socket="$conf/munge/socket" --pid-file="$conf/munge/pid" --log-file="$conf/munge/log" \
    --seed-file="$conf/munge/seed" >munged.log 2>&1 &
pids="$pids $!"
cat >"$conf/slurm.conf" <<END
ClusterName=nixie
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$conf/munge/socket
CredType=cred/munge
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
StateSaveLocation=$conf/state
SlurmdSpoolDir=$conf/spool
SlurmctldPidFile=$conf/slurmctld.pid
SlurmdPidFile=$conf/slurmd.pid
SlurmctldLogFile=$conf/slurmctld.log
SlurmdLogFile=$conf/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_min_interval=100000,bf_interval=1
SchedulerTimeSlice=5
JobRequeue=1
KillWait=2
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=batch Nodes=$host Default=YES MaxTime=60 State=UP
END
SLURM_CONF=$conf/slurm.conf
export SLURM_CONF
wait_for () { # SECONDS COMMAND…
    left=$(($1 * 5))
    shift
    until "$@" >/dev/null 2>&1; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || return 1
        sleep 0.2
    done
}
wait_for 20 test -S "$conf/munge/socket"
slurmctld -D -i -f "$SLURM_CONF" >slurmctld.log 2>&1 &
pids="$pids $!"
wait_for 60 scontrol ping
slurmd -D -f "$SLURM_CONF" -N "$host" >slurmd.log 2>&1 &
pids="$pids $!"
idle () { sinfo -h -o %T | grep -q -e idle -e mixed; }
check "munge, slurmctld and slurmd are up, on the loopback address" wait_for 60 idle
if ! idle; then
    tail -n 15 munged.log slurmctld.log slurmd.log | sed 's/^/# /'
    done_testing
    exit 1
fi
listens () { ss -ltnH 2>/dev/null | awk '{ print $4 }' | grep -E ':1681[78]$'; }
check "nothing listens elsewhere" eval '! command -v ss >/dev/null || [ -z "$(listens | grep -v "^127\.")" ]'

# --- the back-fill -----------------------------------------------------------------------------------------------------------
# The program as the tasks call it: task 5 takes its time when it runs first, so that it is running when it is requeued.
cat >nixie-slow <<END
#!/bin/sh
echo "\${SLURM_ARRAY_TASK_ID:-merge} \${SLURM_RESTART_COUNT:-0} \$*" >>"$work/calls"
if [ "\${SLURM_ARRAY_TASK_ID:-}" = 5 ] && [ "\${SLURM_RESTART_COUNT:-0}" = 0 ]; then sleep 300; fi
exec "$NIXIE" "\$@"
END
chmod +x nixie-slow
SOURCE_DATE_EPOCH=$(date -u -d 2026-11-21 +%s)
export SOURCE_DATE_EPOCH
cp -r "$top/sample-mail/Maildir" "$top/sample-mail/archive.mbox" "$top/sample-mail/older.mbox.gz" "$top/tests/data/formats" .
set -- Maildir archive.mbox older.mbox.gz formats
for path in "$work"/Maildir "$work"/archive.mbox "$work"/older.mbox.gz "$work"/formats; do set -- "$@" "$path"; shift; done
"$top/scripts/slurm/nixie-shards" -n 16 -d shared "$@" 2>err
check "16 shares" eval '[ "$(ls shared/shard.* | wc -l)" -eq 16 ] && [ "$(cat shared/shard.* | wc -l)" -gt 100 ]'
cat shared/shard.* >every-file
"$NIXIE" scan -q --partial=whole.db --files-from=every-file 2>/dev/null
"$NIXIE" state export --state=whole.db >whole.export
NIXIE_REAL=$NIXIE
NIXIE=$work/nixie-slow
export NIXIE
merge=$("$top/scripts/slurm/nixie-submit" -d shared -s "$work/state.db" -- --export=ALL 2>err)
check "submitted" test -n "$merge"
if [ -z "$merge" ]; then
    done_testing
    exit 1
fi
runs_5 () { grep -q '^5 0 ' calls; }
wait_for 120 runs_5
task=$(squeue -h -r -o '%A %K' | awk '$2 == 5 { print $1 }')
scontrol requeue "$task" 2>err
check "task 5 requeued while it runs" eval 'runs_5 && [ -n "$task" ] && [ ! -s err ]'
done_5 () { grep -q '^5 1 ' calls; }
# A requeued task waits two minutes in Slurm before it may begin again; release it at once.
again () { scontrol update jobid="$task" starttime=now 2>/dev/null; done_5; }
check "it ran again" wait_for 240 again
ended () { [ -f state.db ] && ! squeue -h -o %A | grep -q .; }
check "the merge came last" wait_for 240 ended
NIXIE=$NIXIE_REAL
"$NIXIE" state export --state=state.db >state.export
check "16 tasks and one more, one merge" eval \
    '[ "$(grep -c -v "^merge" calls)" -eq 17 ] && [ "$(grep -c "^merge" calls)" -eq 1 ] && [ "$(tail -n 1 calls | cut -d " " -f 1)" = merge ]'
check "the state of 16 tasks is that of one scan, byte for byte" same whole.export state.export
check "nothing half is left" eval '[ -z "$(find shared -name ".part.*")" ]'
[ "$(wc -l <calls)" -ge 18 ] || tail -n 5 shared/*.log slurmctld.log slurmd.log | sed 's/^/# /'

# --- the same without Slurm ------------------------------------------------------------------------------------------------
rm shared/part.*
export NIXIE
# Word splitting is meant: names without blanks.
# shellcheck disable=SC2046
parallel -j 2 --retries 3 "NIXIE_WORK=shared '$top/scripts/slurm/nixie-scan' {#}" ::: $(ls shared/shard.* | sort -t . -k 2n) 2>err
NIXIE_WORK=shared NIXIE_STATE=parallel.db "$top/scripts/slurm/nixie-merge" 2>/dev/null
"$NIXIE" state export --state=parallel.db >parallel.export
check "GNU parallel: the same" same whole.export parallel.export
done_testing
