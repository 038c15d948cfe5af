/*
 * The load generator that all servers are measured with. It obeys lines on standard input, and answers each with one:
 *
 *   open PORT COUNT PID        ok                      connects, and keeps the connections
 *   run ACTIVE MILLIS FANOUT   MESSAGES NANOS CPU      messages that came, in what time, and the server's CPU time in it
 *   rest                       P50 P999                percentiles of all round trips since the last rest, nanoseconds
 *   close                      ok
 *
 * preceded by a number that names the server. ACTIVE of the connections, evenly spread, have one message in flight each:
 * the next is sent when the last has come back on as many connections as FANOUT says. FANOUT 0 is an echo, which comes
 * back where it was sent. Every byte that comes is held against what was sent. Whatever goes wrong ends the program with
 * a line that starts with "error".
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SIZE = 64, SERVERS = 16, BATCH = 256, PATIENCE = 10000 /* milliseconds */ };

/* Round trips: 64 buckets for each power of two, so that a percentile is off by one per cent at most. */
enum { FINE = 6, BUCKETS = (64 - FINE + 1) << FINE };

struct connection {
  int fd;
  int filled; /* bytes of the message that is coming in */
  uint32_t sent; /* messages */
  uint32_t arrived; /* copies of the last message sent */
  int64_t since; /* when it was sent */
  char in[SIZE];
};

struct server {
  int epoll;
  int count;
  clockid_t cpu;
  struct connection *connections;
  uint64_t histogram[BUCKETS];
};

static struct server servers[SERVERS];

static void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  printf("error ");
  vprintf(format, arguments);
  printf(": %s\n", strerror(errno));
  fflush(stdout);
  exit(1);
}

static int64_t now(clockid_t clock) {
  struct timespec time;
  if (clock_gettime(clock, &time) != 0) fail("clock");
  return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static int bucket(uint64_t value) {
  if (value < 1 << FINE) return (int) value;
  int shift = 63 - __builtin_clzll(value) - FINE;
  return (shift + 1) * (1 << FINE) + (int) ((value >> shift) - (1 << FINE));
}

static uint64_t value_of(int bucket) {
  int shift = (bucket >> FINE) - 1;
  return shift < 0 ? (uint64_t) bucket : (uint64_t) ((1 << FINE) + (bucket & ((1 << FINE) - 1))) << shift;
}

static uint64_t percentile(const uint64_t *histogram, double share) {
  uint64_t total = 0, seen = 0;
  for (int i = 0; i < BUCKETS; i++) total += histogram[i];
  for (int i = 0; i < BUCKETS; i++) {
    seen += histogram[i];
    if (seen > 0 && seen >= share * total) return value_of(i);
  }
  return 0;
}

/* A message names its sender and its number, the rest of it follows from these. */
static void compose(char *message, uint32_t sender, uint32_t number) {
  uint32_t words[SIZE / 4];
  words[0] = sender;
  words[1] = number;
  for (uint32_t i = 2; i < SIZE / 4; i++) words[i] = (sender + 1) * 2654435761u + number * 40503u + i;
  memcpy(message, words, SIZE);
}

static void send_next(struct server *server, int index) {
  struct connection *connection = &server->connections[index];
  char message[SIZE];
  compose(message, (uint32_t) index, ++connection->sent);
  connection->arrived = 0;
  connection->since = now(CLOCK_MONOTONIC);
  if (send(connection->fd, message, SIZE, MSG_NOSIGNAL) != SIZE) fail("send on connection %d", index);
}

static void open_connections(struct server *server, int port, int count, pid_t pid) {
  if (clock_getcpuclockid(pid, &server->cpu) != 0) fail("clock of process %d", pid);
  server->epoll = epoll_create1(EPOLL_CLOEXEC);
  server->count = count;
  server->connections = calloc((size_t) count, sizeof *server->connections);
  if (server->epoll < 0 || server->connections == NULL) fail("open");
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t) port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  for (int i = 0; i < count; i++) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    if (fd < 0 || connect(fd, (struct sockaddr *) &address, sizeof address) != 0) fail("connection %d", i);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t) i};
    if (epoll_ctl(server->epoll, EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl");
    server->connections[i].fd = fd;
  }
}

