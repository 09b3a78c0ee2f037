/* ui-people.c - favourites, recent calls and contacts: whom to call, and whom to drag onto a call
 *
 * Down: a row that is activated -> win.call
 * Up:   the models of records and contacts -> rows
 */

#include "ui-people.h"

#include "store-contact.h"
#include "store-record.h"
#include "store-suggestion.h"
#include "ui-format.h"
#include "ui-person-row.h"

#include <glib/gi18n-lib.h>

struct _UiPeople {
  AdwBin parent_instance;

  GListModel *lines;       /* of UiLine; NULL until there are models, like the next one */
  StoreContacts *contacts; /* whose names stand above those that calls came with */
  UiPresence *presence;
  guint renaming_id; /* until the rows say their new names */

  AdwViewStack *stack;
  GtkStack *shapes; /* all of them, or what suits what is typed */
  GtkStack *pages[4];
  GtkListView *views[4];
  GtkFilterListModel *recent;
  GtkWidget *recent_choice; /* all of them, or the missed ones */
  AdwStatusPage *recent_empty;
  GtkToggleButton *missed_button;
};

G_DEFINE_FINAL_TYPE (UiPeople, ui_people, ADW_TYPE_BIN)

enum { FAVOURITES, RECENT, CONTACTS, SUGGESTIONS };

/* The first one; empty for a card with nothing but a name. */
static const char *
get_address (StoreContact *contact)
{
  const char *first = store_contact_get_addresses (contact)[0];

  return first != NULL ? first : "";
}

/* What the person calls who is at @address, else @name. */
static const char *
find_name (UiPeople *self, const char *address, const char *name)
{
  StoreContact *contact = store_contacts_find (self->contacts, address);

  return contact != NULL ? store_contact_get_name (contact) : name;
}

static UiPerson *
make_person (UiPeople *self, gpointer item)
{
  if (STORE_IS_SUGGESTION (item))
    return ui_person_new (store_suggestion_get_address (item), store_suggestion_get_name (item),
                          store_suggestion_get_account (item));
  if (STORE_IS_RECORD (item))
    return ui_person_new (
        store_record_get_address (item),
        find_name (self, store_record_get_address (item), store_record_get_name (item)),
        store_record_get_account (item));
  return ui_person_new (get_address (item), store_contact_get_name (item), NULL);
}

static char *
describe_item (gpointer item)
{
  if (STORE_IS_SUGGESTION (item) && store_suggestion_get_origin (item) == STORE_ORIGIN_TYPED)
    return g_strdup (_ ("As typed"));
  if (STORE_IS_SUGGESTION (item))
    return ui_format_address (store_suggestion_get_address (item));
  if (STORE_IS_RECORD (item))
    return ui_format_record (item);
  return *get_address (item) != '\0' ? ui_format_address (get_address (item))
                                     : g_strdup (_ ("No number or address"));
}

static GMenuModel *
make_record_menu (StoreRecord *record)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenuItem) add = g_menu_item_new (_ ("Add to Contacts…"), NULL);
  g_autoptr (GMenuItem) remove = g_menu_item_new (_ ("Remove from the List"), NULL);

  g_menu_item_set_action_and_target (add, "win.add-contact", "(ss)", store_record_get_name (record),
                                     store_record_get_address (record));
  g_menu_item_set_action_and_target (remove, "win.remove-record", "x",
                                     store_record_get_id (record));
  g_menu_append_item (menu, add);
  g_menu_append_item (menu, remove);
  return G_MENU_MODEL (menu);
}

static GMenuModel *
make_contact_menu (StoreContact *contact)
{
  const struct {
    const char *label, *action;
  } items[] = {
      {store_contact_get_favourite (contact) ? _ ("Remove from Favourites")
                                             : _ ("Add to Favourites"),
       "win.favour-contact"},
      {_ ("Edit…"), "win.edit-contact"},
      {_ ("Remove"), "win.remove-contact"},
  };
  GMenu *menu = g_menu_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (items); i++) {
    g_autoptr (GMenuItem) item = g_menu_item_new (items[i].label, NULL);

    g_menu_item_set_action_and_target (item, items[i].action, "s", store_contact_get_id (contact));
    g_menu_append_item (menu, item);
  }
  return G_MENU_MODEL (menu);
}

