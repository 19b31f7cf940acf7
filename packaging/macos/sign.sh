#!/usr/bin/env bash
# Signs the app with the hardened runtime, from the inside out: a signature seals what lies within.
#   SIGN_IDENTITY  name of a "Developer ID Application" certificate in the keychain, or "-" for a signature without one
#                  (such an app runs on the Mac that made it; elsewhere Gatekeeper asks)
set -euo pipefail
# shellcheck source=packaging/macos/common.sh
. "$(dirname "$0")/common.sh"
need_mac codesign file
need_app
need_variable SIGN_IDENTITY 'the certificate, such as "Developer ID Application: Name (TEAM)", or "-" for none'

entitlements="$root/packaging/macos/entitlements.plist"
options=(--force --sign "$SIGN_IDENTITY")
if [ "$SIGN_IDENTITY" = - ]; then
    # The hardened runtime loads only libraries of the app's own team, and without a certificate there is no team.
    options+=(--timestamp=none)
else
    options+=(--options runtime --timestamp) # notarization wants both, and Apple's own time
fi

# Innermost first: code files, then the frameworks around them, then the app. Symbolic links are not signed.
find "$app/Contents" -type f \( -name '*.dylib' -o -name '*.so' -o -perm -100 \) ! -path "$app/Contents/MacOS/*" -print0 |
    while IFS= read -r -d '' path; do
        case "$(file -b "$path")" in
            Mach-O*) codesign "${options[@]}" "$path" ;;
        esac
    done
find "$app/Contents" -depth -type d -name '*.framework' -print0 |
    while IFS= read -r -d '' path; do
        codesign "${options[@]}" "$path"
    done
codesign "${options[@]}" --entitlements "$entitlements" "$app"

codesign --verify --strict --deep --verbose=2 "$app"
echo "Signed: $app"
