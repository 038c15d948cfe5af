# For the commands beside it. To be sourced from the project's root.
. ports/lib.sh

# Builds what has changed since the last time, without a test.
build() {
  maven check package
}

# Runs a class of the checks in a JVM for each mechanism: class arguments...
launch() {
  # The streams of the checks' children are the terminal's, but for the input.
  "$jdk/bin/java" -cp "$(ls check/target/popol.check-*.jar):$(cat check/target/classpath)" popol.check.Launch "$@" < /dev/null
}
