"""What the rooms below the window say in English, the window says in its language."""

from __future__ import annotations

import errno
import json
import re
import runpy
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.backends.base import State, Status
from app.backends.cloud.replicate.backend import ReplicateBackend
from app.backends.selftest.report import Layer, Report
from app.core.errors import NotFiniteError, UserError
from app.core.events import Loading
from app.core.request import GenerationRequest
from app.engine.jobs import Job, JobState
from app.engine.self_test import BackendReport
from app.library import files, paths, secrets
from app.library.models.hub import ENTER_TOKEN
from app.library.models.store import Models
from app.library.pictures import images
from app.library.settings import Settings
from app.library.spending import Ledger
from app.ui.main_window import MainWindow
from app.ui.words.messages import HOLE, problem, translated
from tests.gui.doubles import STARTER, ScriptedBackend

TRANSLATIONS = paths.resources() / "translations"
PACKAGING = Path(__file__).resolve().parents[2] / "packaging"

Speak = Callable[[str], None]


@pytest.fixture(scope="module")
def messages() -> list[str]:
    found: list[str] = runpy.run_path(str(PACKAGING / "messages.py"))["messages"]()
    assert len(found) > 300
    return found


def test_the_list_holds_all_messages(messages: list[str]) -> None:
    listed = json.loads((TRANSLATIONS / "messages.json").read_text(encoding="utf-8"))
    assert listed == messages, "Run packaging/translations.py and translate what is new"


def test_every_message_has_a_translation(messages: list[str], chinese: QTranslator) -> None:
    for message in messages:
        words = chinese.translate("Messages", message)
        assert words, f"{message!r} is not translated: run packaging/translations.py and fill it in"
        assert sorted(HOLE.findall(words)) == HOLE.findall(message), message
        assert re.search("[一-鿿]", HOLE.sub("", words)) or not re.search("[A-Za-z]", HOLE.sub("", message)), message


def test_every_form_knows_what_it_was_made_for(messages: list[str], chinese: QTranslator, speak: Speak) -> None:
    """No other form takes a message for its own. (Those without words of their own need known parts.)"""
    speak("zh")
    for message in messages:
        if len(re.findall("[A-Za-z]", HOLE.sub("", message))) >= 4:
            values = [f"[{number}]" for number in range(len(HOLE.findall(message)))]
            assert translated(message.format(*values)) == chinese.translate("Messages", message).format(*values)


@pytest.mark.parametrize(
    ("english", "words"),
    [
        ("The prompt is empty.", "提示词是空的。"),
        ("Starting", "正在启动"),
        ("Loading Sana Starter", "正在载入 Sana Starter"),
        ("Replicate is busy and asks to wait (12 s)", "Replicate 繁忙，需要等待（12 秒）"),
        ("Choose 1 to 50 steps.", "请选择 1 到 50 步。"),
        ("/a b/config.json is missing.", "缺少 /a b/config.json。"),
        ("/a/config.json is damaged: it is not JSON.", "/a/config.json 已损坏：它不是 JSON。"),
        ("/a/config.json is damaged: patch_size is 'x'.", "/a/config.json 已损坏：patch_size 的值为 'x'。"),
        ("Replicate refuses the request.", "Replicate 拒绝了请求。"),
        # A part of it is known, too.
        ("The picture could not be saved: the disk is full.", "无法保存图片：磁盘已满。"),
        ("Picture 2 of 4: Replicate does not answer any more.", "第 2 张，共 4 张：Replicate 不再响应。"),
        ("-1 does not fit the setting “Memory limit in GB”.", "-1 不适用于设置“内存上限 (GB)”。"),
        ("Choose the precision “8bit” and 512 × 256 pixels.", "请选择精度“8bit”和 512 × 256 像素。"),
        ("MLX: MLX needs a Mac with Apple silicon.", "MLX：MLX 需要配备 Apple 芯片的 Mac。"),
        ("torch and diffusers cannot be found.", "找不到 torch 和 diffusers。"),
        # Several sentences.
        ("Try again. The log has the details.", "请重试。详情请见日志。"),
        ("Sana is damaged. /a/vae/config.json is missing.", "Sana 已损坏。缺少 /a/vae/config.json。"),
        ("It works on the NVIDIA GPU. Unheard of.", "使用 NVIDIA GPU。Unheard of."),
        # A name looks like the end of a sentence.
        ("“A boat. At sea.png” is a folder.", "“A boat. At sea.png”是文件夹。"),
    ],
)
def test_messages_are_recognised(speak: Speak, english: str, words: str) -> None:
    speak("zh")
    assert translated(english) == words
    speak("en")
    assert translated(english) == english


@pytest.mark.parametrize(
    "text",
    ["", "CUDA error: device-side assert triggered", "Nobody knows this. Or that; nor: “those” and these.", "没有。 A"],
)
def test_what_is_not_known_stays_as_it_is(speak: Speak, text: str) -> None:
    speak("zh")
    assert translated(text) == text


