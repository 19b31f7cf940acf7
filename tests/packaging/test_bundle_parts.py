"""What goes into the bundle, by names alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def parts(build_module: Callable[[str], ModuleType]) -> ModuleType:
    return build_module("bundle_parts")


def test_unused_modules_are_named_and_a_whole_unused_package_once(parts: ModuleType, tmp_path: Path) -> None:
    for name in ("__init__.py", "sana.py", "flux.py", "models/__init__.py", "models/gemma2.py", "models/llama.py",
                 "video/__init__.py", "video/wan.py", "data/table.json"):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    used = ["zoo", "zoo.sana", "zoo.models", "zoo.models.gemma2", "other.flux"]
    assert parts.unused_modules(tmp_path, "zoo", used) == ["zoo.flux", "zoo.models.llama", "zoo.video"]


@pytest.mark.parametrize(
    "target",
    [
        "torch/lib/libtorch_cpu.so", "mlx/lib/mlx.metallib", "mlx/lib/libmlx.dylib", "torch/_C.cpython-312-darwin.so",
        "torch/bin/torch_shm_manager", "PySide6/Qt/plugins/platforms/libqcocoa.dylib",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqwayland.so", "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/Qt/plugins/imageformats/libqwebp.so", "PySide6/Qt/plugins/styles/libqmacstyle.dylib",
        "numpy/_core/_multiarray_umath.cpython-312-darwin.so", "diffusers-0.42.1.dist-info/METADATA",
        "PySide6/Qt/translations/qtbase_zh_CN.qm", "resources/starter/model_index.json", "resources/catalog.toml",
        "resources/translations/sana_studio_zh.qm",
    ],
)  # fmt: skip
def test_what_the_app_opens_goes_in(parts: ModuleType, target: str) -> None:
    assert parts.belongs(target, ["torch._inductor", "transformers.models.llama"])


@pytest.mark.parametrize(
    "target",
    [
        "torch/bin/protoc", "torch/bin/test_jit", "torch/bin/TCPStoreTest",
        "torch/test/test_api",
        "torch/include/c10/util.h", "torch/lib/libtorchbind_test.so",
        "PySide6/Qt/plugins/platforms/libqeglfs.so", "PySide6/Qt/plugins/imageformats/libqpdf.so",
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so", "PySide6/Qt/plugins/sqldrivers/libqsqlite.so",
        "PySide6/Qt/translations/qtbase_de.qm", "PySide6/Qt/qml/QtQuick/plugin.so", "mlx/include/mlx/mlx.h",
        "torch/_inductor/kernel/template.cu", "transformers/models/llama/modeling_llama.py",
        "pytest_xdist-3.8.0.dist-info/METADATA", "pytest-9.2.0.dist-info/RECORD",
        "numpy/_core/_multiarray_tests.cpython-312-darwin.so",
    ],
)  # fmt: skip
def test_what_the_app_never_opens_stays_out(parts: ModuleType, target: str) -> None:
    assert not parts.belongs(target, ["torch._inductor", "transformers.models.llama"])


def test_libraries_that_nothing_loads_any_more_stay_out(parts: ModuleType) -> None:
    loads = {
        "/QtGui.so": ["libQt6Gui.so.6"],
        "/libQt6Gui": ["libQt6Core.so.6", "libEGL.so.1", "libc.so.6"],
        "/libQt6Pdf": ["libQt6Gui.so.6"],
        "/libgtk": ["libcairo.so.2"],
        "/_ssl.so": ["libssl.so.3"],
        "/_cffi": ["libffi.so.8"],
        "/libopenblas": ["libgfortran.so.5"],
    }
    binaries = [
        ("PySide6/QtGui.abi3.so", "/QtGui.so", "EXTENSION"),
        ("PySide6/Qt/lib/libQt6Gui.so.6", "/libQt6Gui", "BINARY"),
        ("PySide6/Qt/lib/libQt6Core.so.6", "/libQt6Core", "BINARY"),
        ("PySide6/Qt/lib/libQt6Pdf.so.6", "/libQt6Pdf", "BINARY"),
        ("torch/lib/libtorch.so", "/libtorch", "BINARY"),
        ("python3.11/lib-dynload/_ssl.so", "/_ssl.so", "EXTENSION"),
        ("libssl.so.3", "/libssl", "BINARY"),
        ("libEGL.so.1", "/libEGL", "BINARY"),
        ("libgtk-3.so.0", "/libgtk", "BINARY"),
        ("libcairo.so.2", "/libcairo", "BINARY"),
        ("libpython3.11.so.1.0", "/libpython", "BINARY"),
        ("_cffi_backend.cpython-311-x86_64-linux-gnu.so", "/_cffi", "EXTENSION"),
        ("libffi.so.8", "/libffi", "BINARY"),
        ("libopenblas.so.0", "/libopenblas", "BINARY"),
        ("libgfortran.so.5", "/libgfortran", "BINARY"),
    ]
    kept = {entry[0] for entry in parts.without_orphans(binaries, lambda file: loads.get(file, []))}
    assert {entry[0] for entry in binaries} - kept == {
        "PySide6/Qt/lib/libQt6Pdf.so.6", "libgtk-3.so.0", "libcairo.so.2",
    }  # fmt: skip


def test_framework_that_lost_its_code_goes_with_all_its_parts(parts: ModuleType) -> None:
    """As PyInstaller lays frameworks out on macOS: code among the binaries, the rest and the links among the data."""
    place = "PySide6/Qt/lib"
    datas = [
        entry
        for name in ("QtCore", "QtPdf")
        for entry in (
            (f"{place}/{name}.framework/Versions/A/Resources/Info.plist", "/Info.plist", "DATA"),
            (f"{place}/{name}.framework/Versions/Current", "A", "SYMLINK"),
            (f"{place}/{name}.framework/{name}", f"Versions/Current/{name}", "SYMLINK"),
            (f"{place}/{name}.framework/Resources", "Versions/Current/Resources", "SYMLINK"),
            (name, f"{place}/{name}.framework/Versions/A/{name}", "SYMLINK"),
        )
    ]
    binaries = [(f"{place}/QtCore.framework/Versions/A/QtCore", "/QtCore", "BINARY")]
    kept = parts.without_strays(datas, binaries)
    assert kept == datas[:5]


def test_links_that_lead_nowhere_stay_out(parts: ModuleType) -> None:
    datas = [
        ("libQt6Core.so.6", "PySide6/Qt/lib/libQt6Core.so.6", "SYMLINK"),
        ("libQt6Pdf.so.6", "PySide6/Qt/lib/libQt6Pdf.so.6", "SYMLINK"),
        ("a", "b", "SYMLINK"),
        ("b", "a", "SYMLINK"),
        ("resources/catalog.toml", "/catalog.toml", "DATA"),
        ("torch/share", "../resources", "SYMLINK"),
    ]
    binaries = [("PySide6/Qt/lib/libQt6Core.so.6", "/libQt6Core", "BINARY")]
    assert [entry[0] for entry in parts.without_strays(datas, binaries)] == [
        "libQt6Core.so.6", "resources/catalog.toml", "torch/share",
    ]  # fmt: skip
