package popol.macos;

import popol.spi.Poller;

/** The macOS bundle, on Linux. */
public final class MacosOnLinux extends MacosPopol {

  @Override
  public boolean isSupported() {
    return true;
  }

  @Override
  protected Poller openPoller() {
    return MacosPoller.open(new XnuPollArray());
  }
}
