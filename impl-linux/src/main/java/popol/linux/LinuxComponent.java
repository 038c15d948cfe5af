package popol.linux;

import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.ServiceScope;
import popol.Popol;

/** The service in OSGi, one instance for each bundle that gets it. Apart, because nobody else has these types. */
@Component(
    service = Popol.class,
    scope = ServiceScope.BUNDLE,
    property = {"popol.os=linux", "popol.mechanism=" + LinuxPopol.MECHANISM})
public final class LinuxComponent extends LinuxPopol {

  /** Called by the component runtime. */
  public LinuxComponent() {}

  @Activate
  void start(ComponentContext context) {
    usedBy(context.getUsingBundle().getSymbolicName(), context.getUsingBundle().getVersion());
  }

  @Deactivate
  void stop() {
    closeAll();
  }
}
