package popol.macos;

/** The macOS bundle, on Linux. */
public final class MacosOnLinux extends MacosPopol {

  @Override
  public boolean isSupported() {
    return true;
  }
}
