/* sip-part.c - what a phone needs only later, loaded only then
 *
 * Down: the first call -> libsip-media; the first secure account -> libsip-secure
 *
 * Most of the time and of the memory that a start takes is libraries under libraries. A phone that
 * waits for calls needs few of them.
 */

#define _GNU_SOURCE

#include "sip-part-private.h"

#include <dlfcn.h>
#include <gmodule.h>

/* Without a part the library is as broken as without one that the system's loader looks for.
 * libsoup opens a module while it is loaded, so what loads it must hold GModule's lock, too.
 */
gconstpointer
sip_part_get (const char *file, const char *table)
{
  Dl_info here = {0};
  g_autofree char *folder = NULL, *path = NULL;
  GModule *part;
  gpointer found = NULL;

  dladdr (sip_part_get, &here);
  folder = g_path_get_dirname (here.dli_fname);
  path = g_build_filename (folder, file, NULL);
  part = g_module_open (path, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);
  if (part == NULL || !g_module_symbol (part, table, &found))
    g_error ("A part of the library is missing: %s", g_module_error ());
  return found;
}

const SipSecurePart *
sip_part_get_secure (void)
{
  return sip_part_get ("libsip-secure-1.so.1", "sip_secure_part");
}
