/*
 * The loop that popol is measured against, by poll or by epoll: `contender poll`, `contender epoll`. Speaks the same
 * protocol as every contender, see README.md.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

typedef struct {
  int descriptor;
  int slot; /* in the poll array */
  long readable;
} peer;

typedef struct {
  int wake; /* an eventfd, as the first entry */
  int epoll; /* -1: by poll */
  int size; /* entries, the wake descriptor included */
  struct pollfd *entries;
  peer **owners; /* of the entries */
  struct epoll_event *found;
  long woken;
} registry;

static int by_epoll;
static peer *peers;
static int sources;

static void fail(const char *what) {
  printf("error %s: %s\n", what, strerror(errno));
  fflush(stdout);
  exit(1);
}

static void check(int result, const char *what) {
  if (result < 0) {
    fail(what);
  }
}

static void open_registry(registry *r, int most) {
  r->size = 1;
  r->woken = 0;
  r->epoll = -1;
  r->entries = calloc(most + 1, sizeof *r->entries);
  r->owners = calloc(most + 1, sizeof *r->owners);
  r->found = calloc(most + 1, sizeof *r->found);
  check(r->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "eventfd");
  r->entries[0] = (struct pollfd){.fd = r->wake, .events = POLLIN};
  if (by_epoll) {
    check(r->epoll = epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    check(epoll_ctl(r->epoll, EPOLL_CTL_ADD, r->wake, &event), "epoll_ctl");
  }
}

static void close_registry(registry *r) {
  if (r->epoll >= 0) {
    close(r->epoll);
  }
  close(r->wake);
  free(r->entries);
  free(r->owners);
  free(r->found);
}

static void add(registry *r, peer *p) {
  if (r->epoll >= 0) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = p};
    check(epoll_ctl(r->epoll, EPOLL_CTL_ADD, p->descriptor, &event), "epoll_ctl");
  } else {
    p->slot = r->size;
    r->entries[r->size] = (struct pollfd){.fd = p->descriptor, .events = POLLIN};
    r->owners[r->size] = p;
  }
  r->size++;
}

static void drop(registry *r, peer *p) {
  r->size--;
  if (r->epoll >= 0) {
    check(epoll_ctl(r->epoll, EPOLL_CTL_DEL, p->descriptor, NULL), "epoll_ctl");
  } else {
    r->entries[p->slot] = r->entries[r->size];
    r->owners[p->slot] = r->owners[r->size];
    r->owners[p->slot]->slot = p->slot;
  }
}

static void interest_in_writing(registry *r, peer *p, int on) {
  if (r->epoll >= 0) {
    struct epoll_event event = {.events = on ? EPOLLIN | EPOLLOUT : EPOLLIN, .data.ptr = p};
    check(epoll_ctl(r->epoll, EPOLL_CTL_MOD, p->descriptor, &event), "epoll_ctl");
  } else {
    r->entries[p->slot].events = on ? POLLIN | POLLOUT : POLLIN;
  }
}

static void reset_wake(registry *r) {
  uint64_t wakes;
  if (read(r->wake, &wakes, sizeof wakes) == sizeof wakes) {
    r->woken++;
  }
}

/* Waits, handles the events, and returns how many there were. */
static long wait_by_epoll(registry *r, int timeout) {
  int found = epoll_wait(r->epoll, r->found, r->size, timeout);
  check(found, "epoll_wait");
  long events = 0;
  for (int i = 0; i < found; i++) {
    peer *p = r->found[i].data.ptr;
    if (p == NULL) {
      reset_wake(r);
    } else {
      events++;
      p->readable += (r->found[i].events & EPOLLIN) != 0;
    }
  }
  return events;
}

static long wait_by_poll(registry *r, int timeout) {
  int found = poll(r->entries, r->size, timeout);
  check(found, "poll");
  long events = 0;
  for (int i = 0; found > 0; i++) {
    int revents = r->entries[i].revents;
    if (revents != 0) {
      found--;
      if (i == 0) {
        reset_wake(r);
      } else {
        events++;
        r->owners[i]->readable += (revents & POLLIN) != 0;
      }
    }
  }
  return events;
}

static long await(registry *r, int timeout) {
  return by_epoll ? wait_by_epoll(r, timeout) : wait_by_poll(r, timeout);
}

static void wake(registry *r) {
  uint64_t one = 1;
  check(write(r->wake, &one, sizeof one), "write");
}

static void await_wake(registry *r) {
  long before = r->woken;
  while (r->woken == before) {
    await(r, -1);
  }
}

static long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000L + time.tv_nsec;
}

