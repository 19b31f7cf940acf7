"""The window's language. It can change at any time: texts that were set with `set_translated` are then set again."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

from app.library import paths

Text = str | Callable[[], str]
"""A text of the window: what gives it in the present language, or one that is the same in all of them."""

_installed: list[QTranslator] = []
_listeners: dict[object, Callable[[], object]] = {}


def use_language(app: QCoreApplication, choice: str) -> None:
    """Load the translations of the window and of Qt's own dialogs, and retranslate what is shown.

    Args:
        choice: the setting "language": "en", "zh", or "system" for the first of the user's languages that there is,
            else English.
    """
    while _installed:
        app.removeTranslator(_installed.pop())
    own = QTranslator()
    locale = QLocale.system() if choice == "system" else QLocale(choice)
    folder = str(paths.resources() / "translations")
    if not own.load(locale, "sana_studio", "_", folder):
        own.load("sana_studio_en", folder)
    _install(app, own)
    qt = QTranslator()
    if qt.load(QLocale(own.language()), "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        _install(app, qt)
    for key in list(_listeners):
        if key in _listeners:  # an earlier one may have destroyed its owner
            _listeners[key]()


def language() -> str:
    """The window's present language: "en" or "zh"; empty before `use_language`."""
    return _installed[0].language() if _installed else ""


def on_language_change(owner: QObject, act: Callable[[], object]) -> None:
    """Do `act` after each change of the language, until `owner` is destroyed, as its parent's child or by itself."""
    key = object()
    _listeners[key] = act
    owner.destroyed.connect(lambda _=None: _listeners.pop(key, None))


def set_translated(owner: QObject, text: Text, *setters: Callable[[str], object]) -> None:
    """Set a text, and again after each change of the language.

    Args:
        owner: what the text belongs to; it lives no longer than what the setters belong to.
        setters: what takes the text, such as a label's `setText`.
    """

    def retranslate() -> None:
        for setter in setters:
            setter(text_of(text))

    retranslate()
    if not isinstance(text, str):
        on_language_change(owner, retranslate)


def text_of(text: Text) -> str:
    """The text in the present language."""
    return text if isinstance(text, str) else text()


def _install(app: QCoreApplication, translator: QTranslator) -> None:
    app.installTranslator(translator)
    _installed.append(translator)
