/* ui-floor.c - which of the calls has the floor: all the others are on hold
 *
 * Down: take() -> hold() of the others -> once they are held, accept() or unhold() of the one
 * Up:   the model of calls, hold-pending, local-hold and status of each -> active, trouble
 */

#include "ui-floor.h"

#include "ui-call.h"

struct _UiFloor {
  GObject parent_instance;

  GListModel *calls;  /* of SipSession */
  SipSession *active; /* the one that is shown large; NULL without calls */
  SipSession *wanted; /* it waits for the others to be held; NULL for none */
};

G_DEFINE_FINAL_TYPE (UiFloor, ui_floor, G_TYPE_OBJECT)

enum { PROP_ACTIVE = 1, N_PROPS };
static GParamSpec *props[N_PROPS];

enum { SIGNAL_TROUBLE, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
set_active (UiFloor *self, SipSession *session)
{
  if (g_set_object (&self->active, session))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ACTIVE]);
}

static gboolean
is_heard (SipSession *session)
{
  return ui_call_get_phase (session) == UI_CALL_PHASE_TALKING &&
         !sip_session_get_local_hold (session);
}

/* How much a call asks for the place of one that is over. */
static guint
weigh (SipSession *session)
{
  switch (ui_call_get_phase (session)) {
  case UI_CALL_PHASE_TALKING:
    return sip_session_get_local_hold (session) ? 3 : 5;
  case UI_CALL_PHASE_CALLING:
  case UI_CALL_PHASE_RINGING:
  case UI_CALL_PHASE_CONNECTING:
    return 4;
  case UI_CALL_PHASE_INCOMING:
    return 2;
  case UI_CALL_PHASE_ENDED:
  default:
    return 1;
  }
}

static void
choose (UiFloor *self)
{
  guint n = g_list_model_get_n_items (self->calls), most = 0;
  g_autoptr (SipSession) best = NULL;

  for (guint i = 0; i < n; i++) {
    g_autoptr (SipSession) session = g_list_model_get_item (self->calls, i);

    if (session == self->active && ui_call_get_phase (session) != UI_CALL_PHASE_ENDED)
      return;
    if (weigh (session) >= most) {
      most = weigh (session);
      g_set_object (&best, session);
    }
  }
  set_active (self, best);
}

static void
give_up (UiFloor *self, SipSession *in_the_way)
{
  g_clear_object (&self->wanted);
  g_signal_emit (self, signals[SIGNAL_TROUBLE], 0, in_the_way);
}

/* Asks everybody but the wanted one to wait; FALSE while somebody does not yet. */
static gboolean
hold_others (UiFloor *self)
{
  gboolean all_wait = TRUE;

  for (guint i = 0; i < g_list_model_get_n_items (self->calls); i++) {
    g_autoptr (SipSession) session = g_list_model_get_item (self->calls, i);

    if (session == self->wanted || !is_heard (session))
      continue;
    all_wait = FALSE;
    if (!sip_session_get_hold_pending (session) && !sip_session_hold (session, NULL, NULL, NULL)) {
      give_up (self, session);
      return FALSE;
    }
  }
  return all_wait;
}

static void
proceed (UiFloor *self)
{
  g_autoptr (SipSession) session = NULL;
  g_autoptr (GError) error = NULL;

  if (self->wanted == NULL || !hold_others (self) || self->wanted == NULL)
    return;
  session = g_steal_pointer (&self->wanted);
  set_active (self, session);
  if (ui_call_get_phase (session) == UI_CALL_PHASE_INCOMING)
    ui_call_answer (session, &error);
  else if (sip_session_get_local_hold (session))
    sip_session_unhold (session, NULL, NULL, &error);
  if (error != NULL)
    g_debug ("%s", error->message);
}

static void
on_status (UiFloor *self, GParamSpec *pspec, SipSession *session)
{
  if (ui_call_get_phase (session) == UI_CALL_PHASE_ENDED) {
    if (session == self->wanted)
      g_clear_object (&self->wanted);
    choose (self);
  }
  proceed (self);
}

/* The other side refuses to be held: the one that waits goes on waiting. */
static void
on_hold_pending (UiFloor *self, GParamSpec *pspec, SipSession *session)
{
  if (self->wanted != NULL && session != self->wanted && is_heard (session) &&
      !sip_session_get_hold_pending (session))
    give_up (self, session);
  else
    proceed (self);
}

static void
on_calls_changed (UiFloor *self, guint position, guint removed, guint added)
{
  for (guint i = 0; i < added; i++) {
    g_autoptr (SipSession) session = g_list_model_get_item (self->calls, position + i);

    g_signal_connect_object (session, "notify::status", G_CALLBACK (on_status), self,
                             G_CONNECT_SWAPPED);
    g_signal_connect_object (session, "notify::hold-pending", G_CALLBACK (on_hold_pending), self,
                             G_CONNECT_SWAPPED);
    g_signal_connect_object (session, "notify::local-hold", G_CALLBACK (proceed), self,
                             G_CONNECT_SWAPPED);
    if (ui_call_is_outgoing (session)) {
      set_active (self, session);
      ui_floor_take (self, session);
    }
  }
  choose (self);
}

static void
ui_floor_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_ACTIVE)
    g_value_set_object (value, UI_FLOOR (object)->active);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
ui_floor_dispose (GObject *object)
{
  UiFloor *self = UI_FLOOR (object);

  g_clear_object (&self->wanted);
  g_clear_object (&self->active);
  g_clear_object (&self->calls);
  G_OBJECT_CLASS (ui_floor_parent_class)->dispose (object);
}

static void
ui_floor_class_init (UiFloorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ui_floor_get_property;
  object_class->dispose = ui_floor_dispose;
  props[PROP_ACTIVE] = g_param_spec_object ("active", NULL, NULL, SIP_TYPE_SESSION,
                                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  /* The call that could not be put on hold, so that another one did not get the floor. */
  signals[SIGNAL_TROUBLE] = g_signal_new ("trouble", UI_TYPE_FLOOR, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, SIP_TYPE_SESSION);
}

static void
ui_floor_init (UiFloor *self)
{
}

UiFloor *
ui_floor_new (GListModel *calls)
{
  UiFloor *self = g_object_new (UI_TYPE_FLOOR, NULL);

  self->calls = g_object_ref (calls);
  g_signal_connect_object (calls, "items-changed", G_CALLBACK (on_calls_changed), self,
                           G_CONNECT_SWAPPED);
  on_calls_changed (self, 0, 0, g_list_model_get_n_items (calls));
  return self;
}

/* Borrowed. */
SipSession *
ui_floor_get_active (UiFloor *self)
{
  g_return_val_if_fail (UI_IS_FLOOR (self), NULL);

  return self->active;
}

/* Puts every other call on hold and then answers @session, or resumes it. */
void
ui_floor_take (UiFloor *self, SipSession *session)
{
  g_return_if_fail (UI_IS_FLOOR (self));
  g_return_if_fail (SIP_IS_SESSION (session));

  g_set_object (&self->wanted, session);
  proceed (self);
}
