/* sip-resend.c - a response that is sent until it is known to have arrived
 *
 * Down: new() sends it -> the timers send it again, twice as long apart each time.
 * Up:   64*T1 later its owner is told that nobody heard it; freeing it means somebody did.
 */

#include "sip-resend-private.h"

#include "sip-message-private.h"

struct _SipResend {
  SipTimers *timers;
  SipTransaction *transaction;
  SipMessage *response;
  guint after; /* milliseconds to the next copy */
  guint longest;
  guint again_id;
  guint end_id;
  SipResendFunc func;
  gpointer user_data;
};

static void
on_again (gpointer user_data)
{
  SipResend *self = user_data;

  self->after = MIN (self->after * 2, self->longest);
  self->again_id = sip_timers_add (self->timers, self->after, on_again, self);
  sip_transaction_respond (self->transaction, self->response);
}

static void
on_end (gpointer user_data)
{
  SipResend *self = user_data;

  self->end_id = 0;
  sip_timers_clear (self->timers, &self->again_id);
  self->func (self->user_data);
}

/* @longest: milliseconds between two copies at the most */
SipResend *
sip_resend_new (SipTimers *timers,
                SipTransaction *transaction,
                SipMessage *response,
                guint longest,
                SipResendFunc func,
                gpointer user_data)
{
  SipResend *self = g_new0 (SipResend, 1);

  self->timers = g_object_ref (timers);
  self->transaction = g_object_ref (transaction);
  self->response = g_object_ref (response);
  self->longest = longest;
  self->func = func;
  self->user_data = user_data;
  self->after = SIP_T1;
  self->again_id = sip_timers_add (timers, self->after, on_again, self);
  self->end_id = sip_timers_add (timers, 64 * SIP_T1, on_end, self);
  sip_transaction_respond (transaction, response);
  return self;
}

void
sip_resend_free (SipResend *self)
{
  sip_timers_clear (self->timers, &self->again_id);
  sip_timers_clear (self->timers, &self->end_id);
  g_object_unref (self->timers);
  g_object_unref (self->transaction);
  g_object_unref (self->response);
  g_free (self);
}

/* What the response answers. */
SipMessage *
sip_resend_get_request (SipResend *self)
{
  return sip_transaction_get_request (self->transaction);
}
