# Sourced by the scripts beside it: names, and how they fail.

# shellcheck shell=bash disable=SC2034 # the names are used by the scripts that source this
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
app="$root/dist/Sana Studio.app"
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$root/pyproject.toml")
dmg="$root/dist/Sana-Studio-$version-arm64.dmg"

fail() {
    echo "$(basename "$0"): $1" >&2
    exit 1
}

need_mac() {
    [ "$(uname -s)" = Darwin ] || fail "this works on a Mac only; apps for macOS cannot be made elsewhere"
    local tool
    for tool in "$@"; do
        command -v "$tool" >/dev/null 2>&1 || fail "'$tool' is missing. Install Apple's command line tools: xcode-select --install"
    done
}

need_app() {
    [ -d "$app" ] || fail "there is no '$app'. Build it first: make app"
}

# need_variable NAME WHAT IT IS
need_variable() {
    [ -n "${!1:-}" ] || fail "set $1: $2"
}
