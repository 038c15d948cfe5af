package popol.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
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
  private static final int ALERT = 21; // the type of a record
  private static final Duration PACE = Duration.ofMillis(5);

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
    server.type("quit");
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
      server.expect("failed: .*: .*plaintext connection.*");
      client.getOutputStream().write(1);
      assertEquals(1, client.getInputStream().read(), "the other client is served");
    }
  }

  @Test
  void tellsWhyAHandshakeFails() throws Exception {
    try (Socket other = raw()) {
      other.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes());
      byte[] alert = other.getInputStream().readAllBytes();
      assertEquals(ALERT, alert[0], "an alert, and then the end");
    }
  }

  /** A header that announces more than a record may have, and as much as the server's buffer holds. */
  @Test
  void doesNotSpinOnARecordThatIsTooLarge() throws Exception {
    try (Socket other = raw()) {
      byte[] bytes = new byte[20_000];
      System.arraycopy(new byte[] {22, 3, 1, 0x70, 0}, 0, bytes, 0, 5);
      other.getOutputStream().write(bytes);
      server.expect("failed: .*: a record that is larger than it may be");
      double cpu = cpu();
      Thread.sleep(1500); // it does not leave, but the server has had enough
      cpu = cpu() - cpu;
      System.out.printf(Locale.ROOT, "a record that is too large: CPU %.2f s of 1.5 s%n", cpu);
      assertTrue(cpu < 0.2, "no spin: " + cpu);
      assertEquals(-1, other.getInputStream().read(), "the server ends the connection");
    }
  }

  @Test
  void endsHandshakesThatDoNotFinish() throws Exception {
    List<Socket> others = new ArrayList<>();
    try (SSLSocket client = connect("TLSv1.3")) {
      long start = System.nanoTime();
      for (int i = 0; i < 150; i++) {
        Socket other = raw();
        other.getOutputStream().write(hello(), 0, i); // as much as some of it
        others.add(other);
      }
      for (Socket other : others) {
        assertEquals(-1, other.getInputStream().read(), "it is given some seconds");
      }
      System.out.printf(Locale.ROOT, "150 handshakes that do not finish: gone after %.1f s%n",
          (System.nanoTime() - start) / 1e9);
      echo(client);
    } finally {
      for (Socket other : others) {
        other.close();
      }
    }
  }

  /** The expensive parts are done by other threads. */
  @Test
  void servesOthersWhileManyShakeHands() throws Exception {
    byte[] hello = hello();
    try (SSLSocket client = connect("TLSv1.3")) {
      RoundTrips before = RoundTrips.during(Duration.ofSeconds(1), PACE, () -> echo(client));
      AtomicInteger count = new AtomicInteger();
      FutureTask<Void> storm = new FutureTask<>(() -> {
        for (long end = System.nanoTime() + 3_000_000_000L; System.nanoTime() - end < 0; count.incrementAndGet()) {
          try (Socket other = raw()) {
            other.getOutputStream().write(hello);
            other.getInputStream().read(); // the server's hello
          }
        }
        return null;
      });
      Thread.ofPlatform().daemon().start(storm);
      RoundTrips during = RoundTrips.during(storm, PACE, () -> echo(client));
      System.out.println(count + " hellos in 3 s: before " + before + "; during " + during);
      assertTrue(during.percentile(50) <= Math.max(50, 10 * before.percentile(50)), "p50 of others: " + during);
      assertTrue(during.percentile(99) <= Math.max(1000, 10 * before.percentile(99)), "p99 of others: " + during);
    }
  }

  private static void echo(SSLSocket client) throws IOException {
    client.getOutputStream().write(7);
    assertEquals(7, client.getInputStream().read(), "it is served");
  }

  private static Socket raw() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(LIMIT);
    return socket;
  }

  private static double cpu() {
    return server.process().info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
  }

  /** What a client sends first. */
  private static byte[] hello() throws Exception {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(true);
    ByteBuffer bytes = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), bytes);
    byte[] hello = new byte[bytes.flip().remaining()];
    bytes.get(hello);
    return hello;
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
