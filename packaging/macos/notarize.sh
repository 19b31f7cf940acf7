#!/usr/bin/env bash
# Lets Apple check the signed app or disk image, and staples the ticket to it, so that it opens without the network too.
#   usage: notarize.sh [app | dmg]
#   NOTARY_PROFILE   a keychain profile, made once with: xcrun notarytool store-credentials PROFILE
#   NOTARY_KEYCHAIN  the keychain that holds it, if not the standard one
set -euo pipefail
# shellcheck source=packaging/macos/common.sh
. "$(dirname "$0")/common.sh"
need_mac xcrun ditto codesign spctl
need_variable NOTARY_PROFILE 'a profile made with: xcrun notarytool store-credentials PROFILE'

credentials=(--keychain-profile "$NOTARY_PROFILE")
[ -z "${NOTARY_KEYCHAIN:-}" ] || credentials+=(--keychain "$NOTARY_KEYCHAIN")

submit() {
    local answer id
    answer=$(xcrun notarytool submit "$1" "${credentials[@]}" --wait --output-format json) ||
        fail "Apple did not take '$1': $answer"
    if ! grep -q '"status" *: *"Accepted"' <<<"$answer"; then
        id=$(sed -n 's/.*"id" *: *"\([^"]*\)".*/\1/p' <<<"$answer" | head -n 1)
        xcrun notarytool log "$id" "${credentials[@]}" >&2 || true
        fail "Apple refused '$1'; its reasons stand above"
    fi
}

staple() {
    local attempt
    for attempt in 1 2 3 4 5; do # the ticket may take a while to be there
        xcrun stapler staple "$1" && return
        sleep $((attempt * 10))
    done
    fail "the ticket of '$1' cannot be stapled"
}

case "${1:-app}" in
    app)
        need_app
        codesign --display --verbose=4 "$app" 2>&1 | grep -q 'Authority=Developer ID Application' ||
            fail "sign it with a Developer ID first: make sign SIGN_IDENTITY=..."
        scratch=$(mktemp -d)
        trap 'rm -rf "$scratch"' EXIT
        ditto -c -k --keepParent "$app" "$scratch/app.zip"
        submit "$scratch/app.zip"
        staple "$app"
        xcrun stapler validate "$app"
        spctl --assess --type execute --verbose=2 "$app"
        ;;
    dmg)
        [ -f "$dmg" ] || fail "there is no '$dmg'. Make it first: make dmg"
        submit "$dmg"
        staple "$dmg"
        spctl --assess --type open --context context:primary-signature --verbose=2 "$dmg"
        ;;
    *) fail "usage: notarize.sh [app | dmg]" ;;
esac
