/* sip-registration.c - keeps one address of record bound at its registrar (RFC 3261 10)
 *
 * Down: start(), remove() or the refresh timer -> send_register() -> SipRequest.
 * Up:   SipRequest -> on_response() -> signals registered, unregistered, failed.
 */

#include "sip-registration-private.h"

#include "sip-message-private.h"
#include "sip-session-private.h"
#include "sip-target-private.h"
#include "sip-timers-private.h"
#include "sip-transport-private.h"
#include "sip-ua-private.h"

#include <string.h>

enum { RETRY_FIRST = 30, RETRY_LAST = 1800, REMAP = 30 }; /* seconds */
enum { MAPPED = 60 }; /* seconds, past a NAT: else nobody learns that it forgot us (RFC 5626 4.4) */
enum { REST = 2, REST_REFUSED = 30 }; /* seconds, however often the way breaks */

struct _SipRegistration {
  GObject parent_instance;

  SipUA *ua; /* not owned: the user agent owns us */
  SipTimers *timers;
  char *aor;
  char *registrar;
  char *call_id;
  char *tag;
  guint32 cseq;
  guint expires;       /* seconds asked for, raised by 423 */
  gboolean registered; /* the registrar holds a binding of ours */
  char *instance;      /* which phone of the address this is (RFC 5626 4.1) */
  GStrv routes;        /* the way that the registrar wants requests to go (RFC 3608) */
  gint64 mapped_at;    /* when another address of ours was told last; 0 once that proved true */
  gint64 doubted_at;   /* when somebody doubted last that it is still true */
  SipOptions *options;
  SipRequest *request; /* RFC 3261 10.2 allows one at a time; NULL while none is under way */
  gboolean removing;   /* what the request under way asks for */
  guint retry_after;   /* seconds to the next try after a failure; 0 where it is told */
  gint64 not_before;   /* when it binds by itself at the earliest, be there a way again */
  guint timer_id;
};

G_DEFINE_FINAL_TYPE (SipRegistration, sip_registration, G_TYPE_OBJECT)

