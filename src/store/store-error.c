/* store-error.c - the domain of errors that a person can put right in a field or in a file */

#include "store-error.h"

GQuark
store_error_quark (void)
{
  return g_quark_from_static_string ("store-error-quark");
}
