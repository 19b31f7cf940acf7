#!/bin/sh
# Proves that the pinned macOS set resolves for Apple silicon and macOS 14, on each Python that the app supports, and that
# it is whole: nothing that would be installed is without its pin.
set -eu
cd "$(dirname "$0")/../.."
lock=packaging/locks/macos-arm64.txt
if [ ! -x .venv/bin/uv ]; then
    echo "check.sh: .venv is not ready. Make it first: make setup" >&2
    exit 1
fi
for version in 3.11 3.12 3.13; do
    resolved=$(MACOSX_DEPLOYMENT_TARGET=14.0 .venv/bin/uv pip compile pyproject.toml --extra dev --quiet --no-header \
        --no-annotate --python-platform aarch64-apple-darwin --python-version "$version" --only-binary :all: \
        --constraint "$lock")
    if unpinned=$(echo "$resolved" | grep -vxF -f "$lock"); then
        echo "check.sh: $lock lacks, for Python $version:" >&2
        echo "$unpinned" >&2
        exit 1
    fi
    echo "macOS arm64, Python $version: resolves"
done