@pytest.mark.parametrize(
    ("english", "words"),
    [
        ("“Language” is a folder.", "“Language”是文件夹。"),
        ("“the picture” is a folder.", "“the picture”是文件夹。"),
        ("Replicate is painting: Loading the model weights", "Replicate 正在生成：Loading the model weights"),
    ],
)
def test_names_and_words_of_others_are_not_translated(speak: Speak, english: str, words: str) -> None:
    speak("zh")
    assert translated(english) == words


@pytest.mark.parametrize("text", ["a: b; " * 200, "A: " * 300 + "q", "x and y in z, " * 5000])
def test_foreign_texts_of_any_length_are_borne(speak: Speak, text: str) -> None:
    speak("zh")
    assert translated(text) == text


def test_long_words_of_a_service_are_read_quickly(speak: Speak) -> None:
    speak("zh")
    detail = " and ".join(["width: must be less; height: too. Try: it"] * 20)
    assert translated(f"Replicate refuses the request: {detail}").startswith("Replicate 拒绝了请求")


def test_english_is_unchanged(messages: list[str], speak: Speak, monkeypatch: pytest.MonkeyPatch) -> None:
    speak("en")
    monkeypatch.setattr(paths, "resources", lambda: Path("nowhere"))  # it needs no list
    for message in messages:
        assert translated(message) == message
    assert problem(UserError("It is. So.", "Do that.")) == "It is. So. Do that."
    assert problem(UserError("It is.")) == "It is."


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
        f"disk {number}": files.disk_error(OSError(number, ""), "The picture could not be saved", tmp_path)
        for number in (errno.ENOSPC, errno.EACCES, errno.ENOTDIR)
    }
    found["token"] = UserError("x.example needs a token, or it does not exist any more.", f"E{ENTER_TOKEN[1:]}.")
    found["numbers"] = NotFiniteError("the velocity of step 3")
    acts: dict[str, Callable[[], object]] = {
        "size": lambda: STARTER.resolve(request.replace(width=100)),
        "prompt": lambda: STARTER.resolve(request.replace(prompt="")),
        "picture": lambda: images.read(tmp_path / "none.png"),
        "model": lambda: models.resolve("none"),
        "not here": lambda: models.resolve(next(name for name, spec in models.catalog.items() if spec.repo)),
        "folder": lambda: models.add_folder(tmp_path),
        "licence": lambda: models.download(next(name for name, spec in models.catalog.items() if spec.repo)),
        "setting": lambda: settings.set("offline", "no"),
        "key": lambda: secrets.set("replicate", "two words"),
        "cloud": lambda: replicate.check_token(),
        "cloud's key": lambda: replicate.check_token("ключ"),
    }
    return {**found, **{name: raised(act) for name, act in acts.items()}}


def test_errors_of_all_rooms_are_known(speak: Speak, tmp_path: Path) -> None:
    speak("zh")
    for name, error in errors(tmp_path).items():
        words = problem(error)
        assert words == f"{translated(error.message)}{translated(error.remedy)}", name
        for text in (error.message, error.remedy):
            assert re.search("[一-鿿]", translated(text)), name
        without_commands = re.sub("sana-studio (keys|models) .*", "", words)
        assert not re.search("[a-z]{2,} [a-z]{2,}", without_commands), f"{name}: {words}"


def test_the_words_of_the_self_test_are_known(speak: Speak) -> None:
    speak("zh")
    broken = Layer("vae.conv", "DC-AE: up", 0.5, "is off by 0.5 of its size", passed=False)
    reports = (
        Report("torch", "float32", layers=(broken,), intact=False),
        Report("torch", "bfloat16", problem="There is not enough memory for this picture"),
    )
    assert translated(BackendReport("torch", "PyTorch", reports, "float32").summary) == (
        "PyTorch 未通过：在 float32 下，层 vae.conv 的相对误差达到 0.5；在 bfloat16 下，内存不足，无法生成这张图片。"
        "模型的文件不是原始文件：请重新安装或下载。今后将以 float32 计算。"
    )
    passed = BackendReport("torch", "PyTorch", (Report("torch", "float32"),))
    assert translated(passed.summary) == "PyTorch 以 float32 计算的结果正确。"


# -- where the window shows them


@pytest.fixture
def chinese_window(make_window: Callable[..., MainWindow], backend: ScriptedBackend, speak: Speak) -> MainWindow:
    Settings().set("language", "zh")
    backend.status = Status(State.READY, "It works on the processor, which is slow.", device="cpu")
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
    window.bar.show_error(UserError("The picture “a” is gone.", "It was moved or deleted."))
    assert not window.bar.remedy.isHidden()
    window.bar.show_error(UserError("The picture “a” is gone."))
    assert window.bar.remedy.isHidden()


