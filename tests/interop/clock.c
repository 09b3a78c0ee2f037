/* clock.c - put before a program of the library: its clock of SIP is ten minutes ahead with each
 * signal SIGUSR1, and all that was due meanwhile is due then
 */

#include <signal.h>
#include <sys/time.h>
#include <time.h>

static volatile sig_atomic_t ahead; /* seconds */

int osip_gettimeofday (struct timeval *now, void *zone);

static void
on_signal (int number)
{
  ahead += 600;
}

__attribute__ ((constructor)) static void
listen (void)
{
  signal (SIGUSR1, on_signal);
}

int
osip_gettimeofday (struct timeval *now, void *zone)
{
  struct timespec here;

  clock_gettime (CLOCK_MONOTONIC, &here);
  now->tv_sec = here.tv_sec + ahead;
  now->tv_usec = here.tv_nsec / 1000;
  return 0;
}
