"""What a user's own checkpoint was made from, and so whether it was trained in float16."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.library.models.checkpoint.checkpoint import open_checkpoint
from app.library.models.checkpoint.origin import named, spec_named
from tests.checkpoints import write_checkpoint, write_json


def told(folder: Path, file: str, value: str) -> None:
    path = folder / file
    write_json(path, {**json.loads(path.read_text(encoding="utf-8")), "_name_or_path": value})


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("Efficient-Large-Model/Sana_600M_512px_diffusers", "sana-0.6b-512"),
        ("/home/somebody/models/Sana_1600M_1024px_diffusers/transformer", "sana-1.6b-1024"),
        ("C:\\models\\Sana_1600M_1024px_BF16_diffusers", "sana-1.6b-1024-bf16"),
        ("Sana_1600M_1024px_MultiLing", "sana-1.6b-1024-multilingual"),
        ("my-sana-0.6b-1024-v2", "sana-0.6b-1024"),
        ("sana_1600m_4kpx_bf16.fine", "sana-1.6b-4k"),
        ("SANA1.5_1.6B_1024px_diffusers", "sana-1.5-1.6b"),
        ("a house", None),
        ("sana", None),
    ],
)
def test_a_name_means_the_longest_model_in_it(text: str, model: str | None) -> None:
    spec = spec_named([text])
    assert (spec.id if spec else None) == model


def test_the_first_text_that_names_one_counts() -> None:
    candidates = {"one": ["Alpha Beta"], "two": ["beta"], "three": ["gamma"]}
    assert named(["nothing", "my_alpha-beta.v2", "gamma"], candidates) == ["one"]
    assert named(["alphabeta"], candidates) == []
    assert named(["beta gamma"], {"two": ["beta"], "other": ["gamm"], "again": ["BETA"]}) == ["two", "again"]


@pytest.mark.parametrize(
    ("name", "variants", "clip"),
    [
        ("Sana_600M_512px_diffusers", ("",), True),
        ("my Sana_1600M_1024px copy", ("",), True),
        ("Sana_1600M_1024px_BF16_diffusers", ("",), False),
        ("Sana_1600M_1024px_BF16_diffusers", ("", "fp16"), False),
        ("mine", ("", "fp16"), True),
        ("mine", ("fp16",), True),
        ("mine", ("", "bf16"), None),
        ("mine", ("", "fp16", "bf16"), None),
        ("mine", ("",), None),
    ],
)
def test_names_and_files_tell_whether_to_clip(
    tmp_path: Path, name: str, variants: tuple[str, ...], clip: bool | None
) -> None:
    assert open_checkpoint(write_checkpoint(tmp_path / name, variants=variants)).clip is clip


@pytest.mark.parametrize("file", ["transformer/config.json", "model_index.json"])
@pytest.mark.parametrize(
    ("base", "clip"), [("Sana_1600M_1024px_diffusers", True), ("Sana_1600M_1024px_BF16_diffusers", False)]
)
def test_a_config_tells_its_base(tmp_path: Path, file: str, base: str, clip: bool) -> None:
    folder = write_checkpoint(tmp_path / "mine")
    told(folder, file, f"/somewhere/{base}")
    assert open_checkpoint(folder).clip is clip


@pytest.mark.parametrize(
    "head",
    ["base_model: {}", "license: other\nbase_model:\n- {}\ntags: [x]", 'base_model: "{}"\nbase_model_relation: y'],
)
def test_a_model_card_tells_its_base(tmp_path: Path, head: str) -> None:
    folder = write_checkpoint(tmp_path / "mine")
    text = f"---\n{head.format('Efficient-Large-Model/Sana_600M_1024px_diffusers')}\n---\n# Mine\n"
    (folder / "README.md").write_text(text, encoding="utf-8")
    assert open_checkpoint(folder).clip is True


def test_what_a_card_says_in_its_text_is_no_base(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "mine")
    (folder / "README.md").write_text("---\na: b\n---\nbase_model: Sana_600M_1024px", encoding="utf-8")
    assert open_checkpoint(folder).clip is None


def test_other_families_were_never_trained_so(tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "Sana_600M_512px_diffusers", "sana-1.5", variants=("", "fp16"))
    assert open_checkpoint(folder).clip is False