enum { SIGNAL_REGISTERED, SIGNAL_UNREGISTERED, SIGNAL_FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void send_register (SipRegistration *self);

static void
on_time (gpointer user_data)
{
  g_autoptr (SipRegistration) self = g_object_ref (user_data);

  self->timer_id = 0;
  if (self->request == NULL)
    send_register (self);
}

static void
wait_until (SipRegistration *self, gint64 due)
{
  sip_timers_clear (self->timers, &self->timer_id);
  self->timer_id = sip_timers_add (self->timers, due - sip_timers_now (), on_time, self);
}

static void
wait (SipRegistration *self, guint seconds)
{
  wait_until (self, sip_timers_now () + (gint64)seconds * 1000);
}

static void
rest (SipRegistration *self, guint seconds)
{
  self->not_before = sip_timers_now () + (gint64)seconds * 1000;
}

/* The seconds that our own binding got; 0 where the response does not name it. A registrar may
 * have set another port, so the random user is what tells. */
static guint
read_granted (SipRegistration *self, SipMessage *response)
{
  const char *user = sip_endpoint_get_contact_user (sip_ua_get_endpoint (self->ua));
  osip_message_t *osip = sip_message_get_osip (response);

  for (int i = 0; i < osip_list_size (&osip->contacts); i++) {
    osip_contact_t *contact = osip_list_get (&osip->contacts, i);
    osip_generic_param_t *expires = NULL;
    guint64 seconds;

    if (contact->url == NULL || g_strcmp0 (contact->url->username, user) != 0)
      continue;
    osip_contact_param_get_byname (contact, (char *)"expires", &expires);
    if (expires == NULL || expires->gvalue == NULL ||
        !g_ascii_string_to_unsigned (expires->gvalue, 10, 0, G_MAXUINT32, &seconds, NULL))
      return sip_message_read_number (response, "Expires", self->expires);
    return seconds;
  }
  return 0;
}

/* A parameter of our own binding, without quotes; NULL where there is none. */
static char *
dup_own_parameter (SipRegistration *self, SipMessage *response, const char *name)
{
  const char *user = sip_endpoint_get_contact_user (sip_ua_get_endpoint (self->ua));
  osip_message_t *osip = sip_message_get_osip (response);

  for (int i = 0; i < osip_list_size (&osip->contacts); i++) {
    osip_contact_t *contact = osip_list_get (&osip->contacts, i);
    osip_generic_param_t *param = NULL;
    gsize length;

    if (contact->url == NULL || g_strcmp0 (contact->url->username, user) != 0)
      continue;
    osip_contact_param_get_byname (contact, (char *)name, &param);
    if (param == NULL || param->gvalue == NULL)
      return NULL;
    length = strlen (param->gvalue);
    return length >= 2 && *param->gvalue == '"' ? g_strndup (param->gvalue + 1, length - 2)
                                                : g_strdup (param->gvalue);
  }
  return NULL;
}

static void
read_ways (SipRegistration *self, SipMessage *response)
{
  g_autofree char *gruu = dup_own_parameter (self, response, "pub-gruu");

  g_strfreev (self->routes);
  self->routes = sip_message_get_headers (response, "Service-Route");
  sip_endpoint_set_gruu (sip_ua_get_endpoint (self->ua),
                         self->ua->gruu && gruu != NULL && sip_uri_is_valid (gruu, FALSE) ? gruu
                                                                                          : NULL);
}

/* Seconds to the next refresh; a server of flows says by itself that a NAT gave us another port. */
static guint
get_rhythm (SipRegistration *self, SipMessage *response, guint granted)
{
  guint rhythm = MAX (MAX (granted * 9 / 10, granted > 30 ? granted - 30 : 0), 1);

  return sip_endpoint_is_mapped (sip_ua_get_endpoint (self->ua)) &&
                 !sip_message_has_option (response, "Require", "outbound")
             ? MIN (rhythm, MAPPED)
             : rhythm;
}

static void
on_granted (SipRegistration *self, SipRequest *request, SipMessage *response)
{
  guint granted = MIN (read_granted (self, response), self->expires);

  self->retry_after = 0;
  if (granted == 0) {
    /* The registrar said yes and keeps nothing of ours: ask again, but in peace. */
    self->registered = FALSE;
    wait (self, RETRY_FIRST);
    g_signal_emit (self, signals[SIGNAL_FAILED], 0, response, "SIP Failure Code");
    return;
  }
  read_ways (self, response);
  wait (self, get_rhythm (self, response, granted));
  self->registered = TRUE;
  sip_ua_note_registered (self->ua, request, response);
  g_signal_emit (self, signals[SIGNAL_REGISTERED], 0, response);
}

static gboolean
is_temporary (guint code)
{
  return code == 408 || code == 480 || code >= 500;
}

/* Tries again where time may heal; a wrong password it does not. */
static void
on_refused (SipRegistration *self, SipMessage *response)
{
  guint code = sip_message_get_status_code (response);
  guint minimum = sip_message_read_number (response, "Min-Expires", 0);
  gboolean was_registered = self->registered;
  const char *words = sip_cause_words (sip_cause_from_status (code));

  if (code == 423 && minimum > self->expires) {
    self->expires = minimum;
    send_register (self);
    return;
  }
  if (is_temporary (code)) {
    guint asked = sip_message_read_number (response, "Retry-After", 0);
    guint seconds;

    self->retry_after = asked > 0 ? 0 : CLAMP (self->retry_after * 2, RETRY_FIRST, RETRY_LAST);
    seconds = MAX (asked, self->retry_after) + g_random_int_range (0, 3);
    wait (self, seconds);
    sip_ua_set_retry_delay (self->ua, seconds);
    rest (self, 0); /* another server may have it at once */
  } else {
    rest (self, REST_REFUSED);
  }
  self->registered = FALSE;
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, response, words);
  if (was_registered)
    g_signal_emit (self, signals[SIGNAL_UNREGISTERED], 0, response, words);
  sip_ua_note_failure (self->ua, code, sip_message_read_number (response, "Retry-After", 0));
}

/* The server sees us at another address than we gave it: it shall have that one, but not each time
 * where a NAT has no memory, and shows another one before it showed this one again. What a NAT
 * forgot of our datagrams it forgot of our streams, but for those of a way that was just begun.
 */
static gboolean
is_to_say_again (SipRegistration *self, SipRequest *request, SipMessage *response)
{
  SipEndpoint *endpoint = sip_ua_get_endpoint (self->ua);
  GSocketAddress *peer = sip_request_get_peer (request);

  if (!sip_endpoint_note_mapping (endpoint, sip_request_get_transport (request), peer, response)) {
    self->mapped_at = 0;
    return FALSE;
  }
  if (self->registered && peer != NULL)
    sip_endpoint_drop_streams (endpoint, peer);
  if (sip_timers_now () < self->mapped_at + REMAP * 1000)
    return FALSE;
  self->mapped_at = sip_timers_now ();
  return TRUE;
}

