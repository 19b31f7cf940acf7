"""Messages are shown in the window's language, and none is left in English or half English."""

from __future__ import annotations

import errno
import json
import re
import runpy
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.backends.base import State, Status
from app.backends.cloud.replicate.backend import ReplicateBackend
from app.backends.local.packages import lacks
from app.backends.local.words import WORKS_ON
from app.backends.registry import Registry
from app.backends.selftest.report import Report, compare
from app.backends.selftest.tracing import Output
from app.core.errors import NotFiniteError, UserError
from app.core.events import Failed, Loading
from app.core.message import NOTHING, Message, message, plain, sentences, series
from app.core.output import Provenance
from app.core.request import GenerationRequest
from app.engine.jobs import Job, JobProgress, JobState
from app.engine.queue import JobQueue
from app.engine.self_test import BackendReport
from app.library import files, paths, secrets
from app.library.models.store import Models
from app.library.pictures import images
from app.library.settings import Settings
from app.library.spending import Ledger
from app.ui.main_window import MainWindow
from app.ui.words.messages import translated
from tests.gui.doubles import STARTER, ScriptedBackend

EXTRACTOR = Path(__file__).resolve().parents[2] / "packaging" / "messages.py"
HOLE = re.compile(r"{(\w+)(?::([^}]*))?}")
TECHNICAL = re.compile(
    r"(请执行|请运行|命令|或运行)：.*|git lfs pull|https?://\S+|socks5://|[.]\w+|[\w.-]+(/[\w.-]+)+|\w+[._]\w+|"
    r"Hugging Face|Apple|Sana Studio|"
    r"[A-Z]\w*|--[\w-]+|checkpoint|transformer|diffusers|safetensors|pickle|mlx|torch|vae|alpha|spandrel|"
    r"controlnet/|https?|float\d+|bfloat16|shift|worker-comfyui|worker|pod|mflux|klein|schnell|input|auto"
)
"""What is the same in every language: commands, addresses, names."""

Speak = Callable[[str], None]


def templates() -> list[str]:
    found: list[str] = runpy.run_path(str(EXTRACTOR))["messages"]()
    return found


def made(template: str) -> Message:
    """A message with something in each hole that is no English."""
    values = {name: 7 if form else f"〈{name}〉" for name, form in HOLE.findall(template)}
    return Message(template, tuple(values.items()))


def english_left(text: str) -> list[str]:
    return re.findall("[A-Za-z]{2,}", TECHNICAL.sub("", re.sub("〈.*?〉", "", text)))


@pytest.mark.parametrize("template", templates())
def test_every_message_of_the_source_is_chinese(speak: Speak, chinese: QTranslator, template: str) -> None:
    speak("zh")
    words = chinese.translate("Messages", template)
    assert words, "Run packaging/translations.py and translate it"
    assert sorted(HOLE.findall(words)) == sorted(HOLE.findall(template)), "the same holes, whatever their order"
    text = translated(made(template))
    assert not english_left(text)
    assert re.search("[一-鿿]", text) or not english_left(str(made(template))), text
    speak("en")
    assert translated(made(template)) == str(made(template))


def raised(act: Callable[[], object]) -> UserError:
    with pytest.raises(UserError) as caught:
        act()
    return caught.value


def errors(tmp_path: Path) -> dict[str, UserError]:
    """Of every room, as its own code raises or tells them."""
    settings = Settings()
    models = Models(settings)
    replicate = ReplicateBackend(lambda: None, settings, Ledger())
    request = GenerationRequest("a house")
    found = {
        f"disk {number}": files.disk_error(OSError(number, ""), message("The picture could not be saved"), tmp_path)
        for number in (errno.ENOSPC, errno.EACCES, errno.ENOTDIR)
    }
    found["numbers"] = NotFiniteError(message("the velocity of step {step}", step=3))
    acts: dict[str, Callable[[], object]] = {
        "size": lambda: STARTER.resolve(request.replace(width=100)),
        "prompt": lambda: STARTER.resolve(request.replace(prompt="")),
        "picture": lambda: images.read(tmp_path / "none.png"),
        "model": lambda: models.resolve("none"),
        "not here": lambda: models.resolve(next(name for name, spec in models.catalog.items() if spec.repo)),
        "folder": lambda: models.add_folder(tmp_path),
        "licence": lambda: models.download(next(name for name, spec in models.catalog.items() if spec.repo)),
        "setting": lambda: settings.set("offline", "no"),
        "limit": lambda: settings.set("memory_limit_gb", -1),
        "key": lambda: secrets.set("huggingface", "two words"),
        "cloud": lambda: replicate.check_token(),
        "cloud's key": lambda: replicate.check_token("ключ"),
    }
    return {**found, **{name: raised(act) for name, act in acts.items()}}


