#!/bin/sh
# Writes the exact versions for each platform. macOS is resolved by uv for its platform, Linux from what pip installs:
# torch's CPU build is chosen by pip's own configuration, which uv does not read.
set -eu
cd "$(dirname "$0")/../.."

header() { echo "# Exact versions for $1, from pyproject.toml. Written by packaging/locks/update.sh."; }

{
    header "macOS 14 or newer on Apple silicon"
    MACOSX_DEPLOYMENT_TARGET=14.0 .venv/bin/uv pip compile pyproject.toml --extra dev --quiet --no-header --no-annotate \
        --python-platform aarch64-apple-darwin --python-version 3.11
} >packaging/locks/macos-arm64.new
mv packaging/locks/macos-arm64.new packaging/locks/macos-arm64.txt

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
.venv/bin/python -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --upgrade pip setuptools
"$scratch/venv/bin/python" -m pip install --quiet ".[dev]"
{
    header "Linux"
    # A local version such as 2.13.0+cpu names one build; the pin is for every build of that version.
    "$scratch/venv/bin/python" -m pip freeze --all --exclude sana-studio --exclude pip | sed 's/+cpu$//'
} >packaging/locks/linux.new
mv packaging/locks/linux.new packaging/locks/linux.txt
