package popol.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The TLS server of the examples with the JDK's own TLS clients. */
@Timeout(120)
class TlsEchoIT {

  private static final int MUCH = 4 * 1024 * 1024; // bytes, more than all buffers on the way hold
  private static final int LIMIT = 60_000; // milliseconds

  private static Child server;
  private static int port;
  private static SSLContext context;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    Path certificate = directory.resolve("certificate.pem");
    server = new Child(Launch.withoutExport(TlsEcho.class, certificate.toString()));
    port = Integer.parseInt(server.expect("listening on port (\\d+)").group(1));
    context = trust(certificate);
  }

  @AfterAll
  static void stop() throws Exception {
    server.endInput();
    server.expectExit(0);
    server.close();
  }

  @Test
  void echoesMuchInTls13() throws Exception {
    try (SSLSocket client = connect("TLSv1.3")) {
      byte[] sent = bytes(1);
      FutureTask<Void> sending = send(client, sent, true);
      assertArrayEquals(sent, client.getInputStream().readAllBytes(), "what comes back, and the farewell after it");
      sending.get(LIMIT, TimeUnit.MILLISECONDS);
    }
  }

  @Test
  void echoesMuchInTls12() throws Exception {
    try (SSLSocket client = connect("TLSv1.2")) {
      byte[] sent = bytes(2);
      FutureTask<Void> sending = send(client, sent, false);
      assertArrayEquals(sent, client.getInputStream().readNBytes(sent.length), "what comes back");
      sending.get(LIMIT, TimeUnit.MILLISECONDS);
    }
  }

  @Test
  void servesOneWhileAnotherDoesNotRead() throws Exception {
    try (SSLSocket slow = connect("TLSv1.3"); SSLSocket quick = connect("TLSv1.3")) {
      byte[] sent = bytes(3);
      FutureTask<Void> sending = send(slow, sent, true);
      for (int i = 0; i < 100; i++) {
        byte[] record = {(byte) i, 1, 2};
        quick.getOutputStream().write(record);
        assertArrayEquals(record, quick.getInputStream().readNBytes(record.length), "one record there and back");
      }
      assertArrayEquals(sent, slow.getInputStream().readAllBytes(), "what was held above the descriptor meanwhile");
      sending.get(LIMIT, TimeUnit.MILLISECONDS);
    }
  }

  /** Several records in one write of the network: the server's one read takes in all of them. */
  @Test
  void answersAllRecordsOfOneRead() throws Exception {
    try (SSLSocket client = connect("TLSv1.3")) {
      client.setTcpNoDelay(true);
      for (int round = 0; round < 100; round++) {
        for (int record = 0; record < 20; record++) {
          client.getOutputStream().write(record);
        }
        assertEquals(20, client.getInputStream().readNBytes(20).length, "as many bytes as were sent");
      }
    }
  }

  @Test
  void outlivesAClientThatSpeaksNoTls() throws Exception {
    try (Socket other = new Socket(InetAddress.getLoopbackAddress(), port); SSLSocket client = connect("TLSv1.3")) {
      other.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes());
      server.expect("left: .*");
      client.getOutputStream().write(1);
      assertEquals(1, client.getInputStream().read(), "the other client is served");
    }
  }

  private SSLSocket connect(String protocol) throws Exception {
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(LIMIT);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setProtocols(new String[] {protocol});
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    assertEquals(protocol, socket.getSession().getProtocol(), "the protocol");
    return socket;
  }

  private static FutureTask<Void> send(SSLSocket client, byte[] bytes, boolean farewell) {
    FutureTask<Void> task = new FutureTask<>(() -> {
      client.getOutputStream().write(bytes);
      if (farewell) {
        client.shutdownOutput();
      }
      return null;
    });
    Thread.ofPlatform().start(task);
    return task;
  }

  private static byte[] bytes(long seed) {
    byte[] bytes = new byte[MUCH];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static SSLContext trust(Path certificate) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (InputStream input = Files.newInputStream(certificate)) {
      trusted.setCertificateEntry("server", CertificateFactory.getInstance("X.509").generateCertificate(input));
    }
    TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }
}
