package popol.examples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate for this machine that nobody else has signed, made by the JDK's {@code keytool}. */
final class SelfSigned {

  private static final String PASSWORD = "for an example"; // the key is deleted when it has been read

  private SelfSigned() {}

  /**
   * Makes a key, and the certificate of it.
   *
   * @param certificate the file to write the certificate to
   * @return what a server needs
   */
  static SSLContext create(Path certificate) throws IOException, InterruptedException, GeneralSecurityException {
    Path directory = Files.createTempDirectory("popol-tls"); // which others cannot read
    Path store = directory.resolve("key.p12");
    try {
      keytool("-genkeypair", "-keystore", store.toString(), "-storepass", PASSWORD, "-alias", "server",
          "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "san=dns:localhost,ip:127.0.0.1,ip:::1");
      keytool("-exportcert", "-rfc", "-keystore", store.toString(), "-storepass", PASSWORD, "-alias", "server",
          "-file", certificate.toString());
      return context(store);
    } finally {
      Files.deleteIfExists(store);
      Files.delete(directory);
    }
  }

  private static SSLContext context(Path store) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream input = Files.newInputStream(store)) {
      keys.load(input, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private static void keytool(String... arguments) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    builder.command().addAll(List.of(arguments));
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new IOException("keytool failed: " + said);
    }
  }
}
