#!/usr/bin/env bash
# Puts the app into a disk image with a link to Applications. Signs the image too where SIGN_IDENTITY names a certificate.
set -euo pipefail
# shellcheck source=packaging/macos/common.sh
. "$(dirname "$0")/common.sh"
need_mac hdiutil codesign ditto
need_app
codesign --verify --strict "$app" || fail "the app's signature is broken; sign it: make sign SIGN_IDENTITY=-"

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
ditto "$app" "$stage/Sana Studio.app"
ln -s /Applications "$stage/Applications"

# hdiutil fails now and then with "Resource busy", while Spotlight or a virus scanner looks at the new volume.
for attempt in 1 2 3 4 5; do
    rm -f "$dmg"
    if hdiutil create -volname "Sana Studio" -srcfolder "$stage" -fs APFS -format ULFO -ov "$dmg"; then
        break
    fi
    [ "$attempt" -lt 5 ] || fail "hdiutil could not make the image in five attempts"
    sleep $((attempt * 5))
done
hdiutil verify -quiet "$dmg"

if [ -n "${SIGN_IDENTITY:-}" ] && [ "$SIGN_IDENTITY" != - ]; then
    codesign --force --timestamp --sign "$SIGN_IDENTITY" "$dmg"
    codesign --verify --strict "$dmg"
fi
echo "Made: $dmg"
