#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A folder of its own for every test, and what its watcher saw of a list. */
typedef struct {
  char *folder;
  char *path;
  GString *changes; /* position-removed+added, one after another */
  guint n_troubles;
} Folder;

void folder_set_up (Folder *self, gconstpointer data);
void folder_tear_down (Folder *self, gconstpointer data);
void folder_watch (Folder *self, gpointer list);
char *folder_take_changes (Folder *self);
guint folder_count (Folder *self, const char *part_of_name);
gint64 folder_query (Folder *self, const char *sql);
void folder_execute (Folder *self, const char *sql);
void folder_fill_calls (Folder *self, guint n_calls, guint n_addresses);
void folder_limit (Folder *self, gboolean is_full);

#define wait_until(condition)                                                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    while (!(condition))                                                                           \
      g_main_context_iteration (NULL, TRUE);                                                       \
  }                                                                                                \
  G_STMT_END

G_END_DECLS