static void
on_response (SipRequest *answered, SipMessage *response, gpointer user_data)
{
  g_autoptr (SipRegistration) self = g_object_ref (user_data);
  g_autoptr (SipRequest) request = g_object_ref (answered);
  guint code = sip_message_get_status_code (response);

  if (code < 200 || request != self->request)
    return;
  self->cseq = sip_message_get_cseq (sip_request_get_message (request));
  g_clear_object (&self->request);
  if (!self->removing && code < 300 && is_to_say_again (self, request, response)) {
    send_register (self);
    sip_ua_tell_calls (self->ua, sip_session_move);
    return;
  }
  if (self->removing) {
    self->registered = FALSE;
    sip_timers_clear (self->timers, &self->timer_id);
    g_signal_emit (self, signals[SIGNAL_UNREGISTERED], 0, response,
                   code < 300 ? NULL : sip_cause_words (sip_cause_from_status (code)));
  } else if (code < 300) {
    on_granted (self, request, response);
  } else if (!sip_ua_note_unknown (self->ua, sip_request_get_no_way (request))) {
    on_refused (self, response);
  }
}

static void
send_register (SipRegistration *self)
{
  g_autoptr (SipMessage) message = sip_message_new_request ("REGISTER", self->registrar);
  g_autofree char *next_hop = sip_ua_dup_next_hop (self->ua, self->registrar);

  sip_timers_clear (self->timers, &self->timer_id);
  rest (self, REST);
  sip_ua_set_retry_delay (self->ua, 0);
  sip_message_add_header (message, "Max-Forwards", "70");
  sip_message_add_header_printf (message, "From", "<%s>;tag=%s", self->aor, self->tag);
  sip_message_add_header_printf (message, "To", "<%s>", self->aor);
  sip_message_add_header (message, "Call-ID", self->call_id);
  sip_message_add_header_printf (message, "CSeq", "%u REGISTER", ++self->cseq);
  sip_message_add_header_printf (message, "Contact",
                                 "<>;reg-id=1;+sip.instance=\"<%s>\";expires=%u", self->instance,
                                 self->removing ? 0 : self->expires);
  sip_message_add_header (message, "Supported",
                          self->ua->gruu ? "outbound, path, gruu" : "outbound, path");
  sip_message_add_extra_headers (message, sip_options_read_extra_headers (self->options));
  sip_ua_add_own_headers (self->ua, message);
  g_clear_object (&self->request);
  self->request = sip_ua_prepare (self->ua, next_hop, message);
  g_signal_connect_object (self->request, "response", G_CALLBACK (on_response), self, 0);
  sip_request_send (self->request);
}

static void
sip_registration_dispose (GObject *object)
{
  SipRegistration *self = SIP_REGISTRATION (object);

  if (self->timers != NULL)
    sip_timers_clear (self->timers, &self->timer_id);
  g_clear_object (&self->timers);
  g_clear_object (&self->request);
  g_clear_object (&self->options);
  g_clear_pointer (&self->aor, g_free);
  g_clear_pointer (&self->registrar, g_free);
  g_clear_pointer (&self->call_id, g_free);
  g_clear_pointer (&self->tag, g_free);
  g_clear_pointer (&self->instance, g_free);
  g_clear_pointer (&self->routes, g_strfreev);
  G_OBJECT_CLASS (sip_registration_parent_class)->dispose (object);
}

static void
sip_registration_class_init (SipRegistrationClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sip_registration_dispose;

  signals[SIGNAL_REGISTERED] = g_signal_new ("registered", SIP_TYPE_REGISTRATION, G_SIGNAL_RUN_LAST,
                                             0, NULL, NULL, NULL, G_TYPE_NONE, 1, SIP_TYPE_MESSAGE);
  signals[SIGNAL_UNREGISTERED] =
      g_signal_new ("unregistered", SIP_TYPE_REGISTRATION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, SIP_TYPE_MESSAGE, G_TYPE_STRING);
  signals[SIGNAL_FAILED] =
      g_signal_new ("failed", SIP_TYPE_REGISTRATION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, SIP_TYPE_MESSAGE, G_TYPE_STRING);
}