def test_errors_of_all_rooms_are_chinese(speak: Speak, tmp_path: Path) -> None:
    found = errors(tmp_path)
    speak("zh")
    for name, error in found.items():
        words = translated(error.text)
        assert words == f"{translated(error.message)}{translated(error.remedy)}", name
        for text in (error.message, error.remedy):
            assert re.search("[一-鿿]", translated(text)), name
        without_commands = re.sub("sana-studio (keys|models) .*", "", words)
        assert not re.search("[a-z]{2,} [a-z]{2,}", without_commands), f"{name}: {words}"


def test_messages_of_several_parts_are_chinese_in_all_of_them(speak: Speak) -> None:
    status = lacks(["torch_that_is_not_here", "diffusers_that_is_not_here"])
    assert status is not None
    registry = Registry({"torch": ScriptedBackend(status=status)}, Settings())
    request = GenerationRequest("a house")
    speak("zh")
    assert translated(raised(lambda: registry.choose("torch", "starter")).message) == (
        "PyTorch 无法使用：找不到 torch_that_is_not_here 和 diffusers_that_is_not_here。"
    )
    assert translated(raised(lambda: registry.choose("auto", "starter")).text) == (
        "这台电脑无法生成这张图片。PyTorch：找不到 torch_that_is_not_here 和 diffusers_that_is_not_here。"
    )
    assert translated(raised(lambda: STARTER.resolve(request.replace(solver="scm"))).text) == (
        "Sana Starter 不能使用采样器“scm”。请选择“dpmpp”或“euler”。"
    )
    assert translated(raised(lambda: STARTER.resolve(request.replace(precision="4bit"))).remedy) == (
        "请选择“auto”、“float32”或“bfloat16”。"
    )
    assert translated(raised(lambda: Settings().set("memory_limit_gb", -1)).text) == (
        "-1 不适用于设置“内存上限 (GB)”。请选择 0 到 1024 之间的数。"
    )
    full = files.disk_error(OSError(errno.ENOSPC, ""), message("The picture could not be saved"), Path("/x"))
    assert translated(full.message) == "无法保存图片：磁盘已满。"


def test_names_and_words_of_others_are_not_translated(speak: Speak) -> None:
    speak("zh")
    assert translated(message("“{name}” is a folder.", name="Language")) == "“Language”是文件夹。"
    assert translated(message("“{name}” is a folder.", name="A boat. At sea.png")) == "“A boat. At sea.png”是文件夹。"
    assert translated(message("{service} is generating: {doing}", service="Replicate", doing="Loading the model")) == (
        "Replicate 正在生成：Loading the model"
    )
    assert translated(plain("The prompt is empty.")) == "The prompt is empty."
    assert translated(Message("{0} {a.b} 没有。 A")) == "{0} {a.b} 没有。 A"


@pytest.mark.parametrize("text", ["a: b; " * 17_000, "A: " * 33_000 + "q", "x and y in z, " * 7_000, "很" * 100_000])
def test_foreign_texts_of_any_length_cost_nothing(speak: Speak, text: str) -> None:
    speak("zh")
    foreign = message("{service} refuses the request: {detail}", service="Replicate", detail=text)
    began = time.thread_time()
    words = translated(sentences(foreign, plain(text)))
    assert time.thread_time() - began < 0.02
    assert words.startswith("Replicate 拒绝了请求")


def test_the_words_of_the_self_test_are_chinese(speak: Speak) -> None:
    ones = np.ones(4, np.float32)
    off = compare("vae.conv", "DC-AE: up", Output(2 * ones, True), ones, "float32")
    reports = (
        Report("torch", "float32", layers=(off,), intact=False),
        Report("torch", "bfloat16", problem=message("There is not enough memory for this.")),
    )
    speak("zh")
    assert translated(BackendReport("torch", "PyTorch", reports, "float32").summary) == (
        "PyTorch 未通过自检。float32：层 vae.conv 的相对误差达到 1。bfloat16：内存不足，无法完成。"
        "模型的文件不是原始文件：请重新安装或下载。今后将以 float32 计算。"
    )
    passed = BackendReport("torch", "PyTorch", (Report("torch", "float32"),))
    assert translated(passed.summary) == "PyTorch 以 float32 计算的结果正确。"


