"""The window speaks Chinese where that is chosen, and no text of it is left behind."""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QObject, QSize, QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

import app
from app.core.catalog import load_catalog
from app.library import paths
from app.library.settings import Settings
from app.library.styles import Styles
from app.ui.gallery.timeline.timeline import Timeline
from app.ui.main_window import MainWindow
from app.ui.settings.page import Page
from app.ui.words import wording
from tests.gui.doubles import ScriptedBackend

APP = Path(app.__file__).parent
TRANSLATIONS = paths.resources() / "translations"


def texts_of(node: ast.AST, context: str = "") -> Iterator[tuple[str, str]]:
    """The (context, text) of every call of tr() in a source."""
    for child in ast.iter_child_nodes(node):
        yield from texts_of(child, child.name if isinstance(child, ast.ClassDef) else context)
        if isinstance(child, ast.Assign):
            assert ast.unparse(child.value) != "self.tr", "a second name of it is taken for that of wording"
        if not isinstance(child, ast.Call):
            continue
        called = ast.unparse(child.func)
        if called.rpartition(".")[2] != "tr":
            continue
        assert called in ("self.tr", "tr", "wording.tr"), f"{called}(...) has no context that can be known"
        text = child.args[0]
        assert isinstance(text, ast.Constant), f"{ast.unparse(child)} cannot be translated"
        yield context if called == "self.tr" else "wording", str(text.value)


def all_texts() -> Iterator[tuple[str, str]]:
    for room in ("ui", "platform"):
        for path in sorted((APP / room).rglob("*.py")):
            yield from texts_of(ast.parse(path.read_text(encoding="utf-8")))


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


@pytest.fixture
def make_chinese(make_window: Callable[..., MainWindow], speak: Callable[[str], None]) -> Callable[[], MainWindow]:
    """Open the window with the language that the settings file names."""

    def make() -> MainWindow:
        Settings().set("language", "zh")
        return make_window()

    return make


def test_the_window_in_chinese(make_chinese: Callable[[], MainWindow]) -> None:
    window = make_chinese()
    window.resize(900, 600)
    QApplication.processEvents()
    assert window.size() == QSize(900, 600)
    button = window.findChild(QPushButton, "generateButton")
    assert button is not None
    assert button.text().startswith("生成")
    assert button.width() >= button.minimumSizeHint().width()
    assert window.menus.actions["settings"].text() == "设置…"


def test_the_filters_in_chinese(make_chinese: Callable[[], MainWindow]) -> None:
    filters = make_chinese().browsing.filters
    boxes = (filters.rating, filters.model, filters.backend, filters.shape, filters.pixels, filters.date)
    words = [box.itemText(index) for box in boxes for index in range(box.count())]
    assert len(words) > 20
    assert not [each for each in words if each.isascii()]


def test_the_settings_in_chinese(qtbot: QtBot, speak: Callable[[str], None]) -> None:
    speak("zh")
    page = Page()
    qtbot.addWidget(page)
    page.add_settings(Settings(), "General")
    shown = [label.text() for label in page.findChildren(QLabel)]
    assert "文件格式" in shown
    assert "窗口的语言。提示词可以用任何语言。" in shown
    assert not any(str(setting.help) in shown for setting in Settings().declared() if setting.help)


def translated(qtbot: QtBot, window: MainWindow) -> dict[str, list[str]]:
    """Everything that the window and its settings say, by place."""
    window.open_settings("Models")
    dialog = window._settings_dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: bool(dialog.models.token.status.text()))
    qtbot.waitUntil(lambda: not window.panel._estimate_timer.isActive())
    found: dict[str, list[str]] = {}
    ways = ["toolTip", "title", "windowTitle", "accessibleName", "accessibleDescription", "placeholderText", "text"]
    for place, part in enumerate((*window.findChildren(QWidget), *window.findChildren(QAction))):
        if said_when_shown(window, part) or part.objectName().startswith("Scroll"):  # the latter hides in Qt's tab bar
            continue
        number = isinstance(part, QAbstractSpinBox) or isinstance(part.parent(), QAbstractSpinBox)
        words = [str(part.property(way) or "") for way in (ways[:-1] if number else ways)]  # seeds differ
        if isinstance(part, QComboBox):
            words += [part.itemText(index) for index in range(part.count())]
        if isinstance(part, QTabWidget):
            words += [part.tabText(index) for index in range(part.count())]
        if any(words):
            found[f"{place} {part.metaObject().className()} {part.objectName()}"] = words
    return found


def said_when_shown(window: MainWindow, part: QObject) -> bool:
    """What is hidden now and gets its words before it is shown."""
    if not isinstance(part, QWidget) or part.isVisible():
        return False
    return window.page.empty.isAncestorOf(part) or part is window.inspector._hint


@pytest.mark.parametrize("pictures", [0, 3])
def test_a_change_of_the_language_applies_at_once(
    qtbot: QtBot,
    make_window: Callable[..., MainWindow],
    make_pictures: Callable[[int], list[Path]],
    speak: Callable[[str], None],
    pictures: int,
) -> None:
    """What is shown then is what a window that was opened in that language shows, word for word."""
    made = make_pictures(pictures)

    def open_window() -> MainWindow:
        window = make_window()
        if made:
            window.gallery.select(made[-1])
            qtbot.waitUntil(lambda: window.inspector.path == made[-1])
            timeline = window.findChild(Timeline)
            qtbot.waitUntil(lambda: timeline.accessibleDescription() != "")
        else:
            qtbot.waitUntil(lambda: window.findChild(QWidget, "way:torch") is not None)
        return window

    window = open_window()
    english = translated(qtbot, window)
    window.engine.settings.set("language", "zh")
    chinese = translated(qtbot, window)
    window.engine.settings.set("language", "en")
    assert translated(qtbot, window) == english
    window.engine.settings.set("language", "zh")
    window.close()
    assert chinese == translated(qtbot, open_window())


def test_a_message_that_stays_is_said_anew(
    make_window: Callable[..., MainWindow], speak: Callable[[str], None]
) -> None:
    window = make_window()
    bar = window.bar
    bar.show_notice(lambda: bar.tr("Message"), lambda: bar.tr("Close this message"), lambda: None, stay=True)
    window.engine.settings.set("language", "zh")
    assert bar.text.text() == "消息"
    assert bar.action.text() == "关闭此消息"


def test_a_job_in_work_is_told_in_the_new_language(
    qtbot: QtBot, make_window: Callable[..., MainWindow], backend: ScriptedBackend, speak: Callable[[str], None]
) -> None:
    backend.stop_at(1)
    window = make_window()
    window.panel.prompt.replace("a house")
    window.panel.generate()
    qtbot.waitUntil(lambda: "Seed" in window.inspector.rows())
    before = window.inspector.rows()
    window.engine.settings.set("language", "zh")
    assert "种子" in window.inspector.rows()
    assert list(window.inspector.rows().values()) == list(before.values())


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
    assert QCoreApplication.translate("Footer", "Generate") == word


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


def test_the_names_of_the_styles_that_come_with_the_app_are_translated(chinese: QTranslator) -> None:
    for style in Styles().all():
        assert chinese.translate("Styles", style.name), style.name
