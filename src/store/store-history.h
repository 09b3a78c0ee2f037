#pragma once

#include "store-record.h"

G_BEGIN_DECLS

#define STORE_TYPE_HISTORY (store_history_get_type ())
G_DECLARE_FINAL_TYPE (StoreHistory, store_history, STORE, HISTORY, GObject)

StoreHistory *store_history_new (const char *path);
gboolean store_history_get_loaded (StoreHistory *self);
const char *store_history_get_trouble (StoreHistory *self);
StoreRecord *store_history_find (StoreHistory *self, gint64 id);
void store_history_add (StoreHistory *self, StoreRecord *record);
void store_history_update (StoreHistory *self, StoreRecord *record);
void store_history_remove (StoreHistory *self, StoreRecord *record);
void store_history_clear (StoreHistory *self);
void store_history_close (StoreHistory *self);

G_END_DECLS
