# For the commands beside it. To be sourced from the project's root.
. ports/lib.sh

checks=$PWD/check/target/checks # the class path of what has been built

# Builds what has changed since the last time, without a test. The arguments go to Maven.
build() {
  maven check "$@" package
  echo "$(ls "$PWD"/check/target/popol.check-*.jar):$(cat check/target/classpath)" > "$checks"
}

# Runs a class of the checks in a JVM for each mechanism, or for those named first: [MECHANISM...] class arguments...
launch() {
  "$jdk/bin/java" -cp "$(cat "$checks")" popol.check.Launch "$@" < /dev/null
}
