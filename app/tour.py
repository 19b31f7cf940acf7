"""Where there is no display: the same window, drawn offscreen, is driven through the main job as a person would.

It types a prompt, presses Generate, waits for the picture and saves a screenshot, so that `make run` shows on any
machine that the app works.
"""

from __future__ import annotations

import os
import sys
import time

PROMPT = "a red sailboat on the sea at sunset"
TIMEOUT_SECONDS = 600.0


def main() -> int:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtCore import QSaveFile, Qt, qInstallMessageHandler
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QPlainTextEdit, QPushButton

    from app.engine.jobs import Job, JobState
    from app.library import logs, paths
    from app.library.pictures.images import Picture
    from app.ui.main_window import MainWindow
    from app.ui.start.single_instance import SingleInstance
    from app.window import application, open_engine

    # Qt says at each resize that offscreen there are no size hints.
    qInstallMessageHandler(lambda _kind, _context, text: None if "SizeHints" in text else print(text, file=sys.stderr))
    app = application()
    instance = SingleInstance(paths.home())
    if not instance.first:
        print("Sana Studio is already open.", file=sys.stderr)
        return 2
    logs.set_up()
    engine = open_engine()
    window = MainWindow(engine)
    engine.start()
    window.resize(1280, 800)
    window.show()
    print("There is no display, so the window is drawn offscreen and drives itself.")

    generated: list[Picture] = []
    ended: list[Job] = []
    engine.generated.connect(lambda _job, picture: generated.append(picture))
    engine.jobEnded.connect(ended.append)

    prompt = window.findChild(QPlainTextEdit, "promptEdit")
    generate = window.findChild(QPushButton, "generateButton")
    assert prompt is not None
    assert generate is not None
    prompt.selectAll()
    QTest.keyClicks(prompt, PROMPT)
    print(f"Typed “{PROMPT}” and pressed Generate.")
    QTest.mouseClick(generate, Qt.MouseButton.LeftButton)

    deadline = time.monotonic() + TIMEOUT_SECONDS
    while not ended and time.monotonic() < deadline:
        QTest.qWait(50)
    QTest.qWait(1000)  # let the gallery draw the new picture
    screenshot = paths.home() / "screenshot.png"
    file = QSaveFile(str(screenshot))
    seen = file.open(QSaveFile.OpenModeFlag.WriteOnly) and window.grab().save(file, "PNG") and file.commit()
    window.close()
    engine.shutdown()
    app.quit()
    if not ended or ended[0].state is not JobState.FINISHED or not generated:
        failure = ended[0].failure if ended else None
        reason = f"{failure.message} {failure.remedy}" if failure is not None else "It took too long."
        print(f"The picture was not generated: {reason}", file=sys.stderr)
        return 1
    print(f"Picture:    {generated[0].path}")
    if not seen:
        print(f"The screenshot could not be saved as {screenshot}.", file=sys.stderr)
        return 1
    print(f"Screenshot: {screenshot}")
    return 0
