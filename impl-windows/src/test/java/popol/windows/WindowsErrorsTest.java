package popol.windows;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class WindowsErrorsTest {

  @Test
  void aMessageNamesTheCallAndWhatToDo() {
    assertEquals("WSASocket failed: this process has no sockets left (WSAEMFILE): close something",
        WindowsErrors.failure("WSASocket", WindowsHeaders.WSAEMFILE).getMessage());
    assertEquals("send failed: the system has no buffer space left (WSAENOBUFS)",
        WindowsErrors.failure("send", WindowsHeaders.WSAENOBUFS).getMessage());
    assertEquals("connect failed: error 10061 of Windows", WindowsErrors.failure("connect", 10061).getMessage());
  }
}
