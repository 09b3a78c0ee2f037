#!/bin/sh
# check-start.sh - fails where a program that starts loads what only calls and secure accounts need
#
#   check-start.sh PROGRAM...
bad=0
for program in "$@"; do
  found=$(ldd "$program" | grep -oE '^[[:space:]]*lib(sip-media|sip-secure|gst|nice|srtp|soup|gnutls)[^ ]*')
  [ -z "$found" ] || { echo "$program loads at once:" $found; bad=1; }
done
exit $bad
