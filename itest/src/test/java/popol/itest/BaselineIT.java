package popol.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The build of the API once there is a release: a change that breaks its users stops it. */
@Timeout(300)
class BaselineIT {

  private static final String GROUP = "popol.baseline"; // one that no repository has
  private static final Path SOURCE = Path.of("..").toAbsolutePath().normalize();

  private static final Pattern REMOVED =
      Pattern.compile("popol +PACKAGE +MAJOR .*REMOVED +METHOD +mechanism\\(\\)", Pattern.DOTALL);

  @TempDir Path directory;

  /** What Maven printed, and its exit code. */
  private record Build(int exitCode, String output) {}

  @Test
  void aBreakingChangeFailsTheBuild() throws Exception {
    linkLocalRepository();
    copyProject();
    release(Jars.API, "0.0.1");
    Build same = build();
    assertEquals(0, same.exitCode, "what is as released passes\n" + same.output);
    assertTrue(same.output.contains("Baseline check succeeded"), "the release was compared with\n" + same.output);

    replace("api/src/main/java/popol/Popol.java", "mechanism()", "nameOfMechanism()");
    Build broken = build();
    assertEquals(1, broken.exitCode, "a method with another name fails the build\n" + broken.output);
    assertTrue(REMOVED.matcher(broken.output).find(), "and the report says what is missing\n" + broken.output);
  }

  /** A local repository with all that the real one has, into which the release can come without getting there. */
  private void linkLocalRepository() throws IOException {
    Path own = Files.createDirectory(directory.resolve("local"));
    Path real = Path.of(System.getProperty("popol.itest.repository"));
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(real)) {
      for (Path entry : entries) {
        Files.createSymbolicLink(own.resolve(entry.getFileName()), entry.toAbsolutePath());
      }
    }
  }

  @AfterEach
  void unlinkLocalRepository() throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory.resolve("local"))) {
      for (Path entry : entries) {
        if (Files.isSymbolicLink(entry)) {
          Files.delete(entry);
        }
      }
    }
  }

  private void copyProject() throws IOException {
    copy("pom.xml");
    copy("LICENSE");
    try (Stream<Path> files = Files.walk(SOURCE.resolve("api"))) {
      for (Path file : files.filter(Files::isRegularFile).map(SOURCE::relativize).toList()) {
        if (!file.startsWith("api/target") && !file.startsWith("api/src/test")) {
          copy(file.toString());
        }
      }
    }
    replace("pom.xml", "<groupId>io.github.popol</groupId>", "<groupId>" + GROUP + "</groupId>");
    replace("api/pom.xml", "<groupId>io.github.popol</groupId>", "<groupId>" + GROUP + "</groupId>");
    replace("pom.xml", "  <modules>", """
          <distributionManagement>
            <repository>
              <id>released</id>
              <url>%s</url>
            </repository>
          </distributionManagement>
          <modules>\
        """.formatted(directory.resolve("released").toUri()));
  }

  private void copy(String name) throws IOException {
    Path target = directory.resolve("project").resolve(name);
    Files.createDirectories(target.getParent());
    Files.copy(SOURCE.resolve(name), target);
  }

  private void release(Path jar, String version) throws IOException {
    Path artifact = directory.resolve("released").resolve(GROUP.replace('.', '/')).resolve("popol");
    Files.createDirectories(artifact.resolve(version));
    Files.copy(jar, artifact.resolve(version).resolve("popol-" + version + ".jar"));
    Files.writeString(artifact.resolve(version).resolve("popol-" + version + ".pom"), """
        <project>
          <modelVersion>4.0.0</modelVersion>
          <groupId>%s</groupId>
          <artifactId>popol</artifactId>
          <version>%s</version>
        </project>
        """.formatted(GROUP, version));
    Files.writeString(artifact.resolve("maven-metadata.xml"), """
        <metadata>
          <groupId>%s</groupId>
          <artifactId>popol</artifactId>
          <versioning>
            <versions>
              <version>%s</version>
            </versions>
          </versioning>
        </metadata>
        """.formatted(GROUP, version));
  }

  private void replace(String name, String text, String replacement) throws IOException {
    Path file = directory.resolve("project").resolve(name);
    String old = Files.readString(file);
    assertTrue(old.contains(text), name + " contains " + text);
    Files.writeString(file, old.replace(text, replacement));
  }

  /** The build of the API alone, by the Maven that runs this test. Nothing is downloaded. */
  private Build build() throws IOException, InterruptedException {
    Path output = directory.resolve("output.txt");
    Process maven = new ProcessBuilder(List.of(
        Path.of(System.getProperty("popol.itest.maven"), "bin", "mvn").toString(),
        "-B", "-o", "-Daether.offline.protocols=file", "-Dmaven.repo.local=" + directory.resolve("local"),
        "-Dmaven.test.skip", "verify"))
        .directory(directory.resolve("project/api").toFile())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
    try {
      assertTrue(maven.waitFor(2, TimeUnit.MINUTES), "the build ends");
    } finally {
      maven.destroyForcibly().waitFor();
    }
    return new Build(maven.exitValue(), Files.readString(output));
  }
}
