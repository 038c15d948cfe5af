package popol.contract;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import popol.Popol;

/**
 * Gives the tests popol's service while this bundle is active: the service is of bundle scope, and giving it back would
 * close the registries.
 */
public final class ContractBundle implements BundleActivator {

  private ServiceReference<Popol> reference; // guarded by the framework, which starts and stops in turn

  /** Called by the framework. */
  public ContractBundle() {}

  @Override
  public void start(BundleContext context) {
    reference = context.getServiceReference(Popol.class);
    Popol popol = reference == null ? null : context.getService(reference);
    if (popol == null) {
      throw new IllegalStateException("there is no service popol.Popol: start popol's implementation for this operating"
          + " system and a component runtime before this bundle");
    }
    Host.use(popol, context.getBundle(0).getSymbolicName());
  }

  @Override
  public void stop(BundleContext context) {
    Host.forget();
    context.ungetService(reference);
  }
}