static GMenuModel *
on_menu_wanted (UiPersonRow *row, GtkListItem *list_item)
{
  gpointer item = gtk_list_item_get_item (list_item);

  return STORE_IS_RECORD (item) ? make_record_menu (item) : make_contact_menu (item);
}

/* A call that is past says how that went, and nothing of today. */
static SipLampState
get_lamp (UiPresence *presence, gpointer item, UiPerson *person)
{
  return STORE_IS_RECORD (item) ? SIP_LAMP_STATE_UNKNOWN
                                : ui_presence_get (presence, ui_person_get_address (person));
}

static void
show_item (UiPeople *self, UiPersonRow *row, gpointer item)
{
  g_autoptr (UiPerson) person = make_person (self, item);
  SipLampState lamp = get_lamp (self->presence, item, person);
  g_autofree char *detail = describe_item (item);
  g_autofree char *text = ui_format_lamp (detail, lamp);

  ui_person_set_lamp (person, lamp);
  ui_person_row_show (row, person, text, !STORE_IS_SUGGESTION (item));
}

/* The row stands in its list by now. */
static void
on_item_changed (UiPersonRow *row, GParamSpec *pspec, gpointer item)
{
  show_item (UI_PEOPLE (gtk_widget_get_ancestor (GTK_WIDGET (row), UI_TYPE_PEOPLE)), row, item);
}

static void
on_presence_changed (GtkListItem *list_item, UiPresence *presence)
{
  gpointer item = gtk_list_item_get_item (list_item);
  UiPersonRow *row = UI_PERSON_ROW (gtk_list_item_get_child (list_item));
  UiPerson *person = ui_person_row_get_person (row);

  if (item != NULL && person != NULL &&
      get_lamp (presence, item, person) != ui_person_get_lamp (person))
    on_item_changed (row, NULL, item);
}

static void
on_setup (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  UiPeople *self = UI_PEOPLE (user_data);
  GtkWidget *row = ui_person_row_new (self->lines);

  g_signal_connect_object (self->presence, "changed", G_CALLBACK (on_presence_changed), list_item,
                           G_CONNECT_SWAPPED);
  g_signal_connect (row, "menu-wanted", G_CALLBACK (on_menu_wanted), list_item);
  gtk_list_item_set_child (list_item, row);
}

static void
on_bind (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  gpointer item = gtk_list_item_get_item (list_item);
  GtkWidget *row = gtk_list_item_get_child (list_item);

  g_signal_connect_object (item, "notify", G_CALLBACK (on_item_changed), row, G_CONNECT_SWAPPED);
  show_item (UI_PEOPLE (user_data), UI_PERSON_ROW (row), item);
}

static void
on_unbind (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  g_signal_handlers_disconnect_by_data (gtk_list_item_get_item (list_item),
                                        gtk_list_item_get_child (list_item));
}

static void
on_activate (GtkListView *view, guint position, UiPeople *self)
{
  g_autoptr (GObject) item =
      g_list_model_get_item (G_LIST_MODEL (gtk_list_view_get_model (view)), position);
  g_autoptr (UiPerson) person = make_person (self, item);

  gtk_widget_activate_action_variant (GTK_WIDGET (self), "win.call", ui_person_to_target (person));
}

/* What is not seen is not read out either. */
static void
update_visible (UiPeople *self)
{
  gboolean suggests =
      g_strcmp0 (gtk_stack_get_visible_child_name (self->shapes), "suggestions") == 0;
  GtkWidget *page = adw_view_stack_get_visible_child (self->stack);

  for (guint i = FAVOURITES; i <= CONTACTS; i++)
    gtk_widget_set_visible (GTK_WIDGET (self->views[i]),
                            !suggests &&
                                gtk_widget_is_ancestor (GTK_WIDGET (self->views[i]), page));
  gtk_widget_set_visible (GTK_WIDGET (self->views[SUGGESTIONS]), suggests);
}

static gboolean
is_favourite (gpointer item, gpointer user_data)
{
  return store_contact_get_favourite (item);
}

