/* store-error.c - the domain of errors that a person can put right in a field or in a file */

#include "store-error.h"

G_DEFINE_QUARK (store - error - quark, store_error)
