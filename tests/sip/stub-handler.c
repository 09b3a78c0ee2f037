/* stub-handler.c - media that only says what it was asked for */

#include "stub-handler.h"

#include "sip-error.h"

#include <string.h>

struct _StubHandler {
  GObject parent_instance;

  const StubPlan *plan;
  StubHandlerFunc func;
  gpointer user_data;
  GListStore *tracks;
  gboolean muted;
  SipDirection wanted, local, remote;
  gboolean offers;  /* our offer has no answer yet */
  gboolean answers; /* the other side's has none */
  gboolean agreed;  /* the last round was ours, and is complete */
  guint n_closed;
  GTask *held; /* what waits for go_on() */
};

static void stub_handler_iface_init (SipSessionDescriptionHandlerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (StubHandler,
                               stub_handler,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SIP_TYPE_SESSION_DESCRIPTION_HANDLER,
                                                      stub_handler_iface_init))

enum { PROP_TRACKS = 1, PROP_LOCAL_DIRECTION, PROP_REMOTE_DIRECTION, PROP_MUTED };

static void
log_call (StubHandler *self, const char *what)
{
  self->func (self, what, self->user_data);
}

static const char *const words[] = {"inactive", "sendonly", "recvonly", "sendrecv"};

/* The direction is the last word of a description; without one it is both. */
static SipDirection
read_direction (const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    if (g_str_has_suffix (text, words[i]))
      return i;
  }
  return SIP_DIRECTION_SENDRECV;
}

static void
set_directions (StubHandler *self, SipDirection local, SipDirection remote)
{
  self->local = local;
  self->remote = remote;
  g_signal_emit_by_name (self, "directionChanged");
}

static SipDirection
answer_direction (StubHandler *self)
{
  static const SipDirection mirrored[] = {SIP_DIRECTION_INACTIVE, SIP_DIRECTION_RECVONLY,
                                          SIP_DIRECTION_SENDONLY, SIP_DIRECTION_SENDRECV};

  /* The enumeration is of two bits, one for each way. */
  return self->wanted & mirrored[self->remote];
}

static void
return_description (StubHandler *self, GTask *task)
{
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean answers = self->answers;
  SipDirection direction = answers ? answer_direction (self) : self->wanted;
  g_autofree char *text = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;
  if (self->plan->get_error != NULL) {
    g_task_return_error (task, g_error_copy (self->plan->get_error));
    return;
  }
  text = g_strdup_printf ("v=0 %s%s%s", answers ? "ANSWER" : "OFFER",
                          direction != SIP_DIRECTION_SENDRECV ? " " : "",
                          direction != SIP_DIRECTION_SENDRECV ? words[direction] : "");
  g_value_init (&value, SIP_TYPE_SESSION_DESCRIPTION);
  g_value_take_object (&value, sip_session_description_new_text ("application/sdp", text));
  self->offers = !answers;
  self->answers = FALSE;
  self->agreed = FALSE;
  if (answers)
    set_directions (self, direction, self->remote);
  g_task_return_value (task, &value);
}

static void
get_description (SipSessionDescriptionHandler *handler,
                 SipOptions *options,
                 SipModifiers *modifiers,
                 GTask *task)
{
  StubHandler *self = STUB_HANDLER (handler);

  log_call (self, "sdh.get");
  if (self->plan->hold)
    self->held = g_object_ref (task);
  else
    return_description (self, task);
}

static void
set_description (SipSessionDescriptionHandler *handler,
                 SipSessionDescription *description,
                 SipOptions *options,
                 SipModifiers *modifiers,
                 GTask *task)
{
  StubHandler *self = STUB_HANDLER (handler);
  g_autofree char *text = sip_session_description_dup_text (description);

  log_call (self, "sdh.set");
  if (self->plan->set_error != NULL) {
    g_task_return_error (task, g_error_copy (self->plan->set_error));
    return;
  }
  if (self->plan->one_only && self->agreed && sip_session_description_get_is_answer (description)) {
    g_task_return_new_error (task, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION, "One answer is enough");
    return;
  }
  g_assert_true (!self->offers || sip_session_description_get_is_answer (description));
  if (sip_session_description_get_is_answer (description)) {
    g_assert_true (self->offers || self->agreed);
    self->offers = FALSE;
    self->agreed = TRUE;
    set_directions (self, self->wanted, read_direction (text));
  } else {
    self->answers = TRUE;
    self->remote = read_direction (text);
  }
  g_task_return_boolean (task, TRUE);
}

static void
rollback (SipSessionDescriptionHandler *handler)
{
  StubHandler *self = STUB_HANDLER (handler);

  g_autoptr (GTask) held = g_steal_pointer (&self->held);

  self->offers = FALSE;
  self->answers = FALSE;
  log_call (self, "sdh.rollback");
  if (held != NULL)
    g_task_return_new_error (held, SIP_ERROR, SIP_ERROR_RENEGOTIATION, "It was taken back");
}

