# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# For the tests of exactness: bounces by number, nights that end, and the ledger that must hold each of them once.
# What was delivered lies in truth/, one file a message: read from there, in memory, it is what the state must say.
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:?}/tests/cli/lib.sh"

# bounce NUMBER: a delivery report about uNUMBER@example.com; every third one is no MIME, as qmail writes them
bounce () {
    if [ $(($1 % 3)) -ne 0 ]; then
        dsn "$1" "u$1@example.com" 5.1.1 "550 5.1.1 <u$1@example.com>: User unknown"
        return
    fi
    cat <<END
Return-Path: <>
Received: (qmail $1 invoked for bounce); 2 Nov 2026 08:00:00 -0000
Date: 2 Nov 2026 08:00:00 -0000
From: MAILER-DAEMON@mx.example.org
To: list-bounces@lists.example.org
Subject: failure notice
Message-Id: <$1@qmail.example.org>

Hi. This is the qmail-send program at mx.example.org.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<u$1@example.com>:
192.0.2.7 does not like recipient.
Remote host said: 550 5.1.1 User unknown
Giving up on 192.0.2.7.

--- Below this line is a copy of the message.

Return-Path: <list-bounces@lists.example.org>
From: news@lists.example.org
To: u$1@example.com
Subject: News $1
Message-Id: <original-$1@lists.example.org>

From here on nothing is news,
but the text has a few lines more.
END
}

# box NUMBER…: these bounces as an mbox, on standard output; each of them is delivered thereby
box () {
    for number in "$@"; do
        mkdir -p truth
        [ -f "truth/$number" ] || bounce "$number" >"truth/$number"
        as_mbox <"truth/$number"
    done
}

# All but the place where an event was met first, and the provider, of which a state may know more than the mail.
facts () {
    sed 's/"source":"[^"]*","offset":[0-9]*,//; s/"provider":"[^"]*","gateway":"[^"]*",//' | LC_ALL=C sort
}

# exact STATE: the state says what truth/ says, no more, no less
exact () {
    "$NIXIE" events --now=2026-11-21 truth 2>truth.err | facts >want
    "$NIXIE" events --now=2026-11-21 --state="$1" 2>>truth.err | facts >got
    [ -s want ] && cmp -s want got && return
    echo "# wanted $(wc -l <want) events, got $(wc -l <got)"
    diff want got | grep -o '^[<>]\|"event_id":"[^"]*"\|"recipient":"[^"]*"' | paste -sd' ' |
        sed 's/ \([<>]\)/\n\1/g; s/^/# /' | head -n 8
    return 1
}

# many FROM TO [PADDING]: the bounces FROM to TO as an mbox, quickly; PADDING bytes of body in each
many () {
    awk -v from="$1" -v to="$2" -v padding="${3:-0}" 'BEGIN {
        for (; length(pad) < padding; pad = pad "\n") for (i = 0; i < 7; i++) pad = pad "all work and"
        for (i = from; i <= to; i++) {
            address = "u" i "@" (i % 50 ? "example.com" : "firm" int(i / 50) % 3 ".example"); b = "b-" i
            # one of some says which host refused it: what is learned by that must not depend on the moment
            remote = i % 350 == 200 ? "Remote-MTA: dns; aspmx.l.google.com\n" : ""
            printf "From MAILER-DAEMON Mon Nov  2 08:00:00 2026\n"
            printf "Date: Mon, 2 Nov 2026 %02d:%02d:00 +0000\nFrom: MAILER-DAEMON@mx.example.org\n", i % 24, i % 60
            printf "To: list-bounces@lists.example.org\nSubject: Undelivered Mail Returned to Sender\n"
            printf "MIME-Version: 1.0\nMessage-Id: <%d@mx.example.org>\n", i
            printf "Content-Type: multipart/report; report-type=delivery-status; boundary=\"%s\"\n\n--%s\n", b, b
            printf "Content-Type: text/plain\n\nYour message could not be delivered.\n%s\n--%s\n", pad, b
            printf "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n"
            printf "Final-Recipient: rfc822; %s\nAction: failed\nStatus: 5.1.1\n%s", address, remote
            printf "Diagnostic-Code: smtp; 550 5.1.1 <%s>: User unknown\n\n--%s\n", address, b
            printf "Content-Type: text/rfc822-headers\n\nFrom: news@lists.example.org\nTo: %s\nSubject: News\n", address
            printf "Message-Id: <o%d@lists.example.org>\n\n--%s--\n\n", i, b
        }
    }'
}

# maildir FOLDER: the mbox on standard input as files of FOLDER/new
maildir () {
    mkdir -p "$1/cur" "$1/new" "$1/tmp"
    awk -v folder="$1/new/" '/^From MAILER-DAEMON / { if (f) close(f); f = folder (1700000000 + ++n) ".M" n ".host"; next }
        { print >f }'
}

# state STATE: all that it says, in its own order
state () {
    "$NIXIE" events --now=2026-11-21 --state="$1"
}

# --- what happens to a mailbox between two nights -------------------------------------------------------------------

scenario () { # NAME
    name=$1
    trouble=
    night=0
    rm -rf ./*
}

# Nobody writes to FILE any more; it was written in this night.
settle () {
    touch -d "2026-11-1$night 02:$((night + 10)):00" "$@"
}

# night PATH…: the scan of a night. Exit 1 (something could not be read in full) is no trouble.
night () {
    night=$((night + 1))
    run scan --state=s.db --now="2026-11-1${night}T03:00:00Z" "$@"
    [ "$status" -le 1 ] || trouble="$trouble; night $night: exit status $status"
}

# So far the ledger is exact.
so_far () {
    exact s.db || trouble="$trouble; wrong after night $night"
}

# finish PATH…: a last look, and one at everything
finish () {
    [ -z "$trouble" ] || echo "# $name$trouble"
    so_far
    run scan --state=s.db --full --now=2026-11-20T03:00:00Z "$@"
    so_far
    check "$name" test -z "$trouble"
}
