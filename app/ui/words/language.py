"""The window's language. It can change at any time: what is said through `say` is then said anew."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

from app.library import paths

Words = str | Callable[[], str]
"""Something to say: what gives it in the present language, or a text that is the same in all of them."""

_installed: list[QTranslator] = []
_followers: dict[object, Callable[[], object]] = {}


def use_language(app: QCoreApplication, choice: str) -> None:
    """Load the words of the window and of Qt's own dialogs, and let everything that follows the language say its
    words anew.

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
    for key in list(_followers):
        if key in _followers:  # one that was told before may have ended it
            _followers[key]()


def language() -> str:
    """The language that the window speaks now: "en" or "zh"; empty before `use_language`."""
    return _installed[0].language() if _installed else ""


def follow_language(owner: QObject, act: Callable[[], object]) -> None:
    """Do `act` after each change of the language, until `owner` is destroyed, as its parent's child or by itself."""
    key = object()
    _followers[key] = act
    owner.destroyed.connect(lambda _=None: _followers.pop(key, None))


def say(owner: QObject, words: Words, *places: Callable[[str], object]) -> None:
    """Put words into their places, and again after each change of the language.

    Args:
        owner: what the words belong to; it lives no longer than the places.
        places: what takes the words, such as a label's `setText`.
    """

    def put() -> None:
        text = spoken(words)
        for place in places:
            place(text)

    put()
    if not isinstance(words, str):
        follow_language(owner, put)


def spoken(words: Words) -> str:
    """The words in the present language."""
    return words if isinstance(words, str) else words()


def _install(app: QCoreApplication, translator: QTranslator) -> None:
    app.installTranslator(translator)
    _installed.append(translator)
