#!/bin/sh
# Linux only: finds the system libraries that Qt and MLX need, and installs the missing ones where the user may.
set -eu

# library file : Debian package
needed="
libEGL.so.1:libegl1
libGL.so.1:libgl1
libOpenGL.so.0:libopengl0
libxkbcommon.so.0:libxkbcommon0
libxkbcommon-x11.so.0:libxkbcommon-x11-0
libxcb-cursor.so.0:libxcb-cursor0
libxcb-icccm.so.4:libxcb-icccm4
libxcb-image.so.0:libxcb-image0
libxcb-keysyms.so.1:libxcb-keysyms1
libxcb-randr.so.0:libxcb-randr0
libxcb-render-util.so.0:libxcb-render-util0
libxcb-shape.so.0:libxcb-shape0
libxcb-xinerama.so.0:libxcb-xinerama0
libxcb-xkb.so.1:libxcb-xkb1
libdbus-1.so.3:libdbus-1-3
libfontconfig.so.1:libfontconfig1
libglib-2.0.so.0:libglib2.0-0
libopenblas.so.0:libopenblas0-pthread
"

known=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null || true)
missing=
for line in $needed; do
    case "$known" in
        *"${line%%:*} "*) ;;
        *) missing="$missing ${line##*:}" ;;
    esac
done
# A window without a single font shows empty boxes.
if ! find /usr/share/fonts /usr/local/share/fonts "${HOME:-/nonexistent}/.fonts" "${HOME:-/nonexistent}/.local/share/fonts" \
    -name '*.[to]tf' 2>/dev/null | grep -q .; then
    missing="$missing fonts-dejavu-core"
fi
[ -n "$missing" ] || exit 0

install="apt-get install -y --no-install-recommends$missing"
become=sudo
[ "$(id -u)" = 0 ] && become=
by_hand="${become:+$become }apt-get update && ${become:+$become }$install"
if ! command -v apt-get >/dev/null 2>&1; then
    echo "Sana Studio's window needs these system libraries (Debian names):$missing" >&2
    echo "Please install them with your system's package manager, then try again." >&2
    exit 1
elif [ -n "$become" ] && ! sudo -n true 2>/dev/null; then
    echo "Sana Studio's window needs some system libraries. Please type this, then try again:" >&2
    echo "  $by_hand" >&2
    exit 1
fi
echo "Installing system libraries:$missing"
# shellcheck disable=SC2086 # the words are meant to be split
$become apt-get update -qq || true # one source that fails need not be the one that has them
# shellcheck disable=SC2086
if ! $become env DEBIAN_FRONTEND=noninteractive $install -qq >/dev/null; then
    echo "The system libraries could not be installed. Please type this, then try again:" >&2
    echo "  $by_hand" >&2
    exit 1
fi
