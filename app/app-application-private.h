#pragma once

#include "app-application.h"
#include "app-missed.h"
#include "app-notifier.h"
#include "app-recorder.h"
#include "app-ringer.h"
#include "app-self-test.h"
#include "app-sleep.h"
#include "app-trouble.h"
#include "sip-echo-party.h"
#include "sip-ua.h"
#include "store-accounts.h"
#include "store-contacts.h"
#include "store-history.h"
#include "ui-window.h"

G_BEGIN_DECLS

struct _AppApplication {
  AdwApplication parent_instance;

  GSettings *settings;
  GSettings *desktop; /* of notifications; NULL where the desktop has none */
  StoreAccounts *accounts;
  StoreHistory *history;
  StoreContacts *contacts;
  AppRecorder *recorder;    /* NULL in a self-test, which leaves nothing behind */
  GListStore *lines;        /* of UiLine, in step with accounts */
  GListStore *calls;        /* of SipSession, until their cards are closed */
  UiFloor *floor;           /* which of the calls the person speaks on */
  GHashTable *farewells;    /* id of an ended call -> source that takes its card away */
  SipUA *direct;            /* calls without an account; NULL until the first */
  SipEchoParty *echo_party; /* NULL until the first echo test */
  AppRinger *ringer;
  AppSleep *sleep;       /* NULL in a self-test */
  AppNotifier *notifier; /* NULL without a bus, like the two below */
  AppMissed *missed;
  AppTrouble *trouble;
  AppSelfTest *self_test; /* NULL but for --self-test */
  gboolean stays;         /* the hold that keeps the program up without a window */
  guint stopping;         /* user agents whose stop is awaited while quitting */
  guint signal_ids[2];    /* SIGINT, SIGTERM */
};

/* app-application.c */
UiWindow *app_application_get_window (AppApplication *self);
UiWindow *app_application_present (AppApplication *self);
void app_application_update_hold (AppApplication *self);
void app_application_quit (AppApplication *self);

/* app-application-actions.c */
void app_application_add_actions (AppApplication *self);

/* app-application-accounts.c */
void app_application_follow_accounts (AppApplication *self);
void app_application_edit_account (AppApplication *self, const char *id);
void app_application_show_certificate (AppApplication *self, const char *id);
void app_application_remove_account (AppApplication *self, const char *id);
void app_application_provision (AppApplication *self,
                                GApplicationCommandLine *command_line,
                                const char *path);

/* app-application-calls.c */
SipUA *app_application_get_direct (AppApplication *self, GError **error);
void app_application_listen (AppApplication *self, SipUA *ua);
void app_application_name_calls (AppApplication *self);
void app_application_add_call (AppApplication *self, SipSession *session);
void app_application_dial (AppApplication *self, const char *text, const char *account);
SipSession *app_application_call_echo (AppApplication *self, GError **error);
SipSession *app_application_find_call (AppApplication *self, const char *id);
char *app_application_dup_caller_name (AppApplication *self, const char *address);
void app_application_dismiss_call (AppApplication *self, const char *id);
void app_application_call_again (AppApplication *self, const char *id);
void app_application_test_self (AppApplication *self, const char *screenshot);

G_END_DECLS
