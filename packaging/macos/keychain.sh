#!/usr/bin/env bash
# For build machines: a keychain of its own with the certificate and the notary profile, from the environment.
# Where GITHUB_ENV is set, later steps get SIGN_IDENTITY and NOTARY_PROFILE from it.
#   CERTIFICATE            the "Developer ID Application" certificate with its key, as base64 of a .p12 file
#   CERTIFICATE_PASSWORD   the password of that file
#   NOTARY_KEY, NOTARY_KEY_ID, NOTARY_ISSUER   a key of App Store Connect: its .p8 text, its id, its issuer
set -euo pipefail
# shellcheck source=packaging/macos/common.sh
. "$(dirname "$0")/common.sh"
need_mac security xcrun openssl
need_variable CERTIFICATE 'the certificate, as base64 of a .p12 file'
need_variable CERTIFICATE_PASSWORD 'the password of the certificate'
need_variable NOTARY_KEY 'the text of the .p8 file'
need_variable NOTARY_KEY_ID 'the id of the key'
need_variable NOTARY_ISSUER 'the issuer of the key'

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
keychain="${RUNNER_TEMP:-$HOME/Library/Keychains}/sana-studio-build.keychain-db"
password=$(openssl rand -hex 24)

security create-keychain -p "$password" "$keychain"
security set-keychain-settings -lut 7200 "$keychain"
security unlock-keychain -p "$password" "$keychain"
openssl base64 -d -A <<<"$CERTIFICATE" >"$scratch/certificate.p12"
security import "$scratch/certificate.p12" -k "$keychain" -P "$CERTIFICATE_PASSWORD" -T /usr/bin/codesign
security set-key-partition-list -S apple-tool:,apple: -s -k "$password" "$keychain" >/dev/null
# The user's own keychains stay in the search list.
others=()
while IFS= read -r line; do others+=("$line"); done < <(security list-keychains -d user | sed 's/^ *"\(.*\)"$/\1/')
security list-keychains -d user -s "$keychain" ${others[@]+"${others[@]}"}

identity=$(security find-identity -v -p codesigning "$keychain" | sed -n 's/.*"\(Developer ID Application: .*\)"$/\1/p' | head -n 1)
[ -n "$identity" ] || fail "the certificate is no 'Developer ID Application' certificate, or it is no longer valid"

printf '%s\n' "$NOTARY_KEY" >"$scratch/key.p8"
xcrun notarytool store-credentials sana-studio --key "$scratch/key.p8" --key-id "$NOTARY_KEY_ID" \
    --issuer "$NOTARY_ISSUER" --keychain "$keychain"

if [ -n "${GITHUB_ENV:-}" ]; then
    {
        echo "SIGN_IDENTITY=$identity"
        echo "NOTARY_PROFILE=sana-studio"
        echo "NOTARY_KEYCHAIN=$keychain"
    } >>"$GITHUB_ENV"
fi
echo "Ready to sign as $identity"