static void
set_direction (SipSessionDescriptionHandler *handler, SipDirection direction)
{
  STUB_HANDLER (handler)->wanted = direction;
}

static void
limit_direction (SipSessionDescriptionHandler *handler, SipDirection direction)
{
  g_autofree char *what = g_strconcat ("sdh.", words[direction], NULL);

  if (STUB_HANDLER (handler)->plan->limits)
    log_call (STUB_HANDLER (handler), what);
}

static gboolean
has_description (SipSessionDescriptionHandler *handler, const char *content_type)
{
  return g_ascii_strncasecmp (content_type, "application/sdp", 15) == 0;
}

static gboolean
send_dtmf (SipSessionDescriptionHandler *handler, const char *tones, SipOptions *options)
{
  if (STUB_HANDLER (handler)->plan->tones)
    log_call (STUB_HANDLER (handler), "sdh.dtmf");
  return STUB_HANDLER (handler)->plan->tones;
}

static gboolean
play_dtmf (SipSessionDescriptionHandler *handler, const char *tones, SipOptions *options)
{
  g_autofree char *what = g_strconcat ("sdh.play", tones, NULL);

  if (STUB_HANDLER (handler)->plan->plays)
    log_call (STUB_HANDLER (handler), what);
  return STUB_HANDLER (handler)->plan->plays;
}

static gboolean
move (SipSessionDescriptionHandler *handler)
{
  if (STUB_HANDLER (handler)->plan->moves)
    log_call (STUB_HANDLER (handler), "sdh.move");
  return STUB_HANDLER (handler)->plan->moves;
}

static void
close_media (SipSessionDescriptionHandler *handler)
{
  StubHandler *self = STUB_HANDLER (handler);
  g_autoptr (GTask) held = g_steal_pointer (&self->held);

  self->n_closed++;
  log_call (self, "sdh.close");
  if (held != NULL)
    g_task_return_new_error (held, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER_CLOSED,
                             "The session description handler has closed.");
}

static void
stub_handler_iface_init (SipSessionDescriptionHandlerInterface *iface)
{
  iface->get_description = get_description;
  iface->set_description = set_description;
  iface->rollback = rollback;
  iface->set_direction = set_direction;
  iface->limit_direction = limit_direction;
  iface->has_description = has_description;
  iface->send_dtmf = send_dtmf;
  iface->play_dtmf = play_dtmf;
  iface->move = move;
  iface->close = close_media;
}

static void
stub_handler_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  StubHandler *self = STUB_HANDLER (object);

  if (id == PROP_TRACKS)
    g_value_set_object (value, self->tracks);
  else if (id == PROP_MUTED)
    g_value_set_boolean (value, self->muted);
  else if (id == PROP_LOCAL_DIRECTION)
    g_value_set_enum (value, self->local);
  else
    g_value_set_enum (value, self->remote);
}

static void
stub_handler_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  STUB_HANDLER (object)->muted = g_value_get_boolean (value);
}

static void
stub_handler_finalize (GObject *object)
{
  g_object_unref (STUB_HANDLER (object)->tracks);
  G_OBJECT_CLASS (stub_handler_parent_class)->finalize (object);
}

static void
stub_handler_class_init (StubHandlerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = stub_handler_get_property;
  object_class->set_property = stub_handler_set_property;
  object_class->finalize = stub_handler_finalize;
  g_object_class_override_property (object_class, PROP_TRACKS, "tracks");
  g_object_class_override_property (object_class, PROP_LOCAL_DIRECTION, "local-direction");
  g_object_class_override_property (object_class, PROP_REMOTE_DIRECTION, "remote-direction");
  g_object_class_override_property (object_class, PROP_MUTED, "muted");
}

static void
stub_handler_init (StubHandler *self)
{
  self->tracks = g_list_store_new (G_TYPE_OBJECT);
  self->wanted = SIP_DIRECTION_SENDRECV;
}

StubHandler *
stub_handler_new (const StubPlan *plan, StubHandlerFunc func, gpointer user_data)
{
  StubHandler *self = g_object_new (STUB_TYPE_HANDLER, NULL);

  self->plan = plan;
  self->func = func;
  self->user_data = user_data;
  return self;
}

/* Lets an answer go that was held back. */
void
stub_handler_go_on (StubHandler *self)
{
  g_autoptr (GTask) held = g_steal_pointer (&self->held);

  if (held != NULL)
    return_description (self, held);
}

guint
stub_handler_get_n_closed (StubHandler *self)
{
  return self->n_closed;
}
