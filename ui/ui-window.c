/* ui-window.c - the one window: whom to call on the left, the calls on the right
 *
 * Down: entry and keys -> actions win.* -> signal "dial", or an action of the card in front
 * Up:   the models of calls and lines -> on_calls_changed(), rows made of lines
 */

#include "ui-window-private.h"

#include "ui-account-row.h"
#include "ui-call-card.h"
#include "ui-call.h"

#include <glib/gi18n-lib.h>

G_DEFINE_FINAL_TYPE (UiWindow, ui_window, ADW_TYPE_APPLICATION_WINDOW)

enum { SIGNAL_DIAL, SIGNAL_PLACED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* The card of @session, or NULL. */
static UiCallCard *
find_card (UiWindow *self, SipSession *session)
{
  GtkWidget *card = gtk_widget_get_first_child (GTK_WIDGET (self->cards));

  while (card != NULL && ui_call_card_get_session (UI_CALL_CARD (card)) != session)
    card = gtk_widget_get_next_sibling (card);
  return card != NULL ? UI_CALL_CARD (card) : NULL;
}

/* Shows the calls, or what to do where there are none. */
static void
show_pane (UiWindow *self)
{
  gboolean has_calls = g_list_model_get_n_items (self->calls) > 0;

  /* What is not seen is not read out either. */
  gtk_widget_set_visible (self->welcome, !has_calls);
  gtk_widget_set_visible (self->cards_pane, has_calls);
  gtk_stack_set_visible_child_name (self->call_stack, has_calls ? "calls" : "welcome");
  adw_leaflet_set_visible_child_name (self->leaflet, has_calls ? "calls" : "people");
}

static gboolean
is_listed (UiWindow *self, SipSession *session)
{
  for (guint i = 0; i < g_list_model_get_n_items (self->calls); i++) {
    g_autoptr (SipSession) listed = g_list_model_get_item (self->calls, i);

    if (listed == session)
      return TRUE;
  }
  return FALSE;
}

/* The large card stands below the small ones. */
static void
on_active (UiWindow *self)
{
  UiCallCard *card = find_card (self, ui_floor_get_active (self->floor));

  if (card != NULL && gtk_widget_get_next_sibling (GTK_WIDGET (card)) != NULL)
    gtk_box_reorder_child_after (self->cards, GTK_WIDGET (card),
                                 gtk_widget_get_last_child (GTK_WIDGET (self->cards)));
}

/* A call that ends needs nobody any more. */
static void
check_picking (UiWindow *self)
{
  if (self->picking != NULL && ui_call_get_phase (self->picking) != UI_CALL_PHASE_TALKING)
    ui_window_stop_picking (self);
}

static void
on_calls_changed (UiWindow *self)
{
  GtkWidget *card = gtk_widget_get_first_child (GTK_WIDGET (self->cards));

  while (card != NULL) {
    GtkWidget *next = gtk_widget_get_next_sibling (card);

    if (!is_listed (self, ui_call_card_get_session (UI_CALL_CARD (card))))
      gtk_box_remove (self->cards, card);
    card = next;
  }
  for (guint i = 0; i < g_list_model_get_n_items (self->calls); i++) {
    g_autoptr (SipSession) session = g_list_model_get_item (self->calls, i);

    if (find_card (self, session) == NULL)
      gtk_box_append (self->cards, ui_call_card_new (session, self->floor));
  }
  on_active (self);
  show_pane (self);
  check_picking (self);
}

static void
on_floor_trouble (UiWindow *self, SipSession *session)
{
  g_autofree char *name = ui_call_dup_name (session);
  g_autofree char *text = g_strdup_printf (_ ("%s could not be put on hold."), name);

  ui_window_tell (self, text);
}

/* A narrow window has no other pane to invite; with somebody to call it is not needed. */
static void
show_people (UiWindow *self)
{
  gboolean is_new = g_list_model_get_n_items (self->lines) == 0 &&
                    g_list_model_get_n_items (G_LIST_MODEL (self->history)) == 0 &&
                    g_list_model_get_n_items (G_LIST_MODEL (self->contacts)) == 0 &&
                    adw_leaflet_get_folded (self->leaflet);

  gtk_widget_set_visible (self->narrow_welcome, is_new);
  gtk_widget_set_visible (GTK_WIDGET (self->people), !is_new);
}

/* With an account the blue button is not the first thing to press any more. */
static void
on_lines_changed (UiWindow *self)
{
  gboolean has_lines = g_list_model_get_n_items (self->lines) > 0;
  GtkWidget *buttons[] = {self->add_button, self->narrow_add_button};

  gtk_widget_set_visible (GTK_WIDGET (self->account_list), has_lines);
  ui_window_suggest_account (self);
  show_people (self);
  for (guint i = 0; i < G_N_ELEMENTS (buttons); i++) {
    if (has_lines)
      gtk_widget_remove_css_class (buttons[i], "suggested-action");
    else
      gtk_widget_add_css_class (buttons[i], "suggested-action");
  }
}

static GtkWidget *
make_account_row (gpointer item, gpointer user_data)
{
  return ui_account_row_new (UI_LINE (item));
}

static void
focus_dial (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiWindow *self = UI_WINDOW (widget);

  adw_leaflet_set_visible_child_name (self->leaflet, "people");
  gtk_widget_grab_focus (GTK_WIDGET (self->dial_entry));
}

static void
fill_dial (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ui_window_fill_dial (UI_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
go_back (GtkWidget *widget, const char *action, GVariant *parameter)
{
  adw_leaflet_navigate (UI_WINDOW (widget)->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

/* @account: (nullable): its id, empty or NULL where any will do */
static void
emit_dial (UiWindow *self, const char *text, const char *account)
{
  g_signal_emit (self, signals[SIGNAL_DIAL], 0, text,
                 account != NULL && *account != '\0' ? account : NULL);
  ui_account_picker_reset (self->account_picker);
}

static void
dial (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiWindow *self = UI_WINDOW (widget);
  g_autofree char *text = ui_window_dup_dialled (self);

  if (self->picking != NULL)
    ui_window_pick_now (self, FALSE);
  else if (*text != '\0')
    emit_dial (self, text, ui_account_picker_get_account (self->account_picker));
}

static void
on_chosen (UiWindow *self, gboolean blind)
{
  if (self->picking != NULL)
    ui_window_pick_now (self, blind);
}

/* (ss): whom to call, or to whom the call goes that a target is picked for, and by which account */
static void
call (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiWindow *self = UI_WINDOW (widget);
  const char *address, *account;

  g_variant_get (parameter, "(&s&s)", &address, &account);
  if (self->picking != NULL)
    gtk_editable_set_text (self->dial_entry, address);
  else if (*address != '\0')
    emit_dial (self, address, account);
}

/* u: which of those that are suggested, from 1 */
static void
call_suggestion (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiWindow *self = UI_WINDOW (widget);
  g_autoptr (StoreSuggestion) suggestion = g_list_model_get_item (
      G_LIST_MODEL (self->suggestions), g_variant_get_uint32 (parameter) - 1);
  const char *account = suggestion != NULL ? store_suggestion_get_account (suggestion) : NULL;

  if (suggestion != NULL)
    gtk_widget_activate_action (widget, "win.call", "(ss)",
                                store_suggestion_get_address (suggestion),
                                account != NULL ? account : "");
}

static void
on_dial_activated (UiWindow *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.dial", NULL);
}

static void
on_dial_changed (UiWindow *self)
{
  const char *text = gtk_editable_get_text (self->dial_entry);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.dial", *text != '\0');
  store_suggestions_set_text (self->suggestions, text);
  ui_people_show_suggestions (self->people, *text != '\0');
  ui_window_offer_picked (self);
  ui_window_suggest_account (self);
  gtk_widget_set_visible (GTK_WIDGET (self->dial_error), FALSE);
  gtk_widget_remove_css_class (GTK_WIDGET (self->dial_entry), "error");
}

static void
ui_window_dispose (GObject *object)
{
  UiWindow *self = UI_WINDOW (object);

  gtk_widget_dispose_template (GTK_WIDGET (object), UI_TYPE_WINDOW);
  g_clear_object (&self->calls);
  g_clear_object (&self->lines);
  g_clear_object (&self->history);
  g_clear_object (&self->contacts);
  g_clear_object (&self->keyring);
  g_clear_object (&self->suggestions);
  g_clear_object (&self->removed);
  g_clear_object (&self->floor);
  g_clear_object (&self->presence);
  g_clear_object (&self->picking);
  G_OBJECT_CLASS (ui_window_parent_class)->dispose (object);
}

/* Made when it is wanted: it is hundreds of widgets. As GtkApplication's help overlay it would
 * also be a window that is always there and hidden, and GTK 4.8 falls over one when a screen reader
 * asks for it.
 */
static void
show_shortcuts (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_autoptr (GtkBuilder) builder =
      gtk_builder_new_from_resource ("/io/github/ahoyphone/Ahoy/ui-shortcuts.ui");
  GtkWindow *shortcuts = GTK_WINDOW (gtk_builder_get_object (builder, "shortcuts"));

  gtk_window_set_transient_for (shortcuts, GTK_WINDOW (widget));
  gtk_window_present (shortcuts);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.dial", NULL, dial);
  gtk_widget_class_install_action (widget_class, "win.call", "(ss)", call);
  gtk_widget_class_install_action (widget_class, "win.call-suggestion", "u", call_suggestion);
  gtk_widget_class_install_action (widget_class, "win.focus-dial", NULL, focus_dial);
  gtk_widget_class_install_action (widget_class, "win.fill-dial", "s", fill_dial);
  gtk_widget_class_install_action (widget_class, "win.back", NULL, go_back);
  gtk_widget_class_install_action (widget_class, "win.show-shortcuts", NULL, show_shortcuts);

  for (guint i = 1; i <= 9; i++)
    gtk_widget_class_add_binding_action (widget_class, GDK_KEY_0 + i, GDK_ALT_MASK,
                                         "win.call-suggestion", "u", i);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_l, GDK_CONTROL_MASK, "win.focus-dial",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_question, GDK_CONTROL_MASK,
                                       "win.show-shortcuts", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F1, GDK_CONTROL_MASK,
                                       "win.show-shortcuts", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close",
                                       NULL);
}

static void
ui_window_class_init (UiWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ui_window_dispose;
  /* The person asked for a call to somebody, by an account with this id or by any. Nothing else
   * emits this. */
  signals[SIGNAL_DIAL] = g_signal_new ("dial", UI_TYPE_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);

  /* Another call was placed, which the program has not seen yet. */
  signals[SIGNAL_PLACED] = g_signal_new ("placed", UI_TYPE_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 1, SIP_TYPE_SESSION);

  g_type_ensure (UI_TYPE_ACCOUNT_PICKER);
  g_type_ensure (UI_TYPE_PEOPLE);
  g_type_ensure (UI_TYPE_PICK_SHEET);
  g_type_ensure (UI_TYPE_STRIP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/ahoyphone/Ahoy/ui-window.ui");
  gtk_widget_class_bind_template_callback (widget_class, on_dial_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_dial_changed);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, dial_entry);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, dial_error);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, account_picker);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, account_list);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, strip);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, people_title);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, pick_sheet);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, add_button);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, narrow_add_button);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, narrow_welcome);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, people);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, call_stack);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, cards);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, cards_pane);
  gtk_widget_class_bind_template_child (widget_class, UiWindow, welcome);
  install_actions (widget_class);
  ui_window_install_calls (widget_class);
  ui_window_install_people (widget_class);
  ui_window_install_transfer (widget_class);
}

