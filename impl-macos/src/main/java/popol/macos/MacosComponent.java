package popol.macos;

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
    property = {"popol.os=macos", "popol.mechanism=" + MacosPopol.MECHANISM})
public final class MacosComponent extends MacosPopol {

  /** Called by the component runtime. */
  public MacosComponent() {}

  @Activate
  void start(ComponentContext context) {
    usedBy(context.getUsingBundle().getSymbolicName(), context.getUsingBundle().getVersion());
  }

  @Deactivate
  void stop() {
    closeAll();
  }
}
