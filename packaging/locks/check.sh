#!/bin/sh
# Proves that the pinned macOS set resolves for Apple silicon and macOS 14, on each Python that the app supports.
set -eu
cd "$(dirname "$0")/../.."
for version in 3.11 3.12 3.13; do
    MACOSX_DEPLOYMENT_TARGET=14.0 .venv/bin/uv pip compile pyproject.toml --extra dev --quiet --no-header --no-annotate \
        --python-platform aarch64-apple-darwin --python-version "$version" --only-binary :all: \
        --constraint packaging/locks/macos-arm64.txt --output-file /dev/null
    echo "macOS arm64, Python $version: resolves"
done
