package popol.itest;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceReference;
import popol.itest.probe.Probe;

/** A bundle whose component has popol injected. Closing it uninstalls the bundle. */
record Consumer(BundleContext context, Bundle bundle) implements AutoCloseable {

  static Consumer start(Felix felix, String location) throws BundleException, IOException {
    return new Consumer(felix.context(), felix.startAnother(location, Jars.CONSUMER));
  }

  /** The component's service, or null while it has none. */
  ServiceReference<?> service() {
    ServiceReference<?>[] services = bundle.getRegisteredServices();
    return services == null || services.length == 0 ? null : services[0];
  }

  /** The component, which is there because its service is. */
  Probe probe() {
    ServiceReference<?> service = service();
    assertNotNull(service, "the component gets the service injected and is published itself");
    return (Probe) context.getService(service);
  }

  @Override
  public void close() throws BundleException {
    bundle.uninstall();
  }
}
