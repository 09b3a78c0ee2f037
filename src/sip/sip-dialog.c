/* sip-dialog.c - what two user agents know of each other (RFC 3261 12)
 *
 * Pure: it makes requests and checks them, and sends nothing.
 */

#include "sip-dialog-private.h"

#include "sip-message-private.h"

#include <string.h>

struct _SipDialog {
  GObject parent_instance;

  char *call_id;
  char *local;  /* the value of From in our requests, tag and all */
  char *remote; /* the value of To in our requests */
  char *local_tag;
  char *remote_tag;  /* NULL: the peer is of RFC 2543 and has none */
  char *target;      /* the Contact of the other side */
  GPtrArray *routes; /* of values with angle brackets, the next hop first */
  guint32 local_cseq;
  guint32 remote_cseq; /* 0 while none came */
};

G_DEFINE_FINAL_TYPE (SipDialog, sip_dialog, G_TYPE_OBJECT)

static void
sip_dialog_finalize (GObject *object)
{
  SipDialog *self = SIP_DIALOG (object);

  g_free (self->call_id);
  g_free (self->local);
  g_free (self->remote);
  g_free (self->local_tag);
  g_free (self->remote_tag);
  g_free (self->target);
  g_ptr_array_unref (self->routes);
  G_OBJECT_CLASS (sip_dialog_parent_class)->finalize (object);
}

static void
sip_dialog_class_init (SipDialogClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sip_dialog_finalize;
}

static void
sip_dialog_init (SipDialog *self)
{
  self->routes = g_ptr_array_new_with_free_func (g_free);
}

/* One header may list several routes. */
static void
read_routes (SipDialog *self, SipMessage *message, gboolean reversed)
{
  osip_message_t *osip = sip_message_get_osip (message);

  for (int i = 0; i < osip_list_size (&osip->record_routes); i++) {
    osip_record_route_t *route = osip_list_get (&osip->record_routes, i);
    char *text = NULL;

    if (osip_record_route_to_str (route, &text) != OSIP_SUCCESS)
      continue;
    g_ptr_array_insert (self->routes, reversed ? 0 : -1, g_strdup (text));
    osip_free (text);
  }
}

/* The dialog that a response to our INVITE makes (RFC 3261 12.1.2). */
SipDialog *
sip_dialog_new_client (SipMessage *request, SipMessage *response)
{
  SipDialog *self = g_object_new (SIP_TYPE_DIALOG, NULL);

  self->call_id = g_strdup (sip_message_get_call_id (request));
  self->local = g_strdup (sip_message_peek_header (request, "From"));
  self->local_tag = g_strdup (sip_message_get_from_tag (request));
  self->remote = g_strdup (sip_message_peek_header (response, "To"));
  self->remote_tag = g_strdup (sip_message_get_to_tag (response));
  self->target = sip_message_dup_contact_uri (response);
  if (self->target == NULL)
    self->target = g_strdup (sip_message_get_request_uri (request));
  self->local_cseq = sip_message_get_cseq (request);
  read_routes (self, response, TRUE);
  return self;
}

/* The dialog that our response to an INVITE makes (RFC 3261 12.1.1). */
SipDialog *
sip_dialog_new_server (SipMessage *request, const char *local_tag)
{
  SipDialog *self = g_object_new (SIP_TYPE_DIALOG, NULL);

  self->call_id = g_strdup (sip_message_get_call_id (request));
  self->local = g_strdup_printf ("%s;tag=%s", sip_message_peek_header (request, "To"), local_tag);
  self->local_tag = g_strdup (local_tag);
  self->remote = g_strdup (sip_message_peek_header (request, "From"));
  self->remote_tag = g_strdup (sip_message_get_from_tag (request));
  self->target = sip_message_dup_contact_uri (request);
  self->remote_cseq = sip_message_get_cseq (request);
  read_routes (self, request, FALSE);
  return self;
}

/* The dialog of our SUBSCRIBE that a NOTIFY makes, which may be faster than the response
 * (RFC 6665 4.4.1). */
