"""The main window: puts the parts together and says what each command does."""

from __future__ import annotations

import base64
import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow, QSplitter, QVBoxLayout, QWidget

from app.core.request import GenerationRequest
from app.engine.engine import Engine
from app.library.pictures.images import Picture
from app.library.pictures.marks.ratings import BEST
from app.library.updates import Updates
from app.ui.background import Background
from app.ui.controls.fields.text_editing import KeysPass
from app.ui.controls.style.focus import focusable
from app.ui.controls.style.frames import line
from app.ui.controls.style.theme import apply_theme, set_colours
from app.ui.gallery.browsing.browsing import Browsing
from app.ui.gallery.files.actions import PictureActions
from app.ui.gallery.files.folder_watch import FolderWatch
from app.ui.gallery.grid.thumbnails import ThumbnailLoader
from app.ui.gallery.grid.view import GalleryView
from app.ui.gallery.header import GalleryHeader
from app.ui.gallery.inspector.inspector import Inspector
from app.ui.gallery.inspector.selection import Selection
from app.ui.gallery.page import GalleryPage
from app.ui.gallery.pictures.model import GalleryModel
from app.ui.gallery.timeline.following import TimelineFollowing
from app.ui.jobs.controller import JobController
from app.ui.jobs.queue_view import QueueView
from app.ui.menus.bar import Menus, bind_to
from app.ui.menus.commands import Commands
from app.ui.menus.comparing import Comparing
from app.ui.panel.model.look_up import LookUps
from app.ui.panel.model.servers import Servers
from app.ui.panel.prompt.examples import bundled_examples
from app.ui.panel.prompt.prompt_edit import LONGEST_PROMPT
from app.ui.panel.prompt_panel import PromptPanel
from app.ui.panel.start.starting import Starting
from app.ui.panel.start.window_drops import WindowDrops
from app.ui.settings.models.downloads import Downloads
from app.ui.start import window_state
from app.ui.start.links import Links
from app.ui.start.update_check import UpdateCheck
from app.ui.viewer.viewer import Viewer
from app.ui.words.language import use_language

if TYPE_CHECKING:
    from app.ui.settings.dialog import SettingsDialog

PANEL_WIDTH = 312
INSPECTOR_WIDTH = 284
SMALLEST = (900, 600)
"""Width and height in points."""
EXAMPLES = 4
"""Examples on the welcome page."""


