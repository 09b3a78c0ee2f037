#pragma once

#include "listener.h"
#include "phone.h"

#include <libglib-testing/signal-logger.h>
#include <string.h>

G_BEGIN_DECLS

#define WIRE_HERE "127.0.0.1"

/* Of a packet, in microseconds. */
#define WIRE_SOUND 20000

/* Of the phone. */
#define WIRE_KEY "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkw"

typedef struct {
  SipSessionDescriptionHandler *handler;
  Listener heard;
  Phone phone;
  Phone other; /* of the same side later, or a stranger's */
  GtSignalLogger *seen;
  guint port; /* where the handler listens */
} Wire;

typedef struct {
  const char *suite;
  const char *key; /* of the phone */
} WireSuite;

enum { WIRE_N_SUITES = 5 };
extern const WireSuite wire_suites[WIRE_N_SUITES];

void wire_init (Wire *wire, SipSecurity security, const char *address);
void wire_clear (Wire *wire);
void wire_set_up (Wire *wire, gconstpointer data);
void wire_set_up_secure (Wire *wire, gconstpointer data);
void wire_tear_down (Wire *wire, gconstpointer data);
void wire_set (Wire *wire, const char *text);
char *wire_get (Wire *wire);
char *wire_call (Wire *wire, const char *address, const char *more);
void wire_call_secure (Wire *wire, const WireSuite *suite);
gboolean wire_is_heard (Wire *wire);
gsize wire_settle (Wire *wire);
Packet *wire_get_packet (Phone *phone, guint index);
void wire_assert_continuous (Phone *phone);

G_END_DECLS
