package popol.host.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** The components that do not work. */
final class Components {

  private final ServiceComponentRuntime runtime;

  Components(ServiceComponentRuntime runtime) {
    this.runtime = runtime;
  }

  /** What each component waits for that does not work. */
  Map<String, String> problems() {
    Map<String, String> problems = new LinkedHashMap<>();
    for (ComponentDescriptionDTO description : runtime.getComponentDescriptionDTOs()) {
      String subject = "component " + description.name + " of " + description.bundle.symbolicName;
      for (ComponentConfigurationDTO configuration : runtime.getComponentConfigurationDTOs(description)) {
        String problem = switch (configuration.state) {
          case ComponentConfigurationDTO.UNSATISFIED_REFERENCE -> references(description, configuration);
          case ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION -> configuration(description);
          case ComponentConfigurationDTO.FAILED_ACTIVATION -> "failed: " + cause(configuration.failure);
          default -> null;
        };
        if (problem != null) {
          problems.merge(subject, problem, (one, other) -> one + "; " + other);
        }
      }
    }
    return problems;
  }

  private static String references(ComponentDescriptionDTO description, ComponentConfigurationDTO configuration) {
    List<String> missing = new ArrayList<>();
    for (UnsatisfiedReferenceDTO unsatisfied : configuration.unsatisfiedReferences) {
      String type = unsatisfied.name;
      for (ReferenceDTO reference : description.references) {
        if (reference.name.equals(unsatisfied.name)) {
          type = reference.interfaceName;
        }
      }
      missing.add(type + (unsatisfied.target == null ? "" : " with " + unsatisfied.target)
          + (unsatisfied.targetServices.length == 0
              ? ", which nobody offers: put the bundle that does into the folder, or see why it does not start"
              : ", which is there, but its bundle does not give it"));
    }
    return "waits for " + String.join(", and for ", missing);
  }

  private static String configuration(ComponentDescriptionDTO description) {
    return "waits for a configuration: put " + description.configurationPid[0] + ".cfg into the folder";
  }

  /** The innermost exception, which is the component's own, and where it was thrown. */
  private static String cause(String stack) {
    List<String> lines = stack.lines().toList();
    int innermost = 0;
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith("Caused by: ")) {
        innermost = i;
      }
    }
    String place = innermost + 1 < lines.size() ? ", " + lines.get(innermost + 1).strip() : "";
    return lines.get(innermost).replaceFirst("^Caused by: ", "") + place;
  }
}