# -- over a restart


def test_the_queue_keeps_template_and_values_and_shows_them_in_the_language_of_the_day(
    speak: Speak, tmp_path: Path
) -> None:
    problem = message("{width} × {height} does not fit {model}.", width=999, height=8, model="Sana")
    failure = Failed(problem, message("Try again."))
    job = Job(GenerationRequest("a house", seed=1), state=JobState.FAILED, failure=failure)
    JobQueue(tmp_path / "queue.json").add(job)
    (back,) = JobQueue(tmp_path / "queue.json").jobs()
    assert back.failure == failure
    speak("zh")
    assert translated(back.failure.message) == "Sana 不能使用 999 × 8 的尺寸。"
    speak("en")
    assert translated(back.failure.message) == "999 × 8 does not fit Sana."


def test_texts_that_an_older_version_saved_still_show(speak: Speak, tmp_path: Path) -> None:
    path = tmp_path / "queue.json"
    queue = JobQueue(path)
    queue.add(Job(GenerationRequest("a house", seed=1), state=JobState.FAILED, failure=Failed(plain("x"))))
    document = json.loads(path.read_text(encoding="utf-8"))
    del document["jobs"][0]["failure"]
    document["jobs"][0] |= {"message": "There was no room.", "remedy": "Make some {room}."}
    path.write_text(json.dumps(document), encoding="utf-8")
    (back,) = JobQueue(path).jobs()
    speak("zh")
    assert (translated(back.failure.message), translated(back.failure.remedy)) == (
        "There was no room.",
        "Make some {room}.",
    )


def test_a_picture_keeps_template_and_values_of_its_note(speak: Speak, tmp_path: Path) -> None:
    note = message("{service} made a picture of {width} × {height} pixels.", service="Replicate", width=320, height=192)
    request = GenerationRequest("a house", width=8, height=8)
    saved = images.save(np.zeros((8, 8, 3), np.uint8), request, Provenance(note=note), tmp_path)
    assert images.read(saved.path).provenance.note == note
    assert Provenance.from_json({"note": "Painted again."}).note == plain("Painted again.")
    assert not Provenance.from_json({"note": 7}).note
    speak("zh")
    assert translated(note) == "Replicate 生成的图片为 320 × 192 像素。"


# -- where the window shows them


@pytest.fixture
def chinese_window(make_window: Callable[..., MainWindow], backend: ScriptedBackend, speak: Speak) -> MainWindow:
    Settings().set("language", "zh")
    backend.status = Status(State.READY, WORKS_ON["cpu"], device="cpu")
    return make_window()


def test_an_error_in_the_bar_is_told_in_the_new_language(
    make_window: Callable[..., MainWindow], speak: Speak, tmp_path: Path
) -> None:
    window = make_window()
    bar, settings = window.bar, window.engine.settings
    bar.show_error(raised(lambda: images.read(tmp_path)))
    english = bar.text.text(), bar.remedy.text(), bar.accessibleDescription()
    assert english[1] == "Choose a picture."
    settings.set("language", "zh")
    assert bar.text.text() == f"“{tmp_path.name}”是文件夹。"
    assert bar.remedy.text() == "请选择一张图片。"
    assert bar.text.text() in bar.accessibleDescription()
    settings.set("language", "en")
    assert (bar.text.text(), bar.remedy.text(), bar.accessibleDescription()) == english


def test_an_error_without_a_remedy_takes_no_second_line(window: MainWindow) -> None:
    window.bar.show_error(UserError(plain("It is gone."), message("It was moved or deleted.")))
    assert not window.bar.remedy.isHidden()
    window.bar.show_error(UserError(plain("It is gone.")))
    assert window.bar.remedy.isHidden()


def test_the_panel_says_what_it_runs_on(chinese_window: MainWindow, backend: ScriptedBackend) -> None:
    choice = chinese_window.panel.choice
    assert choice.backend_box.toolTip() == "<qt>PyTorch：使用这台电脑的处理器。</qt>"
    backend.status = Status(State.NEEDS_MODEL, message("{name} is not on this computer yet.", name="Sana"))
    choice.refresh()
    assert choice.note.text() == "这台电脑无法生成这张图片。PyTorch：Sana 还不在这台电脑上。"


