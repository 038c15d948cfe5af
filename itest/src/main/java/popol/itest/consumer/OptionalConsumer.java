package popol.itest.consumer;

import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import popol.Popol;
import popol.itest.probe.Probe;

/** A component that can do without popol: it is there before popol comes and after it goes. */
@Component(immediate = true, service = Supplier.class)
public final class OptionalConsumer implements Supplier<Probe> {

  private volatile Probe probe; // null while there is no popol

  /** Called by the component runtime. */
  @Activate
  public OptionalConsumer() {}

  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
  void bind(Popol popol) {
    probe = new Uses(popol);
  }

  void unbind(Popol popol) {
    probe = null;
  }

  /** {@return what can be done with popol, or null while there is none} */
  @Override
  public Probe get() {
    return probe;
  }
}
