#pragma once

#include "fixture.h"
#include "peer-resolver.h"
#include "peer-server.h"

#define N_SERVERS 2

typedef struct {
  Fixture fixture;
  PeerResolver *resolver;
  PeerServer *servers[N_SERVERS];
  guint codes[N_SERVERS]; /* what each answers; 0 for nothing */
  char *headers;          /* with a 200 */
  const char *more;       /* beside the Contact; NULL for nothing */
  guint loss;             /* percent of answers */
  const char *seen;       /* where requests came from, past a NAT; NULL without one */
  guint port;             /* there, and the next one for the next; 0 where seen has it */
  guint registered_at;    /* the last one that was asked */
  FixtureSetting setting;
} Account;

typedef struct {
  const char *path;
  void (*test) (Account *account, gconstpointer data);
  gboolean is_datagrams;
  gconstpointer data; /* of the test */
} AccountCase;

int account_run (int argc, char **argv, const char *name, const AccountCase *cases, gsize n_cases);
gboolean account_saw (Account *account, const char *word);
void account_forget (Account *account);
void account_register_at (Account *account, guint expected);
void account_begin (Account *account);
gint64 account_pass_until (Account *account, const char *word, guint seconds);