static void connect_peers(int port) {
  peers = calloc(sources + 1, sizeof *peers);
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
  int on = 1;
  for (int i = 0; i < sources; i++) {
    check(peers[i].descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    check(connect(peers[i].descriptor, (struct sockaddr *)&address, sizeof address), "connect");
    check(setsockopt(peers[i].descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "setsockopt");
  }
}

enum { MOST_BATCHES = 10000 };
static const long BATCH = 50000; /* nanoseconds, at least, once the size is found */

static char what[50];
static registry first, second;
static long batch; /* steps of one batch */
static volatile int stopped;

/* Wakes the first registry's thread each time that the second is woken. */
static void *relay(void *none) {
  for (;;) {
    await_wake(&second);
    if (stopped) {
      return none;
    }
    wake(&first);
  }
}

static int is(const char *name) {
  return strcmp(what, name) == 0;
}

/* Operations of one step. */
static long unit(void) {
  return is("register") || is("unregister") ? sources - 1 : is("wake") ? 2 : 1;
}

/* Does the steps, counts the events and returns the nanoseconds. */
static long run_batch(long *events) {
  registry *r = &first;
  peer *last = &peers[sources - 1];
  char byte;
  long found = 0;
  long start = now();
  if (is("wait-now")) {
    for (long i = 0; i < batch; i++) {
      found += await(r, -1);
    }
  } else if (is("wait-block")) {
    for (long i = 0; i < batch; i++) {
      check(write(last->descriptor, "x", 1), "write");
      found += await(r, -1);
      check(read(last->descriptor, &byte, 1), "read");
    }
  } else if (is("look")) {
    for (long i = 0; i < batch; i++) {
      found += await(r, 0);
    }
  } else if (is("register") || is("unregister")) {
    long adding = 0;
    for (long k = 0; k < batch; k++) {
      long begun = now();
      for (int i = 0; i < sources - 1; i++) {
        add(r, &peers[i]);
      }
      found += await(r, -1);
      adding += now() - begun;
      for (int i = 0; i < sources - 1; i++) {
        drop(r, &peers[i]);
      }
      found += await(r, -1);
    }
    start += is("register") ? now() - start - adding : adding;
  } else if (is("register+unregister")) {
    for (long i = 0; i < batch; i++) {
      drop(r, &peers[0]);
      found += await(r, -1);
      add(r, &peers[0]);
      found += await(r, -1);
    }
  } else if (is("toggle")) {
    for (long i = 0; i < batch; i++) {
      interest_in_writing(r, &peers[0], 1);
      interest_in_writing(r, &peers[0], 0);
      found += await(r, -1);
    }
  } else if (is("toggle+wait")) {
    for (long i = 0; i < batch; i++) {
      interest_in_writing(r, &peers[0], 1);
      found += await(r, -1);
      interest_in_writing(r, &peers[0], 0);
      found += await(r, -1);
    }
  } else if (is("wake")) {
    long before = first.woken;
    for (long i = 0; i < batch; i++) {
      wake(&second);
      await_wake(&first);
    }
    found = 2 * (first.woken - before);
  } else {
    errno = EINVAL;
    fail(what);
  }
  *events += found;
  return now() - start;
}

static int compare(const void *a, const void *b) {
  double difference = *(double *)a - *(double *)b;
  return (difference > 0) - (difference < 0);
}

static void run(long nanos) {
  static double costs[MOST_BATCHES];
  int batches = 0;
  long operations = 0;
  long events = 0;
  pthread_t thread;
  stopped = 0;
  if (is("wake") && pthread_create(&thread, NULL, relay, NULL) != 0) {
    fail("pthread_create");
  }
  long start = now();
  do {
    long taken = run_batch(&events);
    costs[batches++] = (double)taken / (batch * unit());
    operations += batch * unit();
    batch *= taken < BATCH ? 2 : 1;
  } while (now() - start < nanos && batches < MOST_BATCHES);
  if (is("wake")) {
    stopped = 1;
    wake(&second);
    pthread_join(thread, NULL);
  }
  qsort(costs, batches, sizeof *costs, compare);
  printf("%f %ld %ld 0\n", costs[batches / 4], operations, events);
}

// What a process with a second thread pays for each call: the kernel counts the references to each descriptor, and the
// C library makes each wait a point where the thread can be cancelled.
static void *sleep_forever(void *unused) {
  while (pause() != 0) {
  }
  return unused;
}

int main(int count, char **arguments) {
  by_epoll = count > 1 && strncmp(arguments[1], "epoll", 5) == 0;
  pthread_t other;
  if (count > 1 && strstr(arguments[1], "-threads")) {
    pthread_create(&other, NULL, sleep_forever, NULL);
  }
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);

  char line[100];
  printf("ok\n");
  fflush(stdout);
  while (fgets(line, sizeof line, stdin)) {
    int port;
    long nanos;
    if (sscanf(line, "open %49s %d %d", what, &sources, &port) == 3) {
      connect_peers(port);
      open_registry(&first, sources);
      open_registry(&second, sources);
      batch = 1;
      for (int i = is("register") || is("unregister") ? sources - 1 : 0; i < sources; i++) {
        if (is("wake")) {
          add(&second, &peers[i]);
        }
        add(&first, &peers[i]);
      }
      printf("ok\n");
    } else if (sscanf(line, "run %ld", &nanos) == 1) {
      run(nanos);
    } else if (strcmp(line, "thread\n") == 0) {
      printf("%d\n", gettid());
    } else if (strcmp(line, "mechanism\n") == 0) {
      printf("%s\n", by_epoll ? "epoll" : "poll");
    } else if (strcmp(line, "close\n") == 0) {
      close_registry(&first);
      close_registry(&second);
      for (int i = 0; i < sources; i++) {
        close(peers[i].descriptor);
      }
      free(peers);
      printf("ok\n");
    } else {
      printf("error unknown command\n");
      return 1;
    }
    fflush(stdout);
  }
}
