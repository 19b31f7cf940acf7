"""The scripts that sign, notarize and pack, with stand-ins for Apple's tools: order, options and how they fail."""

from __future__ import annotations

import os
import plistlib
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEVELOPER = "Developer ID Application: Someone (TEAM123456)"

STAND_IN = """#!/bin/sh
printf '%s' "$(basename "$0")" >>"$TOOL_LOG"
for word in "$@"; do printf '\\t%s' "$word" >>"$TOOL_LOG"; done
printf '\\n' >>"$TOOL_LOG"
"""
TOOLS = {
    "uname": "echo Darwin",
    "codesign": 'case "$*" in *--display*) echo "Authority=$SIGNED_BY" ;; esac',
    "file": 'case "$(head -c 6 "$2")" in Mach-O) echo "Mach-O 64-bit bundle arm64" ;; *) echo data ;; esac',
    "xcrun": 'case "$*" in *submit*) printf \'{"id": "123", "status": "%s"}\' "${NOTARY_STATUS:-Accepted}" ;; esac',
    "hdiutil": """
        if [ "$1" = create ]; then
            echo x >>"$TOOL_LOG.attempts"
            [ "$(wc -l <"$TOOL_LOG.attempts")" -gt "${BUSY:-0}" ] || { echo "Resource busy" >&2; exit 1; }
            for last; do :; done
            : >"$last"
        fi""",
    "ditto": 'for last; do :; done; mkdir -p "$(dirname "$last")"; [ "$1" = -c ] && : >"$last" || cp -R "$1" "$last"',
    "spctl": ":",
    "security": """
        case "$*" in
            find-identity*) echo "  1) ABCDEF \\"$FOUND\\"" ;;
            "list-keychains -d user") echo '    "/Users/someone/Library/Keychains/login.keychain-db"' ;;
        esac""",
    "sleep": ":",
}


class Mac:
    """A folder laid out like the repository, with a built app in it and Apple's tools on the PATH."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "repository"
        self.app = self.root / "dist" / "Sana Studio.app"
        shutil.copytree(ROOT / "packaging" / "macos", self.root / "packaging" / "macos")
        (self.root / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n')
        for name in ("MacOS/sana-studio", "Frameworks/b.dylib", "Frameworks/mlx/core.so",
                     "Frameworks/Qt/QtCore.framework/Versions/A/QtCore"):  # fmt: skip
            self.add(name, "Mach-O code")
        self.add("Frameworks/mlx/mlx.metallib", "not code for the processor")
        self.add("Resources/script.sh", "#!/bin/sh")
        (self.app / "Contents" / "Frameworks" / "link.dylib").symlink_to("b.dylib")
        tools = folder / "tools"
        tools.mkdir()
        for name, body in TOOLS.items():
            (tools / name).write_text(STAND_IN + body + "\n")
            (tools / name).chmod(0o755)
        self.log = folder / "log"
        self.environment = {"PATH": f"{tools}:{os.environ['PATH']}", "TOOL_LOG": str(self.log)}

    def add(self, name: str, content: str) -> None:
        path = self.app / "Contents" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        path.chmod(0o755)

    def run(self, script: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        self.log.write_text("")
        return subprocess.run(
            ["bash", str(self.root / "packaging" / "macos" / script), *arguments],
            env={**self.environment, **variables}, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def calls(self, tool: str) -> list[list[str]]:
        lines = [line.split("\t") for line in self.log.read_text().splitlines()]
        return [line[1:] for line in lines if line[0] == tool]

    def signed(self) -> list[str]:
        """What was signed, in order, by its path in the bundle; the bundle itself is "."."""
        calls = [call for call in self.calls("codesign") if "--sign" in call and call[-1].startswith(str(self.app))]
        return [str(Path(call[-1]).relative_to(self.app)) for call in calls]


@pytest.fixture
def mac(tmp_path: Path) -> Mac:
    return Mac(tmp_path / "a place with spaces")


def test_code_is_signed_from_the_inside_out(mac: Mac) -> None:
    done = mac.run("sign.sh", SIGN_IDENTITY=DEVELOPER)
    assert done.returncode == 0, done.stderr
    signed = mac.signed()
    code = {"Contents/Frameworks/b.dylib", "Contents/Frameworks/mlx/core.so",
            "Contents/Frameworks/Qt/QtCore.framework/Versions/A/QtCore"}  # fmt: skip
    assert set(signed[:3]) == code
    assert signed[3:] == ["Contents/Frameworks/Qt/QtCore.framework", "."]
    assert mac.calls("codesign")[-1][:2] == ["--verify", "--strict"]


def test_certificate_brings_hardened_runtime_timestamp_and_entitlements(mac: Mac) -> None:
    mac.run("sign.sh", SIGN_IDENTITY=DEVELOPER)
    signatures = [call for call in mac.calls("codesign") if "--sign" in call]
    assert all({"--options", "runtime", "--timestamp", DEVELOPER} <= set(call) for call in signatures)
    assert [call[-1] for call in signatures if "--entitlements" in call] == [str(mac.app)]


def test_without_a_certificate_there_is_no_hardened_runtime(mac: Mac) -> None:
    """It would refuse every library: none has the app's team."""
    assert mac.run("sign.sh", SIGN_IDENTITY="-").returncode == 0
    assert not any("runtime" in call for call in mac.calls("codesign"))