SipDialog *
sip_dialog_new_notified (SipMessage *subscribe, SipMessage *notify)
{
  SipDialog *self = g_object_new (SIP_TYPE_DIALOG, NULL);

  self->call_id = g_strdup (sip_message_get_call_id (subscribe));
  self->local = g_strdup (sip_message_peek_header (subscribe, "From"));
  self->local_tag = g_strdup (sip_message_get_from_tag (subscribe));
  self->remote = g_strdup (sip_message_peek_header (notify, "From"));
  self->remote_tag = g_strdup (sip_message_get_from_tag (notify));
  self->target = sip_message_dup_contact_uri (notify);
  if (self->target == NULL)
    self->target = g_strdup (sip_message_get_request_uri (subscribe));
  self->local_cseq = sip_message_get_cseq (subscribe);
  read_routes (self, notify, FALSE);
  return self;
}

/* The answer of a phone that rang: its numbers go on where they were (RFC 3261 13.2.2.4). */
void
sip_dialog_continue (SipDialog *self, SipDialog *early)
{
  self->local_cseq = MAX (self->local_cseq, early->local_cseq);
  self->remote_cseq = MAX (self->remote_cseq, early->remote_cseq);
}

static char *
dup_route_uri (const char *route)
{
  const char *start = strchr (route, '<');
  const char *end = start != NULL ? strchr (start, '>') : NULL;

  return end != NULL ? g_strndup (start + 1, end - start - 1) : g_strdup (route);
}

static SipMessage *
create (SipDialog *self, const char *method, guint32 cseq)
{
  const char *first = self->routes->len > 0 ? g_ptr_array_index (self->routes, 0) : NULL;
  gboolean loose = first == NULL || strstr (first, ";lr") != NULL;
  g_autofree char *uri = loose ? g_strdup (self->target) : dup_route_uri (first);
  SipMessage *request = sip_message_new_request (method, uri);

  sip_message_add_header (request, "Max-Forwards", "70");
  for (guint i = loose ? 0 : 1; i < self->routes->len; i++)
    sip_message_add_header (request, "Route", g_ptr_array_index (self->routes, i));
  if (!loose) /* RFC 3261 12.2.1.1: a strict router wants our target at the end */
    sip_message_add_header_printf (request, "Route", "<%s>", self->target);
  sip_message_add_header (request, "From", self->local);
  sip_message_add_header (request, "To", self->remote);
  sip_message_add_header (request, "Call-ID", self->call_id);
  sip_message_add_header_printf (request, "CSeq", "%u %s", cseq, method);
  return request;
}

/* RFC 3261 12.2.1.1 */
SipMessage *
sip_dialog_create_request (SipDialog *self, const char *method)
{
  return create (self, method, ++self->local_cseq);
}

/* RFC 3261 13.2.2.4: the ACK of a 2xx to @invite, with its credentials. */
SipMessage *
sip_dialog_create_ack (SipDialog *self, SipMessage *invite)
{
  SipMessage *ack = create (self, "ACK", sip_message_get_cseq (invite));

  sip_message_copy_headers (ack, invite, "Authorization");
  sip_message_copy_headers (ack, invite, "Proxy-Authorization");
  return ack;
}

/* After a challenge a request went again with a higher number. */
void
sip_dialog_sync_cseq (SipDialog *self, SipMessage *sent)
{
  self->local_cseq = MAX (self->local_cseq, sip_message_get_cseq (sent));
}

/* RFC 3261 12.2.2: FALSE for a request that is older than the last one. */
gboolean
sip_dialog_take_cseq (SipDialog *self, SipMessage *request)
{
  guint32 cseq = sip_message_get_cseq (request);

  if (self->remote_cseq != 0 && cseq <= self->remote_cseq)
    return FALSE;
  self->remote_cseq = cseq;
  return TRUE;
}

/* RFC 3261 12.2.1.2, 12.2.2: a target refresh moves the other side, the routes stay. */
void
sip_dialog_update_target (SipDialog *self, SipMessage *message)
{
  char *target = sip_message_dup_contact_uri (message);

  if (target == NULL)
    return;
  g_free (self->target);
  self->target = target;
}

/* The address that says where our next request goes. */
char *
sip_dialog_dup_next_hop (SipDialog *self)
{
  return self->routes->len > 0 ? dup_route_uri (g_ptr_array_index (self->routes, 0))
                               : g_strdup (self->target);
}

const char *
sip_dialog_get_remote_tag (SipDialog *self)
{
  return self->remote_tag;
}

const char *
sip_dialog_get_local_tag (SipDialog *self)
{
  return self->local_tag;
}

/* The Contact of the other side. */
const char *
sip_dialog_get_target (SipDialog *self)
{
  return self->target;
}
