/* sip-transaction-messages.c - what a transaction makes of messages: for libosip2's machine, and
 * for the other side
 *
 * Nothing here knows a transaction.
 */

#include "sip-transaction-messages-private.h"

#include "sip-transaction-private.h"

/* RFC 3261 17.1.1.3: with all Routes of the INVITE, which libosip2 does not promise. */
SipMessage *
sip_transaction_create_ack (SipMessage *invite, SipMessage *response)
{
  SipMessage *ack = sip_message_new_request ("ACK", sip_message_get_request_uri (invite));
  g_autofree char *via = sip_message_get_header (invite, "Via");

  sip_message_add_header (ack, "Via", via);
  sip_message_add_header (ack, "Max-Forwards", "70");
  sip_message_copy_headers (ack, invite, "Route");
  sip_message_copy_headers (ack, invite, "From");
  sip_message_copy_headers (ack, response, "To");
  sip_message_copy_headers (ack, invite, "Call-ID");
  sip_message_add_header_printf (ack, "CSeq", "%u ACK", sip_message_get_cseq (invite));
  return ack;
}

/* What the machine needs of a message. It takes every protocol but three for one that loses
 * datagrams, so a WebSocket is shown to it as TCP. */
osip_message_t *
sip_transaction_copy_message (SipMessage *message, gboolean is_reliable)
{
  osip_message_t *copy = NULL;
  osip_via_t *via;

  osip_message_clone (sip_message_get_osip (message), &copy);
  via = osip_list_get (&copy->vias, 0);
  if (is_reliable && via != NULL) {
    osip_free (via_get_protocol (via));
    via_set_protocol (via, osip_strdup ("TCP"));
  }
  return copy;
}

/* What the machine of an INVITE that came needs of a response of ours. */
osip_message_t *
sip_transaction_outline_response (SipMessage *response)
{
  osip_message_t *outline = NULL;

  osip_message_init (&outline);
  osip_message_set_version (outline, osip_strdup ("SIP/2.0"));
  osip_message_set_status_code (outline, sip_message_get_status_code (response));
  osip_message_set_reason_phrase (outline, osip_strdup ("-"));
  osip_message_set_cseq (outline, sip_message_peek_header (response, "CSeq"));
  osip_message_set_via (outline, "SIP/2.0/TCP -");
  return outline;
}

/* Which event of the machine it is; @first: that of a provisional one */
type_t
sip_transaction_classify_response (SipMessage *response, type_t first)
{
  guint code = sip_message_get_status_code (response);

  return code < 200 ? first : code < 300 ? first + 1 : first + 2;
}

/* RFC 3261 17.1.3 and 17.2.3: the branch, the method and, on the server's side, who sent it. An
 * ACK belongs to its INVITE. */
char *
sip_transaction_make_key (SipMessage *message, gboolean is_server)
{
  const char *branch = sip_message_get_branch (message);
  const char *method = sip_message_get_method (message);
  osip_via_t *via = osip_list_get (&sip_message_get_osip (message)->vias, 0);

  if (g_str_equal (method, "ACK"))
    method = "INVITE";
  if (branch == NULL)
    branch = sip_message_get_call_id (message); /* RFC 2543 knew no branch */
  if (!is_server)
    return g_strdup_printf ("c %s %s", branch, method);
  return g_strdup_printf ("s %s %s %s:%s", branch, method, via->host,
                          via->port != NULL ? via->port : "");
}
