#!/bin/sh
# Prints the CHANGELOG's section of a version, for the release page. Usage: packaging/changelog.sh VERSION
set -eu
version=${1:?usage: changelog.sh VERSION}
changelog="$(dirname "$0")/../CHANGELOG.md"
if grep -q "^## $version (unreleased)" "$changelog"; then
    echo "changelog.sh: CHANGELOG.md calls $version unreleased; put the date there" >&2
    exit 1
fi
section=$(awk -v version="$version" '/^## / { inside = ($2 == version); next } inside' "$changelog")
if [ -z "$section" ]; then
    echo "changelog.sh: CHANGELOG.md has no section \"## $version\"" >&2
    exit 1
fi
printf '%s\n' "$section"
