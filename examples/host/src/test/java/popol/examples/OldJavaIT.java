package popol.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A ready host that is started by a Java which is too old. */
@Timeout(60)
class OldJavaIT {

  private static final Path HOST = Path.of(System.getProperty("popol.examples.host"), "popol-host-felix");
  private static final int JAVA_8 = 52; // the version of its class files

  @TempDir Path jdk;

  @Test
  void theFirstClassIsForOldJvms() throws Exception {
    try (JarFile jar = new JarFile(HOST.resolve("launcher.jar").toFile());
        DataInputStream file = new DataInputStream(jar.getInputStream(jar.getEntry("popol/host/Start.class")))) {
      assertEquals("popol.host.Start", jar.getManifest().getMainAttributes().getValue("Main-Class"));
      file.readInt(); // the magic number
      assertEquals(0, file.readUnsignedShort(), "the minor version");
      assertEquals(JAVA_8, file.readUnsignedShort(), "the major version");
    }
  }

  @Test
  void theScriptNamesTheJavaThatIsNeeded() throws Exception {
    Path java = Files.createDirectories(jdk.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\nexit 99\n");
    assertTrue(java.toFile().setExecutable(true));
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");
    try (Child child = new Child(List.of("env", "JAVA_HOME=" + jdk, HOST.resolve("start").toString()))) {
      child.expect("popol needs a Java 25 or newer\\. .* is Java 17: .* by JAVA_HOME\\.");
      child.expectExit(1);
    }
  }
}
