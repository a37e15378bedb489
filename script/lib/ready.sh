#!/usr/bin/env bash
# Sourced by the scripts beside it: is this machine able to build, and is the web UI built from what lies here now?
# Says what to do in one line and never installs anything by itself.

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
fail() {
  printf 'walletline: %s\n' "$*" >&2
  exit 1
}

# The tools that a build needs, by the act that provides them.
need_toolchain() {
  command -v cargo >/dev/null || fail "no Rust toolchain: install rustup (https://rustup.rs), then run this again"
  # With rustup, rust-toolchain.toml chooses the compiler; without it, the one on the path must be new enough.
  local have want=1.95
  have=$(rustc --version 2>/dev/null | cut -d' ' -f2) || true
  [ -n "$have" ] || fail "the pinned Rust is missing: run 'rustup toolchain install' in $PWD"
  at_least "$have" "$want" || fail "Rust $have is too old: $want or newer is needed (rustup update)"
  command -v cc >/dev/null || fail "no C compiler: install gcc or clang (Debian: apt-get install build-essential)"
  command -v node >/dev/null || fail "no Node.js: install version 20 or newer (https://nodejs.org)"
  have=$(node --version)
  at_least "${have#v}" 20 || fail "Node.js $have is too old: 20 or newer is needed"
  command -v npm >/dev/null || fail "no npm: it comes with Node.js (Debian: apt-get install npm)"
}

# at_least HAVE WANT: whether version HAVE is WANT or newer.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# hash_of PATH…: one hash over the names and contents of all files below, whatever was built or installed left out.
hash_of() {
  find "$@" \( -name node_modules -o -name dist -o -name 'dist-*' -o -name out \) -prune -o -type f -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

# install_npm FOLDER: exactly what the lock file says, and nothing at all when that is there already.
install_npm() {
  local folder=$1 want
  want=$(cat "$folder/package.json" "$folder/package-lock.json" | sha256sum)
  [ "$(cat "$folder/node_modules/.installed" 2>/dev/null)" = "$want" ] && return 0
  say "npm ci in $folder"
  npm --prefix "$folder" ci --no-audit --no-fund
  printf '%s\n' "$want" >"$folder/node_modules/.installed"
}

# build_web: the staff and public builds, and nothing at all when their sources have not changed.
build_web() {
  local want
  want=$(hash_of web)
  [ "$(cat web/dist/.built 2>/dev/null)" = "$want" ] && return 0
  install_npm web
  say "building the web UI"
  npm --prefix web run --silent build
  # Taken again: a build may bring generated files up to date.
  hash_of web >web/dist/.built
}
