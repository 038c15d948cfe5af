package popol.itest;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import popol.itest.probe.Probe;

/** A bundle whose component has popol injected. Closing it uninstalls the bundle, if it is still installed. */
record Consumer(BundleContext context, Bundle bundle) implements AutoCloseable {

  static Consumer start(Osgi osgi, String location) throws BundleException, IOException {
    return start(osgi, location, Jars.CONSUMER);
  }

  static Consumer start(Osgi osgi, String location, Path jar) throws BundleException, IOException {
    return new Consumer(osgi.context(), osgi.startAnother(location, jar));
  }

  /** The service of the component that has popol injected, or null while there is none. */
  ServiceReference<?> service() {
    return service(Probe.class);
  }

  private ServiceReference<?> service(Class<?> type) {
    ServiceReference<?>[] services = bundle.getRegisteredServices();
    return services == null
        ? null
        : Stream.of(services)
            .filter(service -> List.of((String[]) service.getProperty(Constants.OBJECTCLASS)).contains(type.getName()))
            .findAny().orElse(null);
  }

  /** The component, which is there because its service is. */
  Probe probe() {
    return get(Probe.class);
  }

  /** The component that can do without popol: it gives null while there is none. */
  @SuppressWarnings("unchecked")
  Supplier<Probe> optional() {
    return get(Supplier.class);
  }

  private <T> T get(Class<T> type) {
    ServiceReference<?> service = service(type);
    assertNotNull(service, "the component gets the service injected and is published itself");
    return type.cast(context.getService(service));
  }

  @Override
  public void close() throws BundleException {
    if (bundle.getState() != Bundle.UNINSTALLED) {
      bundle.uninstall();
    }
  }
}
