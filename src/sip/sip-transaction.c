/* sip-transaction.c - one request and its responses (RFC 3261 17, RFC 6026)
 *
 * libosip2's state machines, one osip_t for each transaction since its lists are linear. They are
 * fed with bare copies of the messages; what travels are our own. Theirs for the server of other
 * requests than INVITE is left out: it takes 20 kB for half a minute to send one response again.
 * Down: start(), respond() -> the machine -> on_send() -> SipTransport.
 * Up:   receive() -> the machine -> signal response; signal ended when nothing more can come.
 */

#include "sip-transaction-private.h"

#include "sip-message-private.h"
#include "sip-transaction-messages-private.h"
#include "sip-transport-private.h"

enum { LINGER_TIME = 64 * SIP_T1 }; /* timer J, and L and M of RFC 6026 */

struct _SipTransaction {
  GObject parent_instance;

  SipTimers *timers;
  SipTransport *transport;
  GSocketAddress *peer;
  SipMessage *request;
  SipMessage *last_response; /* the last one sent or received */
  char *key;

  osip_t *osip;                /* NULL where there is no machine, or when it has ended */
  osip_transaction_t *machine; /* likewise */
  guint executing;             /* depth of calls into the machine, which must not free it */
  gboolean killed;             /* the machine said it has ended */
  guint timer_id;
};

G_DEFINE_FINAL_TYPE (SipTransaction, sip_transaction, G_TYPE_OBJECT)

