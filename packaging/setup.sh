#!/bin/sh
# Makes .venv ready: the right Python, Qt's system libraries on Linux, the pinned packages, the console script.
# Usage: packaging/setup.sh PYTHON. A second run finds its stamp and returns at once.
set -eu

python=$1
cd "$(dirname "$0")/.."

case "$(uname -s)-$(uname -m)" in
    Darwin-arm64) lock=packaging/locks/macos-arm64.txt ;;
    Linux-*) lock=packaging/locks/linux.txt ;;
    *) echo "Sana Studio runs on Apple silicon Macs (macOS 14 or newer) and on Linux, not on $(uname -s) $(uname -m)." >&2; exit 1 ;;
esac

stamp=.venv/.ready
alone=packaging/locks/alone.txt
fingerprint=$(cat "$lock" "$alone" pyproject.toml packaging/setup.sh | cksum)
if [ -x .venv/bin/python ] && [ -x .venv/bin/sana-studio ] && [ "$(cat $stamp 2>/dev/null)" = "$fingerprint $PWD" ]; then
    exit 0
fi

if ! command -v "$python" >/dev/null 2>&1; then
    echo "Sana Studio needs Python 3.11, 3.12 or 3.13, and there is no '$python'. Name one: make PYTHON=python3.12" >&2
    exit 1
fi
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || true)
case "$version" in
    3.11 | 3.12 | 3.13) ;;
    "") echo "Sana Studio needs Python 3.11, 3.12 or 3.13, and '$python' does not run. Name another: make PYTHON=python3.12" >&2; exit 1 ;;
    *) echo "Sana Studio needs Python 3.11, 3.12 or 3.13; '$python' is $version. Name another: make PYTHON=python3.12" >&2; exit 1 ;;
esac

if [ "$(uname -s)" = Linux ]; then
    sh packaging/system_libraries.sh
fi

echo "Setting up .venv (a few minutes the first time)"
# One that was interrupted, or whose Python is gone or of another version, is made anew.
if [ "$(.venv/bin/python -c 'import pip, sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" != "$version" ]; then
    rm -rf .venv
    if ! "$python" -m venv .venv; then
        rm -rf .venv
        echo "'$python' cannot make a virtual environment. On Debian, install python$version-venv and try again." >&2
        exit 1
    fi
fi
# The lock names every package exactly. Only torch's build for NVIDIA GPUs brings more: CUDA's own libraries.
pip=".venv/bin/python -m pip --disable-pip-version-check"
if ! { $pip install --quiet --requirement "$lock" && $pip install --quiet --no-deps --requirement "$alone" && $pip install --quiet --no-deps --no-build-isolation --editable .; }; then
    echo "The packages could not be installed: pip says above why. With the network and some space the same command goes on." >&2
    exit 1
fi
echo "$fingerprint $PWD" >$stamp
