/* app-recorder.c - every call leaves a line in the history, at each of its changes
 *
 * Up: status and end of a session -> its StoreRecord -> StoreHistory; a call that was missed -> the
 *     signal missed
 */

#include "app-recorder.h"

#include "ui-call.h"

struct _AppRecorder {
  GObject parent_instance;

  StoreHistory *history;
  GHashTable *records; /* SipSession, borrowed while it lasts, to its StoreRecord */
};

G_DEFINE_FINAL_TYPE (AppRecorder, app_recorder, G_TYPE_OBJECT)

enum { SIGNAL_MISSED, N_SIGNALS };
static guint signals[N_SIGNALS];

static StoreOutcome
judge_ours (SipCause cause)
{
  switch (cause) {
  case SIP_CAUSE_BUSY:
    return STORE_OUTCOME_BUSY;
  case SIP_CAUSE_REJECTED:
    return STORE_OUTCOME_DECLINED;
  case SIP_CAUSE_NONE:
  case SIP_CAUSE_CANCELED:
    return STORE_OUTCOME_CANCELED;
  default:
    return STORE_OUTCOME_FAILED;
  }
}

static StoreOutcome
judge_theirs (SipCause cause)
{
  switch (cause) {
  case SIP_CAUSE_ANSWERED_ELSEWHERE:
    return STORE_OUTCOME_ANSWERED_ELSEWHERE;
  case SIP_CAUSE_NONE:
  case SIP_CAUSE_REJECTED:
    return STORE_OUTCOME_DECLINED;
  default:
    return STORE_OUTCOME_MISSED;
  }
}

static StoreOutcome
judge (SipSession *session)
{
  SipCause cause = sip_session_get_cause (session);

  if (sip_session_get_start_time (session) != NULL)
    return STORE_OUTCOME_ANSWERED;
  return ui_call_is_outgoing (session) ? judge_ours (cause) : judge_theirs (cause);
}

static void
on_answered (AppRecorder *self, GParamSpec *pspec, SipSession *session)
{
  StoreRecord *record = g_hash_table_lookup (self->records, session);

  store_record_set_answered (record, sip_session_get_start_time (session));
  store_history_update (self->history, record);
}

static void
on_terminated (AppRecorder *self, SipMessage *message, const char *cause, SipSession *session)
{
  g_autoptr (StoreRecord) record = g_object_ref (g_hash_table_lookup (self->records, session));
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  store_record_set_ended (record, now, judge (session));
  store_history_update (self->history, record);
  g_signal_handlers_disconnect_by_data (session, self);
  g_hash_table_remove (self->records, session);
  if (store_record_get_outcome (record) == STORE_OUTCOME_MISSED)
    g_signal_emit (self, signals[SIGNAL_MISSED], 0, record);
}

static void
app_recorder_finalize (GObject *object)
{
  AppRecorder *self = APP_RECORDER (object);

  g_hash_table_unref (self->records);
  g_clear_object (&self->history);
  G_OBJECT_CLASS (app_recorder_parent_class)->finalize (object);
}

static void
app_recorder_class_init (AppRecorderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = app_recorder_finalize;
  /* Nobody took a call of theirs. */
  signals[SIGNAL_MISSED] = g_signal_new ("missed", APP_TYPE_RECORDER, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, STORE_TYPE_RECORD);
}

static void
app_recorder_init (AppRecorder *self)
{
  self->records = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
}

AppRecorder *
app_recorder_new (StoreHistory *history)
{
  AppRecorder *self = g_object_new (APP_TYPE_RECORDER, NULL);

  self->history = g_object_ref (history);
  return self;
}

/* @account: (nullable): the id of the account that the call is of */
void
app_recorder_follow (AppRecorder *self, SipSession *session, const char *account)
{
  SipNameAddr *identity = sip_session_get_remote_identity (session);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *name = ui_call_dup_name (session);
  StoreRecord *record;

  g_return_if_fail (APP_IS_RECORDER (self));

  if (identity == NULL)
    return;
  record = store_record_new (sip_name_addr_get_uri (identity), name, account,
                             ui_call_is_outgoing (session), now);
  g_hash_table_insert (self->records, session, record);
  store_history_add (self->history, record);
  g_signal_connect_object (session, "notify::start-time", G_CALLBACK (on_answered), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "terminated", G_CALLBACK (on_terminated), self,
                           G_CONNECT_SWAPPED);
}
