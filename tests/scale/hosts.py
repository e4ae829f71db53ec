#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Four hosts scan overlapping spools into one PostgreSQL ledger at the same time. One is killed with SIGKILL and run
again, one loses its line to the server (a proxy that drops it, for a while or until the scan gives up with exit 69 and is
run again), one has its connections ended by the server. Whatever happens, the ledger's export must be that of one scan
of all spools into a file, and the server must have seen no deadlock.

    tests/server/with-postgresql tests/scale/hosts.py [--rounds N] [--seed S] [--messages N] [--give-up] NIXIE

Prints a line for each failure and one at the end; exit 1 when there was one."""

import argparse
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

NOW = "--now=2026-11-21"
HOSTS = 4
BOXES = 12
CODES = [("5.1.1", "550 5.1.1 <%s>: User unknown"), ("4.2.2", "452 4.2.2 <%s>: Mailbox full"),
         ("5.7.1", "550 5.7.1 <%s>: Message rejected as spam"), ("5.1.2", "550 5.1.2 <%s>: Host unknown")]


def bounce(number, luck):
    address = "user%d@domain%d.example" % (number % 900, number % 70)
    status, words = CODES[luck.randrange(len(CODES))]
    date = "%02d %s 2026 08:%02d:00 +0000" % (1 + number % 28, ("Aug", "Sep", "Oct", "Nov")[number % 4], number % 60)
    return """Return-Path: <>
Date: %(date)s
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: list-bounces@lists.example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b%(number)d"
Message-Id: <%(number)d@mx.example.org>

--b%(number)d
Content-Type: text/plain

The message could not be delivered: %(words)s

--b%(number)d
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; %(address)s
Action: failed
Status: %(status)s
Remote-MTA: dns; mail.%(domain)s
Diagnostic-Code: smtp; %(words)s

--b%(number)d
Content-Type: text/rfc822-headers

From: news@lists.example.org
To: %(address)s
Subject: News
Message-Id: <original-%(number)d@lists.example.org>

