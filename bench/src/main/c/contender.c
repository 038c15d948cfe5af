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

/* Of the second thread of "wake": wakes the first for each time that it is woken. */
typedef struct {
  registry *woken;
  registry *woke;
  long times;
} relay;

static void *relay_wakes(void *argument) {
  relay *r = argument;
  for (long i = 0; i < r->times; i++) {
    await_wake(r->woken);
    wake(r->woke);
  }
  return NULL;
}

static void run(const char *what, registry *r, registry *second, long operations) {
  long events = 0;
  long nanos = 0;
  peer *last = &peers[sources - 1];
  char byte;
  long start = now();
  if (strcmp(what, "wait-now") == 0) {
    for (long i = 0; i < operations; i++) {
      events += await(r, -1);
    }
  } else if (strcmp(what, "wait-block") == 0) {
    for (long i = 0; i < operations; i++) {
      check(write(last->descriptor, "x", 1), "write");
      events += await(r, -1);
      check(read(last->descriptor, &byte, 1), "read");
    }
  } else if (strcmp(what, "register") == 0 || strcmp(what, "unregister") == 0) {
    long rounds = (operations + sources - 1) / sources;
    operations = rounds * sources;
    long adding = 0;
    for (long k = 0; k < rounds; k++) {
      long begun = now();
      for (int i = 0; i < sources; i++) {
        add(r, &peers[i]);
      }
      events += await(r, 0);
      adding += now() - begun;
      for (int i = 0; i < sources; i++) {
        drop(r, &peers[i]);
      }
      events += await(r, 0);
    }
    nanos = strcmp(what, "register") == 0 ? adding : now() - start - adding;
  } else if (strcmp(what, "register+unregister") == 0) {
    for (long i = 0; i < operations; i++) {
      drop(r, last);
      events += await(r, 0);
      add(r, last);
      events += await(r, 0);
    }
  } else if (strcmp(what, "toggle") == 0) {
    for (long i = 0; i < operations; i++) {
      interest_in_writing(r, last, 1);
      interest_in_writing(r, last, 0);
      events += await(r, 0);
    }
  } else if (strcmp(what, "toggle+wait") == 0) {
    for (long i = 0; i < operations; i++) {
      interest_in_writing(r, last, 1);
      events += await(r, 0);
      interest_in_writing(r, last, 0);
      events += await(r, 0);
    }
  } else { /* wake */
    relay there = {.woken = second, .woke = r, .times = (operations + 1) / 2};
    operations = there.times * 2;
    pthread_t thread;
    if (pthread_create(&thread, NULL, relay_wakes, &there) != 0) {
      fail("pthread_create");
    }
    long before = r->woken;
    start = now();
    for (long i = 0; i < there.times; i++) {
      wake(second);
      await_wake(r);
    }
    nanos = now() - start;
    pthread_join(thread, NULL);
    events = 2 * (r->woken - before);
  }
  printf("%ld %ld %ld 0\n", operations, nanos ? nanos : now() - start, events);
}

int main(int count, char **arguments) {
  by_epoll = count > 1 && strcmp(arguments[1], "epoll") == 0;
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);

  registry first, second;
  char line[100];
  char what[50] = "";
  printf("ok\n");
  fflush(stdout);
  while (fgets(line, sizeof line, stdin)) {
    int port;
    long operations;
    if (sscanf(line, "open %49s %d %d", what, &sources, &port) == 3) {
      connect_peers(port);
      open_registry(&first, sources);
      open_registry(&second, sources);
      int empty = strcmp(what, "register") == 0 || strcmp(what, "unregister") == 0;
      for (int i = 0; !empty && i < sources; i++) {
        if (strcmp(what, "wake") == 0) {
          add(&second, &peers[i]);
        }
        add(&first, &peers[i]);
      }
      printf("ok\n");
    } else if (sscanf(line, "run %ld", &operations) == 1) {
      run(what, &first, &second, operations);
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
