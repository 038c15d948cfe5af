# The numbers of macOS in MacosHeaders.java and LibSystem.java that Linux has otherwise, in Linux's: all that has to differ
# for the macOS bundle to wait on Linux's descriptors. ports/macos checks that each line finds its match.
s/EAGAIN = 35/EAGAIN = 11/
s/ENOSYS = 78/ENOSYS = 38/
s/O_NONBLOCK = 0x4/O_NONBLOCK = 0x800/
s/RLIMIT_NOFILE = 8/RLIMIT_NOFILE = 7/
s/AF_INET6 = 30/AF_INET6 = 10/
s/SOL_SOCKET = 0xffff/SOL_SOCKET = 1/
s/SO_TYPE = 0x1008/SO_TYPE = 3/
s/SO_ACCEPTCONN = 0x2/SO_ACCEPTCONN = 30/
s/FAMILY = 1;/FAMILY = 0;/
