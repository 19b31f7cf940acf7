"""The window's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from app.library import paths


def install_language(app: QCoreApplication, choice: str) -> None:
    """Load the words of the window and of Qt's own dialogs. What is built afterwards speaks that language.

    Args:
        choice: the setting "language": "en", "zh", or "system" for the first of the user's languages that there is,
            else English.
    """
    own = QTranslator(app)
    locale = QLocale.system() if choice == "system" else QLocale(choice)
    folder = str(paths.resources() / "translations")
    if not own.load(locale, "sana_studio", "_", folder):
        own.load("sana_studio_en", folder)
    app.installTranslator(own)
    qt = QTranslator(app)
    if qt.load(QLocale(own.language()), "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(qt)