static gboolean
is_missed (gpointer item, gpointer user_data)
{
  return store_record_get_outcome (item) == STORE_OUTCOME_MISSED;
}

static void
on_missed_toggled (UiPeople *self)
{
  gboolean only_missed = gtk_toggle_button_get_active (self->missed_button);
  g_autoptr (GtkFilter) filter =
      only_missed ? GTK_FILTER (gtk_custom_filter_new (is_missed, NULL, NULL)) : NULL;

  adw_status_page_set_title (self->recent_empty,
                             only_missed ? _ ("No missed calls") : _ ("No calls yet"));
  adw_status_page_set_description (self->recent_empty,
                                   only_missed ? NULL : _ ("Whom you called and who called you."));
  gtk_filter_list_model_set_filter (self->recent, filter);
}

static gboolean
scroll_up (gpointer scrolled_window)
{
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (scrolled_window), 0);
  return G_SOURCE_REMOVE;
}

/* Whoever looks at the newest sees the next one, too: the list itself would keep its rows in place.
 */
static void
follow_newest (GtkStack *page)
{
  GtkWidget *list = gtk_stack_get_child_by_name (page, "list");

  if (gtk_adjustment_get_value (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (list))) ==
      0)
    g_idle_add_full (G_PRIORITY_LOW, scroll_up, g_object_ref (list), g_object_unref);
}

/* An empty page says what will stand there. */
static void
on_items_changed (GListModel *model, guint position, guint removed, guint added, GtkStack *page)
{
  if (position == 0 && added > 0)
    follow_newest (page);
  gtk_stack_set_visible_child_name (page, g_list_model_get_n_items (model) > 0 ? "list" : "empty");
}

static void
set_model (UiPeople *self, guint which, GListModel *model)
{
  g_signal_connect_object (model, "items-changed", G_CALLBACK (on_items_changed),
                           self->pages[which], 0);
  on_items_changed (model, 0, 0, 0, self->pages[which]);
  gtk_list_view_set_model (self->views[which],
                           GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (model))));
}

static void
make_rows (UiPeople *self, guint which)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), self);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_unbind), NULL);
  gtk_list_view_set_factory (self->views[which], factory);
}

/* With the second account the rows say which one, with the last but one not. */
static void
on_lines_changed (UiPeople *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->views); i++)
    make_rows (self, i);
}

static gboolean
rename_recent (gpointer user_data)
{
  UiPeople *self = user_data;

  self->renaming_id = 0;
  make_rows (self, RECENT);
  return G_SOURCE_REMOVE;
}

/* However many contacts change at once, the rows do once. */
static void
on_contacts_changed (UiPeople *self)
{
  if (self->renaming_id == 0)
    self->renaming_id = g_idle_add (rename_recent, self);
}

static void
ui_people_finalize (GObject *object)
{
  UiPeople *self = UI_PEOPLE (object);

  g_clear_handle_id (&self->renaming_id, g_source_remove);
  g_clear_object (&self->recent);
  g_clear_object (&self->lines);
  g_clear_object (&self->contacts);
  g_clear_object (&self->presence);
  G_OBJECT_CLASS (ui_people_parent_class)->finalize (object);
}

static void
ui_people_class_init (UiPeopleClass *klass)
{
  static const struct {
    const char *page, *view;
  } names[] = {{"favourites_page", "favourites_view"},
               {"recent_page", "recent_view"},
               {"contacts_page", "contacts_view"},
               {"suggestions_page", "suggestions_view"}};
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ui_people_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/ahoyphone/Ahoy/ui-people.ui");
  gtk_widget_class_bind_template_child (widget_class, UiPeople, shapes);
  gtk_widget_class_bind_template_child (widget_class, UiPeople, stack);
  gtk_widget_class_bind_template_child (widget_class, UiPeople, recent_choice);
  gtk_widget_class_bind_template_child (widget_class, UiPeople, recent_empty);
  gtk_widget_class_bind_template_child (widget_class, UiPeople, missed_button);
  gtk_widget_class_bind_template_callback (widget_class, on_missed_toggled);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    gtk_widget_class_bind_template_child_full (widget_class, names[i].page, FALSE,
                                               G_STRUCT_OFFSET (UiPeople, pages) +
                                                   i * sizeof (GtkStack *));
    gtk_widget_class_bind_template_child_full (widget_class, names[i].view, FALSE,
                                               G_STRUCT_OFFSET (UiPeople, views) +
                                                   i * sizeof (GtkListView *));
  }
}