/* Takes a whole message; returns whether its sender has now had all copies, and is to send the next one. */
static int arrive(struct server *server, int at, int fanout, const char *message, uint32_t *sender) {
  char expected[SIZE];
  memcpy(sender, message, sizeof *sender);
  if (*sender >= (uint32_t) server->count) fail("connection %d got bytes that nobody sent", at);
  if (fanout == 0 && *sender != (uint32_t) at) fail("connection %d got the echo of %u", at, *sender);
  struct connection *from = &server->connections[*sender];
  compose(expected, *sender, from->sent);
  if (memcmp(expected, message, SIZE) != 0) fail("connection %d got a wrong message of %u", at, *sender);
  from->arrived++;
  if (from->arrived < (uint32_t) (fanout == 0 ? 1 : fanout)) return 0;
  server->histogram[bucket((uint64_t) (now(CLOCK_MONOTONIC) - from->since))]++;
  return 1;
}

static void run(struct server *server, int active, int millis, int fanout) {
  struct epoll_event events[BATCH];
  uint64_t messages = 0;
  int waiting = active;
  int64_t cpu = now(server->cpu);
  int64_t start = now(CLOCK_MONOTONIC), end = start + millis * INT64_C(1000000);
  for (int i = 0; i < active; i++) send_next(server, (int) ((int64_t) i * server->count / active));
  while (waiting > 0) {
    int ready = epoll_wait(server->epoll, events, BATCH, PATIENCE);
    if (ready == 0) errno = ETIMEDOUT;
    if (ready <= 0) fail("%d messages have not come back", waiting);
    for (int i = 0; i < ready; i++) {
      int at = (int) events[i].data.u32;
      struct connection *connection = &server->connections[at];
      char bytes[SIZE * 64];
      memcpy(bytes, connection->in, (size_t) connection->filled);
      ssize_t got = recv(connection->fd, bytes + connection->filled, sizeof bytes - (size_t) connection->filled,
                         MSG_DONTWAIT);
      if (got <= 0) fail("connection %d has ended", at);
      int length = connection->filled + (int) got, taken = 0;
      for (; length - taken >= SIZE; taken += SIZE) {
        uint32_t sender;
        messages++;
        if (arrive(server, at, fanout, bytes + taken, &sender)) {
          if (now(CLOCK_MONOTONIC) < end) send_next(server, (int) sender);
          else waiting--;
        }
      }
      connection->filled = length - taken;
      memcpy(connection->in, bytes + taken, (size_t) connection->filled);
    }
  }
  int64_t time = now(CLOCK_MONOTONIC) - start;
  printf("%llu %lld %lld\n", (unsigned long long) messages, (long long) time, (long long) (now(server->cpu) - cpu));
}

static void rest(struct server *server) {
  printf("%llu %llu\n", (unsigned long long) percentile(server->histogram, 0.5),
         (unsigned long long) percentile(server->histogram, 0.999));
  memset(server->histogram, 0, sizeof server->histogram);
}

static void close_connections(struct server *server) {
  for (int i = 0; i < server->count; i++) close(server->connections[i].fd);
  close(server->epoll);
  free(server->connections);
  server->count = 0;
}

int main(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  char line[256];
  while (fgets(line, sizeof line, stdin) != NULL) {
    int number, a, b, c;
    char command[16];
    int fields = sscanf(line, "%d %15s %d %d %d", &number, command, &a, &b, &c);
    errno = EINVAL;
    if (fields < 2 || number < 0 || number >= SERVERS) fail("not a command: %s", line);
    struct server *server = &servers[number];
    if (strcmp(command, "open") == 0 && fields == 5 && server->count == 0 && b > 0) {
      open_connections(server, a, b, c);
      puts("ok");
    } else if (strcmp(command, "run") == 0 && fields == 5 && a > 0 && a <= server->count) {
      run(server, a, b, c);
    } else if (strcmp(command, "rest") == 0) {
      rest(server);
    } else if (strcmp(command, "close") == 0 && server->count > 0) {
      close_connections(server);
      puts("ok");
    } else {
      fail("not a command: %s", line);
    }
    fflush(stdout);
  }
  return 0;
}
