# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# For the tests of the command line: each sources this file, runs the program with `run` and says what must hold.
# Everything happens in a folder of its own; no file of the user is read.
set -u
: "${NIXIE:?the program to test}"
LC_ALL=C.UTF-8
TZ=UTC
export LC_ALL TZ
work=$(mktemp -d "${TMPDIR:-/tmp}/nixie-test-XXXXXX") || exit 99
trap 'chmod -R u+rwx "$work" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM
cd "$work" || exit 99
HOME=$work/home
XDG_CONFIG_HOME=$work/config
XDG_STATE_HOME=$work/state-home
export HOME XDG_CONFIG_HOME XDG_STATE_HOME
unset NIXIE_CONFIG STATE_DIRECTORY SOURCE_DATE_EPOCH NO_COLOR COLUMNS LANGUAGE
mkdir -p "$HOME"

tests=0
status=0

# run ARGUMENT…: the program; stdout goes to ./out, stderr to ./err, the exit status to $status
run () {
    "$NIXIE" "$@" >out 2>err </dev/null
    status=$?
}

# check NAME COMMAND…: one test, passed when the command succeeds
check () {
    tests=$((tests + 1))
    what=$1
    shift
    if "$@"; then
        echo "ok $tests - $what"
    else
        echo "not ok $tests - $what"
        {
            echo "failed: $*"
            echo "last exit status: $status; standard error:"
            head -c 2000 err 2>/dev/null
            echo "standard output:"
            head -c 2000 out 2>/dev/null
            echo # a line that was cut must not swallow the next one
        } | sed 's/^/# /'
    fi
}

skip () { # NAME REASON
    tests=$((tests + 1))
    echo "ok $tests - $1 # SKIP $2"
}

done_testing () {
    echo "1..$tests"
}

# The states are files, and not on a server (tests/server/nixie-on-server)
on_file () { [ -z "${NIXIE_TEST_DATABASES:-}" ]; }
status_is () { [ "$status" -eq "$1" ]; }
says () { grep -q -e "$1" out; }          # stdout has a line like that
warns () { grep -q -e "$1" err; }         # stderr has
silent () { [ ! -s err ]; }
lines () { [ "$(wc -l <"$1")" -eq "$2" ]; } # FILE COUNT
same () { cmp -s "$1" "$2"; }
# stderr is lines of "nixie: …" without control bytes, at most $1 of them
clean_err () {
    [ "$(wc -l <err)" -le "$1" ] && ! grep -q -v '^nixie: ' err && ! LC_ALL=C grep -q '[[:cntrl:]]' err
}