def test_failing_signature_ends_the_script(mac: Mac) -> None:
    tool = Path(mac.environment["PATH"].split(":")[0]) / "codesign"
    tool.write_text('#!/bin/sh\ncase "$*" in *core.so) echo "no identity found" >&2; exit 1 ;; esac\n')
    done = mac.run("sign.sh", SIGN_IDENTITY=DEVELOPER)
    assert done.returncode != 0
    assert "no identity found" in done.stderr


def test_entitlements_are_the_one_that_python_needs() -> None:
    entitlements = plistlib.loads((ROOT / "packaging" / "macos" / "entitlements.plist").read_bytes())
    assert entitlements == {"com.apple.security.cs.allow-unsigned-executable-memory": True}


def test_app_is_notarized_stapled_and_assessed(mac: Mac) -> None:
    done = mac.run("notarize.sh", NOTARY_PROFILE="profile", SIGNED_BY=DEVELOPER)
    assert done.returncode == 0, done.stderr
    submit, staple, validate = mac.calls("xcrun")
    assert submit[:2] == ["notarytool", "submit"]
    assert submit[submit.index("--keychain-profile") + 1] == "profile"
    assert staple == ["stapler", "staple", str(mac.app)]
    assert validate == ["stapler", "validate", str(mac.app)]
    assert mac.calls("spctl")[0][:3] == ["--assess", "--type", "execute"]


def test_refusal_shows_apples_reasons_and_fails(mac: Mac) -> None:
    done = mac.run("notarize.sh", NOTARY_PROFILE="profile", SIGNED_BY=DEVELOPER, NOTARY_STATUS="Invalid")
    assert done.returncode == 1
    assert ["notarytool", "log", "123", "--keychain-profile", "profile"] in mac.calls("xcrun")
    assert "refused" in done.stderr
    assert mac.calls("spctl") == []


def test_app_without_a_certificate_is_not_sent_to_apple(mac: Mac) -> None:
    done = mac.run("notarize.sh", NOTARY_PROFILE="profile", SIGNED_BY="nobody")
    assert done.returncode == 1
    assert "make sign" in done.stderr
    assert mac.calls("xcrun") == []


def test_image_holds_the_app_and_a_link_to_applications(mac: Mac) -> None:
    tool = Path(mac.environment["PATH"].split(":")[0]) / "hdiutil"
    tool.write_text(
        STAND_IN + 'if [ "$1" = create ]; then ls -l "$5" >"$TOOL_LOG.stage"; for last; do :; done; : >"$last"; fi\n'
    )
    done = mac.run("dmg.sh")
    assert done.returncode == 0, done.stderr
    stage = Path(f"{mac.log}.stage").read_text()
    assert "Sana Studio.app" in stage
    assert "Applications -> /Applications" in stage
    assert mac.calls("hdiutil")[0][-1] == str(mac.root / "dist" / "Sana-Studio-1.2.3-arm64.dmg")
    assert mac.calls("hdiutil")[1][0] == "verify"


def test_busy_hdiutil_is_tried_again(mac: Mac) -> None:
    assert mac.run("dmg.sh", BUSY="3").returncode == 0
    assert len([call for call in mac.calls("hdiutil") if call[0] == "create"]) == 4


def test_hdiutil_that_never_works_fails_clearly(mac: Mac) -> None:
    done = mac.run("dmg.sh", BUSY="99")
    assert done.returncode == 1
    assert "five attempts" in done.stderr


