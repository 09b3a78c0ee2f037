/* ui-format-record.c - a call that was, in a few words */

#include "ui-format.h"

#include <glib/gi18n-lib.h>

static const char *
name_outcome (StoreRecord *record)
{
  gboolean outgoing = store_record_get_outgoing (record);

  switch (store_record_get_outcome (record)) {
  case STORE_OUTCOME_ONGOING:
    return outgoing ? _ ("You call") : _ ("Calls you");
  case STORE_OUTCOME_MISSED:
    return _ ("Missed");
  case STORE_OUTCOME_DECLINED:
    return outgoing ? _ ("Declined") : _ ("You declined");
  case STORE_OUTCOME_FAILED:
    return _ ("Did not get through");
  case STORE_OUTCOME_CANCELED:
    return _ ("You hung up");
  case STORE_OUTCOME_BUSY:
    return _ ("Busy");
  case STORE_OUTCOME_ANSWERED_ELSEWHERE:
    return _ ("Answered on another phone");
  case STORE_OUTCOME_INTERRUPTED:
    return _ ("Interrupted");
  case STORE_OUTCOME_ANSWERED:
  default:
    return outgoing ? _ ("You called") : _ ("Called you");
  }
}

/* Today the time of day says it, and later the day. */
static char *
format_moment (GDateTime *moment)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) local = g_date_time_to_local (moment);
  g_autoptr (GDateTime) yesterday = g_date_time_add_days (now, -1);

  if (g_date_time_get_year (now) == g_date_time_get_year (local) &&
      g_date_time_get_day_of_year (now) == g_date_time_get_day_of_year (local))
    return g_date_time_format (local, "%H:%M");
  if (g_date_time_get_year (yesterday) == g_date_time_get_year (local) &&
      g_date_time_get_day_of_year (yesterday) == g_date_time_get_day_of_year (local))
    return g_strdup (_ ("Yesterday"));
  return g_date_time_format (local, "%x");
}

char *
ui_format_record (StoreRecord *record)
{
  g_autofree char *moment = format_moment (store_record_get_started (record));

  return g_strdup_printf ("%s · %s", name_outcome (record), moment);
}