# dsn NUMBER RECIPIENT STATUS TEXT [DATE]: one delivery report on standard output
dsn () {
    cat <<END
Return-Path: <>
Received: by mx.example.org (Postfix) id 4F$1; ${5:-Mon, 2 Nov 2026 08:00:00 +0000}
Date: ${5:-Mon, 2 Nov 2026 08:00:00 +0000}
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: list-bounces@lists.example.org
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b-$1"
Message-Id: <$1@mx.example.org>

--b-$1
Content-Type: text/plain; charset=us-ascii

I am sorry to have to tell you that the message could not be delivered.

<$2>: $4

--b-$1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: ${5:-Mon, 2 Nov 2026 08:00:00 +0000}

Final-Recipient: rfc822; $2
Action: failed
Status: $3
Remote-MTA: dns; mail.${2#*@}
Diagnostic-Code: smtp; $4

--b-$1
Content-Type: text/rfc822-headers

From: news@lists.example.org
To: $2
Subject: News $1
Message-Id: <original-$1@lists.example.org>

--b-$1--
END
}

# letter NUMBER: ordinary mail
letter () {
    cat <<END
Date: Tue, 3 Nov 2026 09:30:00 +0000
From: Ada <ada@example.org>
To: Ben <ben@example.org>
Subject: Lunch $1
Message-Id: <letter-$1@example.org>

Shall we have lunch on Friday?
END
}

# as_mbox: a message from standard input as it stands in an mbox (mboxrd quoting)
as_mbox () {
    echo "From MAILER-DAEMON Mon Nov  2 08:00:00 2026"
    sed 's/^\(>*From \)/>\1/'
    echo
}

# five_bounces FOLDER: five reports and a letter as FOLDER/1 … FOLDER/6, LF line ends
five_bounces () {
    mkdir -p "$1"
    dsn 1 ann@example.com 5.1.1 "550 5.1.1 <ann@example.com>: Recipient address rejected: User unknown" >"$1/1"
    dsn 2 bob@example.net 4.2.2 "452 4.2.2 Mailbox full" "Tue, 3 Nov 2026 08:00:00 +0000" >"$1/2"
    dsn 3 cid@example.com 5.7.1 "550 5.7.1 Message rejected as spam" "Wed, 4 Nov 2026 08:00:00 +0000" >"$1/3"
    dsn 4 dot@example.org 5.1.2 "550 5.1.2 Host unknown" "Thu, 5 Nov 2026 08:00:00 +0000" >"$1/4"
    dsn 5 eve@example.com 5.1.1 "550 5.1.1 No such user here" "Fri, 6 Nov 2026 08:00:00 +0000" >"$1/5"
    letter 6 >"$1/6"
}

# maildir_of FOLDER MAILDIR: FOLDER/* as messages of a Maildir
maildir_of () {
    mkdir -p "$2/new" "$2/cur" "$2/tmp"
    for file in "$1"/*; do
        cp "$file" "$2/cur/17620000$(basename "$file").M1P1.host:2,S"
    done
}

mbox_of () { # FOLDER: all its files as an mbox on standard output
    for file in "$1"/*; do
        as_mbox <"$file"
    done
}

event_ids () { # of NDJSON files: sorted, each once
    sed 's/.*"event_id":"\([0-9a-f]*\)".*/\1/' "$@" | LC_ALL=C sort -u
}

# hostile_mail FILE: an mbox with each string of tests/data/hostile.txt in the subject, in the server's answer, in the
# address and in the names of the hosts; $hostile is how many strings. ESC, C1 and BIDI stand for what they name.
hostile_mail () {
    hostile=0
    hostile_bytes="s/ESC/$(printf '\033')/g; s/C1/$(printf '\302\233')/g; s/BIDI/$(printf '\342\200\256')/g; s/BEL/$(printf '\007')/g"
    while IFS= read -r bad; do
        hostile=$((hostile + 1))
        n=$hostile
        bad=$(printf '%s' "$bad" | sed "$hostile_bytes")
        user=$(printf '%s' "$bad" | tr -d ' \r\n<>@,;:()"' | cut -b 1-60)
        {
            dsn "$n" "x$n$user@example.com" 5.1.1 "550 5.1.1 HOSTILE $n $bad" | as_mbox
            dsn "1$n" "y$n@host$n.example" 5.7.1 "550 5.7.1 $bad" | as_mbox
            dsn "2$n" "z$n@example.com" 5.1.1 "550 5.1.1 no" | sed -e 's/^\(Re[a-z]*-MTA: dns; \).*/\1HOSTILE/' | as_mbox
            dsn "3$n" "w$n@example.com" 5.1.1 "smtp; $bad" | as_mbox
            dsn "4$n" "$user@v$n.example.com" 5.7.1 "550 $bad" | as_mbox
        } | HOSTILE=$bad awk '{
            if (/^Subject: News/) print "Subject: " ENVIRON["HOSTILE"]
            else if (/^Re[a-z]*-MTA: dns; HOSTILE/) { sub(/HOSTILE/, ""); print $0 ENVIRON["HOSTILE"] }
            else print }'
    done <"$top_srcdir/tests/data/hostile.txt" >"$1"
}
