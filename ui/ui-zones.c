/* ui-zones.c - the two ways of a transfer: ask first, or send now
 *
 * Down: somebody is dropped on one of them -> win.transfer, win.join
 * Up:   somebody is dragged over the card -> the zones appear; a zone is pressed -> signal chosen
 */

#include "ui-zones.h"

#include "ui-call.h"
#include "ui-format.h"
#include "ui-person.h"
#include "ui-spoken.h"
#include "ui-transfer.h"

struct _UiZones {
  AdwBin parent_instance;

  SipSession *session; /* the call that is given away; NULL where nobody is dropped */

  GtkLabel *heading;
  GtkWidget *ask_button;
  GtkWidget *send_button;
  GtkLabel *ask_text;
  GtkLabel *send_text;
};

G_DEFINE_FINAL_TYPE (UiZones, ui_zones, ADW_TYPE_BIN)

enum { SIGNAL_CHOSEN, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
on_ask (UiZones *self)
{
  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, FALSE);
}

static void
on_send (UiZones *self)
{
  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, TRUE);
}

/* A link of another program names somebody, too. */
static GObject *
read_dropped (const GValue *value)
{
  g_autofree char *address = NULL;

  if (G_VALUE_HOLDS_OBJECT (value))
    return g_value_dup_object (value);
  address = ui_format_link (g_value_get_string (value));
  return address != NULL ? G_OBJECT (ui_person_new (address, NULL, NULL)) : NULL;
}

static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, gpointer user_data)
{
  UiZones *self = UI_ZONES (user_data);
  g_autoptr (GObject) dropped = read_dropped (value);
  GtkWidget *zone = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (target));

  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  if (UI_IS_PERSON (dropped))
    return gtk_widget_activate_action (
        zone, "win.transfer", "(ssb)", sip_session_get_id (self->session),
        ui_person_get_address (UI_PERSON (dropped)), zone == self->send_button);
  if (SIP_IS_SESSION (dropped))
    return gtk_widget_activate_action (zone, "win.join", "(ss)", sip_session_get_id (self->session),
                                       sip_session_get_id (SIP_SESSION (dropped)));
  return FALSE;
}

/* Who is dragged, where it comes from this window: a UiPerson or a SipSession, else NULL. */
static GObject *
dup_dragged (GdkDrop *drop)
{
  GdkDrag *drag = gdk_drop_get_drag (drop);
  GType types[] = {UI_TYPE_PERSON, SIP_TYPE_SESSION};

  for (gsize i = 0; drag != NULL && i < G_N_ELEMENTS (types); i++) {
    g_auto (GValue) value = G_VALUE_INIT;

    g_value_init (&value, types[i]);
    if (gdk_content_provider_get_value (gdk_drag_get_content (drag), &value, NULL))
      return g_value_dup_object (&value);
  }
  return NULL;
}

static char *
dup_name (GObject *dragged)
{
  if (SIP_IS_SESSION (dragged))
    return ui_call_dup_name (SIP_SESSION (dragged));
  return dragged != NULL ? g_strdup (ui_person_get_name (UI_PERSON (dragged))) : NULL;
}

/* @dragged: (nullable): who is dragged, where that is known */
static void
set_names (UiZones *self, GObject *dragged)
{
  g_autofree char *caller = ui_call_dup_name (self->session);
  g_autofree char *target = dup_name (dragged);
  gboolean takes_refer = sip_session_get_takes_refer (self->session);
  SipLampState lamp =
      UI_IS_PERSON (dragged) ? ui_person_get_lamp (UI_PERSON (dragged)) : SIP_LAMP_STATE_UNKNOWN;
  g_autofree char *heading = ui_format_transfer_offer (caller, target);
  g_autofree char *ask = ui_format_transfer_ask_first (caller, target, takes_refer);
  g_autofree char *send = ui_format_transfer_send_now (caller, target, takes_refer, lamp);

  ui_spoken_show (self->heading, heading);
  ui_spoken_show (self->ask_text, ask);
  ui_spoken_show (self->send_text, send);
  gtk_widget_set_sensitive (self->send_button, ui_transfer_can_send_now (self->session, lamp));
}

static void
on_enter (UiZones *self, double x, double y, GtkDropControllerMotion *motion)
{
  g_autoptr (GObject) dragged = dup_dragged (gtk_drop_controller_motion_get_drop (motion));

  if (ui_call_get_phase (self->session) != UI_CALL_PHASE_TALKING)
    return;
  set_names (self, dragged);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

static void
on_leave (UiZones *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

static void
add_target (UiZones *self, GtkWidget *zone)
{
  GType types[] = {UI_TYPE_PERSON, SIP_TYPE_SESSION, G_TYPE_STRING};
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY | GDK_ACTION_MOVE);

  gtk_drop_target_set_gtypes (target, types, G_N_ELEMENTS (types));
  g_signal_connect (target, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (zone, GTK_EVENT_CONTROLLER (target));
}

static void
ui_zones_finalize (GObject *object)
{
  g_clear_object (&UI_ZONES (object)->session);
  G_OBJECT_CLASS (ui_zones_parent_class)->finalize (object);
}

static void
ui_zones_class_init (UiZonesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ui_zones_finalize;
  /* One was pressed; TRUE where it is to be without a word. */
  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", UI_TYPE_ZONES, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/ahoyphone/Ahoy/ui-zones.ui");
  gtk_widget_class_bind_template_child (widget_class, UiZones, heading);
  gtk_widget_class_bind_template_child (widget_class, UiZones, ask_button);
  gtk_widget_class_bind_template_child (widget_class, UiZones, send_button);
  gtk_widget_class_bind_template_child (widget_class, UiZones, ask_text);
  gtk_widget_class_bind_template_child (widget_class, UiZones, send_text);
  gtk_widget_class_bind_template_callback (widget_class, on_ask);
  gtk_widget_class_bind_template_callback (widget_class, on_send);
}

static void
ui_zones_init (UiZones *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Appears while somebody is dragged over @card, to take over @session. */
void
ui_zones_serve (UiZones *self, GtkWidget *card, SipSession *session)
{
  GtkEventController *motion;

  g_return_if_fail (UI_IS_ZONES (self));

  self->session = g_object_ref (session);
  motion = gtk_drop_controller_motion_new ();
  g_signal_connect_object (motion, "enter", G_CALLBACK (on_enter), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (motion, "leave", G_CALLBACK (on_leave), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (card, motion);
  add_target (self, self->ask_button);
  add_target (self, self->send_button);
}