def test_the_panel_says_what_does_not_fit(
    qtbot: QtBot, chinese_window: MainWindow, backend: ScriptedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(request: GenerationRequest) -> None:
        raise UserError(
            message("There is no model called “{model}”.", model="none"),
            message("Choose one of: {names}.", names=series(["a", "b"])),
        )

    monkeypatch.setattr(backend, "estimate", refuse)
    chinese_window.panel._estimate_timer.start()
    qtbot.waitUntil(lambda: chinese_window.panel.estimate.text() == "没有名为“none”的模型。请选择其中之一：a、b。")


def test_a_job_is_told_of_from_its_start_to_its_failure(
    qtbot: QtBot, chinese_window: MainWindow, backend: ScriptedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Message] = []
    chinese_window.engine.jobChanged.connect(
        lambda job: told.append(job.failure.message if job.failure else job.progress.waits_for)
    )
    monkeypatch.setattr("tests.gui.doubles.Loading", lambda _: Loading(message("Reading the prompt")))
    backend.fault = UserError(message("The prompt is empty."), message("Type what you would like to see."))
    backend.fault_at = 1
    chinese_window.panel.prompt.replace("a house")
    chinese_window.panel.generate()
    qtbot.waitUntil(lambda: bool(told) and told[-1] == UserError(*cast(UserError, backend.fault).args).message)
    assert {each for each in told if translated(each) == str(each)} == {NOTHING}
    assert chinese_window.bar.remedy.text() == "请输入您想看到的内容。"
    chinese_window.queue.open_jobs()
    labels = chinese_window.queue.popover.findChildren(QLabel)
    assert {"提示词是空的。", "请输入您想看到的内容。"} <= {label.text() for label in labels}


def test_the_strip_says_what_a_job_waits_for(chinese_window: MainWindow) -> None:
    waiting = message("Waiting for {service} ({seconds:.0f} s)", service="Replicate", seconds=3)
    job = Job(GenerationRequest("a house", seed=1), state=JobState.RUNNING, progress=JobProgress(waits_for=waiting))
    chinese_window.queue.show_jobs((job,))
    assert chinese_window.queue.state.text() == "正在等待 Replicate（3 秒）"


def test_the_inspector_shows_the_note_of_a_picture(qtbot: QtBot, chinese_window: MainWindow) -> None:
    words = {"safer": message("full precision"), "used": message("half precision"), "place": message("the result")}
    told = message("Generated again in {safer}, because {place} broke down in {used}.", **words)
    request = GenerationRequest("a house", width=8, height=8)
    picture = images.save(np.zeros((8, 8, 3), np.uint8), request, Provenance(note=told), paths.pictures())
    note, settings = chinese_window.inspector.note, chinese_window.engine.settings
    chinese_window.inspector.show_picture(picture)
    assert note.text() == "已重新生成：改用全精度，因为结果在半精度下计算出错。"
    settings.set("language", "en")
    assert note.text() == str(told)
    chinese_window.jobs._generated("", picture)
    assert chinese_window.bar.text.text() == str(told)
    settings.set("language", "zh")
    assert chinese_window.bar.text.text() == "已重新生成：改用全精度，因为结果在半精度下计算出错。"


def test_the_settings_say_them_and_follow_the_language(
    qtbot: QtBot, chinese_window: MainWindow, backend: ScriptedBackend, tmp_path: Path
) -> None:
    chinese_window.open_settings("Backends")
    dialog = chinese_window._settings_dialog
    assert dialog is not None
    tests = dialog.backends.tests
    report = BackendReport("torch", "PyTorch", (Report("torch", "float32"),))
    with tests._kept.edit() as kept:
        kept["torch"] = {"passed": True, "text": report.summary.to_json(), "when": 0}
    chinese_window.engine.backendsChanged.emit()
    dialog.models.add_folder(tmp_path)
    dialog.models.token._kept(UserError(message("The keychain does not answer.")))
    labels = dialog.findChildren(QLabel)

    def shown() -> str:
        return "\n".join(label.text() for label in labels if label.text())

    expected = {
        "使用处理器，速度较慢。": "It works on the processor, which is slow.",
        "PyTorch 以 float32 计算的结果正确。 (": "PyTorch computes correctly in float32. (",
        f"缺少 {tmp_path}/model_index.json。请选择": f"{tmp_path}/model_index.json is missing. Choose",
        "钥匙串没有响应。令牌将保留": "The keychain does not answer. The token is kept",
    }
    for words in expected:
        assert words in shown()
    chinese_window.engine.settings.set("language", "en")
    for words in expected.values():
        assert words in shown()
    assert dialog.backends.rows["torch"]._dot.toolTip() == "ready"