--b%(number)d--
""" % {"number": number, "date": date, "address": address, "domain": address.split("@")[1], "status": status,
       "words": words % address}


def make_spools(folder, messages, luck):
    """`all` holds every mailbox, `host1` … some of them; a message may be in several mailboxes, told in other words."""
    letters = [bounce(number, luck) for number in range(messages)]
    os.makedirs(os.path.join(folder, "all", "spool"))
    for host in range(1, HOSTS + 1):
        os.makedirs(os.path.join(folder, "host%d" % host, "spool"))
    for box in range(BOXES):
        name = os.path.join("spool", "box-%02d.mbox" % box)
        with open(os.path.join(folder, "all", name), "w", encoding="ascii") as out:
            for letter in luck.sample(letters, messages // 5):
                out.write("From MAILER-DAEMON Mon Nov  2 08:00:00 2026\n")
                out.write("Delivered-To: box-%d@lists.example.org\n" % box if luck.random() < 0.5 else "")
                out.write(letter + "\n")
        # A mailbox that was written to just now waits for more.
        os.utime(os.path.join(folder, "all", name), (1.79e9, 1.79e9))
        here = {1 + box % HOSTS, luck.randrange(1, HOSTS + 1), luck.randrange(1, HOSTS + 1)}
        for host in here:
            shutil.copy2(os.path.join(folder, "all", name), os.path.join(folder, "host%d" % host, name))


class Proxy(threading.Thread):
    """A socket in `folder` that leads to the server's, until cut()."""

    def __init__(self, folder, server):
        super().__init__(daemon=True)
        self.folder, self.server, self.pairs, self.closed = folder, server, [], False
        os.makedirs(folder, exist_ok=True)
        self.open()
        self.start()

    def open(self):
        path = os.path.join(self.folder, ".s.PGSQL.5432")
        if os.path.exists(path):
            os.unlink(path)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(20)
        self.listener.settimeout(0.05)
        self.closed = False

    def pump(self, source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def run(self):
        while True:
            try:
                if self.closed:
                    time.sleep(0.02)
                    continue
                client, _ = self.listener.accept()
                client.setblocking(True)
                upstream = socket.socket(socket.AF_UNIX)
                upstream.connect(os.path.join(self.server, ".s.PGSQL.5432"))
            except OSError:
                continue
            self.pairs.append((client, upstream))
            for pair in ((client, upstream), (upstream, client)):
                threading.Thread(target=self.pump, args=pair, daemon=True).start()

    def cut(self):
        self.closed = True
        self.listener.close()
        os.unlink(os.path.join(self.folder, ".s.PGSQL.5432"))
        pairs, self.pairs = self.pairs, []
        for pair in pairs:
            for end in pair:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass


class Round:
    def __init__(self, arguments, folder, number, luck):
        self.nixie, self.folder, self.luck = arguments.nixie, folder, luck
        self.give_up = arguments.give_up
        self.database = "hosts%d_%d" % (os.getpid(), number)
        self.url = "postgresql:///" + self.database
        self.proxy = Proxy(tempfile.mkdtemp(prefix="nixie-proxy-", dir="/tmp"), os.environ["PGHOST"])
        self.said = []

    def psql(self, database, sql):
        return subprocess.run(["psql", "-qAt", "-d", database, "-c", sql], check=True, stdout=subprocess.PIPE).stdout

    def start(self, host):
        place = os.path.join(self.folder, "host%d" % host)
        with open(os.path.join(place, "nixie.conf"), "w", encoding="ascii") as out:
            out.write("[nixie]\nstate = %s\nhost = mx%d\n" % (self.url, host))
        environment = dict(os.environ)
        if host == 3:
            environment["PGHOST"] = self.proxy.folder
        return subprocess.Popen([self.nixie, "scan", "-c", "nixie.conf", NOW, "spool"], cwd=place, env=environment,
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def finish(self, host, process, fine=(0,)):
        _, words = process.communicate()
        self.said.append("mx%d: %d: %s" % (host, process.returncode, words.decode("utf-8", "replace").strip()))
        if process.returncode not in fine:
            raise RuntimeError(self.said[-1])
        return process.returncode

    def trouble(self, processes, span):
        """What happens, and when: the same for every host that it happens to."""
        def kill():
            time.sleep(self.luck.uniform(0.05, span))
            processes[2].send_signal(signal.SIGKILL)

        def cut():
            time.sleep(self.luck.uniform(0.05, span))
            self.proxy.cut()
            if not self.give_up:
                time.sleep(self.luck.uniform(0.05, 1.5))
                self.proxy.open()

        def terminate():
            for _ in range(2):
                time.sleep(self.luck.uniform(0.05, span))
                self.psql("postgres", "SELECT pg_terminate_backend (pid) FROM pg_stat_activity WHERE datname = '%s'"
                                      " ORDER BY pid DESC LIMIT 2" % self.database)
        threads = [threading.Thread(target=what) for what in (kill, cut, terminate)]
        for thread in threads:
            thread.start()
        return threads

    def run(self, span):
        self.psql("postgres", "CREATE DATABASE " + self.database)
        processes = {host: self.start(host) for host in range(1, HOSTS + 1)}
        threads = self.trouble(processes, span)
        ends = {host: self.finish(host, process, {2: (0, -9), 3: (0, 69)}.get(host, (0,)))
                for host, process in processes.items()}
        for thread in threads:
            thread.join()
        if self.proxy.closed:
            self.proxy.open()
        for host, end in ends.items():
            if end != 0:
                self.finish(host, self.start(host))
        return ends

    def export(self):
        verified = subprocess.run([self.nixie, "state", "verify", "-q", "--state", self.url], check=False,
                                  stderr=subprocess.PIPE)
        if verified.returncode != 0:
            raise RuntimeError("verify: " + verified.stderr.decode("utf-8", "replace"))
        return subprocess.run([self.nixie, "state", "export", "--state", self.url], check=True,
                              stdout=subprocess.PIPE).stdout

    def close(self):
        self.proxy.cut()
        shutil.rmtree(self.proxy.folder, ignore_errors=True)
        self.psql("postgres", "DROP DATABASE IF EXISTS %s WITH (FORCE)" % self.database)


def deadlocks():
    with open(os.path.join(os.environ["NIXIE_TEST_SERVER"], "server.log"), "rb") as log:
        return log.read().count(b"deadlock detected")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--messages", type=int, default=4000)
    parser.add_argument("--give-up", action="store_true", help="the line stays cut until the scan ends with 69")
    parser.add_argument("nixie")
    arguments = parser.parse_args()
    arguments.nixie = os.path.abspath(arguments.nixie)
    failures, happened = 0, {}
    with tempfile.TemporaryDirectory(prefix="nixie-hosts-") as folder:
        luck = random.Random(arguments.seed)
        make_spools(folder, arguments.messages, luck)
        everything = os.path.join(folder, "all")
        began = time.monotonic()
        subprocess.run([arguments.nixie, "scan", "-q", "--state=state.db", NOW, "spool"], cwd=everything, check=True)
        span = time.monotonic() - began
        expected = subprocess.run([arguments.nixie, "state", "export", "--state=state.db"], cwd=everything, check=True,
                                  stdout=subprocess.PIPE).stdout
        for number in range(arguments.rounds):
            one = Round(arguments, folder, number, luck)
            try:
                ends = one.run(span)
                for host, end in ends.items():
                    happened[(host, end)] = happened.get((host, end), 0) + 1
                if one.export() != expected:
                    raise RuntimeError("another export than one scan of all gives")
            except (RuntimeError, subprocess.CalledProcessError) as error:
                failures += 1
                print("round %d: %s\n  %s" % (number, error, "\n  ".join(one.said)))
            finally:
                one.close()
    print("%d rounds of %d lines of export, ends by host: %s; %d deadlocks, %d failures" % (
        arguments.rounds, expected.count(b"\n"),
        ", ".join("mx%d %d: %d times" % (*key, n) for key, n in sorted(happened.items())), deadlocks(), failures))
    return 1 if failures or deadlocks() else 0


if __name__ == "__main__":
    sys.exit(main())