static void
ui_window_init (UiWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  ui_window_stop_picking (self);
}

GtkWidget *
ui_window_new (GtkApplication *application,
               GListModel *calls,
               GListModel *lines,
               UiFloor *floor,
               StoreKeyring *keyring,
               StoreHistory *history,
               StoreContacts *contacts)
{
  UiWindow *self = g_object_new (UI_TYPE_WINDOW, "application", application, NULL);

  self->calls = g_object_ref (calls);
  self->lines = g_object_ref (lines);
  self->floor = g_object_ref (floor);
  self->history = g_object_ref (history);
  self->contacts = g_object_ref (contacts);
  self->keyring = g_object_ref (keyring);
  g_signal_connect_object (calls, "items-changed", G_CALLBACK (on_calls_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (lines, "items-changed", G_CALLBACK (on_lines_changed), self,
                           G_CONNECT_SWAPPED);
  gtk_list_box_bind_model (self->account_list, lines, make_account_row, NULL, NULL);
  g_signal_connect_object (floor, "notify::active", G_CALLBACK (on_active), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (floor, "trouble", G_CALLBACK (on_floor_trouble), self,
                           G_CONNECT_SWAPPED);
  self->suggestions = store_suggestions_new (contacts, history);
  self->presence = ui_presence_new (lines, G_LIST_MODEL (contacts));
  ui_account_picker_set_lines (self->account_picker, lines);
  ui_people_set_models (self->people, lines, G_LIST_MODEL (history), contacts,
                        G_LIST_MODEL (self->suggestions), self->presence);
  ui_window_take_cards (self);
  ui_window_watch_trouble (self);
  g_signal_connect_object (history, "items-changed", G_CALLBACK (show_people), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (contacts, "items-changed", G_CALLBACK (show_people), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->leaflet, "notify::folded", G_CALLBACK (show_people), self,
                           G_CONNECT_SWAPPED);
  on_calls_changed (self);
  on_lines_changed (self);
  on_dial_changed (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->dial_entry));
  return GTK_WIDGET (self);
}

/* Puts @text into the entry and the person before it; calls nobody. */
void
ui_window_fill_dial (UiWindow *self, const char *text)
{
  g_return_if_fail (UI_IS_WINDOW (self));

  gtk_editable_set_text (self->dial_entry, text);
  focus_dial (GTK_WIDGET (self), NULL, NULL);
  gtk_editable_set_position (self->dial_entry, -1);
}

void
ui_window_show_dial_error (UiWindow *self, const char *message)
{
  g_return_if_fail (UI_IS_WINDOW (self));

  gtk_label_set_text (self->dial_error, message);
  gtk_widget_set_visible (GTK_WIDGET (self->dial_error), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->dial_entry), "error");
  focus_dial (GTK_WIDGET (self), NULL, NULL);
}

/* Borrowed; NULL where there is none any more. */
SipSession *
ui_window_find_call (UiWindow *self, const char *id)
{
  for (guint i = 0; i < g_list_model_get_n_items (self->calls); i++) {
    g_autoptr (SipSession) session = g_list_model_get_item (self->calls, i);

    if (g_strcmp0 (sip_session_get_id (session), id) == 0)
      return session;
  }
  return NULL;
}

/* What calls wait for has changed. */
void
ui_window_update_cards (UiWindow *self)
{
  for (GtkWidget *card = gtk_widget_get_first_child (GTK_WIDGET (self->cards)); card != NULL;
       card = gtk_widget_get_next_sibling (card))
    ui_call_card_update (UI_CALL_CARD (card));
  check_picking (self);
}

void
ui_window_show_call (UiWindow *self, const char *id)
{
  SipSession *session;

  g_return_if_fail (UI_IS_WINDOW (self));

  session = ui_window_find_call (self, id);
  if (session == NULL)
    return;
  adw_leaflet_set_visible_child_name (self->leaflet, "calls");
  gtk_widget_grab_focus (GTK_WIDGET (find_card (self, session)));
}

void
ui_window_show_missed (UiWindow *self)
{
  g_return_if_fail (UI_IS_WINDOW (self));

  adw_leaflet_set_visible_child_name (self->leaflet, "people");
  ui_people_show_missed (self->people);
}
