/* store-record.c - one call, as it is remembered
 *
 * Down: a setter, then store_history_update() -> a row of the file
 * Up:   notify -> the row of a view
 *
 * Address and name come from the other side: here they are cut to a bounded line. The time a call
 * started is its place in the history and never changes.
 */

#include "store-record-private.h"

#include "store-text-private.h"

/* Before and after this no calendar of GDateTime has a day. */
#define MAX_TIME (G_GINT64_CONSTANT (253402300799) * G_TIME_SPAN_SECOND)

struct _StoreRecord {
  GObject parent_instance;

  gint64 id; /* 0 until the history has it */
  char *address;
  char *name; /* NULL: the other side gave none */
  char *account;
  gboolean outgoing;
  GDateTime *started;
  GDateTime *answered;
  GDateTime *ended;
  StoreOutcome outcome;
};

enum {
  PROP_ID = 1,
  PROP_ADDRESS,
  PROP_NAME,
  PROP_ACCOUNT,
  PROP_OUTGOING,
  PROP_STARTED,
  PROP_ANSWERED,
  PROP_ENDED,
  PROP_OUTCOME,
  N_PROPS,
};

G_DEFINE_ENUM_TYPE (StoreOutcome,
                    store_outcome,
                    G_DEFINE_ENUM_VALUE (STORE_OUTCOME_ONGOING, "ongoing"),
                    G_DEFINE_ENUM_VALUE (STORE_OUTCOME_ANSWERED, "answered"),
                    G_DEFINE_ENUM_VALUE (STORE_OUTCOME_MISSED, "missed"),
                    G_DEFINE_ENUM_VALUE (STORE_OUTCOME_DECLINED, "declined"),
                    G_DEFINE_ENUM_VALUE (STORE_OUTCOME_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (STORE_OUTCOME_CANCELED, "canceled"),
                    G_DEFINE_ENUM_VALUE (STORE_OUTCOME_BUSY, "busy"),
                    G_DEFINE_ENUM_VALUE (STORE_OUTCOME_ANSWERED_ELSEWHERE, "answered-elsewhere"),
                    G_DEFINE_ENUM_VALUE (STORE_OUTCOME_INTERRUPTED, "interrupted"))

G_DEFINE_FINAL_TYPE (StoreRecord, store_record, G_TYPE_OBJECT)

static GParamSpec *props[N_PROPS];

static GDateTime *
from_microseconds (gint64 time)
{
  if (time <= 0 || time > MAX_TIME)
    return NULL;

  g_autoptr (GDateTime) seconds = g_date_time_new_from_unix_utc (time / G_TIME_SPAN_SECOND);

  return g_date_time_add (seconds, time % G_TIME_SPAN_SECOND);
}

static void
store_record_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  StoreRecord *self = STORE_RECORD (object);

  switch (id) {
  case PROP_ID:
    g_value_set_int64 (value, self->id);
    break;
  case PROP_ADDRESS:
    g_value_set_string (value, self->address);
    break;
  case PROP_NAME:
    g_value_set_string (value, self->name);
    break;
  case PROP_ACCOUNT:
    g_value_set_string (value, self->account);
    break;
  case PROP_OUTGOING:
    g_value_set_boolean (value, self->outgoing);
    break;
  case PROP_STARTED:
    g_value_set_boxed (value, self->started);
    break;
  case PROP_ANSWERED:
    g_value_set_boxed (value, self->answered);
    break;
  case PROP_ENDED:
    g_value_set_boxed (value, self->ended);
    break;
  case PROP_OUTCOME:
    g_value_set_enum (value, self->outcome);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
store_record_finalize (GObject *object)
{
  StoreRecord *self = STORE_RECORD (object);

  g_free (self->address);
  g_free (self->name);
  g_free (self->account);
  g_clear_pointer (&self->started, g_date_time_unref);
  g_clear_pointer (&self->answered, g_date_time_unref);
  g_clear_pointer (&self->ended, g_date_time_unref);
  G_OBJECT_CLASS (store_record_parent_class)->finalize (object);
}

static void
store_record_class_init (StoreRecordClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = store_record_get_property;
  object_class->finalize = store_record_finalize;

  props[PROP_ID] = g_param_spec_int64 ("id", NULL, NULL, 0, G_MAXINT64, 0, flags);
  props[PROP_ADDRESS] = g_param_spec_string ("address", NULL, NULL, NULL, flags);
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  props[PROP_ACCOUNT] = g_param_spec_string ("account", NULL, NULL, NULL, flags);
  props[PROP_OUTGOING] = g_param_spec_boolean ("outgoing", NULL, NULL, FALSE, flags);
  props[PROP_STARTED] = g_param_spec_boxed ("started", NULL, NULL, G_TYPE_DATE_TIME, flags);
  props[PROP_ANSWERED] = g_param_spec_boxed ("answered", NULL, NULL, G_TYPE_DATE_TIME, flags);
  props[PROP_ENDED] = g_param_spec_boxed ("ended", NULL, NULL, G_TYPE_DATE_TIME, flags);
  props[PROP_OUTCOME] =
      g_param_spec_enum ("outcome", NULL, NULL, STORE_TYPE_OUTCOME, STORE_OUTCOME_ONGOING, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
store_record_init (StoreRecord *self)
{
}

/* A call that begins.
 *
 * @address: the whole address of the other side, `sip:` or `tel:`; empty where it hides itself
 * @name: what it is called by now, or NULL
 * @account: the identifier of the account, or NULL for a direct call
 */
StoreRecord *
store_record_new (const char *address,
                  const char *name,
                  const char *account,
                  gboolean outgoing,
                  GDateTime *started)
{
  g_return_val_if_fail (address != NULL && started != NULL, NULL);

  StoreRecord *self = g_object_new (STORE_TYPE_RECORD, NULL);
  g_autofree char *clean = store_text_clean (address, STORE_MAX_ADDRESS);

  self->address = clean != NULL ? g_steal_pointer (&clean) : g_strdup ("");
  self->name = store_text_clean (name, STORE_MAX_NAME);
  self->account = store_text_clean (account, STORE_MAX_NAME);
  self->outgoing = outgoing;
  self->started = g_date_time_to_utc (started);
  return self;
}

/* What a file says is checked as well: anybody may have written it. */
StoreRecord *
store_record_new_from_row (const StoreRow *row)
{
  g_autoptr (GDateTime) started = from_microseconds (row->started);

  if (started == NULL)
    started = g_date_time_new_from_unix_utc (0);

  StoreRecord *self = store_record_new (row->address != NULL ? row->address : "", row->name,
                                        row->account, row->outgoing, started);

  self->id = row->id;
  self->answered = from_microseconds (row->answered);
  self->ended = from_microseconds (row->ended);
  self->outcome = row->outcome <= STORE_OUTCOME_INTERRUPTED ? row->outcome : STORE_OUTCOME_FAILED;
  return self;
}

/* For the history only, which gives each record its number. */
void
store_record_set_id (StoreRecord *self, gint64 id)
{
  self->id = id;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ID]);
}

gint64
store_record_get_id (StoreRecord *self)
{
  g_return_val_if_fail (STORE_IS_RECORD (self), 0);

  return self->id;
}

const char *
store_record_get_address (StoreRecord *self)
{
  g_return_val_if_fail (STORE_IS_RECORD (self), NULL);

  return self->address;
}

const char *
store_record_get_name (StoreRecord *self)
{
  g_return_val_if_fail (STORE_IS_RECORD (self), NULL);

  return self->name;
}

const char *
store_record_get_account (StoreRecord *self)
{
  g_return_val_if_fail (STORE_IS_RECORD (self), NULL);

  return self->account;
}

gboolean
store_record_get_outgoing (StoreRecord *self)
{
  g_return_val_if_fail (STORE_IS_RECORD (self), FALSE);

  return self->outgoing;
}

GDateTime *
store_record_get_started (StoreRecord *self)
{
  g_return_val_if_fail (STORE_IS_RECORD (self), NULL);

  return self->started;
}

GDateTime *
store_record_get_answered (StoreRecord *self)
{
  g_return_val_if_fail (STORE_IS_RECORD (self), NULL);

  return self->answered;
}

GDateTime *
store_record_get_ended (StoreRecord *self)
{
  g_return_val_if_fail (STORE_IS_RECORD (self), NULL);

  return self->ended;
}

StoreOutcome
store_record_get_outcome (StoreRecord *self)
{
  g_return_val_if_fail (STORE_IS_RECORD (self), STORE_OUTCOME_FAILED);

  return self->outcome;
}

/* The name by which the other side is known now: it said another, or moved. */
void
store_record_set_name (StoreRecord *self, const char *name)
{
  g_return_if_fail (STORE_IS_RECORD (self));

  g_autofree char *clean = store_text_clean (name, STORE_MAX_NAME);

  if (g_strcmp0 (clean, self->name) == 0)
    return;
  g_free (self->name);
  self->name = g_steal_pointer (&clean);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NAME]);
}

/* Both talk since @answered. The call is still ongoing. */
void
store_record_set_answered (StoreRecord *self, GDateTime *answered)
{
  g_return_if_fail (STORE_IS_RECORD (self));
  g_return_if_fail (answered != NULL);

  g_clear_pointer (&self->answered, g_date_time_unref);
  self->answered = g_date_time_to_utc (answered);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ANSWERED]);
}

void
store_record_set_ended (StoreRecord *self, GDateTime *ended, StoreOutcome outcome)
{
  g_return_if_fail (STORE_IS_RECORD (self));
  g_return_if_fail (ended != NULL);

  g_clear_pointer (&self->ended, g_date_time_unref);
  self->ended = g_date_time_to_utc (ended);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ENDED]);
  if (self->outcome == outcome)
    return;
  self->outcome = outcome;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_OUTCOME]);
}
