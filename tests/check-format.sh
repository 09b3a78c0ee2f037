#!/bin/sh
# check-format.sh - fails where clang-format would write it otherwise
cd "$1" || exit 99
find src ui app tests -name '*.[ch]' -print0 | xargs -0 "${2:-clang-format}" --dry-run -Werror
