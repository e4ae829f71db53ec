#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random splits of a corpus into overlapping parts, scanned apart and merged in random order and twice: whatever the
split, the export must be that of one scan of everything.

    splits.py [--rounds N] [--seed S] NIXIE PATH...    PATH: folders and files of mail

Copies are made that differ in what delivery adds (Return-Path, Received, a Delivered-To, the date of an mbox line), for
the same bounce in two mailboxes is what hosts share. Prints one line a failure and one at the end; exit 1 when one
split gave another export."""

import argparse
import hashlib
import os
import random
import subprocess
import sys
import tempfile
import time

NOW = "--now=2026-11-21"


def run(nixie, *words, fails=(0,), **more):
    done = subprocess.run([nixie, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, **more)
    if done.returncode not in fails:
        raise SystemExit("splits: %s: exit %d: %s" % (" ".join(words), done.returncode, done.stderr[:500]))
    return done.stdout


def files_of(paths):
    found = []
    for path in paths:
        if os.path.isfile(path):
            found.append(path)
        for folder, _, names in os.walk(path):
            found += [os.path.join(folder, name) for name in names]
    return sorted(found)


def is_mail(path):
    with open(path, "rb") as file:
        head = file.read(200)
    name, colon, _ = head.partition(b":")
    return bool(colon) and name.replace(b"-", b"").isalnum()


def copies(files, folder, luck):
    """Other copies of some messages: at another place, with other words of the delivery above them."""
    made = []
    box = open(os.path.join(folder, "copies.mbox"), "wb")
    for number, path in enumerate(files):
        if not is_mail(path) or luck.random() > 0.2:
            continue
        with open(path, "rb") as file:
            text = file.read()
        if b"\r" in text:
            continue
        other = (b"Return-Path: <>\nDelivered-To: copy-%d@lists.example.org\n"
                 b"Received: from a by b.example.org; Sun, %d Nov 2026 10:00:00 +0000\n" % (number, luck.randrange(1, 20)))
        kind = luck.randrange(4)
        if kind == 0:
            with open(os.path.join(folder, "copy-%d" % number), "wb") as file:
                file.write(other + text)
            made.append(file.name)
        elif kind == 1 and text.startswith(b"Return-Path:"):
            with open(os.path.join(folder, "copy-%d" % number), "wb") as file:
                file.write(text.split(b"\n", 1)[1])
            made.append(file.name)
        elif kind == 2:
            box.write(b"From MAILER-DAEMON Mon Nov  %d 08:00:00 2026\n" % luck.randrange(1, 9))
            box.write(text.replace(b"\nFrom ", b"\n>From ").rstrip(b"\n") + b"\n\n")
    box.close()
    return made + [box.name]


class Rounds:
    def __init__(self, nixie, files, folder, luck):
        self.nixie, self.files, self.folder, self.luck = nixie, files, folder, luck
        self.scans = self.merges = 0

    def at(self, name):
        return os.path.join(self.folder, name)

    def scan(self, out, files, option="--partial"):
        self.luck.shuffle(files)
        names = b"\0".join(os.fsencode(name) for name in files)
        run(self.nixie, "scan", "-q", NOW, "-j", str(self.luck.choice((0, 0, 0, 2))), "%s=%s" % (option, out), "--files-from=-",
            "-0", input=names, fails=(0, 1))
        self.scans += 1

    def merge(self, out, states):
        run(self.nixie, "merge", "-q", NOW, "--state=" + out, *states)
        self.merges += 1

    def export(self, state):
        return hashlib.sha256(run(self.nixie, "state", "export", "--state=" + state)).hexdigest()

    def round(self):
        """Every file is in one part at least, some in several."""
        n = self.luck.randrange(2, 6)
        parts = [[] for _ in range(n)]
        for file in self.files:
            for part in self.luck.sample(parts, self.luck.choice((1, 1, 1, 2, n))):
                part.append(file)
        states = [self.at("part.%d" % i) for i in range(n)]
        for state, part in zip(states, parts):
            self.scan(state, part)
        self.luck.shuffle(states)
        joined = self.at("joined")
        if n > 2 and self.luck.random() < 0.5:  # ((a b) c) or (a (b c)): some are joined first
            between = self.at("between")
            self.merge(between, states[:2])
            states = [between] + states[2:]
            self.luck.shuffle(states)
        self.merge(joined, states)
        once = self.export(joined)
        self.luck.shuffle(states)
        self.merge(joined, states)
        twice = self.export(joined)
        for name in os.listdir(self.folder):
            os.unlink(self.at(name))
        return once, twice

    def nights(self):
        """One state, filled in two nights and in another order."""
        files = list(self.files)
        self.luck.shuffle(files)
        cut = self.luck.randrange(len(files))
        for share in (files[:cut], files[cut // 2:]):
            if share:
                self.scan(self.at("state.db"), share, "--state")
        result = self.export(self.at("state.db"))
        for name in os.listdir(self.folder):
            os.unlink(self.at(name))
        return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("nixie")
    parser.add_argument("paths", nargs="+")
    options = parser.parse_args()
    luck = random.Random(options.seed)
    start = time.monotonic()
    failures = 0
    with tempfile.TemporaryDirectory() as copied, tempfile.TemporaryDirectory() as folder:
        files = files_of(options.paths)
        files += copies(files, copied, luck)
        rounds = Rounds(options.nixie, files, folder, luck)
        whole = os.path.join(copied, "whole.db")
        rounds.scan(whole, sorted(files))
        want = rounds.export(whole)
        events = run(options.nixie, "state", "info", "--state=" + whole).decode()
        for number in range(options.rounds):
            once, twice = rounds.round()
            if once != want or twice != want:
                failures += 1
                print("round %d: another export%s" % (number, "" if once == want else " already after the first merge"))
            if number % 10 == 0 and rounds.nights() != want:
                failures += 1
                print("round %d: another export of the same mail in two nights" % number)
        counts = dict(line.split(None, 1) for line in events.splitlines())
        print("%d rounds, %d failures; %d files, %s messages, %s events; %d scans, %d merges; %.0f s"
              % (options.rounds, failures, len(files), counts["messages"], counts["events"], rounds.scans, rounds.merges,
                 time.monotonic() - start))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
