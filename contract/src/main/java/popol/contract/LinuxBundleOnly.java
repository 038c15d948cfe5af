package popol.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Of tests of how popol's bundle for Linux waits: macOS's, on Linux's descriptors, waits in its own way. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@EnabledOnOs(value = OS.LINUX, disabledReason = "the bundle for Linux alone waits so")
@DisabledIfSystemProperty(
    named = "popol.contract.emulation",
    matches = "macos",
    disabledReason = "the bundle for Linux alone waits so")
@interface LinuxBundleOnly {}
