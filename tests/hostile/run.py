#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Read the hostile mail of gen.py and hold nixie to what it promises. Prints TAP. Called by run.sh.

    run.py NIXIE WORK SCALE [NAME…]     NIXIE: the program; WORK: an empty folder; NAMEs: these messages alone"""
import os
import re
import resource
import signal
import subprocess
import sys
import threading
import time

import gen

SECONDS = 10          # of processor time for one message, parent and parse process together
MEGABYTES = 512       # resident, of any process
MIB = 1024 * 1024
SECRET = b"between77777"


class Run:
    """One run of the program: exit status, seconds on the clock and of processor time, peaks of memory in bytes."""

    def __init__(self, words, patience=300):
        self.words = words
        started = time.monotonic()
        with open("out", "wb") as out, open("err", "wb") as err:
            process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
            self.parent = self.children = 0
            while True:
                pid, status, usage = os.wait4(process.pid, os.WNOHANG)
                if pid:
                    break
                if time.monotonic() - started > patience:
                    process.send_signal(signal.SIGKILL)
                self.look(process.pid)
                time.sleep(0.003)
        process.returncode = 0  # waited for above
        self.status = os.waitstatus_to_exitcode(status)
        self.seconds = time.monotonic() - started
        self.processor = usage.ru_utime + usage.ru_stime
        # Of whichever process had most. What the system counts says less only as long as we ourselves are larger: before
        # it became nixie, it was we.
        self.any = max(self.parent, self.children)
        if usage.ru_maxrss > resource.getrusage(resource.RUSAGE_SELF).ru_maxrss:
            self.any = max(self.any, usage.ru_maxrss * 1024)
        with open("out", "rb") as file:
            self.out = file.read()
        with open("err", "rb") as file:
            self.err = file.read()

    def look(self, pid):
        self.parent = max(self.parent, peak(pid))
        try:
            with open("/proc/%d/task/%d/children" % (pid, pid)) as file:
                for child in file.read().split():
                    self.children = max(self.children, peak(int(child)))
        except OSError:
            pass

    def figures(self):
        return "%.1f s (%.1f s on the clock), parent %d MB, parse process %d MB, exit %d" % (
            self.processor, self.seconds, self.parent // MIB, self.any // MIB, self.status)


def peak(pid):
    try:
        with open("/proc/%d/status" % pid) as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


class Tap:
    def __init__(self):
        self.number = self.bad = 0

    def check(self, name, problems, run=None):
        self.number += 1
        self.bad += bool(problems)
        print("%sok %d - %s%s" % ("not " if problems else "", self.number, name, ": " + run.figures() if run else ""))
        for problem in problems:
            print("#   " + problem)
        if problems and run:
            print("#   standard error: %r" % run.err[:600])
        sys.stdout.flush()


def generate(*words):
    """In a process of its own, so that this one stays small."""
    return subprocess.run([sys.executable, gen.__file__, *words], check=True, stdout=subprocess.PIPE).stdout


def recipients(out):
    return set(re.findall(rb'"recipient":"(between\d+)@example\.com"', out))


def common_problems(run):
    """What holds of every run, whatever it read."""
    problems = []
    if run.status not in (0, 1):
        problems.append("exit status %d" % run.status)
    if run.status == 1 and not run.err:
        problems.append("exit 1, and nothing says why")
    for name, text in (("output", run.out), ("error", run.err)):
        try:
            if re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", text.decode("utf-8")):
                problems.append("control characters in standard " + name)
        except UnicodeDecodeError:
            problems.append("standard %s is no UTF-8" % name)
    if any(not line.startswith(b"nixie: ") for line in run.err.splitlines()):
        problems.append("a line of standard error that does not say whose it is")
    return problems


def limit_problems(run, size, parent_alone, measured):
    problems = []
    if not measured:
        return problems
    if run.processor > SECONDS:
        problems.append("more than %d s of processor time" % SECONDS)
    if run.any > MEGABYTES * MIB:
        problems.append("more than %d MB" % MEGABYTES)
    # the parent may hold the message (16 MiB of it are read) and a copy on its way, whatever is in it
    allowed = parent_alone + 8 * MIB + 4 * min(size, 16 * MIB)
    if run.parent > allowed:
        problems.append("the parent has %d MB, %d MB without the message" % (run.parent // MIB, parent_alone // MIB))
    return problems


def test_messages(tap, nixie, scale, only, measured):
    """Each alone between two bounces: these are counted, time and memory hold, and a message that was lost is named."""
    with open("two.mbox", "wb") as out:
        out.write(gen.as_mbox(1) + gen.as_mbox(2))
    alone = Run([nixie, "events", "--jobs=1", "two.mbox"])
    tap.check("two bounces alone", [] if len(recipients(alone.out)) == 2 else ["not both counted"], alone)
    for name in gen.messages:
        if only and name not in only:
            continue
        size = int(generate("one", "one.mbox", name, str(scale)))
        run = Run([nixie, "events", "--jobs=1", "one.mbox"])
        problems = common_problems(run) + limit_problems(run, size, alone.parent, measured)
        if not {b"between1", b"between2"} <= recipients(run.out):
            problems.append("the bounces beside it are not both counted")
        if run.status == 1 and b"one.mbox: " not in run.err:
            problems.append("exit 1, and no line names the message")
        tap.check("%s (%.1f MB)" % (name, size / 1e6), problems, run)
        os.unlink("one.mbox")


def test_mbox(tap, nixie, scale, jobs):
    """All in one mailbox, in several parse processes."""
    generate("mbox", "all.mbox", str(scale))
    run = Run([nixie, "events", "--jobs=%d" % jobs, "all.mbox"], patience=1200)
    problems = common_problems(run)
    missing = len(gen.messages) - len(recipients(run.out) - {b"between0", b"between7", b"between8", b"between9"})
    named = {b"between%d" % (i + 1) for i in range(len(gen.messages))}
    if not named <= recipients(run.out):
        problems.append("bounces are missing: %r (%d)" % (sorted(named - recipients(run.out)), missing))
    tap.check("all in one mbox, %d jobs" % jobs, problems, run)
    os.unlink("all.mbox")


def test_huge(tap, nixie):
    """Two GiB as one message: what comes behind it is counted."""
    gen.write_huge("huge.mbox", 2 << 30)
    run = Run([nixie, "events", "--jobs=1", "huge.mbox"])
    problems = common_problems(run) + limit_problems(run, 2 << 30, 32 * MIB, True)
    if recipients(run.out) != {b"between1", b"between2"}:
        problems.append("the bounces beside it are not both counted")
    tap.check("a message of 2 GiB", problems, run)
    os.unlink("huge.mbox")


def test_archives(tap, nixie, scale, measured):
    """Bombs: the time goes with what they hold, the memory does not."""
    generate("archives", "archives", str(scale))
    for name in sorted(os.listdir("archives")):
        path = os.path.join("archives", name)
        run = Run([nixie, "events", "--jobs=1", path])
        problems = common_problems(run)
        if measured and run.any > 128 * MIB:
            problems.append("more than 128 MB")
        if measured and run.processor > 4 * SECONDS:
            problems.append("more than %d s" % (4 * SECONDS))
        if name.startswith("zeros.mbox") and recipients(run.out) != {b"between1", b"between2"}:
            problems.append("the bounces before and behind it are not counted")
        if name in ("many.tar.gz", "odd.tar", "garbage.gz", "zeros.zip", "nest.zip") and not recipients(run.out):
            problems.append("the bounce in it is not counted")
        if run.status == 1 and path.encode() not in run.err:
            problems.append("exit 1, and no line names the archive")
        tap.check(name, problems, run)


def write_secret():
    with open("secret", "wb") as out:
        out.write(gen.bounce(77777))


def test_folder(tap, nixie):
    """Links, pipes, devices and names: what is mail is read, nothing else is opened, and no name reaches a terminal."""
    gen.write_folder("Maildir", "secret")
    for words in (["events"], ["report"], ["scan", "--state=state.db"]):
        run = Run([nixie, *words, "Maildir"], patience=60)
        problems = common_problems(run)
        if run.status != 1 or b"fifo" not in run.err:
            problems.append("what is no file is not named")
        if SECRET in run.out + run.err:
            problems.append("a link was followed")
        if words == ["events"] and recipients(run.out) != {b"between%d" % i for i in range(1, 9)}:
            problems.append("counted: %r" % sorted(recipients(run.out)))
        tap.check("a folder of links, pipes, devices and names: " + words[0], problems, run)


def test_swap(tap, nixie, times):
    """Files that become links and pipes between the listing and the opening: nothing is read through them, nothing waits."""
    for part in ("new", "cur", "tmp"):
        os.makedirs("Swap/" + part, exist_ok=True)
    with open("Swap/new/1", "wb") as out:
        out.write(gen.bounce(1))
    swapper = threading.Thread(target=gen.swap, args=("Swap", "secret", times))
    swapper.start()
    problems, runs = [], 0
    while swapper.is_alive() or runs < 3:
        run = Run([nixie, "events", "--jobs=1", "Swap"], patience=60)
        runs += 1
        if SECRET in run.out + run.err:
            problems.append("a link was followed")
            break
        problems += [p for p in common_problems(run) if p not in problems]
        if recipients(run.out) != {b"between1"}:
            problems.append("the bounce beside them is not counted")
            break
    swapper.join()
    tap.check("files swapped for links and pipes %d times, read %d times" % (times, runs), problems)


def main(words):
    nixie, work, scale, only = words[0], words[1], float(words[2]), words[3:]
    measured = os.path.exists("/proc/self/status") and not os.environ.get("NIXIE_SANITIZED")
    os.chdir(work)
    tap = Tap()
    write_secret()
    if not only:
        test_folder(tap, nixie)
        test_swap(tap, nixie, 10000 if scale >= 1 else 300)
        test_archives(tap, nixie, scale, measured)
        if scale >= 1:
            test_huge(tap, nixie)
        test_mbox(tap, nixie, min(scale, 0.1), 2)
    if scale >= 0.1 or only:
        test_messages(tap, nixie, scale, only, measured)
    print("1..%d" % tap.number)
    return 1 if tap.bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
