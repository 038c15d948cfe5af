package popol.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Makes a call of popol again if the system has refused it something. */
final class Again implements Calls {

  private static final int MOST = 20; // in a row

  @Override
  public <T extends @Nullable Object, E extends Exception> T make(Call<T, E> call) throws E {
    for (int i = 0;; i++) {
      try {
        return call.make();
      } catch (Exception e) {
        if (i == MOST || !(e instanceof IOException || e instanceof UncheckedIOException)) {
          throw e;
        }
      }
    }
  }
}
