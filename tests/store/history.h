#pragma once

#include "folder.h"
#include "store-history.h"

G_BEGIN_DECLS

StoreHistory *history_open (Folder *folder);
StoreRecord *history_make_record (const char *address, gint64 seconds);
void history_end (StoreRecord *record, StoreOutcome outcome);
void history_assert_changes (Folder *folder, const char *expected);
char *history_dup_list (StoreHistory *history);
void history_assert_list (StoreHistory *history, const char *expected);
void history_add_test (const char *name,
                       gconstpointer data,
                       void (*test) (Folder *, gconstpointer));

G_END_DECLS