def test_the_panel_says_what_it_runs_on(chinese_window: MainWindow, backend: ScriptedBackend) -> None:
    choice = chinese_window.panel.choice
    assert choice.note.text() == "PyTorch：使用这台电脑的处理器。"
    backend.status = Status(State.NEEDS_MODEL, "There is no model on this computer.", "Get one in Settings.")
    choice.refresh()
    assert choice.note.text() == "这台电脑上没有可以绘制它的方式。PyTorch：这台电脑上没有模型。"


def test_the_panel_says_what_does_not_fit(
    qtbot: QtBot, chinese_window: MainWindow, backend: ScriptedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(request: GenerationRequest) -> None:
        raise UserError("There is no model called “none”.", "Choose one of: a, b.")

    monkeypatch.setattr(backend, "estimate", refuse)
    chinese_window.panel._estimate_timer.start()
    qtbot.waitUntil(lambda: chinese_window.panel.estimate.text() == "没有名为“none”的模型。请选择其中之一：a, b。")


def test_a_job_is_told_of_from_its_start_to_its_failure(
    qtbot: QtBot, chinese_window: MainWindow, backend: ScriptedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    chinese_window.engine.jobChanged.connect(lambda job: told.append(job.message))
    monkeypatch.setattr("tests.gui.doubles.Loading", lambda _: Loading("Reading the prompt"))
    backend.fault = UserError("The prompt is empty.", "Type what you would like to see.")
    backend.fault_at = 1
    chinese_window.panel.prompt.replace("a house")
    chinese_window.panel.generate()
    qtbot.waitUntil(lambda: bool(told) and told[-1] == backend.fault.message)
    assert {message for message in told if translated(message) == message} == {""}
    assert chinese_window.bar.remedy.text() == "请输入您想看到的内容。"
    labels = chinese_window.queue.popover.findChildren(QLabel)
    assert {"提示词是空的。", "请输入您想看到的内容。"} <= {label.text() for label in labels}


def test_the_strip_says_what_a_job_waits_for(chinese_window: MainWindow) -> None:
    job = Job(GenerationRequest("a house", seed=1), state=JobState.RUNNING, message="Waiting for Replicate (3 s)")
    chinese_window.queue.show_jobs((job,))
    assert chinese_window.queue.state.text() == "正在等待 Replicate（3 秒）"


def test_the_inspector_shows_the_note_of_a_picture(qtbot: QtBot, chinese_window: MainWindow) -> None:
    facts = {"note": "Painted again in full precision, because the latents broke down in half precision."}
    picture = images.save(
        np.zeros((8, 8, 3), np.uint8), GenerationRequest("a house", width=8, height=8), facts, paths.pictures()
    )
    note, settings = chinese_window.inspector.note, chinese_window.engine.settings
    chinese_window.inspector.show_picture(picture)
    assert note.text() == "已重新生成：改用全精度，因为潜变量在半精度下计算出错。"
    settings.set("language", "en")
    assert note.text() == facts["note"]
    chinese_window.jobs._generated("", picture)
    assert chinese_window.bar.text.text() == facts["note"]
    settings.set("language", "zh")
    assert chinese_window.bar.text.text() == "已重新生成：改用全精度，因为潜变量在半精度下计算出错。"


def test_the_settings_say_them_and_follow_the_language(
    qtbot: QtBot, chinese_window: MainWindow, backend: ScriptedBackend, tmp_path: Path
) -> None:
    chinese_window.open_settings("Backends")
    dialog = chinese_window._settings_dialog
    assert dialog is not None
    tests = dialog.backends.tests
    with tests._kept.edit() as kept:
        kept["torch"] = {"passed": True, "text": "PyTorch computes correctly in float32.", "when": 0}
    chinese_window.engine.backendsChanged.emit()
    dialog.models.add_folder(tmp_path)
    dialog.cloud._failed(UserError("This cannot be a key.", "Use another key."))
    dialog.models.token._kept(UserError("The keychain does not answer."))
    labels = dialog.findChildren(QLabel)

    def shown() -> str:
        return "\n".join(label.text() for label in labels if label.text())

    expected = {
        "使用处理器，速度较慢。": "It works on the processor, which is slow.",
        "PyTorch 以 float32 计算的结果正确。 (": "PyTorch computes correctly in float32. (",
        f"缺少 {tmp_path}/model_index.json。请选择": f"{tmp_path}/model_index.json is missing. Choose",
        "这不可能是密钥。请使用其他密钥。": "This cannot be a key. Use another key.",
        "钥匙串没有响应。令牌将保留": "The keychain does not answer. The token is kept",
    }
    for words in expected:
        assert words in shown()
    chinese_window.engine.settings.set("language", "en")
    for words in expected.values():
        assert words in shown()
    assert dialog.backends.rows["torch"]._dot.toolTip() == "Ready"
