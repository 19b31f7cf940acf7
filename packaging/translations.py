"""Collects the strings of the window into resources/translations/*.ts and compiles these to .qm, which the app loads.

Run it after every change of a text, fill in what is unfinished in sana_studio_zh.ts (Qt Linguist opens it), run it
again, and commit both kinds of files. English needs its file for the plural forms alone.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from messages import messages  # noqa: E402

from app.core.catalog import load_catalog, load_controlnets  # noqa: E402
from app.core.planned import load_planned  # noqa: E402

TRANSLATIONS = ROOT / "resources" / "translations"
WORDING = re.compile(r'(?<!def )(?<![\w.])(?:wording\.)?tr\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)')
"""Calls of app.ui.words.wording.tr, of whose context lupdate knows nothing."""


def catalog_texts() -> list[str]:
    """What the window shows of the models' descriptions."""
    catalog = load_catalog((ROOT / "resources" / "catalog.toml").read_text(encoding="utf-8"))
    controlnets = load_controlnets((ROOT / "resources" / "controlnets.toml").read_text(encoding="utf-8"), catalog)
    specs = [*catalog.values(), *controlnets.values()]
    shown = ((spec.good_for, spec.knows, spec.knows_more, spec.licence_notes) for spec in specs)
    texts = [text for sentences in shown for text in sentences if text]
    planned = load_planned((ROOT / "resources" / "planned.toml").read_text(encoding="utf-8"))
    texts += [text for each in planned for text in (each.why, each.needs)]
    return list(dict.fromkeys(texts))


def style_names() -> list[str]:
    """What the styles that come with the app are called."""
    styles = json.loads((ROOT / "resources" / "styles.json").read_text(encoding="utf-8"))["styles"]
    return [style["name"] for style in styles]


def write_sources(folder: Path) -> list[Path]:
    """Copies of the sources for lupdate, and one more with the texts of which it could not tell the context."""
    wording: list[str] = []

    def take_out(call: re.Match[str]) -> str:
        wording.append(ast.literal_eval(f"({call[1]})"))
        return "("

    written = []
    for room in ("ui", "platform"):
        for path in sorted((ROOT / "app" / room).rglob("*.py")):
            written.append(folder / path.relative_to(ROOT))
            written[-1].parent.mkdir(parents=True, exist_ok=True)
            written[-1].write_text(WORDING.sub(take_out, path.read_text(encoding="utf-8")), encoding="utf-8")
    more = [("wording", text) for text in dict.fromkeys(wording)]
    more += [("Catalog", text) for text in catalog_texts()] + [("Messages", text) for text in messages()]
    more += [("Styles", name) for name in style_names()]
    written.append(folder / "more.py")
    written[-1].write_text("".join(f"translate({context!r}, {text!r})\n" for context, text in more), encoding="utf-8")
    return written


def run(tool: str, *arguments: str | Path) -> None:
    subprocess.run([Path(sys.executable).parent / tool, *arguments], check=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        sources = write_sources(Path(folder))
        for language, kept in (("en", ["-pluralonly"]), ("zh", [])):
            ts = TRANSLATIONS / f"sana_studio_{language}.ts"
            form = ["-no-obsolete", "-locations", "none", "-source-language", "en", "-target-language", language]
            run("pyside6-lupdate", *sources, *kept, *form, "-ts", ts)
            run("pyside6-lrelease", ts, "-qm", ts.with_suffix(".qm"))


if __name__ == "__main__":
    main()
