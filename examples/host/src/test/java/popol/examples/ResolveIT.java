package popol.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aQute.bnd.osgi.repository.SimpleIndexer;
import biz.aQute.resolve.Bndrun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.service.resolver.ResolutionException;

/** The repository index of a ready host: a resolver finds what a plugin needs that names {@code Popol} alone. */
@Timeout(120)
class ResolveIT {

  private static final Set<String> SERVICES = Set.of("org.apache.felix.scr", "org.osgi.service.component",
      "org.osgi.util.function", "org.osgi.util.promise");

  @TempDir Path temporary;

  @ParameterizedTest
  @CsvSource({
    "FELIX, linux, x86-64, popol.linux", "FELIX, linux, aarch64, popol.linux",
    "FELIX, macosx, x86-64, popol.macos", "FELIX, macosx, aarch64, popol.macos",
    "FELIX, win32, x86-64, popol.windows", "FELIX, win32, aarch64, popol.windows",
    "EQUINOX, linux, x86-64, popol.linux", "EQUINOX, linux, aarch64, popol.linux",
    "EQUINOX, macosx, x86-64, popol.macos", "EQUINOX, macosx, aarch64, popol.macos",
    "EQUINOX, win32, x86-64, popol.windows", "EQUINOX, win32, aarch64, popol.windows"
  })
  void aPluginGetsTheImplementationOfItsSystem(Launch host, String system, String processor, String implementation)
      throws Exception {
    Set<String> expected = new TreeSet<>(SERVICES);
    expected.addAll(List.of("popol", "popol.engine", implementation, "popol.examples"));
    assertEquals(expected, resolve(host, system, processor), "the bundles for " + system + " " + processor);
  }

  @ParameterizedTest
  @CsvSource({"FELIX", "EQUINOX"})
  void whereThereIsNoImplementationTheResolverSaysWhatIsMissing(Launch host) {
    ResolutionException missing = assertThrows(ResolutionException.class,
        () -> resolve(host, "solaris", "x86-64"));
    assertTrue(missing.getMessage().contains("popol"), missing.getMessage());
  }

  /** The names of the bundles that a plugin and a framework need on a system. */
  private Set<String> resolve(Launch host, String system, String processor) throws Exception {
    Path plugin = Files.copy(Launch.PLUGINS.resolve("popol.examples.jar"), temporary.resolve("plugin.jar"));
    Path plugins = temporary.resolve("plugins.xml");
    new SimpleIndexer().files(List.of(plugin.toFile())).base(temporary.toUri()).index(plugins.toFile());
    String framework = host == Launch.FELIX ? "org.apache.felix.framework" : "org.eclipse.osgi";
    Path run = Files.writeString(temporary.resolve("plugin.bndrun"), String.join("\n",
        "-standalone: " + host.home().resolve("index.xml").toUri() + ", " + plugins.toUri(),
        "-runee: JavaSE-25",
        "-runfw: " + framework,
        "-resolve.effective: active",
        "-runprovidedcapabilities: osgi.native;osgi.native.osname:List<String>='" + system
            + "';osgi.native.processor:List<String>='" + processor + "'",
        "-runrequires: osgi.identity;filter:='(osgi.identity=popol.examples)'"));
    try (Bndrun bndrun = Bndrun.createBndrun(null, run.toFile())) {
      String bundles = bndrun.resolve(false, false);
      System.out.println(host.name().toLowerCase(Locale.ROOT) + ", " + system + " " + processor + ": " + bundles);
      return Stream.of(bundles.replaceAll("'[^']*'", "").split(",")).map(bundle -> bundle.split(";")[0].strip())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
