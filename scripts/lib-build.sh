# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2154  # variables go in and out: top, name; the package lists, install
# What scripts/demo and scripts/test share: install what is missing, configure, build. Sourced, never run:
#
#     top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
#     name=demo; . "$top/scripts/lib-build.sh"
#     install_missing $BUILD_PACKAGES; build_nixie
#
# Safe to repeat: apt is not touched when nothing is missing, configure is not run when build/ is configured, and make
# does only what has changed. Nothing asks a question.

LC_ALL=C.UTF-8 # one language and one byte order for everything that is printed here
export LC_ALL
build=$top/build
build_log=$build/build.log

# What a bare Debian 12 or 13 needs. gcc and make instead of build-essential: nothing here is C++.
BUILD_PACKAGES='gcc libc6-dev make autoconf automake pkg-config libglib2.0-dev libgmime-3.0-dev libsqlite3-dev
    libarchive-dev libpsl-dev libidn2-dev libjansson-dev libpq-dev nettle-dev publicsuffix gettext'
# What `make check` needs to leave nothing out.
TEST_PACKAGES='libcmocka-dev bzip2 jq mandoc postgresql sqlite3 strace xz-utils zip zstd'

say () {
    printf '%s: %s\n' "$name" "$*"
}

die () {
    printf '%s: %s\n' "$name" "$*" >&2
    exit 1
}

# Which of the packages are not installed; nothing when all are.
missing_packages () {
    for package in "$@"; do
        state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || state=
        [ "$state" = installed ] || printf ' %s' "$package"
    done
}

as_root () {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif ! command -v sudo >/dev/null 2>&1; then
        die "to install packages, run it as root or install sudo; with the packages there: scripts/$name --no-install"
    elif [ -t 0 ]; then
        sudo "$@"
    else
        sudo -n "$@" # no terminal: a password cannot be asked for
    fi
}

install_missing () {
    if ! command -v dpkg-query >/dev/null 2>&1; then
        say "this is no Debian: the packages are yours to install ($*)"
        return 0
    fi
    missing=$(missing_packages "$@")
    if [ -z "$missing" ]; then
        say 'all packages are there'
        return 0
    fi
    say "installing:$missing"
    # A foreign repository that cannot be reached must not stop us: apt-get install is the one that decides.
    as_root env DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes apt-get -q -o DPkg::Lock::Timeout=300 update </dev/null >/dev/null ||
        say 'apt-get update reports trouble; going on with the package lists that are there'
    # Word splitting is meant: the list is our own.
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 \
        --no-install-recommends install $missing </dev/null >/dev/null ||
        die "apt-get could not install:$missing"
}

# Run a step of the build with its output in the log; show the end of the log when it fails.
logged () {
    what=$1
    shift
    if ! "$@" </dev/null >>"$build_log" 2>&1; then
        tail -n 40 "$build_log" >&2
        die "$what failed (all of it: ${build_log#"$top"/})"
    fi
}

configured_with () { # TRUE when build/ was configured with that option
    [ -f "$build/config.status" ] && "$build/config.status" --config 2>/dev/null | grep -q -e "$1"
}

jobs () {
    nproc 2>/dev/null || echo 1
}

# build_nixie CONFIGURE-OPTION (may be empty): a build/ that was configured with other options is kept unless it lacks the one that
# is asked for.
build_nixie () {
    option=$1
    [ ! -f "$top/config.status" ] || die 'the source folder itself is configured: run "make distclean" there first'
    mkdir -p "$build"
    [ -w "$build" ] && { [ ! -e "$build_log" ] || [ -w "$build_log" ]; } ||
        die 'build/ cannot be written to: was it made with sudo? Remove it, or use sudo again'
    : >"$build_log"
    if [ ! -x "$top/configure" ]; then
        say 'making configure'
        logged 'autogen.sh' "$top/autogen.sh"
    fi
    if [ ! -f "$build/Makefile" ] || { [ -n "$option" ] && ! configured_with "$option"; }; then
        say 'configuring'
        # make does not know that flags changed, so what was built with others goes.
        [ ! -f "$build/Makefile" ] || logged 'make clean' make -C "$build" clean
        # shellcheck disable=SC2086  # no option is no argument
        logged 'configure' configure_in_build $option
    fi
    say "building in build/ with $(jobs) jobs"
    logged 'make' make -C "$build" -j"$(jobs)" all
    say "built build/nixie"
}

configure_in_build () {
    (cd "$build" && ../configure "$@") # relative: an absolute path with a blank in it is refused
}

# Options of both scripts.
install=yes
parse_options () {
    for argument in "$@"; do
        case $argument in
        --no-install) install=no ;;
        --help) usage; exit 0 ;;
        *) printf "%s: unknown option '%s'; there is --no-install and --help\n" "$name" "$argument" >&2; exit 64 ;;
        esac
    done
}
