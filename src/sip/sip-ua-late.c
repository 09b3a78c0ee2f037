/* sip-ua-late.c - answers to an INVITE whose call is over and forgotten
 *
 * Up:   SipRequest::response -> a 2xx -> ACK, and BYE where nobody is left to take it
 *       (RFC 3261 13.2.2.4); the same 2xx again -> the same ACK.
 * Down: a session that is disposed of, or whose CANCEL nobody answered -> sip_ua_expect_late(), for
 *       64*T1.
 */

#include "sip-message-private.h"
#include "sip-session-description-private.h"
#include "sip-ua-private.h"

enum { LATEST = 64 * SIP_T1 }; /* milliseconds */

/* Borrows the user agent, which owns it. */
typedef struct {
  SipUA *ua;
  SipRequest *invite;
  GHashTable *acks;
  guint timer_id;
} Late;

void
sip_ua_late_free (gpointer data)
{
  Late *self = data;

  sip_timers_clear (sip_endpoint_get_timers (self->ua->endpoint), &self->timer_id);
  g_signal_handlers_disconnect_by_data (self->invite, self);
  sip_request_stop (self->invite);
  g_object_unref (self->invite);
  g_hash_table_unref (self->acks);
  g_free (self);
}

static char *
make_ack_key (SipMessage *response)
{
  const char *tag = sip_message_get_to_tag (response);

  return g_strdup_printf ("%u %s", sip_message_get_cseq (response), tag != NULL ? tag : "");
}

/* The ACK of @response; @acks keeps it for when that comes again. @answer: (nullable) */
SipMessage *
sip_ua_acknowledge (SipUA *self,
                    GHashTable *acks,
                    SipDialog *dialog,
                    SipMessage *invite,
                    SipMessage *response,
                    SipSessionDescription *answer)
{
  g_autoptr (SipMessage) ack = sip_dialog_create_ack (dialog, invite);
  g_autofree char *next_hop = sip_dialog_dup_next_hop (dialog);
  SipRequest *request;

  sip_ua_add_own_headers (self, ack);
  if (answer != NULL)
    sip_session_description_write (answer, ack);
  request = sip_ua_prepare (self, next_hop, ack);
  g_hash_table_replace (acks, make_ack_key (response), request);
  sip_request_send (request);
  return sip_request_get_message (request);
}

/* FALSE for a response that was not acknowledged yet. */
gboolean
sip_ua_acknowledge_again (GHashTable *acks, SipMessage *response)
{
  g_autofree char *key = make_ack_key (response);
  SipRequest *ack = g_hash_table_lookup (acks, key);

  if (ack != NULL)
    sip_request_send (ack);
  return ack != NULL;
}

static void
on_response (SipRequest *invite, SipMessage *response, gpointer user_data)
{
  Late *self = user_data;
  g_autoptr (SipDialog) dialog = NULL;
  g_autoptr (SipMessage) bye = NULL;
  g_autoptr (SipRequest) request = NULL;

  if (sip_message_get_status_code (response) / 100 != 2 ||
      sip_ua_acknowledge_again (self->acks, response))
    return;
  dialog = sip_dialog_new_client (sip_request_get_message (invite), response);
  sip_ua_acknowledge (self->ua, self->acks, dialog, sip_request_get_message (invite), response,
                      NULL);
  bye = sip_dialog_create_request (dialog, "BYE");
  request = sip_ua_prepare_in (self->ua, dialog, bye);
  sip_request_send (request);
}

static void
on_latest (gpointer user_data)
{
  Late *self = user_data;

  self->timer_id = 0;
  g_ptr_array_remove_fast (self->ua->late, self);
}

/* @invite: what nobody listens to any more; @acks: of its answers so far */
void
sip_ua_expect_late (SipUA *self, SipRequest *invite, GHashTable *acks)
{
  Late *late;

  if (self->endpoint == NULL || sip_request_get_transport (invite) == NULL)
    return;
  late = g_new0 (Late, 1);
  late->ua = self;
  late->invite = g_object_ref (invite);
  late->acks = g_hash_table_ref (acks);
  late->timer_id =
      sip_timers_add (sip_endpoint_get_timers (self->endpoint), LATEST, on_latest, late);
  g_signal_connect (invite, "response", G_CALLBACK (on_response), late);
  g_ptr_array_add (self->late, late);
}
