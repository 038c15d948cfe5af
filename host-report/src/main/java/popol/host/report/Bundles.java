package popol.host.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/** The bundles that do not resolve, or whose activator failed. */
final class Bundles {

  private static final Pattern NATIVE = Pattern.compile("osname~=([\\w ]+)");
  private static final Pattern LEAST = Pattern.compile("[^!]\\(version>=([\\d.]+)\\)");
  private static final Pattern BELOW = Pattern.compile("!\\(version>=([\\d.]+)\\)");
  private static final Pattern EXACT = Pattern.compile("\\(version=([\\d.]+)\\)");

  private final BundleContext context;
  private final Map<Bundle, Failure> failures = new LinkedHashMap<>(); // of activators

  /** How a start has ended that this class tried, because the framework tells nobody but who tries. */
  private record Failure(long modified, String text) {}

  Bundles(BundleContext context) {
    this.context = context;
  }

  /** Why each bundle does not run that should. */
  Map<String, String> problems() {
    Map<String, String> problems = new LinkedHashMap<>();
    Bundle[] all = context.getBundles();
    failures.keySet().retainAll(List.of(all));
    for (Bundle bundle : all) {
      if (bundle.getState() == Bundle.INSTALLED && !isForOtherSystem(bundle)) {
        problems.put(name(bundle), "does not resolve: it needs " + String.join(", and ", missing(bundle, all)));
      } else if (bundle.getState() == Bundle.RESOLVED && isToRun(bundle)) {
        String failure = failure(bundle);
        if (failure != null) {
          problems.put(name(bundle), "does not start: " + failure);
        }
      }
    }
    return problems;
  }

  private static String name(Bundle bundle) {
    return "bundle " + bundle.getSymbolicName() + " " + bundle.getVersion();
  }

  /** The implementations of popol for other systems do not resolve, and need not. */
  private static boolean isForOtherSystem(Bundle bundle) {
    return requirements(bundle).stream().anyMatch(requirement -> requirement.getNamespace().equals("osgi.native"))
        && bundle.getSymbolicName().startsWith("popol.");
  }

  private static List<BundleRequirement> requirements(Bundle bundle) {
    BundleRevision revision = bundle.adapt(BundleRevision.class);
    return revision == null ? List.of() : revision.getDeclaredRequirements(null);
  }

  // Resolving

  private static List<String> missing(Bundle bundle, Bundle[] all) {
    List<String> missing = new ArrayList<>();
    for (BundleRequirement requirement : requirements(bundle)) {
      boolean needed = !"optional".equals(requirement.getDirectives().get(Constants.RESOLUTION_DIRECTIVE))
          && !"dynamic".equals(requirement.getDirectives().get(Constants.RESOLUTION_DIRECTIVE))
          && "resolve".equals(requirement.getDirectives().getOrDefault(Constants.EFFECTIVE_DIRECTIVE, "resolve"));
      if (needed && providers(requirement, all, true).isEmpty()) {
        List<Bundle> unresolved = providers(requirement, all, false);
        missing.add(unresolved.isEmpty()
            ? words(requirement) + others(requirement, all)
            : words(requirement) + " of " + unresolved.getFirst().getSymbolicName() + ", which does not resolve");
      }
    }
    if (missing.isEmpty()) {
      missing.add("what other bundles have, but in a combination that the framework refuses");
    }
    return missing;
  }

  private static List<Bundle> providers(BundleRequirement requirement, Bundle[] all, boolean resolved) {
    List<Bundle> providers = new ArrayList<>();
    for (Bundle bundle : all) {
      BundleRevision revision = bundle.adapt(BundleRevision.class);
      if (revision != null && (!resolved || bundle.getState() != Bundle.INSTALLED)
          && revision.getDeclaredCapabilities(null).stream().anyMatch(requirement::matches)) {
        providers.add(bundle);
      }
    }
    return providers;
  }

  private static String words(BundleRequirement requirement) {
    String filter = requirement.getDirectives().getOrDefault(Constants.FILTER_DIRECTIVE, "");
    String namespace = requirement.getNamespace();
    return switch (namespace) {
      case BundleRevision.PACKAGE_NAMESPACE -> "the package " + value(filter, namespace) + version(filter);
      case BundleRevision.BUNDLE_NAMESPACE, BundleRevision.HOST_NAMESPACE -> "the bundle " + value(filter, namespace);
      case "osgi.ee" -> "Java" + version(filter) + ": start the host by a newer one";
      case "osgi.extender" -> "an extender " + value(filter, namespace);
      case "osgi.native" -> "another system" + system(filter);
      default -> namespace + " " + filter;
    };
  }

  /** Where nobody has it, what comes near: the same package in another version. */
  private static String others(BundleRequirement requirement, Bundle[] all) {
    String namespace = requirement.getNamespace();
    if (!namespace.equals(BundleRevision.PACKAGE_NAMESPACE)) {
      return namespace.equals("osgi.ee") || namespace.equals("osgi.native") ? "" : ", which nobody has";
    }
    String wanted = value(requirement.getDirectives().getOrDefault(Constants.FILTER_DIRECTIVE, ""), namespace);
    List<String> near = new ArrayList<>();
    for (Bundle bundle : all) {
      BundleRevision revision = bundle.adapt(BundleRevision.class);
      for (BundleCapability capability : revision == null
          ? List.<BundleCapability>of()
          : revision.getDeclaredCapabilities(namespace)) {
        if (wanted.equals(capability.getAttributes().get(namespace))) {
          near.add(bundle.getSymbolicName() + " has " + capability.getAttributes().get("version"));
        }
      }
    }
    return near.isEmpty()
        ? ", which no bundle exports: put the one that does into the folder"
        : ", but " + String.join(", ", near);
  }

  private static String value(String filter, String namespace) {
    Matcher matcher = Pattern.compile("\\(" + Pattern.quote(namespace) + "=([^)]*)\\)").matcher(filter);
    return matcher.find() ? matcher.group(1) : filter;
  }

  private static String version(String filter) {
    Matcher least = LEAST.matcher(filter);
    Matcher below = BELOW.matcher(filter);
    Matcher exact = EXACT.matcher(filter);
    return (least.find() ? " " + least.group(1) + " or newer" : exact.find() ? " " + exact.group(1) : "")
        + (below.find() ? ", below " + below.group(1) : "");
  }

  private static String system(String filter) {
    Matcher matcher = NATIVE.matcher(filter);
    return matcher.find() ? ", " + matcher.group(1) : "";
  }

  // Starting

  private static boolean isToRun(Bundle bundle) {
    boolean isFragment = bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
    return !isFragment && bundle.adapt(BundleStartLevel.class).isPersistentlyStarted();
  }

  /** Tries once more, to hear what is wrong; null if it starts now. */
  private String failure(Bundle bundle) {
    Failure known = failures.get(bundle);
    if (known != null && known.modified == bundle.getLastModified()) {
      return known.text;
    }
    String text = null;
    try {
      bundle.start();
    } catch (BundleException e) {
      text = text(e);
    }
    failures.put(bundle, new Failure(bundle.getLastModified(), text));
    return text;
  }

  /** The cause that the plugin has thrown, and where. */
  private static String text(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    StackTraceElement[] stack = cause.getStackTrace();
    return cause + (stack.length == 0 ? "" : ", at " + stack[0]);
  }
}