enum { SIGNAL_RESPONSE, SIGNAL_ENDED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void arm (SipTransaction *self);

static gboolean
is_invite (SipTransaction *self)
{
  return g_str_equal (sip_message_get_method (self->request), "INVITE");
}

static gboolean
is_client (SipTransaction *self)
{
  return self->key[0] == 'c';
}

static gboolean
has_no_machine (SipTransaction *self)
{
  return !is_client (self) && !is_invite (self);
}

static void
send_message (SipTransaction *self, SipMessage *message, GError **error)
{
  sip_transport_send (self->transport, sip_message_get_wire (message), self->peer, error);
}

static int
on_send (osip_transaction_t *machine, osip_message_t *osip, char *host, int port, int out)
{
  SipTransaction *self = osip_transaction_get_your_instance (machine);
  g_autoptr (GError) error = NULL;

  if (MSG_IS_RESPONSE (osip)) {
    send_message (self, self->last_response, &error);
  } else if (MSG_IS_ACK (osip)) {
    g_autoptr (SipMessage) ack = sip_transaction_create_ack (self->request, self->last_response);

    send_message (self, ack, &error);
  } else {
    send_message (self, self->request, &error);
  }
  if (error != NULL)
    g_debug ("%s: %s", self->key, error->message);
  return error == NULL ? 0 : -1;
}

/* A response that no peer sent: 408 of timers B and F, 503 of a dead transport (RFC 3261
 * 8.1.3.1). */
static void
make_up_response (SipTransaction *self, guint code)
{
  g_autoptr (SipMessage) response = NULL;

  if (!is_client (self) || sip_transaction_is_answered (self))
    return;
  response = sip_message_new_response (self->request, code, NULL);
  g_set_object (&self->last_response, response);
  g_signal_emit (self, signals[SIGNAL_RESPONSE], 0, response);
}

static void
on_timeout (int type, osip_transaction_t *machine, osip_message_t *osip)
{
  make_up_response (osip_transaction_get_your_instance (machine), 408);
}

static void
on_transport_error (int type, osip_transaction_t *machine, int error)
{
  make_up_response (osip_transaction_get_your_instance (machine), 503);
}

static void
on_response (int type, osip_transaction_t *machine, osip_message_t *osip)
{
  SipTransaction *self = osip_transaction_get_your_instance (machine);

  g_signal_emit (self, signals[SIGNAL_RESPONSE], 0, self->last_response);
}

static void
on_killed (int type, osip_transaction_t *machine)
{
  SipTransaction *self = osip_transaction_get_your_instance (machine);

  self->killed = TRUE;
}

static void
free_machine (SipTransaction *self)
{
  if (self->machine != NULL) {
    osip_remove_transaction (self->osip, self->machine);
    osip_transaction_free2 (self->machine);
  }
  self->machine = NULL;
  g_clear_pointer (&self->osip, osip_release);
}

static void
end (SipTransaction *self)
{
  sip_timers_clear (self->timers, &self->timer_id);
  g_signal_emit (self, signals[SIGNAL_ENDED], 0);
}

static void
on_linger_time (gpointer user_data)
{
  g_autoptr (SipTransaction) self = g_object_ref (user_data);

  self->timer_id = 0;
  end (self);
}

/* Each 2xx comes again, and a proxy passes one on whatever it said before (RFC 3261 16.7). */
static gboolean
can_be_accepted (SipTransaction *self)
{
  return is_invite (self) && sip_transaction_is_answered (self) &&
         (is_client (self) || sip_message_get_status_code (self->last_response) / 100 == 2);
}

/* After a call into the machine: frees one that ended. An INVITE lives on without its machine, to
 * absorb or to hand up what comes late (RFC 6026). */
static void
settle (SipTransaction *self)
{
  if (self->executing > 0)
    return;
  if (!self->killed) {
    arm (self);
    return;
  }
  if (self->machine == NULL)
    return;
  sip_timers_clear (self->timers, &self->timer_id);
  free_machine (self);
  if (can_be_accepted (self))
    self->timer_id = sip_timers_add (self->timers, LINGER_TIME, on_linger_time, self);
  else
    end (self);
}

static void
execute (SipTransaction *self, type_t type, osip_message_t *osip)
{
  g_autoptr (SipTransaction) guard = g_object_ref (self);
  osip_event_t *event = osip_malloc (sizeof (osip_event_t));

  event->type = type;
  event->sip = osip;
  event->transactionid = self->machine->transactionid;
  self->executing++;
  osip_transaction_execute (self->machine, event);
  self->executing--;
  settle (self);
}

static void
on_timer (gpointer user_data)
{
  g_autoptr (SipTransaction) self = g_object_ref (user_data);

  self->timer_id = 0;
  self->executing++;
  switch (self->machine->ctx_type) {
  case ICT:
    osip_timers_ict_execute (self->osip);
    osip_ict_execute (self->osip);
    break;
  case IST:
    osip_timers_ist_execute (self->osip);
    osip_ist_execute (self->osip);
    break;
  default:
    osip_timers_nict_execute (self->osip);
    osip_nict_execute (self->osip);
    break;
  }
  self->executing--;
  settle (self);
}

static void
arm (SipTransaction *self)
{
  struct timeval wait;

  sip_timers_clear (self->timers, &self->timer_id);
  osip_timers_gettimeout (self->osip, &wait);
  if (wait.tv_sec > 3600)
    return;
  /* Up to the next whole millisecond, else the machine would look too early and in vain. */
  self->timer_id = sip_timers_add (
      self->timers, (gint64)wait.tv_sec * 1000 + (wait.tv_usec + 999) / 1000, on_timer, self);
}

static void
create_machine (SipTransaction *self, osip_fsm_type_t type, osip_message_t *first)
{
  osip_init (&self->osip);
  osip_set_cb_send_message (self->osip, on_send);
  for (int i = OSIP_ICT_STATUS_1XX_RECEIVED; i <= OSIP_ICT_STATUS_6XX_RECEIVED; i++)
    osip_set_message_callback (self->osip, i, on_response);
  for (int i = OSIP_NICT_STATUS_1XX_RECEIVED; i <= OSIP_NICT_STATUS_6XX_RECEIVED; i++)
    osip_set_message_callback (self->osip, i, on_response);
  osip_set_message_callback (self->osip, OSIP_ICT_STATUS_TIMEOUT, on_timeout);
  osip_set_message_callback (self->osip, OSIP_NICT_STATUS_TIMEOUT, on_timeout);
  for (int i = 0; i < OSIP_TRANSPORT_ERROR_CALLBACK_COUNT; i++)
    osip_set_transport_error_callback (self->osip, i, on_transport_error);
  for (int i = 0; i < OSIP_KILL_CALLBACK_COUNT; i++)
    osip_set_kill_transaction_callback (self->osip, i, on_killed);
  osip_transaction_init (&self->machine, type, self->osip, first);
  osip_transaction_set_your_instance (self->machine, self);
}

static void
sip_transaction_dispose (GObject *object)
{
  SipTransaction *self = SIP_TRANSACTION (object);

  if (self->timers != NULL)
    sip_timers_clear (self->timers, &self->timer_id);
  free_machine (self);
  g_clear_object (&self->timers);
  g_clear_object (&self->transport);
  g_clear_object (&self->peer);
  g_clear_object (&self->request);
  g_clear_object (&self->last_response);
  G_OBJECT_CLASS (sip_transaction_parent_class)->dispose (object);
}

static void
sip_transaction_finalize (GObject *object)
{
  g_free (SIP_TRANSACTION (object)->key);
  G_OBJECT_CLASS (sip_transaction_parent_class)->finalize (object);
}

static void
sip_transaction_class_init (SipTransactionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sip_transaction_dispose;
  G_OBJECT_CLASS (klass)->finalize = sip_transaction_finalize;

  /* Every response to a client transaction, each once; a 2xx to an INVITE each time it comes. */
  signals[SIGNAL_RESPONSE] = g_signal_new ("response", SIP_TYPE_TRANSACTION, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 1, SIP_TYPE_MESSAGE);
  /* Nothing more can come of it. */
  signals[SIGNAL_ENDED] = g_signal_new ("ended", SIP_TYPE_TRANSACTION, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
}

static void
sip_transaction_init (SipTransaction *self)
{
}

static SipTransaction *
new_transaction (SipTimers *timers,
                 SipTransport *transport,
                 GSocketAddress *peer,
                 SipMessage *request,
                 gboolean is_server)
{
  SipTransaction *self = g_object_new (SIP_TYPE_TRANSACTION, NULL);

  self->timers = g_object_ref (timers);
  self->transport = g_object_ref (transport);
  g_set_object (&self->peer, peer);
  self->request = g_object_ref (request);
  self->key = sip_transaction_make_key (request, is_server);
  return self;
}

/* @to: (nullable): where a datagram goes. @request has its Via already. */
SipTransaction *
sip_transaction_new_client (SipTimers *timers,
                            SipTransport *transport,
                            GSocketAddress *to,
                            SipMessage *request)
{
  return new_transaction (timers, transport, to, request, FALSE);
}

/* @to: (nullable): where responses go (RFC 3261 18.2.2, RFC 3581). */
SipTransaction *
sip_transaction_new_server (SipTimers *timers,
                            SipTransport *transport,
                            GSocketAddress *to,
                            SipMessage *request)
{
  return new_transaction (timers, transport, to, request, TRUE);
}

/* Sends the request of a client transaction, or takes in that of a server transaction. */
void
sip_transaction_start (SipTransaction *self)
{
  osip_message_t *first;

  if (has_no_machine (self))
    return;
  first = sip_transaction_copy_message (self->request, sip_transport_is_reliable (self->transport));
  if (is_client (self)) {
    create_machine (self, is_invite (self) ? ICT : NICT, first);
    execute (self, is_invite (self) ? SND_REQINVITE : SND_REQUEST, first);
  } else {
    create_machine (self, IST, first);
    execute (self, RCV_REQINVITE, first);
  }
}

/* RFC 3261 17.2.2: it is sent, and after a final one again for as long as the request may come. */
static void
respond_without_machine (SipTransaction *self)
{
  g_autoptr (SipTransaction) guard = g_object_ref (self);

  send_message (self, self->last_response, NULL);
  if (!sip_transaction_is_answered (self))
    return;
  if (sip_transport_is_reliable (self->transport))
    end (self);
  else
    self->timer_id = sip_timers_add (self->timers, LINGER_TIME, on_linger_time, self);
}

/* Sends @response; after a final one nothing but the same 2xx to an INVITE again. */
void
sip_transaction_respond (SipTransaction *self, SipMessage *response)
{
  gboolean answered = sip_transaction_is_answered (self);

  if (answered && (response != self->last_response || has_no_machine (self)))
    return;
  g_set_object (&self->last_response, response);
  if (has_no_machine (self))
    respond_without_machine (self);
  else if (self->machine != NULL && !self->killed)
    execute (self, sip_transaction_classify_response (response, SND_STATUS_1XX),
             sip_transaction_outline_response (response));
  else if (answered)
    send_message (self, response, NULL);
}

/* Takes in a message that belongs to this transaction, by its key. */
void
sip_transaction_receive (SipTransaction *self, SipMessage *message)
{
  if (sip_message_get_is_request (message)) {
    if (has_no_machine (self) && self->last_response != NULL)
      send_message (self, self->last_response, NULL);
    if (self->machine == NULL || self->killed)
      return;
    execute (self,
             g_str_equal (sip_message_get_method (message), "ACK") ? RCV_REQACK : RCV_REQINVITE,
             sip_transaction_copy_message (message, sip_transport_is_reliable (self->transport)));
    return;
  }

  if (is_invite (self) && sip_transaction_is_answered (self) &&
      sip_message_get_status_code (message) / 100 == 2) {
    g_signal_emit (self, signals[SIGNAL_RESPONSE], 0, message);
    return;
  }
  if (self->machine == NULL || self->killed)
    return;
  if (!sip_transaction_is_answered (self))
    g_set_object (&self->last_response, message);
  execute (self, sip_transaction_classify_response (message, RCV_STATUS_1XX),
           sip_transaction_copy_message (message, sip_transport_is_reliable (self->transport)));
}

/* Nobody waits for its responses any more (RFC 3261 9.1), or shall get any. */
void
sip_transaction_stop (SipTransaction *self)
{
  g_autoptr (SipTransaction) guard = g_object_ref (self);

  self->killed = TRUE;
  if (has_no_machine (self))
    end (self);
  else
    settle (self);
}

static void
on_lost_time (gpointer user_data)
{
  g_autoptr (SipTransaction) self = g_object_ref (user_data);

  self->timer_id = 0;
  self->killed = TRUE;
  make_up_response (self, 503);
  settle (self);
}

/* The transport is gone for good: a request that waits gets its 503 now. An INVITE that was heard,
 * on either side, may still be answered another way, so it is given some time.
 */
void
sip_transaction_transport_lost (SipTransaction *self)
{
  g_autoptr (SipTransaction) guard = g_object_ref (self);

  if (has_no_machine (self))
    end (self);
  if (self->machine == NULL)
    return;
  if (is_invite (self) && !sip_transaction_is_answered (self) &&
      (!is_client (self) || self->last_response != NULL)) {
    sip_timers_clear (self->timers, &self->timer_id);
    self->timer_id = sip_timers_add (self->timers, LINGER_TIME, on_lost_time, self);
    return;
  }
  self->killed = TRUE;
  make_up_response (self, 503);
  settle (self);
}

/* There is a way again (RFC 3261 18.2.2): what is still to be sent goes there. */
void
sip_transaction_move (SipTransaction *self, SipTransport *transport)
{
  g_set_object (&self->transport, transport);
  if (self->machine != NULL)
    arm (self);
}

const char *
sip_transaction_get_key (SipTransaction *self)
{
  return self->key;
}

SipMessage *
sip_transaction_get_request (SipTransaction *self)
{
  return self->request;
}

SipTransport *
sip_transaction_get_transport (SipTransaction *self)
{
  return self->transport;
}

GSocketAddress *
sip_transaction_get_peer (SipTransaction *self)
{
  return self->peer;
}

/* Whether the final response was sent or received. */
gboolean
sip_transaction_is_answered (SipTransaction *self)
{
  return self->last_response != NULL && sip_message_get_status_code (self->last_response) >= 200;
}
