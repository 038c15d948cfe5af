package popol.check;

import org.jspecify.annotations.Nullable;

/** How a stage calls popol. */
interface Calls {

  /** As a program does. */
  Calls PLAIN = new Calls() {
    @Override
    public <T extends @Nullable Object, E extends Exception> T make(Call<T, E> call) throws E {
      return call.make();
    }
  };

  /** A call of popol. */
  interface Call<T extends @Nullable Object, E extends Exception> {
    T make() throws E;
  }

  /** Makes a call, until it has not failed by what the check does to it. */
  <T extends @Nullable Object, E extends Exception> T make(Call<T, E> call) throws E;
}
