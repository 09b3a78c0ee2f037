/* clock.c - put before a program of the library: its clock of SIP goes fast with the signal
 * SIGUSR1, until SIGUSR2, so that all that is due in hours is done in seconds, each in its time
 */

#include <signal.h>
#include <sys/time.h>
#include <time.h>

enum { HASTE = 200 }; /* times */

static volatile sig_atomic_t speed = 1;

int osip_gettimeofday (struct timeval *now, void *zone);

static void
on_signal (int number)
{
  speed = number == SIGUSR1 ? HASTE : 1;
}

__attribute__ ((constructor)) static void
listen (void)
{
  signal (SIGUSR1, on_signal);
  signal (SIGUSR2, on_signal);
}

/* In microseconds. */
static long long
read_clock (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

int
osip_gettimeofday (struct timeval *now, void *zone)
{
  static long long last, told;
  long long here = read_clock ();

  told = last == 0 ? here : told + (here - last) * speed;
  last = here;
  now->tv_sec = told / 1000000;
  now->tv_usec = told % 1000000;
  return 0;
}
