# shellcheck shell=bash
# What scripts/build, scripts/run, scripts/test and scripts/bench share: installing what is missing, and saying so.
# To be sourced from bash with `set -euo pipefail`, after ROOT has been set to the project's folder.

say() { printf '» %s\n' "$*"; }

# die SENTENCE: ends the script with one sentence on standard error.
die() {
  printf 'fragnet: %s\n' "$*" >&2
  exit 1
}

# as_root COMMAND…: runs it as root, through sudo where we are not root.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1; then
    sudo -- "$@"
  else
    die "\"$*\" needs root rights, and there is no sudo: run it as root once, then start this script again."
  fi
}

have_package() {
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# need_packages NAME…: installs those of the Debian packages that are missing. An apt-get update only when some are.
need_packages() {
  local missing=() name log
  command -v dpkg-query >/dev/null 2>&1 ||
    die "this is no Debian system: install what these Debian packages hold by hand, and take the call out: $*."
  for name in "$@"; do
    have_package "$name" || missing+=("$name")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  say "Installing Debian packages: ${missing[*]}"
  log=$(mktemp)
  if ! as_root apt-get update -qq >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    say "apt-get update failed (above); going on with the package lists as they are."
  fi
  if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" \
    >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    die "apt-get could not install ${missing[*]}; its last words are above."
  fi
  rm -f "$log"
}

# node_major: the major version of the node in PATH, 0 where there is none.
node_major() {
  local version
  version=$(node --version 2>/dev/null) || version=v0
  version=${version#v}
  printf '%s' "${version%%.*}"
}

# need_node: node 18 or newer and npm; the machine's own where it has them, Debian's packages otherwise.
need_node() {
  if [ "$(node_major)" -lt 18 ]; then
    need_packages nodejs
    hash -r
  fi
  [ "$(node_major)" -ge 18 ] ||
    die "node 18 or newer is needed, but $(command -v node || echo node) says $(node --version 2>/dev/null || echo nothing)."
  if ! command -v npm >/dev/null 2>&1; then
    need_packages npm
    hash -r
  fi
  command -v npm >/dev/null 2>&1 || die "npm is needed and is not in PATH, although node is."
}

# need_npm_modules [production [FOLDER]]: node_modules/ as package-lock.json says, the project's own or a folder's;
# `production` leaves out what only tests and linters need (and is satisfied by a full installation). Nothing is done when
# the lock file has not changed since.
need_npm_modules() {
  local kind=${1:-all} folder=$ROOT${2:+/$2} lock stamp log
  local flags=(--ignore-scripts --no-audit --no-fund --loglevel=error)
  need_node
  stamp=$folder/node_modules/.fragnet-installed
  lock=$(sha256sum <"$folder/package-lock.json")
  lock=${lock%% *}
  if [ -f "$stamp" ]; then
    case "$kind $(cat "$stamp")" in
      "$kind all $lock" | "production production $lock") return 0 ;;
    esac
  fi
  [ "$kind" = production ] && flags+=(--omit=dev)
  say "Installing npm packages ($kind) into ${2:+$2/}node_modules"
  log=$(mktemp)
  if ! (cd "$folder" && npm ci "${flags[@]}") >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    die "npm ci could not install the packages of ${2:+$2/}package-lock.json; its last words are above."
  fi
  rm -f "$log"
  printf '%s %s\n' "$kind" "$lock" >"$stamp"
}
