#!/bin/sh
# SPDX-License-Identifier: MIT
# Completion in bash and zsh: every verb and every long option of every verb is offered, and nothing that a verb does not
# take. Asked of the functions, and of shells as people use them, on a pseudo-terminal.
. "${top_srcdir:?}/tests/cli/lib.sh"
"$NIXIE" help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p' | grep -v -x nixie | LC_ALL=C sort >verbs
check "there are verbs" eval '[ "$(wc -l <verbs)" -ge 16 ]'
options_of () { # VERB: what its help tells
    "$NIXIE" help "$1" | sed -n 's/^  \(-., \|    \)--\([a-z-]*\).*/--\2/p' | LC_ALL=C sort
}
while read -r verb; do
    options_of "$verb" | sed "s/^/$verb /"
done <verbs >wanted
check "there are options" eval '[ "$(wc -l <wanted)" -ge 150 ] && grep -q -x "report --provider" wanted && grep -q -x "help --lang" wanted'

# --- bash ------------------------------------------------------------------------------------------------------------
mkdir shells
run help --format=bash
cp out shells/nixie
check "bash: a script" eval 'status_is 0 && bash -n out'
completed () { # words of a command line; the last one is completed
    bash -c '. shells/nixie; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _nixie; printf "%s\n" "${COMPREPLY[@]}"' bash "$@" >out 2>err
}
completed nixie ''
check "bash: every verb" eval 'silent && LC_ALL=C sort out | cmp -s - verbs'
while read -r verb; do
    completed nixie "$verb" --
    sed -e 's/=$//' -e "s/^/$verb /" out
done <verbs | LC_ALL=C sort >offered
LC_ALL=C sort wanted >sorted
diff sorted offered >err
check "bash: every option of every verb, and no other" test ! -s err
completed nixie sup
check "bash: a verb" eval '[ "$(cat out)" = suppress ]'
completed nixie report --prov
check "bash: an option with its =" eval '[ "$(cat out)" = "--provider=" ]'
completed nixie scan --prov
check "bash: only options of that verb" eval '[ -z "$(cat out)" ]'
: >some.mbox
completed nixie report some
check "bash: a file" eval '[ "$(cat out)" = some.mbox ]'
completed nixie report -o = some.m
check "bash: the file of an option" eval '[ "$(cat out)" = some.mbox ]'
completed nixie help mer
check "bash: help of a verb" eval '[ "$(cat out)" = merge ]'
cat >terminal.py <<'END'
# What stands on the line after a TAB, in a bash that somebody types into.
import os, pty, select, sys, time
pid, terminal = pty.fork()
if pid == 0:
    os.environ.update(TERM="dumb", PS1="$ ", INPUTRC="/dev/null", HISTFILE="/dev/null")
    os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])
def said(until):
    text, end = b"", time.time() + 20
    while until not in text and time.time() < end:
        if select.select([terminal], [], [], 0.2)[0]:
            text += os.read(terminal, 65536)
    return text
os.write(terminal, b". shells/nixie; echo rea''dy\n")
said(b"ready\r\n$ ") # with the prompt, readline is what reads
os.write(terminal, sys.argv[1].encode() + b"\tX\n")
print(said(b"X\r\n").decode(errors="replace").replace("\r", ""))
os.write(terminal, b"exit\n")
os.waitpid(pid, 0)
END
if command -v python3 >/dev/null; then
    python3 terminal.py "nixie report --prov" >out 2>err
    check "bash on a terminal: no blank and no backslash behind the =" says "nixie report --provider=X"
    python3 terminal.py "nixie supp" >out 2>err
    check "bash on a terminal: a blank behind a verb" says "nixie suppress X"
    python3 terminal.py "nixie scan some.m" >out 2>err
    check "bash on a terminal: a file" says "nixie scan some.mbox X"
else
    skip "bash on a terminal" "no python3"
fi

# --- zsh -------------------------------------------------------------------------------------------------------------
run help --format=zsh
cp out shells/_nixie
check "zsh: completes nixie" eval 'status_is 0 && says "^#compdef nixie$" && says "^report)$"'
if ! command -v zsh >/dev/null || ! zsh -f -c 'zmodload zsh/zpty' 2>/dev/null; then
    skip "zsh: every verb and option" "no zsh"
    done_testing
    exit 0
fi
check "zsh: a script" zsh -n shells/_nixie
cat >capture.zsh <<'END'
# Command lines from standard input; what zsh offers for each, behind the line and a tab, to standard output.
zmodload zsh/zpty
zpty shell zsh -f -i
say () { zpty -w shell "$1" }
say "PROMPT= ; unsetopt prompt_sp; cd $PWD; fpath=($PWD/shells \$fpath); autoload -Uz compinit; compinit -u -D"
say 'compadd () { local -a hits; if [[ ${@[1,(i)(-|--)]} == *-[OAD]\ * ]]; then builtin compadd "$@"; return; fi
    builtin compadd -A hits "$@"; print -rl -- "<"$^hits">"; builtin compadd "$@" }'
say 'finish () { print "<<end>>"; comppostfuncs=(finish) }; comppostfuncs=(finish); bindkey "^I" complete-word; print "<<""ready>>"'
while zpty -r shell line; do [[ $line == *'<<ready>>'* ]] && break; done
while read -r asked; do
    zpty -w -n shell $'\C-u'"$asked"$'\t'
    while zpty -r shell line; do
        [[ $line == *'<<end>>'* ]] && break
        [[ $line == *'<'*'>'* ]] && print -r -- "$asked"$'\t'${${line##*<}%%>*}
    done
done
zpty -d shell
END
{
    for letter in $(cut -c1 verbs | sort -u); do
        echo "nixie $letter"
    done
    while read -r verb; do
        echo "nixie $verb --"
    done <verbs
    echo "nixie report some.m"
    echo "nixie help mer"
} >asked
timeout 300 zsh -f capture.zsh <asked >offered 2>err
check "zsh answers" eval 'silent && [ -s offered ]'
sed -n 's/^nixie [a-z]	\(.*\)/\1/p' offered | LC_ALL=C sort -u >out
check "zsh: every verb" same out verbs
sed -n 's/^nixie \([a-z]*\) --	\(--.*\)/\1 \2/p' offered | sed 's/=$//' | LC_ALL=C sort -u >out
diff sorted out >err
check "zsh: every option of every verb, and no other" test ! -s err
check "zsh: a file" grep -q '^nixie report some.m	some.mbox$' offered
check "zsh: help of a verb" grep -q '^nixie help mer	merge$' offered
done_testing
