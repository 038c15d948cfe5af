package popol.inspect;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import popol.Popol;
import popol.inspect.OpenRegistries.Opened;

/** Commands for a Gogo shell, which finds them by the properties of the service: {@code popol:list} and others. */
@Component(
    service = Commands.class,
    property = {
      "osgi.command.scope=popol",
      "osgi.command.function=list",
      "osgi.command.function=show",
      "osgi.command.function=doctor"
    })
public final class Commands {

  private final BundleContext context;

  /**
   * Called by the component runtime.
   *
   * @param context the engine's
   */
  @Activate
  public Commands(BundleContext context) {
    this.context = context;
  }

  /** {@return a line for each open registry: its number, its bundle, its size, and who waits} */
  public String list() {
    String lines = OpenRegistries.all().stream().map(Opened::summary).filter(Objects::nonNull)
        .collect(Collectors.joining(System.lineSeparator()));
    return lines.isEmpty() ? "no registry is open" : lines;
  }

  /**
   * Shows what a registry holds.
   *
   * @param number its number, as in {@link #list}
   * @return a table
   */
  public String show(long number) {
    return OpenRegistries.all().stream().filter(opened -> opened.number() == number).map(Opened::table)
        .filter(Objects::nonNull).findFirst()
        .orElse("no open registry has the number " + number + "; popol:list shows those that are open");
  }

  /** {@return what a bug report needs to know of this system and of popol, and whether everything works} */
  public String doctor() {
    String bundles = Arrays.stream(context.getBundles())
        .filter(bundle -> bundle.getSymbolicName().equals("popol") || bundle.getSymbolicName().startsWith("popol."))
        .map(Commands::text).collect(Collectors.joining(", "));
    Bundle framework = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
    ServiceReference<Popol> reference = context.getServiceReference(Popol.class);
    Popol popol = reference == null ? null : context.getService(reference);
    if (popol == null) {
      return "There is no service popol.Popol: the bundles of popol here are " + bundles
          + ". Start popol and popol.engine, the one for this system, and a component runtime such as Felix SCR";
    }
    try {
      return new Doctor(popol, framework.getSymbolicName() + " " + framework.getVersion(), bundles).report();
    } finally {
      context.ungetService(reference);
    }
  }

  private static String text(Bundle bundle) {
    String state = switch (bundle.getState()) {
      case Bundle.ACTIVE -> "";
      case Bundle.STARTING -> ""; // lazily
      case Bundle.RESOLVED -> " (not started)";
      default -> " (not resolved)";
    };
    return bundle.getSymbolicName() + " " + bundle.getVersion() + state;
  }
}
