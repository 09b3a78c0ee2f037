#pragma once

#include "sip-enums.h"
#include "sip-media-stats.h"
#include "sip-name-addr.h"
#include "store-record.h"

G_BEGIN_DECLS

/* What is known of a call that is over, as far as its sentence depends on it. */
typedef struct {
  SipCause cause;
  guint status_code;   /* of the last response, 0 without one */
  const char *name;    /* the other side, cleaned */
  const char *address; /* the other side, cleaned */
  const char *host;    /* who should have answered: the server or the other side's host */
  gboolean outgoing;
  gint64 seconds; /* how long both talked, -1 if they never did */
} UiEnd;

char *ui_format_clean (const char *text);
char *ui_format_address (const char *uri);
char *ui_format_host (const char *uri);
char *ui_format_name (SipNameAddr *identity);
char *ui_format_isolate (const char *name);
char *ui_format_duration (gint64 seconds);
char *ui_format_end (const UiEnd *end);
char *ui_format_sign_in_failure (guint status_code, const char *account, const char *host);
char *ui_format_no_server (const char *host);
char *ui_format_no_relay (const char *account);
char *ui_format_other_server (const char *host, const char *meant);
char *ui_format_no_answer (const char *host);
char *ui_format_bad_certificate (const char *host, gboolean has_changed);
char *ui_format_next_try (const char *trouble, guint seconds);
char *ui_format_link (const char *link);

/* A transfer in words; @caller is given to @target. */
char *ui_format_transfer_offer (const char *caller, const char *target);
char *ui_format_transfer_ask_first (const char *caller, const char *target, gboolean takes_refer);
char *ui_format_transfer_send_now (const char *caller,
                                   const char *target,
                                   gboolean takes_refer,
                                   SipLampState lamp);
char *ui_format_transfer_asks (const char *caller, const char *target);
char *ui_format_transfer_sends (const char *caller, const char *target);
char *ui_format_transfer_rings (const char *caller, const char *target);
char *ui_format_transfer_done (const char *caller, const char *target);
char *ui_format_transfer_caller_left (const char *caller, const char *target);
char *ui_format_transfer_target_left (const char *caller, const char *target);
char *ui_format_transfer_failure (guint status_code, const char *caller, const char *target);
char *ui_format_sound (SipMediaStats *stats, gboolean is_wide);
char *ui_format_devices (gboolean has_microphone, gboolean has_speaker);
char *ui_format_their_sound (SipMediaStats *stats);
char *ui_format_our_sound (SipMediaStats *stats);
char *ui_format_protection (gboolean is_encrypted, const char *host);
char *ui_format_record (StoreRecord *record);
char *ui_format_refer (const char *name, const char *target);
char *ui_format_lamp (const char *detail, SipLampState lamp);
char *ui_format_hold (const char *name, gboolean local, gboolean remote);

G_END_DECLS