SECRETS = {
    "CERTIFICATE": "Y2VydGlmaWNhdGU=", "CERTIFICATE_PASSWORD": "of the certificate", "NOTARY_KEY": "-- KEY --",
    "NOTARY_KEY_ID": "ABC123", "NOTARY_ISSUER": "an-issuer",
}  # fmt: skip


def test_build_machine_gets_a_keychain_of_its_own_beside_the_others(mac: Mac, tmp_path: Path) -> None:
    told = {"GITHUB_ENV": str(tmp_path / "env"), "RUNNER_TEMP": str(tmp_path), "TMPDIR": str(tmp_path)}
    done = mac.run("keychain.sh", **SECRETS, **told, FOUND=DEVELOPER)
    assert done.returncode == 0, done.stderr
    keychain = str(tmp_path / "sana-studio-build.keychain-db")
    assert (tmp_path / "env").read_text().splitlines() == [
        f"SIGN_IDENTITY={DEVELOPER}", "NOTARY_PROFILE=sana-studio", f"NOTARY_KEYCHAIN={keychain}",
    ]  # fmt: skip
    searched = [call for call in mac.calls("security") if call[:4] == ["list-keychains", "-d", "user", "-s"]]
    assert searched == [
        ["list-keychains", "-d", "user", "-s", keychain, "/Users/someone/Library/Keychains/login.keychain-db"]
    ]
    assert not any(secret in done.stdout + done.stderr for secret in SECRETS.values())
    assert not list(tmp_path.rglob("*.p12"))
    assert not list(tmp_path.rglob("*.p8"))


def test_certificate_of_another_kind_is_refused(mac: Mac, tmp_path: Path) -> None:
    done = mac.run("keychain.sh", **SECRETS, RUNNER_TEMP=str(tmp_path), FOUND="Apple Development: Someone")
    assert done.returncode == 1
    assert "no 'Developer ID Application' certificate" in done.stderr


@pytest.mark.parametrize("name", SECRETS)
def test_missing_secret_is_named(mac: Mac, name: str) -> None:
    done = mac.run("keychain.sh", **{**SECRETS, name: ""})
    assert done.returncode == 1
    assert f"set {name}:" in done.stderr


@pytest.mark.parametrize(
    ("script", "arguments", "variables", "word"),
    [
        ("sign.sh", [], {}, "SIGN_IDENTITY"),
        ("notarize.sh", [], {}, "NOTARY_PROFILE"),
        ("notarize.sh", ["dmg"], {"NOTARY_PROFILE": "profile"}, "make dmg"),
        ("notarize.sh", ["all"], {"NOTARY_PROFILE": "profile"}, "usage"),
    ],
)
def test_missing_things_are_named(
    mac: Mac, script: str, arguments: list[str], variables: dict[str, str], word: str
) -> None:
    done = mac.run(script, *arguments, **variables)
    assert done.returncode == 1
    assert word in done.stderr


@pytest.mark.parametrize("script", ["sign.sh", "notarize.sh", "dmg.sh"])
def test_missing_app_is_named(mac: Mac, script: str) -> None:
    shutil.rmtree(mac.app)
    done = mac.run(script, SIGN_IDENTITY="-", NOTARY_PROFILE="profile")
    assert done.returncode == 1
    assert "make app" in done.stderr


@pytest.mark.parametrize("script", ["sign.sh", "notarize.sh", "dmg.sh"])
def test_missing_tool_is_named(mac: Mac, script: str) -> None:
    (Path(mac.environment["PATH"].split(":")[0]) / "codesign").unlink()
    done = mac.run(script, SIGN_IDENTITY="-", NOTARY_PROFILE="profile")
    assert done.returncode == 1
    assert "'codesign' is missing" in done.stderr


@pytest.mark.parametrize("script", ["sign.sh", "notarize.sh", "dmg.sh"])
def test_elsewhere_than_on_a_mac_the_scripts_say_so(mac: Mac, script: str) -> None:
    (Path(mac.environment["PATH"].split(":")[0]) / "uname").write_text("#!/bin/sh\necho Linux\n")
    done = mac.run(script)
    assert done.returncode == 1
    assert "Mac only" in done.stderr


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="needs shellcheck")
def test_shell_scripts_are_shellcheck_clean() -> None:
    scripts = sorted(str(path) for path in (ROOT / "packaging").rglob("*.sh"))
    assert len(scripts) >= 6
    done = subprocess.run(["shellcheck", "-x", *scripts], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