static void
sip_registration_init (SipRegistration *self)
{
  self->call_id = sip_random_token ();
  self->tag = sip_random_token ();
  self->cseq = g_random_int_range (1, 10000);
}

/* @aor: the address to bind; @instance: which of its phones this is, a URN; @expires: seconds to
 * ask for.
 */
SipRegistration *
sip_registration_new (SipUA *ua, const char *aor, const char *instance, guint expires)
{
  SipRegistration *self = g_object_new (SIP_TYPE_REGISTRATION, NULL);
  g_autofree char *host = sip_uri_dup_host (aor);

  self->ua = ua;
  self->timers = g_object_ref (sip_endpoint_get_timers (sip_ua_get_endpoint (ua)));
  self->aor = g_strdup (aor);
  self->instance = g_strdup (instance);
  self->registrar =
      g_strdup_printf ("%s:%s", g_str_has_prefix (aor, "sips:") ? "sips" : "sip", host);
  self->expires = expires;
  return self;
}

/* Binds, or refreshes the binding at once. */
void
sip_registration_start (SipRegistration *self, SipOptions *options)
{
  if (options != NULL) {
    g_clear_object (&self->options);
    self->options = sip_options_copy (options);
  }
  self->removing = FALSE;
  send_register (self);
}

/* There is a way again: binds as soon as that is no storm, be the way or the password bad. */
void
sip_registration_resume (SipRegistration *self)
{
  self->removing = FALSE;
  if (sip_timers_now () >= self->not_before)
    send_register (self);
  else
    wait_until (self, self->not_before);
}

/* The network is another one: who did not answer may do so now. */
void
sip_registration_hurry (SipRegistration *self)
{
  if (self->timer_id != 0 && self->retry_after > 0)
    send_register (self);
}

/* Any answer of the server that we are registered at may tell that a NAT gave us another address.
 */
void
sip_registration_look (SipRegistration *self, SipRequest *request, SipMessage *response)
{
  GSocketAddress *peer = sip_request_get_peer (request);

  if (!self->registered || request == self->request || peer == NULL ||
      !sip_transport_is_same_address (peer, self->ua->server_address) ||
      !is_to_say_again (self, request, response))
    return;
  if (self->request == NULL)
    sip_registration_resume (self);
  sip_ua_tell_calls (self->ua, sip_session_move);
}

/* Sound of a call comes no more: a NAT may have forgotten us, and the answer tells. */
void
sip_registration_doubt (SipRegistration *self)
{
  gint64 now = sip_timers_now ();

  if (!self->registered || self->request != NULL || now < self->doubted_at + REMAP * 1000 ||
      !sip_endpoint_is_mapped (sip_ua_get_endpoint (self->ua)))
    return;
  self->doubted_at = now;
  send_register (self);
}

/* Unbinds. */
void
sip_registration_remove (SipRegistration *self, SipOptions *options)
{
  if (options != NULL) {
    g_clear_object (&self->options);
    self->options = sip_options_copy (options);
  }
  self->removing = TRUE;
  send_register (self);
}

/* The way to the registrar is gone; start() when it is there again. */
void
sip_registration_lost (SipRegistration *self)
{
  gboolean was_registered = self->registered;

  sip_timers_clear (self->timers, &self->timer_id);
  g_clear_object (&self->request);
  self->registered = FALSE;
  if (was_registered)
    g_signal_emit (self, signals[SIGNAL_UNREGISTERED], 0, NULL, "Connection Error");
}

/* @request leaves a dialog by the way that the registrar named. */
void
sip_registration_add_route (SipRegistration *self, SipMessage *request)
{
  for (gsize i = 0; self->registered && self->routes != NULL && self->routes[i] != NULL; i++)
    sip_message_add_header (request, "Route", self->routes[i]);
}

gboolean
sip_registration_is_registered (SipRegistration *self)
{
  return self->registered;
}

gboolean
sip_registration_is_pending (SipRegistration *self)
{
  return self->request != NULL;
}

/* By a datagram to there. */
gboolean
sip_registration_is_asking (SipRegistration *self, GSocketAddress *server)
{
  GSocketAddress *peer = self->request != NULL ? sip_request_get_peer (self->request) : NULL;

  return peer != NULL && sip_transport_is_same_address (peer, server);
}
