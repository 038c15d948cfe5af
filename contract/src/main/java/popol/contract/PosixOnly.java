package popol.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Of tests that need raw descriptors of files, pipes or terminals: on Windows a raw descriptor is a socket. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@DisabledOnOs(value = OS.WINDOWS,
    disabledReason = "needs raw descriptors of other things than sockets, which Windows does not have")
@interface PosixOnly {}
