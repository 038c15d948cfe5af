/*
 * Holds the other ends of a contender's sockets. Started with the path of a Unix-domain socket, or without for TCP on
 * loopback; prints its address, then obeys standard input:
 *
 *   open WHAT SOURCES ACTIVE   takes SOURCES connections; for wait-block and virtual echoes what comes over the last one, with a
 *                              blocking read and write; else writes one byte into ACTIVE of them, spread evenly
 *   close                      drops them
 *   thread                     tells the thread's id; threads that echo inherit the processors that it may run on
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void fail(const char *what) {
  printf("error %s: %s\n", what, strerror(errno));
  fflush(stdout);
  exit(1);
}

static int listen_tcp(void) {
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) || listen(listener, 2048) ||
      getsockname(listener, (struct sockaddr *)&address, &size)) {
    fail("listen");
  }
  printf("%d\n", ntohs(address.sin_port));
  return listener;
}

static int listen_unix(const char *path) {
  int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    fail(path);
  }
  strcpy(address.sun_path, path);
  if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 2048)) {
    fail("listen");
  }
  printf("%s\n", path);
  return listener;
}

/* Until the connection ends. */
static void *echo(void *connection) {
  int descriptor = *(int *)connection;
  char byte;
  while (read(descriptor, &byte, 1) == 1 && write(descriptor, &byte, 1) == 1) {
  }
  return NULL;
}

int main(int count, char **arguments) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  int listener = count > 1 ? listen_unix(arguments[1]) : listen_tcp();
  fflush(stdout);

  int *connections = NULL;
  int sources = 0;
  int echoing = 0;
  pthread_t echoer;
  char line[100];
  while (fgets(line, sizeof line, stdin)) {
    char what[50];
    int active;
    if (sscanf(line, "open %49s %d %d", what, &sources, &active) == 3) {
      connections = realloc(connections, (sources + 1) * sizeof *connections);
      int on = 1;
      for (int i = 0; i < sources; i++) {
        connections[i] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (connections[i] < 0) {
          fail("accept");
        }
        setsockopt(connections[i], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* a Unix-domain socket has none */
      }
      echoing = strcmp(what, "wait-block") == 0 || strcmp(what, "virtual") == 0;
      if (echoing) {
        errno = pthread_create(&echoer, NULL, echo, &connections[sources - 1]);
        if (errno) {
          fail("pthread_create");
        }
      } else {
        for (int i = 0; i < active; i++) {
          if (write(connections[(i + 1) * (long)sources / active - 1], "x", 1) != 1) {
            fail("write");
          }
        }
      }
    } else if (strcmp(line, "thread\n") == 0) {
      printf("%d\n", gettid());
      fflush(stdout);
      continue;
    } else if (strcmp(line, "close\n") == 0) {
      if (echoing) {
        shutdown(connections[sources - 1], SHUT_RD); /* ends the echo's read */
        pthread_join(echoer, NULL);
      }
      struct linger reset = {.l_onoff = 1}; /* so that no address stays taken for a minute */
      for (int i = 0; i < sources; i++) {
        setsockopt(connections[i], SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        close(connections[i]);
      }
    } else {
      printf("error unknown command\n");
      return 1;
    }
    printf("ok\n");
    fflush(stdout);
  }
  if (count > 1) {
    unlink(arguments[1]);
  }
}