static void
ui_people_init (UiPeople *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->stack, "notify::visible-child", G_CALLBACK (update_visible), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->shapes, "notify::visible-child", G_CALLBACK (update_visible), self,
                           G_CONNECT_SWAPPED);
  update_visible (self);
  for (guint i = 0; i < G_N_ELEMENTS (self->views); i++)
    g_signal_connect (self->views[i], "activate", G_CALLBACK (on_activate), self);
}

/* Whoever has no favourites finds whom he knows among the recent calls. */
static void
on_recent_changed (UiPeople *self, guint position, guint removed, guint added, GListModel *recent)
{
  gtk_widget_set_visible (self->recent_choice, g_list_model_get_n_items (recent) > 0);
  if (g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (self->views[FAVOURITES]))) ==
          0 &&
      g_strcmp0 (adw_view_stack_get_visible_child_name (self->stack), "favourites") == 0)
    ui_people_show_page (self, "recent");
}

/* @lines: of UiLine; @recent: of StoreRecord; @suggestions: of
 * StoreSuggestion */
void
ui_people_set_models (UiPeople *self,
                      GListModel *lines,
                      GListModel *recent,
                      StoreContacts *contacts,
                      GListModel *suggestions,
                      UiPresence *presence)
{
  GtkCustomFilter *filter = gtk_custom_filter_new (is_favourite, NULL, NULL);
  g_autoptr (GtkFilterListModel) favourites =
      gtk_filter_list_model_new (G_LIST_MODEL (g_object_ref (contacts)), GTK_FILTER (filter));

  g_return_if_fail (UI_IS_PEOPLE (self));

  self->lines = g_object_ref (lines);
  self->contacts = g_object_ref (contacts);
  self->presence = g_object_ref (presence);
  g_signal_connect_object (lines, "items-changed", G_CALLBACK (on_lines_changed), self,
                           G_CONNECT_SWAPPED);
  on_lines_changed (self);
  set_model (self, FAVOURITES, G_LIST_MODEL (favourites));
  self->recent = gtk_filter_list_model_new (g_object_ref (recent), NULL);
  set_model (self, RECENT, G_LIST_MODEL (self->recent));
  set_model (self, CONTACTS, G_LIST_MODEL (contacts));
  set_model (self, SUGGESTIONS, suggestions);
  g_signal_connect_object (recent, "items-changed", G_CALLBACK (on_recent_changed), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_set_visible (self->recent_choice, g_list_model_get_n_items (recent) > 0);
  g_signal_connect_object (contacts, "items-changed", G_CALLBACK (on_contacts_changed), self,
                           G_CONNECT_SWAPPED);
}

/* In place of everybody. */
void
ui_people_show_suggestions (UiPeople *self, gboolean shown)
{
  g_return_if_fail (UI_IS_PEOPLE (self));

  gtk_stack_set_visible_child_name (self->shapes, shown ? "suggestions" : "everybody");
}

/* Whether a single tap is enough, for it places no call. */
void
ui_people_set_picking (UiPeople *self, gboolean picking)
{
  g_return_if_fail (UI_IS_PEOPLE (self));

  for (guint i = 0; i < G_N_ELEMENTS (self->views); i++)
    gtk_list_view_set_single_click_activate (self->views[i], picking);
}

void
ui_people_show_missed (UiPeople *self)
{
  g_return_if_fail (UI_IS_PEOPLE (self));

  gtk_toggle_button_set_active (self->missed_button, TRUE);
  ui_people_show_page (self, "recent");
}

/* @name: `favourites`, `recent` or `contacts` */
void
ui_people_show_page (UiPeople *self, const char *name)
{
  g_return_if_fail (UI_IS_PEOPLE (self));

  adw_view_stack_set_visible_child_name (self->stack, name);
}
