#!/bin/sh
# check-layers-bite.sh - plants what check-layers.sh has to find, a line at a time
source=$1
copy=$(mktemp -d) || exit 99
trap 'rm -rf "$copy"' EXIT
mkdir "$copy/src"
cp -r "$source/src/." "$copy/src/" && cp -r "$source/ui" "$source/app" "$copy/" || exit 99
sh "$source/tests/check-layers.sh" "$copy" || exit 1
bad=0
while read -r file line; do
  cp "$copy/$file" "$copy/kept"
  echo "$line" >> "$copy/$file"
  if sh "$source/tests/check-layers.sh" "$copy" > "$copy/found"; then
    echo "not found: $line in $file"
    bad=1
  fi
  mv "$copy/kept" "$copy/$file"
done << 'EOF'
src/sip/sip-ua.c #include <gst/gst.h>
src/sip/sip-ua.c #include "media-web-handler.h"
src/sip/sip-ua.c #include <gtk/gtk.h>
src/media/media-sound.c #include <osip2/osip.h>
src/media/media-sound.c #include "sip-ua-private.h"
src/media/media-sound.c #include "store-account.h"
src/store/store-account.c #include <gst/gst.h>
src/store/store-account.c #include "ui-window.h"
ui/ui-window.c #include "app-application.h"
ui/ui-window.c #include "sip-session-private.h"
app/app-main.c #include <libsoup/soup.h>
app/app-main.c #include "media-web-handler.h"
ui/ui-window.c #include "media-web-handler.h"
src/sip/sip-ua.c const char *x = g_getenv ("X");
ui/ui-window.c gtk_label_set_markup (label, name);
EOF
exit $bad