class MainWindow(QMainWindow):
    """Prompt panel, gallery, inspector, queue strip and viewer. Everything it needs comes from the engine.

    Signals:
        quitAsked: the user wants to leave the app.
    """

    quitAsked = Signal()
    _settingChanged = Signal(str, object)

    def __init__(self, engine: Engine, parent: QWidget | None = None) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        set_colours(app, str(engine.settings.get("appearance")))  # a widget takes its font when it is made
        super().__init__(parent)
        self.engine = engine
        self._settings_dialog: SettingsDialog | None = None
        self.setWindowTitle("Sana Studio")
        self.setMinimumSize(*SMALLEST)
        self.resize(1280, 800)
        use_language(app, str(engine.settings.get("language")))
        app.styleHints().colorSchemeChanged.connect(self._scheme_changed)
        self._make_parts()
        self._lay_out()
        self._connect()
        KeysPass(self)
        self._drops = WindowDrops(self)
        self._restore()
        self.model.load()
        self._begin()
        apply_theme(app, str(engine.settings.get("appearance")))
        self.jobs.open()
        self.panel.prompt.setFocus()
        self.watch.follow(engine.gallery.folder)

    def _make_parts(self) -> None:
        engine = self.engine
        self.background = Background(self, threads=2)
        self.models = engine.session.models
        self.downloads = Downloads(self.models, self)
        self.thumbnails = ThumbnailLoader(engine.gallery, self)
        self.model = GalleryModel(engine.gallery, self.background, self)
        self.watch = FolderWatch(self.model, self)
        self.gallery = GalleryView(self.model, self.thumbnails)
        self.page = GalleryPage(self.model, self.gallery, bundled_examples()[:EXAMPLES])
        self.timeline = TimelineFollowing(engine.gallery, self.model, self.gallery, self.background).timeline
        self.page.put_beside(self.timeline)
        self.bar = self.page.bar
        self.header = GalleryHeader()
        self.panel = PromptPanel(engine.registry, engine.session.requests)
        self.look_ups = LookUps(self.panel.choice, self)
        self.servers = Servers(engine.registry, self.panel.choice, self)
        self.inspector = Inspector(engine.registry.name)
        self.queue = QueueView(engine.registry.name)
        self.viewer = Viewer(self, self.background)
        self.comparing = Comparing(self)
        self.pictures = PictureActions(engine.gallery, self.model, self.background, self.bar, self, engine.settings)
        self.selection = Selection(
            engine.gallery, self.model, self.gallery, self.inspector, self.viewer, self.background
        )
        self.jobs = JobController(
            engine, self.model, self.gallery, self.inspector, self.queue, self.bar, self.panel.tokens.has_warned, self
        )
        self.updates = UpdateCheck(Updates(engine.settings), self.background, self.bar, self)
        self.starting = Starting(self, self.background)
        self.browsing = Browsing(self)
        self.links = Links(self)
        self.commands = Commands(self)
        self.menus = Menus(self, self.commands.table())
        for widget, name in ((self.gallery, "delete"), (self.gallery, "view"), (self.viewer, "delete")):
            bind_to(widget, self.menus.actions[name])
        for stars in range(BEST + 1):
            bind_to(self.gallery, self.menus.actions[f"rate{stars}"])
        self.viewer.bar.bind(self.menus.actions)

    def _lay_out(self) -> None:
        self.addToolBar(self.header)
        self.panel.setMinimumWidth(300)
        self.inspector.setMinimumWidth(260)
        self.page.setMinimumWidth(312)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        for index, widget in enumerate((self.panel, self.page, self.inspector)):
            self.splitter.addWidget(widget)
            self.splitter.setCollapsible(index, False)
            self.splitter.setStretchFactor(index, 1 if widget is self.page else 0)
        self.splitter.setSizes([PANEL_WIDTH, 1280 - PANEL_WIDTH - INSPECTOR_WIDTH, INSPECTOR_WIDTH])
        central = QWidget()
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (line(), self.splitter, line(), self.queue):
            column.addWidget(part, 1 if part is self.splitter else 0)
        self.setCentralWidget(central)
        header = self.header
        order = [
            header.panel_button, header.sidebar_button, header.filter, header.sort_button, header.filter_button,
            header.search, header.inspector_button, *self.panel.in_tab_order(), self.gallery, self.timeline,
            self.page.sidebar, self.inspector, self.queue,
        ]  # fmt: skip
        for before, after in itertools.pairwise(focusable(order)):
            QWidget.setTabOrder(before, after)

    def _connect(self) -> None:
        engine, actions = self.engine, self.menus.actions
        engine.backendsChanged.connect(self.panel.choice.refresh)
        self.servers.changed.connect(engine.backendsChanged)
        engine.generated.connect(self.panel.refresh_estimate)
        engine.jobEnded.connect(self.panel.refresh_estimate)
        self.downloads.changed.connect(self._download_changed)
        self._unsubscribe = engine.settings.subscribe(self._settingChanged.emit)
        self._settingChanged.connect(self._setting_changed)
        self.panel.generateRequested.connect(self._generate)
        self.panel.choice.settingsAsked.connect(self.open_settings)
        self.panel.start_picture.problem.connect(self.bar.show_error)
        self.panel.control.problem.connect(self.bar.show_error)
        self.panel.loras.problem.connect(self.bar.show_error)
        self.panel.loras.follow(engine.session.loras)
        for field in (self.panel.prompt, self.panel.negative):
            field.shortened.connect(self._prompt_shortened)
        self.page.exampleChosen.connect(self._example_chosen)
        self.header.panel_button.clicked.connect(actions["panel"].trigger)
        self.header.inspector_button.clicked.connect(actions["inspector"].trigger)
        self.model.listed.connect(lambda: self.queue.show_count(self.model.pictures, self.model.clips))
        self.model.problem.connect(self.bar.show_error)
        self.watch.changed.connect(self.thumbnails.refresh)
        self.watch.changed.connect(self.selection.refresh)
        self.gallery.starred.connect(self.model.toggle_favourite)
        self.gallery.menuAsked.connect(self.menus.picture.popup)
        self.selection.jobPicked.connect(self.jobs.show_in_inspector)
        self.inspector.lineage.asked.connect(self.commands.show_picture)
        engine.generated.connect(self.selection.refresh_lineage)
        self.inspector.intended.connect(lambda intent: actions[intent].trigger())
        self.menus.undo_of_pictures = lambda: "" if self.starting.editor else self.pictures.undo_title()
        self.pictures.undoChanged.connect(self.menus.name_undo)
        self.jobs.actions.removed.connect(self.pictures.can_undo)
        self.jobs.actions.undoAsked.connect(self.pictures.undo)
        self.pictures.restored.connect(self.gallery.auto_selection.select_when_listed)
        self.jobs.runningChanged.connect(actions["cancel"].setEnabled)
        self.jobs.actions.useAsked.connect(self.commands.use)
        self.viewer.opened.connect(lambda: self.viewer.take_in(self.bar))
        self.viewer.opened.connect(self.gallery.hover.stop)
        self.viewer.closed.connect(lambda: self.page.take_in(self.bar))
        self.viewer.closed.connect(self.page.take_focus)
        self.viewer.problem.connect(self.bar.show_error)
        self.jobs.queued.connect(self._tell_queued)
        self.panel.words.wildcards.folder = engine.settings.wildcards_folder
        self.panel.prompt.suggests = bool(engine.settings.get("suggest_words"))
        self.commands.follow()

    # -- what the parts want

    def show_side(self, side: str, shown: bool) -> None:
        """Show or hide the "panel" or the "inspector"."""
        (self.panel if side == "panel" else self.inspector).setVisible(shown)
        self.menus.set_shown(side, shown)
        self.header.set_shown(side, shown)

    def _generate(self, request: GenerationRequest) -> None:
        if not request.prompt:
            self.viewer.dismiss()
            self.panel.prompt.setFocus()
        if self.jobs.ask_for(request):
            self.panel.accepted()
            self._save()

    def submit(self, *requests: GenerationRequest) -> bool:
        return self.jobs.submit(*requests)

    def _tell_queued(self) -> None:
        """The viewer goes on showing its picture, and says that others will come."""
        if self.viewer.isVisible():
            self.bar.show_notice(lambda: self.tr("Added to the queue"))

    def _prompt_shortened(self) -> None:
        self.bar.show_notice(
            lambda: self.tr("A prompt has room for {n} characters. The rest was left out.").format(n=LONGEST_PROMPT)
        )

    def _example_chosen(self, prompt: str) -> None:
        self.panel.prompt.replace(prompt)
        self.panel.generate()

    # -- files from outside

    def open_picture(self, path: Path) -> None:
        """Read the settings of a picture file and put them into the panel."""
        self.viewer.dismiss()
        self.pictures.read(path, self._apply_foreign)

    def _apply_foreign(self, picture: Picture) -> None:
        if picture.request is None:
            self.starting.offer(picture)
            return
        here = self.panel.apply(picture.request)
        self.bar.show_notice(lambda: self.pictures.taken_text(picture, here))

    def ask_for_picture(self) -> None:
        """Let the user choose a picture file to read the settings from."""
        name, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Read settings from a picture"),
            "",
            self.tr("Pictures and clips (*.png *.jpg *.jpeg *.webp *.gif *.mp4 *.mov)"),
        )
        if name:
            self.open_picture(Path(name))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._drops.enter(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._drops.move(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drops.leave()

    def dropEvent(self, event: QDropEvent) -> None:
        self._drops.drop(event)

    # -- settings and state

    def open_settings(self, page: str = "") -> None:
        """Show the settings dialog, or bring it to the front; on a page ("Models", "Cloud", ...) where one is named."""
        if self._settings_dialog is None:
            from app.ui.settings.dialog import SettingsDialog  # most starts never need it

            self._settings_dialog = SettingsDialog(self.engine, self.models, self.downloads, self)
        if page:
            self._settings_dialog.show_page(page)
        self._settings_dialog.show()
        self._settings_dialog.raise_()
        self._settings_dialog.activateWindow()

    def _download_changed(self, model_id: str) -> None:
        if self.downloads.state(model_id) is None:
            self.engine.backendsChanged.emit()

    def _begin(self) -> None:
        """On the first start, show the ways to make pictures until one of them is taken."""
        if self.engine.settings.get("first_run_done") or self.model.rowCount():
            return
        from app.ui.start.first_run import FirstRun  # only the first start needs it

        settings, examples = self.engine.settings, self.page.empty.examples
        limit = float(settings.get("memory_limit_gb"))
        ways = FirstRun(self.models, self.downloads, examples, self.engine.registry, limit)
        self.engine.backendsChanged.connect(ways.table.refresh)
        ways.starterChosen.connect(lambda: self._first_run_done("starter"))
        ways.modelReady.connect(self._first_run_done)
        ways.settingsAsked.connect(self.open_settings)
        self.page.empty.show_ways(ways)

    def _first_run_done(self, model: str) -> None:
        self.page.empty.show_ways(None)
        self.engine.settings.set("default_model", model)
        self.engine.settings.set("first_run_done", True)
        self.panel.prompt.setFocus()

    def _scheme_changed(self) -> None:
        if self.engine.settings.get("appearance") == "system":
            self._setting_changed("appearance", "system")

    def _setting_changed(self, key: str, value: Any) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        if key == "appearance":
            apply_theme(app, str(value))
        elif key == "language":
            use_language(app, str(value))
        elif key == "pictures_folder":
            self.engine.gallery.move_to(self.engine.settings.pictures_folder())
            self.model.search()
            self.watch.follow(self.engine.gallery.folder)
        elif key == "show_subfolders":
            self.engine.gallery.nested = bool(value)
            self.menus.actions["subfolders"].setChecked(bool(value))
            self.model.search()
            self.watch.follow(self.engine.gallery.folder)
        elif key == "lora_folder":
            self.panel.loras.look()
        elif key == "suggest_words":
            self.panel.prompt.suggests = bool(value)
        elif key == "default_backend":
            self.panel.choice.choose(str(value), self.panel.choice.model())
        elif key == "default_model":
            self.panel.choice.choose(self.panel.choice.backend(), str(value))

    def _restore(self) -> None:
        state = window_state.load_state()
        settings = self.engine.settings
        panel = state.get("panel")
        if not (isinstance(panel, dict) and self.panel.restore(panel)):
            self.panel.choice.choose(str(settings.get("default_backend")), str(settings.get("default_model")))
        for name, restore in (("geometry", self.restoreGeometry), ("splitter", self.splitter.restoreState)):
            if isinstance(state.get(name), str):
                restore(QByteArray(base64.b64decode(state[name])))
        self.browsing.restore(state)
        if isinstance(state.get("tile"), int):
            self.gallery.set_tile_size(state["tile"])
        for side in ("panel", "inspector"):
            self.show_side(side, state.get(f"{side}_shown") is not False)

    def _save(self) -> None:
        window_state.save_state(
            {
                "panel": self.panel.state(),
                "geometry": base64.b64encode(self.saveGeometry().data()).decode(),
                "splitter": base64.b64encode(self.splitter.saveState().data()).decode(),
                "tile": self.gallery.tile_size(),
                **self.browsing.state(),
                "panel_shown": not self.panel.isHidden(),
                "inspector_shown": not self.inspector.isHidden(),
            }
        )

    def closeEvent(self, event: QCloseEvent) -> None:
        self._save()
        self._unsubscribe()
        if self._settings_dialog is not None:
            self._settings_dialog.close()
            self._settings_dialog.close_down()
        self.watch.close()
        self.commands.close_down()
        self.downloads.close()
        self.panel.close_down()
        self.viewer.close_down()
        self.gallery.hover.close()
        self.thumbnails.close()
        self.look_ups.close()
        self.servers.close()
        self.background.close()
        super().closeEvent(event)
