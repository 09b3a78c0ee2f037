/* store-suggestions.c - what the dial field offers for what is typed
 *
 * Down: set_text -> StoreQuery -> the contacts and the peers of the history, both in memory
 * Up:   items-changed -> the list below the field
 *
 * The order: what was typed exactly and is known, contacts with a star, addresses of earlier calls
 * by how often and how lately, the other contacts, and what was typed as it stands. No address
 * comes twice.
 */

#include "store-suggestions.h"

#include "store-contacts-private.h"
#include "store-history-private.h"
#include "store-query-private.h"

#define MAX_SUGGESTIONS 12 /* what a window shows; rows cost more than finding them */

struct _StoreSuggestions {
  GObject parent_instance;

  StoreContacts *contacts;
  StoreHistory *history;
  GPtrArray *suggestions;
  char *text;
};

/* A search under way. */
typedef struct {
  StoreSuggestions *self;
  StoreQuery *query;
  GPtrArray *found;
  GHashTable *known; /* addresses in @found, as keys and as numbers */
} Search;

/* A peer that matches, with who it is. */
typedef struct {
  const StorePeer *peer;
  StoreContact *contact; /* NULL: nobody we know */
} Match;

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (StoreSuggestions,
                               store_suggestions,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

/* Whether there is no room for @address, or it is there. */
static gboolean
is_left_out (Search *search, const char *key, const StoreNumber *number)
{
  if (search->found->len >= MAX_SUGGESTIONS)
    return TRUE;
  if (key != NULL)
    return !g_hash_table_add (search->known, g_strdup (key));
  return number != NULL && !g_hash_table_add (search->known, g_strdup (number->digits));
}

static void
add (Search *search,
     StoreOrigin origin,
     const char *name,
     const char *address,
     const char *label,
     const char *account,
     StoreContact *contact)
{
  g_autofree char *key = store_number_dup_address_key (address);
  g_autoptr (StoreNumber) number = store_number_parse (address);

  if (!is_left_out (search, key, number))
    g_ptr_array_add (search->found,
                     store_suggestion_new (origin, name, address, label, account, contact));
}

/* The account of the last call with exactly @address. */
static const char *
find_account (Search *search, const char *address)
{
  StorePeer *peer = g_hash_table_lookup (store_history_get_peers (search->self->history), address);

  return peer != NULL ? peer->account : NULL;
}

/* The addresses of @contact that are meant: all of them, unless a number was typed that is only
 * in some. */
static void
add_contact (Search *search, StoreOrigin origin, StoreContact *contact)
{
  const StorePerson *person = store_contact_get_person (contact);

  for (guint i = 0; person->addresses[i] != NULL; i++) {
    const char *one[] = {person->addresses[i], NULL};
    g_autofree char *words = store_query_index_words (person->name, one);
    g_autofree char *digits = store_query_index_digits (one);
    g_autofree char *key = store_number_dup_address_key (one[0]);
    g_autoptr (StoreNumber) number = store_number_parse (one[0]);

    if (origin == STORE_ORIGIN_EXACT ? !store_query_equals (search->query, key, number)
                                     : !store_query_matches (search->query, words, digits))
      continue;
    add (search, origin, person->name, one[0], person->labels[i], find_account (search, one[0]),
         contact);
  }
}

static int
compare_matches (gconstpointer a, gconstpointer b)
{
  const StorePeer *one = ((const Match *)a)->peer, *other = ((const Match *)b)->peer;

  if (one->weight != other->weight)
    return one->weight > other->weight ? -1 : 1;
  return strcmp (one->address, other->address);
}

/* The peers that are meant by themselves, or by the contact they are. */
static GArray *
find_peers (Search *search)
{
  GArray *matches = g_array_new (FALSE, FALSE, sizeof (Match));
  GHashTableIter peers;
  gpointer value;

  g_hash_table_iter_init (&peers, store_history_get_peers (search->self->history));
  while (g_hash_table_iter_next (&peers, NULL, &value)) {
    StorePeer *peer = value;
    Match match = {peer,
                   store_contacts_find_parsed (search->self->contacts, peer->key, peer->number)};
    const StorePerson *person =
        match.contact != NULL ? store_contact_get_person (match.contact) : NULL;

    if (store_query_matches (search->query, peer->words, peer->digits) ||
        (person != NULL && store_query_matches (search->query, person->words, person->digits)))
      g_array_append_val (matches, match);
  }
  g_array_sort (matches, compare_matches);
  return matches;
}

static void
add_peer (Search *search, StoreOrigin origin, const Match *match)
{
  const char *name =
      match->contact != NULL ? store_contact_get_name (match->contact) : match->peer->name;

  if (!is_left_out (search, match->peer->key, match->peer->number))
    g_ptr_array_add (search->found, store_suggestion_new (origin, name, match->peer->address, NULL,
                                                          match->peer->account, match->contact));
}

static void
add_contacts (Search *search, StoreOrigin origin, gboolean favourites)
{
  guint n_contacts = g_list_model_get_n_items (G_LIST_MODEL (search->self->contacts));

  for (guint i = 0; i < n_contacts && search->found->len < MAX_SUGGESTIONS; i++) {
    g_autoptr (StoreContact) contact =
        g_list_model_get_item (G_LIST_MODEL (search->self->contacts), i);
    const StorePerson *person = store_contact_get_person (contact);

    if (person->favourite == favourites &&
        store_query_matches (search->query, person->words, person->digits))
      add_contact (search, origin, contact);
  }
}

static void
run (Search *search)
{
  StoreQuery *query = search->query;
  StoreContact *exact =
      store_contacts_find_parsed (search->self->contacts, query->key, query->number);
  g_autoptr (GArray) peers = find_peers (search);

  if (exact != NULL)
    add_contact (search, STORE_ORIGIN_EXACT, exact);
  for (guint i = 0; i < peers->len; i++) {
    Match *match = &g_array_index (peers, Match, i);

    if (store_query_equals (query, match->peer->key, match->peer->number))
      add_peer (search, STORE_ORIGIN_EXACT, match);
  }

  gboolean is_known = search->found->len > 0;

  add_contacts (search, STORE_ORIGIN_FAVOURITE, TRUE);
  for (guint i = 0; i < peers->len && search->found->len < MAX_SUGGESTIONS; i++)
    add_peer (search, STORE_ORIGIN_RECENT, &g_array_index (peers, Match, i));
  add_contacts (search, STORE_ORIGIN_CONTACT, FALSE);
  if (!is_known && query->target != NULL)
    g_ptr_array_add (search->found, store_suggestion_new (STORE_ORIGIN_TYPED, NULL, query->target,
                                                          NULL, NULL, NULL));
}

static void
refresh (StoreSuggestions *self)
{
  guint n_old = self->suggestions->len;
  g_autoptr (StoreQuery) query = store_query_new (self->text);
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Search search = {self, query, g_ptr_array_new_with_free_func (g_object_unref), known};

  if (*self->text != '\0')
    run (&search);
  g_ptr_array_unref (self->suggestions);
  self->suggestions = search.found;
  if (n_old > 0 || self->suggestions->len > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n_old, self->suggestions->len);
}

static GType
store_suggestions_get_item_type (GListModel *model)
{
  return STORE_TYPE_SUGGESTION;
}

static guint
store_suggestions_get_n_items (GListModel *model)
{
  return STORE_SUGGESTIONS (model)->suggestions->len;
}

static gpointer
store_suggestions_get_item (GListModel *model, guint position)
{
  StoreSuggestions *self = STORE_SUGGESTIONS (model);

  if (position >= self->suggestions->len)
    return NULL;
  return g_object_ref (self->suggestions->pdata[position]);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = store_suggestions_get_item_type;
  iface->get_n_items = store_suggestions_get_n_items;
  iface->get_item = store_suggestions_get_item;
}

static void
store_suggestions_finalize (GObject *object)
{
  StoreSuggestions *self = STORE_SUGGESTIONS (object);

  g_clear_object (&self->contacts);
  g_clear_object (&self->history);
  g_ptr_array_unref (self->suggestions);
  g_free (self->text);
  G_OBJECT_CLASS (store_suggestions_parent_class)->finalize (object);
}

static void
store_suggestions_class_init (StoreSuggestionsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = store_suggestions_finalize;
}

static void
store_suggestions_init (StoreSuggestions *self)
{
  self->suggestions = g_ptr_array_new_with_free_func (g_object_unref);
  self->text = g_strdup ("");
}

StoreSuggestions *
store_suggestions_new (StoreContacts *contacts, StoreHistory *history)
{
  g_return_val_if_fail (STORE_IS_CONTACTS (contacts), NULL);
  g_return_val_if_fail (STORE_IS_HISTORY (history), NULL);

  StoreSuggestions *self = g_object_new (STORE_TYPE_SUGGESTIONS, NULL);

  self->contacts = g_object_ref (contacts);
  self->history = g_object_ref (history);
  /* Who types before the files are read gets the rest then. */
  g_signal_connect_object (contacts, "notify::loaded", G_CALLBACK (refresh), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (history, "notify::loaded", G_CALLBACK (refresh), self,
                           G_CONNECT_SWAPPED);
  return self;
}

/* Fills the list with what is suggested for @text: for none, nothing. */
void
store_suggestions_set_text (StoreSuggestions *self, const char *text)
{
  g_return_if_fail (STORE_IS_SUGGESTIONS (self));

  g_free (self->text);
  self->text = g_strdup (text != NULL ? text : "");
  g_strstrip (self->text);
  refresh (self);
}
