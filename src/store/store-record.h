#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* How a call went. The numbers are in the file: new ones come last. */
typedef enum {
  STORE_OUTCOME_ONGOING,            /* not over yet */
  STORE_OUTCOME_ANSWERED,           /* both talked */
  STORE_OUTCOME_MISSED,             /* theirs, nobody answered */
  STORE_OUTCOME_DECLINED,           /* theirs: by us; ours: by them */
  STORE_OUTCOME_FAILED,             /* did not come about */
  STORE_OUTCOME_CANCELED,           /* ours, given up while it rang */
  STORE_OUTCOME_BUSY,               /* ours, the other side was in another call */
  STORE_OUTCOME_ANSWERED_ELSEWHERE, /* theirs, another phone of ours took it */
  STORE_OUTCOME_INTERRUPTED,        /* the program ended in the middle of it */
} StoreOutcome;

#define STORE_TYPE_OUTCOME (store_outcome_get_type ())
GType store_outcome_get_type (void);

#define STORE_TYPE_RECORD (store_record_get_type ())
G_DECLARE_FINAL_TYPE (StoreRecord, store_record, STORE, RECORD, GObject)

StoreRecord *store_record_new (const char *address,
                               const char *name,
                               const char *account,
                               gboolean outgoing,
                               GDateTime *started);
gint64 store_record_get_id (StoreRecord *self);
const char *store_record_get_address (StoreRecord *self);
const char *store_record_get_name (StoreRecord *self);
const char *store_record_get_account (StoreRecord *self);
gboolean store_record_get_outgoing (StoreRecord *self);
GDateTime *store_record_get_started (StoreRecord *self);
GDateTime *store_record_get_answered (StoreRecord *self);
GDateTime *store_record_get_ended (StoreRecord *self);
StoreOutcome store_record_get_outcome (StoreRecord *self);
void store_record_set_name (StoreRecord *self, const char *name);
void store_record_set_answered (StoreRecord *self, GDateTime *answered);
void store_record_set_ended (StoreRecord *self, GDateTime *ended, StoreOutcome outcome);

G_END_DECLS
