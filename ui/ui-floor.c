/* ui-floor.c - which of the calls has the floor: all the others are on hold
 *
 * Down: take() -> hold() of the others -> once they are held, accept() or unhold() of the one
 *       bring_in() -> SipConference, unhold(): the two of them share the floor
 * Up:   the model of calls, hold-pending, local-hold and status of each -> active, changed,
 *       trouble
 */

#include "ui-floor.h"

#include "sip-conference.h"
#include "ui-call.h"

struct _UiFloor {
  GObject parent_instance;

  GListModel *calls;  /* of SipSession */
  SipSession *active; /* the one that is shown large; NULL without calls */
  SipSession *wanted; /* it waits for the others to be held; NULL for none */

  GPtrArray *together; /* those that share the floor: none, or two and more */
  SipConference *conference;
};

G_DEFINE_FINAL_TYPE (UiFloor, ui_floor, G_TYPE_OBJECT)

enum { PROP_ACTIVE = 1, N_PROPS };
static GParamSpec *props[N_PROPS];

enum { SIGNAL_CHANGED, SIGNAL_TROUBLE, N_SIGNALS };
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

static SipSessionDescriptionHandler *
get_handler (SipSession *session)
{
  return sip_session_get_session_description_handler (session);
}

static void
add_together (UiFloor *self, SipSession *session)
{
  g_autoptr (GError) error = NULL;

  if (ui_floor_is_together (self, session))
    return;
  if (!sip_conference_add (self->conference, get_handler (session), &error)) {
    g_warning ("%s", error->message);
    return;
  }
  g_ptr_array_add (self->together, g_object_ref (session));
}

