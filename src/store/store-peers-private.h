#pragma once

#include "store-number-private.h"
#include "store-record-private.h"

G_BEGIN_DECLS

/* Everybody with whom calls are remembered, by address, with how often and how lately. */
typedef struct {
  char *address;
  char *name;    /* as of the last call, or NULL */
  char *account; /* of the last call, or NULL */
  gint64 last;   /* when the last call started */
  double weight; /* the sum over the calls, each worth half as much every fortnight */
  guint count;
  char *key;           /* of the address, where it is one */
  StoreNumber *number; /* likewise */
  char *words;         /* by which it is found: see StoreQuery */
  char *digits;        /* likewise */
} StorePeer;

GHashTable *store_peers_new (void);
void store_peers_add (GHashTable *peers, const StoreRow *row);
void store_peers_remove (GHashTable *peers, const StoreRow *row);
void store_peers_rename (GHashTable *peers, const char *address, const char *name);

G_END_DECLS
