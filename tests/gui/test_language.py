"""The window speaks Chinese where that is chosen, and no text of it is left behind."""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QSize, QTranslator
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

import app
from app.core.catalog import load_catalog
from app.library import paths
from app.library.settings import SETTINGS, Settings
from app.ui import wording
from app.ui.language import install_language
from app.ui.main_window import MainWindow
from app.ui.settings.page import Page

APP = Path(app.__file__).parent
TRANSLATIONS = paths.resources() / "translations"


@pytest.fixture
def speak(qapp: QApplication) -> Iterator[Callable[[str], None]]:
    """Choose the language for one test."""

    def choose(choice: str) -> None:
        install_language(qapp, choice)

    yield choose
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()


@pytest.fixture(scope="module")
def chinese() -> QTranslator:
    translator = QTranslator()
    assert translator.load(str(TRANSLATIONS / "sana_studio_zh.qm"))
    return translator


def texts_of(node: ast.AST, context: str = "") -> Iterator[tuple[str, str]]:
    """The (context, text) of every call of tr() in a source."""
    for child in ast.iter_child_nodes(node):
        yield from texts_of(child, child.name if isinstance(child, ast.ClassDef) else context)
        if not isinstance(child, ast.Call):
            continue
        called = ast.unparse(child.func)
        if called.rpartition(".")[2] != "tr":
            continue
        assert called in ("self.tr", "tr", "wording.tr"), f"{called}(...) has no context that can be known"
        text = child.args[0]
        assert isinstance(text, ast.Constant), f"{ast.unparse(child)} cannot be translated"
        yield context if called == "self.tr" else "wording", text.value


def all_texts() -> Iterator[tuple[str, str]]:
    for room in ("ui", "platform"):
        for path in sorted((APP / room).rglob("*.py")):
            yield from texts_of(ast.parse(path.read_text(encoding="utf-8")))
    for setting in SETTINGS:
        if setting.page:
            for text in (setting.label, setting.help, *(words for _, words in setting.choices)):
                yield "Settings", text


def test_every_text_is_translated(chinese: QTranslator) -> None:
    texts = list(all_texts())
    assert len(texts) > 300
    missing = [text for text in texts if not chinese.translate(*text, "", 1)]
    assert not missing, "Run packaging/translations.py and translate these"


def test_the_compiled_file_says_what_the_source_says(chinese: QTranslator) -> None:
    for context in ElementTree.parse(TRANSLATIONS / "sana_studio_zh.ts").getroot().iter("context"):
        for message in context.iter("message"):
            source, translation = message.findtext("source", ""), message.find("translation")
            assert translation is not None
            assert translation.get("type") is None, source
            words = (translation.findtext("numerusform") or translation.text or "").strip()
            assert chinese.translate(context.findtext("name", ""), source, "", 1) == words
            assert named(words) == named(source)


def named(text: str) -> set[str]:
    """What is filled in: {name}, %n."""
    return set(re.findall(r"{(\w+)", text)) | set(re.findall(r"%n", text))


def test_the_window_in_chinese(make_window: Callable[..., MainWindow], speak: Callable[[str], None]) -> None:
    speak("zh")
    window = make_window()
    window.resize(900, 600)
    QApplication.processEvents()
    assert window.size() == QSize(900, 600)
    button = window.findChild(QPushButton, "generateButton")
    assert button is not None
    assert button.text().startswith("生成")
    assert button.width() >= button.minimumSizeHint().width()
    assert window.menus.actions["settings"].text() == "设置…"


def test_the_settings_in_chinese(qtbot: QtBot, speak: Callable[[str], None]) -> None:
    speak("zh")
    page = Page()
    qtbot.addWidget(page)
    page.add_settings(Settings(), "General")
    shown = [label.text() for label in page.findChildren(QLabel)]
    assert "文件格式" in shown
    assert any("下次启动时生效" in text for text in shown)
    assert not any(setting.help in shown for setting in SETTINGS if setting.help)


def test_numbers_and_dates_in_chinese(speak: Callable[[str], None]) -> None:
    speak("zh")
    assert wording.pictures(3) == "3 张图片"
    assert wording.seconds(80) == "1 分 20 秒"
    assert wording.moment(datetime(2020, 3, 9, 8, 5)) == "2020年3月9日"


def test_qt_speaks_it_too(qtbot: QtBot, speak: Callable[[str], None]) -> None:
    assert QCoreApplication.translate("QLineEdit", "Select All") == "Select All"
    speak("zh")
    assert QCoreApplication.translate("QLineEdit", "Select All") == "全选"
    edit = QLineEdit()
    qtbot.addWidget(edit)
    assert "全选" in [action.text().partition("\t")[0] for action in edit.createStandardContextMenu().actions()]


@pytest.mark.parametrize(
    ("system", "choice", "word"),
    [
        ("zh_CN", "system", "生成"),
        ("zh_TW", "system", "生成"),
        ("en_GB", "system", "Generate"),
        ("de_DE", "system", "Generate"),
        ("zh_CN", "en", "Generate"),
        ("de_DE", "zh", "生成"),
    ],
)
def test_the_choice_and_the_system(
    monkeypatch: pytest.MonkeyPatch, speak: Callable[[str], None], system: str, choice: str, word: str
) -> None:
    monkeypatch.setattr(QLocale, "system", lambda: QLocale(system))
    speak(choice)
    assert QCoreApplication.translate("PromptPanel", "Generate") == word


@pytest.mark.parametrize(
    ("choice", "count", "words"),
    [("en", 1, "1 picture ready"), ("en", 4, "4 pictures ready"), ("zh", 4, "4 张图片已完成")],
)
def test_plural_forms(speak: Callable[[str], None], choice: str, count: int, words: str) -> None:
    speak(choice)
    assert QCoreApplication.translate("DesktopPresence", "%n picture(s) ready", "", count) == words


def test_the_catalog_is_described_in_chinese(chinese: QTranslator) -> None:
    for spec in load_catalog((paths.resources() / "catalog.toml").read_text(encoding="utf-8")).values():
        for text in (spec.good_for, spec.knows, spec.licence_notes):
            assert not text or chinese.translate("Catalog", text), text
