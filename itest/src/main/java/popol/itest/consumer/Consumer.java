package popol.itest.consumer;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import popol.Popol;
import popol.itest.probe.Probe;

/** A component that gets popol injected, and is there as long as popol is. */
@Component(immediate = true, service = Probe.class)
public final class Consumer extends Uses {

  /**
   * Called by the component runtime.
   *
   * @param popol the service
   */
  @Activate
  public Consumer(@Reference Popol popol) {
    super(popol);
  }
}
