package popol.itest;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.osgi.framework.Bundle;

/** A way in which a bundle goes, and comes back. */
enum Ending {
  STOP {
    @Override
    void end(Bundle bundle, Path jar) throws Exception {
      bundle.stop();
    }

    @Override
    Bundle again(Osgi osgi, Bundle bundle, Path jar) throws Exception {
      bundle.start();
      return bundle;
    }
  },

  /** Which stops a bundle and starts it again by itself. */
  UPDATE {
    @Override
    void end(Bundle bundle, Path jar) throws Exception {
      try (InputStream in = Files.newInputStream(jar)) {
        bundle.update(in);
      }
    }

    @Override
    Bundle again(Osgi osgi, Bundle bundle, Path jar) throws Exception {
      osgi.refresh();
      return bundle;
    }
  },

  UNINSTALL {
    @Override
    void end(Bundle bundle, Path jar) throws Exception {
      bundle.uninstall();
    }

    @Override
    Bundle again(Osgi osgi, Bundle bundle, Path jar) throws Exception {
      osgi.refresh();
      return osgi.startAnother(bundle.getLocation(), jar);
    }
  };

  /** Has a running bundle go. */
  abstract void end(Bundle bundle, Path jar) throws Exception;

  /** Has it run again, with nothing left of what it was. */
  abstract Bundle again(Osgi osgi, Bundle bundle, Path jar) throws Exception;
}