/* The last one is alone again. */
static void
remove_together (UiFloor *self, SipSession *session)
{
  g_autoptr (SipSession) guard = g_object_ref (session);

  if (!g_ptr_array_remove (self->together, session))
    return;
  sip_conference_remove (self->conference, get_handler (session));
  if (self->together->len == 1)
    remove_together (self, self->together->pdata[0]);
  else
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
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
    /* Of those that are over, the one that was looked at says how it ended. */
    guint weight = 2 * weigh (session) + (session == self->active ? 1 : 0);

    if (weight >= most) {
      most = weight;
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

/* Whether it is heard beside the one that is wanted. */
static gboolean
shares_floor (UiFloor *self, SipSession *session)
{
  return session == self->wanted ||
         (ui_floor_is_together (self, session) && ui_floor_is_together (self, self->wanted));
}

/* Asks everybody else to wait; FALSE while somebody does not yet. */
static gboolean
hold_others (UiFloor *self)
{
  gboolean all_wait = TRUE;

  for (guint i = 0; i < g_list_model_get_n_items (self->calls); i++) {
    g_autoptr (SipSession) session = g_list_model_get_item (self->calls, i);

    if (shares_floor (self, session) || !is_heard (session))
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
resume (SipSession *session)
{
  g_autoptr (GError) error = NULL;

  if (sip_session_get_local_hold (session) && !sip_session_unhold (session, NULL, NULL, &error))
    g_debug ("%s", error->message);
}

static void
resume_together (UiFloor *self)
{
  for (guint i = 0; i < self->together->len; i++)
    resume (self->together->pdata[i]);
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
  if (ui_call_get_phase (session) == UI_CALL_PHASE_INCOMING && !ui_call_answer (session, &error))
    g_debug ("%s", error->message);
  else if (ui_floor_is_together (self, session))
    resume_together (self);
  else
    resume (session);
}

static void
on_status (UiFloor *self, GParamSpec *pspec, SipSession *session)
{
  if (ui_call_get_phase (session) == UI_CALL_PHASE_ENDED) {
    if (session == self->wanted)
      g_clear_object (&self->wanted);
    remove_together (self, session);
    choose (self);
  }
  if (session == self->active)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  proceed (self);
}

/* The other side refuses to be held: the one that waits goes on waiting. */
static void
on_hold_pending (UiFloor *self, GParamSpec *pspec, SipSession *session)
{
  if (self->wanted != NULL && !shares_floor (self, session) && is_heard (session) &&
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
  g_clear_object (&self->conference);
  g_ptr_array_set_size (self->together, 0);
  G_OBJECT_CLASS (ui_floor_parent_class)->dispose (object);
}

static void
ui_floor_finalize (GObject *object)
{
  g_ptr_array_unref (UI_FLOOR (object)->together);
  G_OBJECT_CLASS (ui_floor_parent_class)->finalize (object);
}

static void
ui_floor_class_init (UiFloorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ui_floor_get_property;
  object_class->dispose = ui_floor_dispose;
  object_class->finalize = ui_floor_finalize;
  props[PROP_ACTIVE] = g_param_spec_object ("active", NULL, NULL, SIP_TYPE_SESSION,
                                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  /* Who is together, or may be brought in. */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", UI_TYPE_FLOOR, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
  /* The call that could not be put on hold, so that another one did not get the floor. */
  signals[SIGNAL_TROUBLE] = g_signal_new ("trouble", UI_TYPE_FLOOR, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, SIP_TYPE_SESSION);
}

static void
ui_floor_init (UiFloor *self)
{
  self->together = g_ptr_array_new_with_free_func (g_object_unref);
  self->conference = sip_conference_new ();
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

/* The names of those that @session is together with; NULL for nobody. */
char *
ui_floor_dup_company (UiFloor *self, SipSession *session)
{
  g_autoptr (GString) names = g_string_new (NULL);

  g_return_val_if_fail (UI_IS_FLOOR (self), NULL);

  for (guint i = 0; ui_floor_is_together (self, session) && i < self->together->len; i++) {
    g_autofree char *name = ui_call_dup_name (self->together->pdata[i]);

    if (self->together->pdata[i] != session)
      g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", name);
  }
  return names->len > 0 ? g_string_free (g_steal_pointer (&names), FALSE) : NULL;
}

/* Whether the person and more than one other side speak in it. */
gboolean
ui_floor_is_together (UiFloor *self, SipSession *session)
{
  g_return_val_if_fail (UI_IS_FLOOR (self), FALSE);

  return g_ptr_array_find (self->together, session, NULL);
}

/* Whether it can be brought in. */
gboolean
ui_floor_can_bring_in (UiFloor *self, SipSession *session)
{
  g_return_val_if_fail (UI_IS_FLOOR (self), FALSE);

  return self->active != NULL && session != self->active && !ui_floor_is_together (self, session) &&
         ui_call_get_phase (session) == UI_CALL_PHASE_TALKING &&
         ui_call_get_phase (self->active) == UI_CALL_PHASE_TALKING;
}

/* All of them speak together: @session, the active one and who is with that already. */
void
ui_floor_bring_in (UiFloor *self, SipSession *session)
{
  g_return_if_fail (UI_IS_FLOOR (self));
  g_return_if_fail (ui_floor_can_bring_in (self, session));

  g_clear_object (&self->wanted);
  add_together (self, self->active);
  add_together (self, session);
  ui_floor_set_muted (self, self->active,
                      sip_session_description_handler_get_muted (get_handler (self->active)));
  resume_together (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* Nobody else is heard any more. */
void
ui_floor_talk_alone (UiFloor *self, SipSession *session)
{
  g_return_if_fail (UI_IS_FLOOR (self));

  while (self->together->len > 0)
    remove_together (self, self->together->pdata[0]);
  ui_floor_take (self, session);
}

/* Mutes @session, and those that it is together with: a person has one mouth. */
void
ui_floor_set_muted (UiFloor *self, SipSession *session, gboolean muted)
{
  g_return_if_fail (UI_IS_FLOOR (self));

  sip_session_description_handler_set_muted (get_handler (session), muted);
  for (guint i = 0; ui_floor_is_together (self, session) && i < self->together->len; i++)
    sip_session_description_handler_set_muted (get_handler (self->together->pdata[i]), muted);
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

/* Ends whatever is heard now, and then answers @session. */
void
ui_floor_take_over (UiFloor *self, SipSession *session)
{
  guint n_calls;

  g_return_if_fail (UI_IS_FLOOR (self));
  g_return_if_fail (SIP_IS_SESSION (session));

  n_calls = g_list_model_get_n_items (self->calls);
  for (guint i = 0; i < n_calls; i++) {
    g_autoptr (SipSession) other = g_list_model_get_item (self->calls, i);

    if (other != session && (other == self->active || is_heard (other)))
      sip_session_terminate (other, NULL, NULL);
  }
  ui_floor_take (self, session);
}
