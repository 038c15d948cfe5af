package popol.inspect;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import popol.Popol;

/**
 * The doctor as a program: {@code java -jar popol.engine.jar}, with the other jars of popol in the same folder or in a
 * Maven repository; or {@code java FLAGS -cp 'lib/*' popol.inspect.Main}, which tries the flags and the jars of a
 * program. The exit status is 0 if everything works, 1 if something does not, 2 if jars are missing.
 */
public final class Main {

  private static final String JAR = ".jar";

  private Main() {}

  /**
   * Prints the report, and ends the JVM.
   *
   * @param args none
   * @throws Exception if the jars beside this one cannot be read
   */
  public static void main(String[] args) throws Exception {
    if (!isWhole()) {
      Path own = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      // Its parent is the platform's loader, because this class's own has this jar without the others.
      URLClassLoader loader = new URLClassLoader(urls(jars(own)), ClassLoader.getPlatformClassLoader());
      Class<?> main = loader.loadClass(Main.class.getName());
      if (main != Main.class && (boolean) main.getMethod("isWhole").invoke(null)) {
        Thread.currentThread().setContextClassLoader(loader);
        main.getMethod("examine").invoke(null);
      }
      System.err.println("popol's other jars are not where " + own + " is: put popol, popol.engine and the one for this"
          + " system, all of one version, into one folder");
      System.exit(2);
    }
    examine();
  }

  /** {@return whether the API can be found, without which nothing works} */
  public static boolean isWhole() {
    try {
      Class.forName("popol.Popol", false, Main.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Examines popol, prints the report, and ends the JVM. */
  public static void examine() {
    try {
      Popol popol = Popol.provider();
      Doctor doctor = new Doctor(popol, Main.class.getModule().isNamed() ? "module path" : "class path",
          Stream.of(Popol.class, Main.class, popol.getClass()).map(Main::version).collect(Collectors.joining(", ")));
      System.out.print(doctor.report());
      System.exit(doctor.failures() == 0 ? 0 : 1);
    } catch (IllegalStateException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    }
  }

  /** The name and version of the jar that a class is from. */
  private static String version(Class<?> type) {
    Module module = type.getModule();
    String name = type == Main.class ? "popol.engine" : type.getPackageName();
    return name + " " + (module.isNamed()
        ? module.getDescriptor().rawVersion().orElse("of no version")
        : type.getPackage().getImplementationVersion());
  }

  /** The jars in the same folder; and those of the same version, where the folder is one of a Maven repository. */
  private static List<Path> jars(Path own) throws IOException {
    Path folder = own.resolveSibling("").toAbsolutePath();
    List<Path> jars = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      files.filter(Main::isPopol).forEach(jars::add);
    }
    Path group = folder.resolve("../..").normalize();
    Path version = folder.getFileName();
    if (version != null && Files.isDirectory(group.resolve("popol").resolve(version))) {
      try (Stream<Path> artifacts = Files.list(group)) {
        artifacts.map(artifact -> artifact.resolve(version).resolve(artifact.getFileName() + "-" + version + JAR))
            .filter(jar -> isPopol(jar) && Files.exists(jar) && !jars.contains(jar)).forEach(jars::add);
      }
    }
    return jars;
  }

  private static boolean isPopol(Path jar) {
    String name = jar.getFileName().toString();
    return name.startsWith("popol") && name.endsWith(JAR) && !name.contains("-sources") && !name.contains("-javadoc");
  }

  private static URL[] urls(List<Path> jars) throws IOException {
    URL[] urls = new URL[jars.size()];
    for (int i = 0; i < urls.length; i++) {
      urls[i] = jars.get(i).toUri().toURL();
    }
    return urls;
  }
}
