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

/* Without a part the library is as broken as without one that the system's loader looks for. */
gconstpointer
sip_part_get (const char *file, const char *table)
{
  Dl_info here = {0};
  g_autofree char *folder = NULL, *path = NULL;
  void *part;
  gconstpointer found = NULL;

  dladdr (sip_part_get, &here);
  folder = g_path_get_dirname (here.dli_fname);
  path = g_build_filename (folder, file, NULL);
  part = dlopen (path, RTLD_LAZY);
  if (part != NULL)
    found = dlsym (part, table);
  if (found == NULL)
    g_error ("A part of the library is missing: %s", dlerror ());
  return found;
}

const SipSecurePart *
sip_part_get_secure (void)
{
  return sip_part_get ("libsip-secure-1.so.1", "sip_secure_part");
}
