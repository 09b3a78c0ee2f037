#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define STORE_ERROR (store_error_quark ())

/* What cannot be remembered, and which field of an account is to blame. */
typedef enum {
  STORE_ERROR_FILE, /* the file as such, not a value in it */
  STORE_ERROR_NAME,
  STORE_ERROR_ADDRESS,
  STORE_ERROR_SERVER,
  STORE_ERROR_USER,
  STORE_ERROR_PASSWORD,
  STORE_ERROR_MEDIA,
  STORE_ERROR_STUN,
  STORE_ERROR_TURN,
  STORE_ERROR_DAMAGED, /* the file was written by nobody, or half */
} StoreError;

GQuark store_error_quark (void);

G_END_DECLS
