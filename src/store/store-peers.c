/* store-peers.c - with whom calls are remembered, as the dial field wants it
 *
 * Down: store_peers_add() for each row, in the thread that reads them first, later in the main
 *       context
 * Up:   StoreSuggestions reads the table
 */

#include "store-peers-private.h"

#include "store-query-private.h"

#include <math.h>

#define HALF_LIFE (14.0 * G_TIME_SPAN_DAY)
/* 2020: what is worth one. A sum of doubles keeps its order for a thousand years round it. */
#define EPOCH (G_GINT64_CONSTANT (1577836800) * G_TIME_SPAN_SECOND)
#define MAX_HALVES 900.0

static void
peer_free (StorePeer *self)
{
  g_free (self->address);
  g_free (self->name);
  g_free (self->account);
  g_free (self->key);
  g_clear_pointer (&self->number, store_number_free);
  g_free (self->words);
  g_free (self->digits);
  g_free (self);
}

static double
weigh (const StoreRow *row)
{
  return exp2 (CLAMP ((double)(row->started - EPOCH) / HALF_LIFE, -MAX_HALVES, MAX_HALVES));
}

static StorePeer *
peer_new (const char *address)
{
  StorePeer *self = g_new0 (StorePeer, 1);
  const char *addresses[] = {address, NULL};

  self->address = g_strdup (address);
  self->key = store_number_dup_address_key (address);
  self->number = store_number_parse (address);
  self->digits = store_query_index_digits (addresses);
  return self;
}

static void
peer_set_name (StorePeer *self, const char *name)
{
  const char *addresses[] = {self->address, NULL};

  if (self->words != NULL && g_strcmp0 (self->name, name) == 0)
    return;
  g_free (self->name);
  g_free (self->words);
  self->name = g_strdup (name);
  self->words = store_query_index_words (name, addresses);
}

GHashTable *
store_peers_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)peer_free);
}

void
store_peers_add (GHashTable *peers, const StoreRow *row)
{
  StorePeer *peer = row->address != NULL ? g_hash_table_lookup (peers, row->address) : NULL;

  if (row->address == NULL || *row->address == '\0')
    return;
  if (peer == NULL) {
    peer = peer_new (row->address);
    g_hash_table_insert (peers, peer->address, peer);
  }
  if (peer->count == 0 || row->started >= peer->last) {
    peer_set_name (peer, row->name);
    g_free (peer->account);
    peer->account = g_strdup (row->account);
    peer->last = row->started;
  }
  peer->weight += weigh (row);
  peer->count++;
}

void
store_peers_remove (GHashTable *peers, const StoreRow *row)
{
  StorePeer *peer = row->address != NULL ? g_hash_table_lookup (peers, row->address) : NULL;

  if (peer == NULL)
    return;
  peer->weight = MAX (peer->weight - weigh (row), 0.0);
  if (--peer->count == 0)
    g_hash_table_remove (peers, row->address);
}

/* The other side of a call said another name. */
void
store_peers_rename (GHashTable *peers, const char *address, const char *name)
{
  StorePeer *peer = g_hash_table_lookup (peers, address);

  if (peer != NULL && name != NULL)
    peer_set_name (peer, name);
}
