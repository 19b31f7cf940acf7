"""The verification must fail where the bundle is not sound: tried with a small stand-in for the built program."""

from __future__ import annotations

import contextlib
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the stand-in is laid out as on Linux")

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def verify(build_module: Callable[[str], ModuleType]) -> ModuleType:
    return build_module("verify_bundle")


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    folder = tmp_path / "a bundle"
    (folder / "_internal").mkdir(parents=True)
    return folder


def program(folder: Path, body: str) -> None:
    file = folder / "sana-studio"
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


def test_program_gets_nothing_of_the_environment(
    verify: ModuleType, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("VIRTUAL_ENV", "/somewhere")
    program(bundle, "env")
    out = verify.Bundle(bundle, tmp_path).run("doctor")
    assert "somewhere" not in out
    assert f"SANA_STUDIO_HOME={tmp_path}/data" in out


def test_failing_program_fails_with_what_it_said(verify: ModuleType, bundle: Path, tmp_path: Path) -> None:
    program(bundle, "echo 'no metallib' >&2; exit 3")
    with pytest.raises(verify.FailedStepError, match="no metallib"):
        verify.Bundle(bundle, tmp_path).run("doctor")


def test_checkout_cannot_be_read_behind_the_fence(verify: ModuleType) -> None:
    if not verify.fence():
        pytest.skip("this system lets nobody make a fence")
    command = [*verify.fence(), "ls", str(ROOT / "app")]
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


def test_file_of_the_virtual_environment_in_use_is_found(
    verify: ModuleType, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "fence", list)
    library = next(Path(np_libs) for np_libs in _libraries_of_numpy())
    program(bundle, f"LD_PRELOAD={library} sleep 1.5")
    with pytest.raises(verify.FailedStepError, match="outside of the bundle"):
        verify.Bundle(bundle, tmp_path).run("doctor")


def _libraries_of_numpy() -> list[str]:
    import numpy

    return [str(path) for path in (Path(numpy.__file__).parents[1] / "numpy.libs").glob("libgfortran*")]


def test_link_out_of_the_bundle_is_found(verify: ModuleType, bundle: Path, tmp_path: Path) -> None:
    program(bundle, "true")
    assert "no link" in verify.check_place(verify.Bundle(bundle, tmp_path))
    (bundle / "_internal" / "torch").symlink_to("/usr/lib")
    with pytest.raises(verify.FailedStepError, match="links out"):
        verify.check_place(verify.Bundle(bundle, tmp_path))


def test_link_to_nothing_is_found(verify: ModuleType, bundle: Path, tmp_path: Path) -> None:
    program(bundle, "true")
    (bundle / "_internal" / "libQt6Pdf.so.6").symlink_to("PySide6/Qt/lib/libQt6Pdf.so.6")
    with pytest.raises(verify.FailedStepError, match="links to nothing"):
        verify.check_place(verify.Bundle(bundle, tmp_path))


def test_library_that_looks_into_the_checkout_is_found(
    verify: ModuleType, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "readelf").write_text(f'#!/bin/sh\ncase "$2" in *.so.6) echo "RUNPATH [{ROOT}/lib]" ;; esac\n')
    (tools / "readelf").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    program(bundle, "true")
    (bundle / "_internal" / "libfoo.so.6").touch()
    with pytest.raises(verify.FailedStepError, match="looks for libraries"):
        verify.check_place(verify.Bundle(bundle, tmp_path))


def test_missing_readelf_is_named(
    verify: ModuleType, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(verify.FailedStepError, match="binutils"):
        verify.check_place(verify.Bundle(bundle, tmp_path))


def test_modules_for_development_are_found(verify: ModuleType) -> None:
    modules = ["pytest", "pytest.raises", "_pytest.python", "torch.nn", "mpmath.tests.runtests", "pypdf", "pipeline"]
    assert verify.needless(modules) == ["_pytest.python", "mpmath.tests.runtests", "pytest", "pytest.raises"]


@pytest.mark.skipif(not shutil.which("xdotool"), reason="needs xdotool")
def test_window_that_never_comes_fails(
    verify: ModuleType, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify.measure_start, "missing_tools", list)
    monkeypatch.setattr(verify.measure_start, "virtual_display", lambda: contextlib.nullcontext(":99"))
    monkeypatch.setattr(verify, "fence", list)
    program(bundle, "exit 3")
    with pytest.raises(verify.FailedStepError, match="ended with 3 before"):
        verify.check_display(verify.Bundle(bundle, tmp_path))


def test_missing_bundle_and_image_say_what_to_build(
    verify: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify.main([str(tmp_path / "sana-studio")]) == 1
    assert capsys.readouterr().err.endswith("make app\n")
    assert verify.main([str(tmp_path / "Sana-Studio.dmg")]) == 1
    assert capsys.readouterr().err.endswith("make dmg\n")


def test_backend_that_is_not_ready_fails(verify: ModuleType, bundle: Path, tmp_path: Path) -> None:
    row = '{"backend": "%s", "status": "%s", "reason": "no metallib", "device": "cpu"}'
    rows = ", ".join((row % ("torch", "ready"), row % ("mlx", "unavailable")))
    program(bundle, f"echo '[{rows}]'")
    with pytest.raises(verify.FailedStepError, match="no metallib"):
        verify.check_doctor(verify.Bundle(bundle, tmp_path))


def test_keychain_with_the_users_keys_is_left_alone(verify: ModuleType, bundle: Path, tmp_path: Path) -> None:
    program(
        bundle,
        f'echo "$*" >>"{tmp_path}/calls"; echo \'[{{"name": "replicate", "source": "keychain"}}]\'',
    )
    assert "skipped" in verify.check_keychain(verify.Bundle(bundle, tmp_path))
    assert (tmp_path / "calls").read_text() == "keys list --json\n"


@pytest.mark.parametrize("there", [True, False])
def test_keychain_that_only_the_app_does_not_find_fails(
    verify: ModuleType, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    listed = '[{"name": "replicate", "source": null}]'
    program(bundle, f"case \"$2\" in list) echo '{listed}' ;; *) echo 'There is no keychain.' >&2; exit 2 ;; esac")
    monkeypatch.setattr(verify, "has_keychain", lambda: there)
    if there:
        with pytest.raises(verify.FailedStepError, match="does not find it"):
            verify.check_keychain(verify.Bundle(bundle, tmp_path))
    else:
        assert "skipped" in verify.check_keychain(verify.Bundle(bundle, tmp_path))


def test_session_without_a_bus_has_no_keychain(verify: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    assert not verify.has_keychain()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    assert not verify.has_keychain()


def test_sizes_are_counted_by_part_and_links_not_at_all(verify: ModuleType, bundle: Path) -> None:
    for name, size in {"sana-studio": 10, "_internal/torch/lib/libtorch_cpu.so": 500, "_internal/mlx/lib/libmlx.so": 70,
                       "_internal/PySide6/QtCore.so": 30, "_internal/resources/starter/vae/model.safetensors": 20,
                       "_internal/torchgen-0.1.dist-info/METADATA": 3, "_internal/libfoo.so": 4}.items():  # fmt: skip
        path = bundle / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(size))
    (bundle / "_internal" / "libtorch.so").symlink_to("torch/lib/libtorch_cpu.so")
    table = verify.sizes(bundle)
    assert {part: size for part, size in table.items() if size} == {
        "torch": 503, "MLX": 70, "Qt": 30, "starter model": 20, "Python and the rest": 14,
    }  # fmt: skip
