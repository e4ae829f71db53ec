#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes ./configure. Needed once in a clone; a release tarball carries it.
set -e
cd "$(dirname "$0")"
mkdir -p m4 build-aux
exec autoreconf --install --force
