#!/bin/sh
# check-layers.sh - fails where a folder includes what it must not know
cd "$1" || exit 99
bad=0

forbid() { # folder, what, [files that may]
  found=$(grep -rnE --include='*.[ch]' "^ *# *include *[<\"]($2)" "$1")
  [ -z "$found" ] || { echo "$found"; bad=1; }
}

private='(sip|store)-[^"]*-private'
forbid src/sip 'gst/|gtk/|adwaita|media-|store-|ui-|app-'
forbid src/media "osip|libsoup/|gtk/|adwaita|store-|ui-|app-|sip-[^\"]*-private"
forbid src/store "osip|libsoup/|gst/|gtk/|adwaita|media-|ui-|app-|sip-[^\"]*-private"
forbid ui "osip|libsoup/|gst/|media-|app-|$private"
forbid app "osip|libsoup/|gst/|media-|$private"

# No singletons, no environment below app, no markup from outside, no loop from inside.
never() { # pattern, folders...
  pattern=$1
  shift
  found=$(grep -rnE --include='*.[ch]' "$pattern" "$@")
  [ -z "$found" ] || { echo "$found"; bad=1; }
}
never 'g_application_get_default|g_main_context_iteration|gtk_label_set_markup' src ui
never '(^|[^a-z_])(g_)?getenv *\(' src ui
never '_get_default \(void\)' src ui app
exit $bad
