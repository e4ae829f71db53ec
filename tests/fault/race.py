#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The other side of the races: what a delivery agent and a mail reader do while nixie scans.

    race.py maildir FOLDER FIRST SEED  deliver into new/, move to cur/, flip flags
    race.py mbox FILE MODE SEED        append in pieces; MODE "lock" holds an fcntl lock meanwhile, "free" does not

The messages come from standard input, an mbox as `many` in lib.sh writes it.
"""
import fcntl
import os
import random
import sys
import time


def messages():
    """The mbox on standard input as (From line, message)."""
    for text in sys.stdin.read().split("From MAILER-DAEMON ")[1:]:
        line, _, message = text.partition("\n")
        yield "From MAILER-DAEMON " + line + "\n", message


class Maildir:
    """A Maildir with the files that were delivered and not yet read, and those that were."""

    def __init__(self, folder, dice):
        self.folder, self.dice = folder, dice
        self.fresh, self.seen = [], []
        for part in ("tmp", "new", "cur"):
            os.makedirs(os.path.join(folder, part), exist_ok=True)

    def path(self, part, name):
        return os.path.join(self.folder, part, name)

    def deliver(self, number, message):
        name = "%d.M%dP%d.host" % (1700000000 + number, number, os.getpid())
        with open(self.path("tmp", name), "w") as file:
            file.write(message)
        os.rename(self.path("tmp", name), self.path("new", name))
        self.fresh.append(name)

    def take(self):
        """A mail reader sees a message."""
        at = self.dice.randrange(len(self.fresh))
        self.fresh[at], self.fresh[-1] = self.fresh[-1], self.fresh[at]
        base = self.fresh.pop()
        name = base + self.dice.choice((":2,", ":2,S"))
        os.rename(self.path("new", base), self.path("cur", name))
        self.seen.append(name)

    def flip(self):
        """Its flags change."""
        at = self.dice.randrange(len(self.seen))
        old = self.seen[at]
        new = old.partition(":")[0] + self.dice.choice((":2,", ":2,S", ":2,RS", ":2,FS", ":2,FRS"))
        os.rename(self.path("cur", old), self.path("cur", new))
        self.seen[at] = new


def play_maildir(folder, first, dice):
    box = Maildir(folder, dice)
    for number, (_, message) in enumerate(messages(), first):
        box.deliver(number, message)
        if box.fresh and dice.random() < 0.9:
            box.take()
        while box.seen and dice.random() < 0.6:
            box.flip()
    until = time.monotonic() + 0.3
    while box.seen and time.monotonic() < until:
        box.flip()


def append(file, text, dice):
    """In pieces that end anywhere, most of them in the middle of a line."""
    data = text.encode()
    while data:
        length = dice.randrange(1, max(2, len(data)))
        os.write(file, data[:length])
        data = data[length:]
        if data and dice.random() < 0.3:
            time.sleep(dice.random() * 0.004)


def play_mbox(path, dice, lock):
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for line, message in messages():
        if lock:
            fcntl.lockf(file, fcntl.LOCK_EX)
        append(file, line + message, dice)
        if lock:
            fcntl.lockf(file, fcntl.LOCK_UN)
    os.close(file)


def main():
    kind, path, seed = sys.argv[1], sys.argv[2], int(sys.argv[4])
    dice = random.Random(seed)
    if kind == "maildir":
        play_maildir(path, int(sys.argv[3]), dice)
    else:
        play_mbox(path, dice, sys.argv[3] == "lock")


main()
