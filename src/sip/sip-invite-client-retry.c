/* sip-invite-client-retry.c - an INVITE that goes anew: elsewhere (RFC 3261 8.1.3.4), or with
 * another time for the session (RFC 4028 7.4), or with another kind of media (RFC 3261 8.1.3.5)
 */

#include "sip-invite-client-private.h"
#include "sip-message-private.h"
#include "sip-target-private.h"
#include "sip-ua-private.h"

#include <stdlib.h>

enum { MAX_RETRIES = 5 };

typedef struct {
  char *uri;
  int quality; /* thousandths */
} Target;

static int
compare_targets (gconstpointer a, gconstpointer b)
{
  return ((const Target *)b)->quality - ((const Target *)a)->quality;
}

/* The addresses of a 3xx behind those that wait, the best first; none that was called already. */
static void
note_targets (SipInviteClientContext *self, SipMessage *response)
{
  osip_message_t *osip = sip_message_get_osip (response);
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (Target));

  for (int i = 0; i < osip_list_size (&osip->contacts); i++) {
    osip_contact_t *contact = osip_list_get (&osip->contacts, i);
    osip_generic_param_t *q = NULL;
    Target target = {NULL, 1000};
    char *text = NULL;

    if (contact->url == NULL || osip_uri_to_str (contact->url, &text) != OSIP_SUCCESS)
      continue;
    osip_contact_param_get_byname (contact, (char *)"q", &q);
    if (q != NULL && q->gvalue != NULL)
      target.quality = CLAMP (g_ascii_strtod (q->gvalue, NULL), 0, 1) * 1000;
    target.uri = g_strndup (text, strcspn (text, "?"));
    osip_free (text);
    if (sip_uri_is_valid (target.uri, FALSE) &&
        g_hash_table_add (self->tried, g_strdup (target.uri)))
      g_array_append_val (found, target);
    else
      g_free (target.uri);
  }
  g_array_sort (found, compare_targets);
  for (guint i = 0; i < found->len; i++)
    g_queue_push_tail (&self->targets, g_array_index (found, Target, i).uri);
}

static SipMessage *
create_again (SipInviteClientContext *self)
{
  SipMessage *again = sip_message_copy (sip_request_get_message (self->sent));
  g_autofree char *cseq = g_strdup_printf ("%u INVITE", sip_message_get_cseq (again) + 1);

  sip_message_remove_headers (again, "Via");
  sip_message_set_header (again, "CSeq", cseq);
  return again;
}

/* The other side cannot use what was offered, and the user has not said what it has to be. */
static gboolean
may_change_media (SipInviteClientContext *self, guint code)
{
  return (code == 415 || code == 488 || code == 606) && !self->is_other &&
         sip_invite_client_has_offer (self) &&
         sip_ua_chooses_media (sip_session_peek (SIP_SESSION (self))->ua);
}

/* Nothing stays of the first kind; a handler is made with the next offer. */
static void
change_media (SipInviteClientContext *self)
{
  SipSession *session = SIP_SESSION (self);
  SipSessionPrivate *priv = sip_session_peek (session);

  self->is_other = TRUE;
  g_clear_object (&self->described);
  g_clear_object (&self->taking);
  g_clear_object (&self->mentioned);
  sip_session_drop_handler (session);
  priv->media_profile =
      priv->media_profile == SIP_MEDIA_PROFILE_RTP ? SIP_MEDIA_PROFILE_WEB : SIP_MEDIA_PROFILE_RTP;
  g_object_notify (G_OBJECT (session), "media-profile");
}

/* TRUE where the INVITE goes again because of @response, without a handler where it needs another
 * offer; else that is the end. */
gboolean
sip_invite_client_retry (SipInviteClientContext *self, SipMessage *response)
{
  SipSessionPrivate *priv = sip_session_peek (SIP_SESSION (self));
  guint code = sip_message_get_status_code (response);
  guint min_se = sip_message_read_number (response, "Min-SE", 0);
  g_autofree char *target = NULL;

  if (sip_invite_client_is_canceled (self) || self->n_retries >= MAX_RETRIES)
    return FALSE;
  if (code == 422 && min_se > 0) {
    g_autofree char *text = g_strdup_printf ("%u", min_se);

    self->invite = create_again (self);
    sip_message_set_header (self->invite, "Session-Expires", text);
    sip_message_set_header (self->invite, "Min-SE", text);
  } else if (may_change_media (self, code)) {
    self->invite = create_again (self);
    change_media (self);
  } else if (sip_options_read_flag (priv->options, "follow-redirects", FALSE)) {
    g_hash_table_add (self->tried, g_strdup (priv->request->request_uri));
    if (code / 100 == 3)
      note_targets (self, response);
    target = code < 600 ? g_queue_pop_head (&self->targets) : NULL;
    if (target == NULL)
      return FALSE;
    self->invite = create_again (self);
    g_free (self->invite->request_uri);
    self->invite->request_uri = g_strdup (target);
    sip_message_remove_headers (self->invite, "Authorization");
    sip_message_remove_headers (self->invite, "Proxy-Authorization");
    g_free (self->next_hop);
    self->next_hop = sip_ua_dup_next_hop (priv->ua, target);
  } else {
    return FALSE;
  }
  self->n_retries++;
  g_hash_table_remove_all (self->early);
  return TRUE;
}
