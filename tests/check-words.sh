#!/bin/sh
# Every text that a person sees can be translated, and is.
#
#   check-words.sh FOLDER   of the sources

set -eu
cd "$1"
failed=0

with_text=$(
  grep -rlE '\b_ \("|ngettext \(|C_ \("' --include='*.c' app src ui || true
  grep -rl 'translatable="yes"' --include='*.ui' ui
)
for file in $with_text; do
  grep -qx "$file" po/POTFILES || {
    echo "$file has text, and po/POTFILES does not name it"
    failed=1
  }
done
template=$(mktemp)
trap 'rm -f "$template"' EXIT
xgettext --files-from=po/POTFILES --from-code=UTF-8 --keyword=_ --keyword=N_ \
  --keyword=C_:1c,2 --keyword=NC_:1c,2   --output="$template"
sed -i 's/charset=CHARSET/charset=UTF-8/' "$template"
for language in $(cat po/LINGUAS); do
  says=$(msgmerge --quiet --no-fuzzy-matching --output-file=- "po/$language.po" "$template" |
    msgfmt --check --statistics --output-file=/dev/null - 2>&1)
  case $says in
    *untranslated* | *fuzzy*)
      echo "po/$language.po: $says"
      failed=1
      ;;
  esac
done
exit $failed
