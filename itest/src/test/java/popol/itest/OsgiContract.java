package popol.itest;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;

/** A program that runs the contract suite inside a framework, as a bundle that looks the service up. */
final class OsgiContract {

  private OsgiContract() {}

  /**
   * Ends with status 0 if every test passed, as the suite does elsewhere. Arguments: an empty directory, how many
   * times.
   */
  static void main(String[] arguments) throws Exception {
    Map<String, String> properties = Map.of(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, junitPackages());
    boolean success;
    try (Osgi osgi = Osgi.launch(Path.of(arguments[0]), properties)) {
      osgi.start(Jars.POPOL);
      success = run(osgi.start(Jars.CONTRACT), Integer.parseInt(arguments[1]));
    }
    System.exit(success ? 0 : 1);
  }

  private static boolean run(Bundle contract, int times) throws ReflectiveOperationException {
    Object result = contract.loadClass("popol.contract.Suite").getMethod("run", PrintStream.class, int.class)
        .invoke(null, System.out, times);
    return (boolean) result.getClass().getMethod("isSuccess").invoke(result);
  }

  /** As the jars of JUnit say it: they could be bundles, but are on this program's class path. */
  private static String junitPackages() throws IOException {
    List<String> exports = new ArrayList<>();
    for (Path path : Jars.junit()) {
      try (JarFile jar = new JarFile(path.toFile())) {
        String header = jar.getManifest().getMainAttributes().getValue(Constants.EXPORT_PACKAGE);
        if (header != null) {
          exports.add(header);
        }
      }
    }
    return String.join(",", exports);
  }
}
