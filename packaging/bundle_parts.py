"""What belongs into the bundle, decided on names alone. Used by sana_studio.spec."""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import TypeVar

Entry = TypeVar("Entry", bound=tuple[str, ...])

PRUNED = (
    "diffusers", "transformers", "mlx_lm", "mflux",
    # torch's compilers, exporters, quantizers and what serves training on many machines.
    "torch._dynamo", "torch._export", "torch._functorch", "torch._inductor", "torch.ao", "torch.distributed",
    "torch.export", "torch.onnx", "torch.testing",
)  # fmt: skip
"""Of these only the modules go in that generating uses; see used_modules.py."""

TOOLS = (
    "IPython", "PyInstaller", "_pytest", "execnet", "grimp", "importlinter", "lib2to3", "matplotlib", "mypy", "mypyc",
    "pandas", "pip", "py", "pytest", "pytestqt", "ruff", "scipy", "setuptools", "tensorboard", "tkinter",
    "torchvision", "torchaudio", "uv", "wheel", "xdist",
    # The libraries' own tests, benchmarks and command lines.
    "click", "fsspec.conftest", "huggingface_hub.cli", "markdown_it", "mpmath.tests", "numpy.testing",
    "pygments", "rich", "torch.fx.passes.tests", "torch.utils.benchmark", "torch.utils.tensorboard", "typer",
)  # fmt: skip
"""What development needs, and what the libraries use only where it happens to be installed."""

LEFT_OUT = (
    "torch/bin/[!t]*", "torch/bin/test*", "torch/test/*", "torch/include/*", "torch/share/*", "torch/lib/*.a",
    "torch/lib/*test*", "torch/lib/*backend_with_compiler*", "torch/lib/*aoti_custom_ops*",
    "torchgen/packaged/*", "mlx/include/*", "mlx/share/*", "mlx/lib/*.a",
    "PySide6/Qt/qml/*", "PySide6/Qt/metatypes/*", "PySide6/Qt/libexec/*", "PySide6/*.pyi", "*/tests/*",
    "numpy/_core/_*_tests.*",
    # The hook for transformers brings the metadata of whatever its table of versions names.
    "execnet-*.dist-info/*", "pytest*.dist-info/*", "ruff-*.dist-info/*",
)  # fmt: skip
"""Files that the packages carry and the app never opens."""

QT_PLUGINS = {
    "platforms": ("qxcb", "qwayland*", "qoffscreen", "qcocoa"),
    "platforminputcontexts": ("compose*", "ibus*"),
    "platformthemes": ("qxdgdesktopportal",),
    "xcbglintegrations": ("*",),
    "wayland-shell-integration": ("xdg-shell",),
    "wayland-decoration-client": ("*",),
    "wayland-graphics-integration-client": ("*",),
    "imageformats": ("qjpeg", "qwebp", "qsvg"),
    "iconengines": ("*",),
    "styles": ("*",),
    "tls": ("*",),
    "networkinformation": (),
}
"""The kinds of Qt plugins, and of each the ones in use; kinds that are not named stay out."""

QT_TRANSLATIONS = ("qtbase_zh*", "qt_zh*")

LOADED_BY_NAME = ("libpython", "Python", "libopenblas")
"""How the names of libraries begin that no other one asks for: the program loads Python, app.sana_mlx.blas OpenBLAS."""


def unused_modules(folder: Path, package: str, used: Iterable[str]) -> list[str]:
    """The modules below a package, by name, that are not among `used`; of a whole unused package only its own name.

    Args:
        folder: the package's folder.
    """
    wanted = set(used)
    unused = []
    for path in sorted(folder.iterdir()):
        name = f"{package}.{path.stem}"
        if path.is_dir() and (path / "__init__.py").is_file():
            unused += unused_modules(path, name, wanted) if name in wanted else [name]
        elif path.suffix == ".py" and path.stem != "__init__" and name not in wanted:
            unused.append(name)
    return unused


def belongs(target: str, excluded: Iterable[str] = ()) -> bool:
    """Whether a file goes in, by its path in the bundle. Data of `excluded` modules stays out with them."""
    path = PurePosixPath(target)
    if any(fnmatch.fnmatchcase(target, pattern) for pattern in LEFT_OUT):
        return False
    if any(target.startswith(f"{module.replace('.', '/')}/") for module in excluded):
        return False
    parts = path.parts
    if "Qt" in parts and "plugins" in parts:
        kind, name = parts[parts.index("plugins") + 1], path.stem.removeprefix("lib")
        return any(fnmatch.fnmatchcase(name, pattern) for pattern in QT_PLUGINS.get(kind, ()))
    if "Qt" in parts and "translations" in parts:
        return any(fnmatch.fnmatchcase(path.stem, pattern) for pattern in QT_TRANSLATIONS)
    return True


def without_orphans(binaries: list[Entry], imports: Callable[[str], Iterable[str]]) -> list[Entry]:
    """The binaries without the libraries that nothing left in the bundle loads: Qt's own, and the system's that came
    with a plugin.

    Args:
        binaries: (path in the bundle, file, ...) of each.
        imports: gives the file names of the libraries that a file loads.
    """
    libraries = {PurePosixPath(entry[0]).name: entry for entry in binaries if _is_loaded_by_others(entry)}
    kept = [entry for entry in binaries if not _is_loaded_by_others(entry)]
    waiting = list(kept)
    reached: set[str] = set()
    while waiting:
        for name in imports(waiting.pop()[1]):
            if name in libraries and name not in reached:
                reached.add(name)
                waiting.append(libraries[name])
    return kept + [libraries[name] for name in sorted(reached)]


def without_strays(datas: list[Entry], binaries: Iterable[Entry]) -> list[Entry]:
    """The data without what belonged to libraries that stayed out: the rest of a framework that lost its code (macOS
    signs no such thing), and symbolic links that lead nowhere.

    Args:
        datas: (path in the bundle, file, kind) of each; of a symbolic link, the file is what it says.
    """
    binaries = list(binaries)
    with_code = {_framework(entry[0]) for entry in binaries}
    datas = [entry for entry in datas if _framework(entry[0]) in {None, *with_code}]
    links = {
        entry[0]: posixpath.join(posixpath.dirname(entry[0]), entry[1]) for entry in datas if entry[-1] == "SYMLINK"
    }
    files = [PurePosixPath(entry[0]) for entry in [*datas, *binaries] if entry[0] not in links]
    present = {str(path) for file in files for path in (file, *file.parents)}
    return [entry for entry in datas if entry[0] not in links or _leads_somewhere(entry[0], links, present)]


def _framework(target: str) -> str | None:
    """The outermost framework that a path lies in."""
    parts = PurePosixPath(target).parts
    return next((name for name in parts if name.endswith(".framework")), None)


def _leads_somewhere(path: str, links: Mapping[str, str], present: Collection[str]) -> bool:
    for _ in range(8):  # a link may lead to a link; a circle leads nowhere
        place = PurePosixPath(path)
        link = next((str(part) for part in (place, *place.parents) if str(part) in links), None)
        if link is None:
            return path in present
        path = posixpath.normpath(links[link] + path[len(link) :])
    return False


def _is_loaded_by_others(entry: tuple[str, ...]) -> bool:
    """Qt's libraries and those at the top are there for the others, but not what is loaded by its name there: Python's
    own extension modules and LOADED_BY_NAME.
    """
    path = PurePosixPath(entry[0])
    if entry[-1] == "EXTENSION" or path.name.startswith(LOADED_BY_NAME):
        return False
    return path.parent == PurePosixPath(".") or path.as_posix().startswith("PySide6/Qt/lib/")
