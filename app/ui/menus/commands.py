"""What each command of the menus does in the window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtWidgets
from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from app import __version__, platform
from app.core.request import GenerationRequest
from app.library import paths
from app.library.pictures.marks.ratings import BEST
from app.ui.controls.fields.text_editing import edit_text, pastes_picture
from app.ui.gallery.files.actions import settings_text
from app.ui.gallery.files.quick_look import QuickLook
from app.ui.gallery.inspector.inspector import COMPARED
from app.ui.menus.clips import ClipCommands
from app.ui.menus.enlarging import EnlargeCommands
from app.ui.menus.exploring import Exploring

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow

BENEATH = (
    "select_all", "find", "all", "favourites", "new_album", "albums", "clear_filters", "panel", "inspector",
    "jobs", "use",
)  # fmt: skip
"""Commands that act on what the viewer covers."""


FEWEST_COMPARED = 2
MANY = 1_000
"""Of so many selected pictures is looked what they are marked with."""


class Commands(QObject):
    """Acts on the window's parts, most often on the selected pictures."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._enlarging = EnlargeCommands(window)
        self._exploring = Exploring(window)
        self._clips = ClipCommands(window)
        self._quick_look = QuickLook(self)

    def table(self) -> dict[str, Callable[[], object]]:
        """What to do for each command, by its name."""
        window = self._window
        commands: dict[str, Callable[[], object]] = {
            "open": window.ask_for_picture,
            "export": lambda: window.pictures.export(window.selection.paths(), self._clips.frame()),
            "reveal": self._reveal,
            "quick_look": self._preview,
            "share": lambda: platform.share(window.selection.paths(), window),
            "folder": lambda: open_folder(window.engine.gallery.folder),
            "settings": window.open_settings,
            "close": self._close_front,
            "quit": window.quitAsked.emit,
            "undo": lambda: edit_text("undo", self._undo),
            "redo": lambda: edit_text("redo", self._redo),
            "cut": lambda: edit_text("cut"),
            "copy": lambda: edit_text("copy", lambda: window.pictures.copy(window.selection.paths())),
            "paste": self._paste,
            "select_all": lambda: edit_text("select_all", window.gallery.selectAll),
            "delete": self._delete,
            "find": self._find,
            "all": lambda: window.header.filter.set_value(0),
            "favourites": lambda: window.header.filter.set_value(1),
            "new_album": self._new_album,
            "albums": window.page.toggle_sidebar,
            "subfolders": self._toggle_subfolders,
            "clear_filters": window.browsing.clear,
            "remove_from_album": lambda: window.browsing.albums.take_out(window.selection.paths()),
            "larger": lambda: self._zoom(1),
            "smaller": lambda: self._zoom(-1),
            "panel": lambda: window.show_side("panel", window.panel.isHidden()),
            "inspector": lambda: window.show_side("inspector", window.inspector.isHidden()),
            "jobs": window.queue.open_jobs,
            "full_screen": lambda: window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen),
            "generate": window.panel.generate,
            "cancel": window.queue.cancel.click,
            "pause": window.jobs.actions.toggle_pause,
            "clear_queue": window.jobs.actions.clear,
            "view": window.selection.view,
            "compare": lambda: window.comparing.side_by_side.open(window.selection.paths()),
            "use": self._use_settings,
            "vary": self._vary,
            "variations": self._exploring.variations,
            "between": self._exploring.between,
            "use_template": self._exploring.use_template,
            "grid": self._exploring.grid,
            "start": self._start_from,
            "edit": self._edit_part,
            "favourite": self._toggle_favourites,
            **{f"rate{stars}": partial(self._rate, stars) for stars in range(BEST + 1)},
            "copy_prompt": lambda: self._copy_text(lambda request: request.prompt),
            "copy_settings": lambda: self._copy_text(settings_text),
            "minimize": window.showMinimized,
            "maximize": lambda: window.setWindowState(window.windowState() ^ Qt.WindowState.WindowMaximized),
            "logs": lambda: open_folder(paths.logs()),
            "updates": window.updates.look,
            "about": self._about,
        }
        commands |= self._enlarging.table() | self._clips.table()
        return {**commands, **{name: partial(self._beneath, commands[name]) for name in BENEATH}}

    def show_picture(self, path: Path) -> None:
        """Select a picture, also one that the search or the filter leaves out."""
        window = self._window
        if window.model.index_of(path).isValid():
            window.gallery.select(path)
        else:
            window.browsing.clear()
            window.gallery.auto_selection.select_when_listed(path)

    def follow(self) -> None:
        """Enable the commands as the selection and the chosen model allow; once all parts are there."""
        window = self._window
        window.selection.changed.connect(self._selection_changed)
        window.model.marksChanged.connect(self._show_favourite)
        window.model.marksChanged.connect(self._show_rating)
        window.inspector.rated.connect(self._rate)
        window.gallery.previewAsked.connect(self._preview)
        window.menus.enlarge.aboutToShow.connect(self._enlarging.fill_own)
        window.menus.add_to_album.aboutToShow.connect(
            lambda: window.browsing.fill_add_menu(window.menus.add_to_album)
        )  # fmt: skip
        window.model.listed.connect(self._enable_albums)
        window.page.sidebarShown.connect(partial(window.menus.set_shown, "albums"))
        window.menus.set_shown("albums", not window.page.sidebar.isHidden())
        window.menus.actions["subfolders"].setChecked(window.engine.gallery.nested)
        window.panel.choice.changed.connect(self._enable_start)
        window.viewer.frameShown.connect(self._clips.name_start)
        window.viewer.closed.connect(self._clips.name_start)
        window.jobs.queueChanged.connect(self._queue_changed)
        self._selection_changed(0)

    def _queue_changed(self) -> None:
        window = self._window
        window.menus.set_paused(window.engine.paused())
        window.menus.set_enabled(("clear_queue",), window.jobs.removable())

    def _beneath(self, command: Callable[[], object]) -> None:
        """Do what cannot be seen while the viewer is open: close it first."""
        self._uncover()
        command()

    def _uncover(self) -> None:
        self._window.starting.leave()
        self._window.viewer.dismiss()
        self._window.comparing.dismiss()

    def _paste(self) -> None:
        if pastes_picture():
            self._window.starting.paste()
        else:
            edit_text("paste", self._window.starting.paste)

    def close_down(self) -> None:
        """Before the window goes."""
        self._quick_look.close()

    def _preview(self) -> None:
        """The system's preview, or the viewer where it has none."""
        path = self._window.gallery.current()
        if path is not None and not self._quick_look.toggle(self._window.selection.paths() or [path]):
            self._window.selection.view(path)

    def _undo(self) -> None:
        editor = self._window.starting.editor
        if editor is not None:
            editor.canvas.undo()
        else:
            self._window.pictures.undo()

    def _redo(self) -> None:
        editor = self._window.starting.editor
        if editor is not None:
            editor.canvas.redo()

    def _delete(self) -> None:
        window = self._window
        paths = window.selection.paths()
        if window.viewer.isVisible():
            window.selection.leave()
        window.pictures.delete(paths)

    def _zoom(self, steps: int) -> None:
        window, editor = self._window, self._window.starting.editor
        if editor is not None:
            editor.canvas.zoom_in(steps)
        elif window.viewer.isVisible():
            window.viewer.step(steps)
        else:
            window.gallery.zoom(steps)

    def _selection_changed(self, count: int) -> None:
        window = self._window
        request = window.selection.request()
        known = request is not None
        self._show_favourite()
        self._show_rating()
        self._enable_albums()
        of_this_system = tuple(name for name in ("share", "quick_look") if name in window.menus.actions)
        window.menus.set_enabled(("export", "delete", "favourite", *of_this_system), count > 0)
        window.menus.set_enabled(tuple(f"rate{stars}" for stars in range(BEST + 1)), count > 0)
        window.menus.set_enabled(("reveal", "view"), count == 1)
        self._enlarging.follow(count)
        window.menus.set_enabled(("compare",), FEWEST_COMPARED <= count <= COMPARED)
        one_known = ("use", "vary", "variations", "copy_prompt", "copy_settings")
        window.menus.set_enabled(one_known, count == 1 and known)
        window.menus.set_enabled(("use_template",), request is not None and bool(request.template))
        window.menus.set_enabled(("between",), count == 2)
        self._enable_start()

    def _enable_start(self) -> None:
        window = self._window
        single = len(window.selection.paths()) == 1
        for name, takes in (("start", window.panel.takes_start()), ("edit", window.panel.takes_mask())):
            window.menus.set_enabled((name,), single and takes)
            window.inspector.enable((name,), takes)
        self._clips.follow()

    def _use_settings(self) -> None:
        request = self._window.selection.request()
        if request is not None:
            self.use(request)

    def use(self, request: GenerationRequest) -> None:
        """Put the settings of a picture or a job into the panel; the number of pictures stays as it is there."""
        window = self._window
        here = window.panel.apply(request.replace(count=window.panel.count.box.value()))
        window.panel.show_prompt()
        if not here:
            window.bar.show_notice(lambda: self.tr("Its model is not on this machine."))

    def _start_from(self) -> None:
        path = self._window.gallery.current()
        if path is not None and not self._clips.start(path):
            self._uncover()
            self._window.panel.start_from(path)

    def _edit_part(self) -> None:
        path = self._window.gallery.current()
        if path is not None:
            self._window.starting.edit_picture(path)

    def _vary(self) -> None:
        window = self._window
        request = window.selection.request()
        if request is not None:
            window.gallery.auto_selection.end()  # who varies a picture looks at it
            window.submit(request.replace(seed=None, count=window.panel.count.box.value()))

    def _toggle_favourites(self) -> None:
        window = self._window
        selected = window.selection.paths()
        give = not all(window.model.is_favourite(path) for path in selected)
        window.model.set_favourite(selected, give)
        self._show_favourite()

    def _show_favourite(self, *_: object) -> None:
        """The check mark of the command: all that is selected has its star."""
        window = self._window
        selected = window.selection.paths()[:MANY]
        window.menus.actions["favourite"].setChecked(bool(selected) and all(map(window.model.is_favourite, selected)))

    def _toggle_subfolders(self) -> None:
        settings = self._window.engine.settings
        settings.set("show_subfolders", not settings.get("show_subfolders"))

    def _new_album(self) -> None:
        self._window.page.want_sidebar(True)
        self._window.browsing.albums.create()

    def _enable_albums(self) -> None:
        window = self._window
        selected = bool(window.gallery.selected_rows())
        window.menus.add_to_album.menuAction().setEnabled(selected)
        window.menus.set_enabled(("remove_from_album",), selected and bool(window.model.shown.album))

    def _rate(self, rating: int) -> None:
        window = self._window
        window.pictures.rate(window.selection.paths(), rating)

    def _show_rating(self) -> None:
        """In the inspector: of all that are selected, where they agree."""
        window = self._window
        ratings = {window.model.rating(path) for path in window.selection.paths()[:MANY]}
        window.inspector.show_rating(ratings.pop() if len(ratings) == 1 else 0)

    def _copy_text(self, text: Callable[[GenerationRequest], str]) -> None:
        request = self._window.selection.request()
        if request is not None:
            QGuiApplication.clipboard().setText(text(request))
            self._window.bar.show_notice(lambda: self.tr("Copied"))

    def _reveal(self) -> None:
        path = self._window.gallery.current()
        if path is not None:
            platform.reveal(path)

    def _find(self) -> None:
        self._window.header.search.setFocus()
        self._window.header.search.selectAll()

    def _close_front(self) -> None:
        window = self._window
        if window.starting.editor is not None:
            window.starting.editor.leave()
            return
        covers = (*window.comparing.views(), window.viewer)
        front = next((each for each in covers if each.isVisible()), None)
        if front is not None:
            front.dismiss()
        else:
            window.close()

    def _about(self) -> None:
        box = QtWidgets.QMessageBox(self._window)
        box.setWindowTitle(self.tr("About Sana Studio"))
        box.setText(f"Sana Studio {__version__}")
        box.setInformativeText(self.tr("Makes pictures with NVIDIA SANA on your own computer."))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()


def open_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
