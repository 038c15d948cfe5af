package popol;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** Finds the one provider for this operating system, once. */
final class Providers {

  private static volatile @Nullable Popol found; // null until one has been found, and in OSGi

  private Providers() {}

  static Popol find() {
    Popol provider = found;
    if (provider == null) {
      provider = search();
      if (!isInBundle()) {
        found = provider;
      }
    }
    return provider;
  }

  /** In OSGi, where a mediator finds providers, one that was found can be stopped or updated: each call searches. */
  private static boolean isInBundle() {
    ClassLoader loader = Popol.class.getClassLoader();
    for (Class<?> type = loader == null ? null : loader.getClass(); type != null; type = type.getSuperclass()) {
      for (Class<?> implemented : type.getInterfaces()) {
        if (implemented.getName().equals("org.osgi.framework.BundleReference")) {
          return true;
        }
      }
    }
    return false;
  }

  private static Popol search() {
    List<Popol> supported = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (Popol provider : load()) {
      if (provider.isSupported()) {
        supported.add(provider);
      } else {
        others.add(describe(provider));
      }
    }
    return switch (supported.size()) {
      case 1 -> supported.getFirst();
      case 0 -> throw new IllegalStateException(missing(others));
      default -> throw new IllegalStateException("More than one popol implementation for " + os() + ": "
          + String.join(" and ", supported.stream().map(Providers::describe).toList())
          + ". Leave one of them on the " + path() + ".");
    };
  }

  /**
   * Looks where popol itself was loaded from: the thread's own loader is none of a module layer's, so
   * {@code ServiceLoader.load(Class)} finds nothing in a plugin host.
   */
  private static ServiceLoader<Popol> load() {
    ModuleLayer layer = Popol.class.getModule().getLayer();
    return layer != null
        ? ServiceLoader.load(layer, Popol.class)
        : ServiceLoader.load(Popol.class, Popol.class.getClassLoader());
  }

  private static String missing(List<String> others) {
    return "No popol implementation for " + os()
        + (others.isEmpty() ? "" : ", only " + String.join(" and ", others))
        + ". Add " + bundle() + " to the " + path()
        + "; in OSGi start that bundle and get the service popol.Popol instead of calling Sources.open().";
  }

  private static String describe(Popol provider) {
    return provider.getClass().getName();
  }

  private static String path() {
    return Popol.class.getModule().isNamed() ? "module path" : "class path";
  }

  private static String bundle() {
    String os = os();
    if (os.startsWith("Linux")) {
      return "popol.linux";
    }
    if (os.startsWith("Mac")) {
      return "popol.macos";
    }
    if (os.startsWith("Windows")) {
      return "popol.windows";
    }
    return "an implementation of popol.Popol";
  }

  private static String os() {
    return System.getProperty("os.name");
  }
}
