"""The catalog: what is in it, and that a wrong table is named."""

from __future__ import annotations

import dataclasses
import re

import pytest

from app.core.catalog import ModelSpec, load_catalog, recommend
from app.core.errors import UserError
from app.core.families import flux
from app.core.families.sana import FAMILIES
from app.core.families.sana_video import SANA_VIDEO
from app.core.memory import BYTES_PER_WEIGHT, GIB
from app.library import paths
from app.library.models.checkpoint import origin
from app.sana_mlx.config import TransformerConfig
from app.sana_mlx.memory import transformer_weights
from tests.checkpoints import true_transformer

TEXT = (paths.resources() / "catalog.toml").read_text(encoding="utf-8")
CATALOG = load_catalog(TEXT)
SANA = [spec for spec in CATALOG.values() if spec.repo and spec.family in FAMILIES]
VIDEO = [spec for spec in CATALOG.values() if spec.repo and spec.family == SANA_VIDEO]

GOOD = """
[model]
name = "A model"
family = "sana"
base_size = 1024
parameters = 1_000
steps = 20
guidance = 4.5
solver = "dpmpp"
shift = 3.0
clip = true
languages = ["en", "zh"]
good_for = "Something."
licence = "A licence"
licence_url = "https://example.org/licence"
repo = "owner/name"
variant = "fp16"
download_bytes = 2_000
"""


def test_every_published_image_checkpoint_is_listed() -> None:
    repos = {spec.repo.removeprefix("Efficient-Large-Model/") for spec in SANA}
    assert repos == {
        "Sana_600M_512px_diffusers",
        "Sana_600M_1024px_diffusers",
        "Sana_1600M_512px_diffusers",
        "Sana_1600M_512px_MultiLing_diffusers",
        "Sana_1600M_1024px_diffusers",
        "Sana_1600M_1024px_MultiLing_diffusers",
        "Sana_1600M_1024px_BF16_diffusers",
        "Sana_1600M_2Kpx_BF16_diffusers",
        "Sana_1600M_4Kpx_BF16_diffusers",
        "SANA1.5_1.6B_1024px_diffusers",
        "SANA1.5_4.8B_1024px_diffusers",
        "Sana_Sprint_0.6B_1024px_diffusers",
        "Sana_Sprint_1.6B_1024px_diffusers",
    }


def test_only_models_trained_in_float16_are_clipped() -> None:
    assert {spec.id for spec in CATALOG.values() if spec.clip} == {
        spec.id for spec in CATALOG.values() if spec.variant == "fp16"
    }
    assert CATALOG["sana-1.6b-1024"].clip
    assert not CATALOG["sana-1.6b-1024-bf16"].clip


def test_defaults_of_the_families() -> None:
    assert [CATALOG["sana-1.6b-4k"].shift, CATALOG["sana-1.6b-2k"].shift] == [6.0, 3.0]
    sprint = CATALOG["sana-sprint-0.6b"]
    assert (sprint.steps, sprint.solver) == (2, "scm")


def test_the_parameter_counts_explain_the_download_sizes() -> None:
    for spec in SANA:
        expected = 2 * (spec.parameters + 2_614_341_888) + 4 * 312_250_275 + 35_000_000
        assert spec.download_bytes == pytest.approx(expected, rel=0.002), spec.id
    for spec, vae in zip(VIDEO, (2 * 1_222_479_601, 4 * 126_892_531), strict=True):
        expected = 2 * (spec.parameters + 2_614_341_888) + vae + 35_000_000
        assert spec.download_bytes == pytest.approx(expected, rel=0.002), spec.id
    for spec in CATALOG.values():
        if spec.family in flux.FAMILIES:
            size = flux.model_size(spec.family, spec.parameters)
            each = BYTES_PER_WEIGHT[spec.packed or "bfloat16"]
            weights = (size.transformer + size.text_encoder) * each + size.vae * 2
            assert spec.download_bytes == pytest.approx(weights, rel=0.02), spec.id


@pytest.mark.parametrize("spec", SANA, ids=lambda spec: spec.id)
def test_the_parameters_are_those_of_the_true_config(spec: ModelSpec) -> None:
    config = TransformerConfig.from_dict(true_transformer(spec.id, spec.family, spec.base_size))
    assert transformer_weights(config, item=1, bits=None) == spec.parameters


def test_the_video_models_show_the_licences_of_their_parts() -> None:
    hd, sd = VIDEO
    assert (hd.base_size, sd.base_size) == (704, 480)
    assert all("NVIDIA Open Model License" in spec.licence for spec in VIDEO)
    assert "LTX-2 Community License" in hd.licence
    assert "https://huggingface.co/Lightricks/LTX-2" in hd.licence_notes
    assert "LTX" not in sd.licence


def test_a_clip_takes_more_memory_the_longer_it_is() -> None:
    spec = VIDEO[1]
    short, long = (dataclasses.replace(spec, frames=frames).peak_memory("mlx", "bfloat16")[0] for frames in (17, 161))
    assert spec.parameters * 2 < short < long


def test_what_does_not_run_yet_says_why_and_what_it_would_need() -> None:
    planned = origin.planned()
    assert [model.id for model in planned] == ["longsana", "sana-video-2.0", "sana-wm"]
    for model in planned:
        assert model.why.endswith(".")
        assert model.needs.endswith(".")
        assert model.url.startswith("https://")


def test_a_table_is_a_model() -> None:
    spec = load_catalog(GOOD)["model"]
    assert (spec.id, spec.repo, spec.revision, spec.languages) == ("model", "owner/name", "main", ("en", "zh"))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("steps = 20", "steps = 20.5", ["[model]", "steps", "whole number"]),
        ("steps = 20", "steps = 0", ["[model]", "steps", "not more than 0"]),
        ("steps = 20", "steps = true", ["[model]", "steps", "True"]),
        ("steps = 20\n", "", ["[model]", "lacks", "steps"]),
        ("guidance = 4.5", "guidance = nan", ["[model]", "guidance", "more than 0"]),
        ("shift = 3.0", "shift = inf", ["[model]", "shift", "more than 0"]),
        ("base_size = 1024", "base_size = 1000", ["[model]", "base_size", "multiple of 32"]),
        ('repo = "owner/name"', 'repo = "../name"', ["[model]", "repo", "owner/name"]),
        ('variant = "fp16"', 'revision = "../x"', ["[model]", "revision", "branch"]),
        ('variant = "fp16"', 'revision = ""', ["[model]", "revision", "branch"]),
        ('["en", "zh"]', '["EN"]', ["[model]", "languages", "two-letter"]),
        ('variant = "fp16"', "measured_memory = { mlx = { half = 3 } }", ["[model]", "measured_memory", "mlx"]),
        ("[model]", '["A model"]', ["[A model]", "small letters"]),
        ("steps = 20", "step = 20", ["[model]", "unknown", "“step”"]),
        ('family = "sana"', 'family = "sana-wm"', ["[model]", "family", "sana-wm"]),
        ('family = "sana"', 'family = "sana-video"', ["[model]", "frames", "sana-video"]),
        ('variant = "fp16"', "frames = 81", ["[model]", "frames", "sana-video"]),
        ('solver = "dpmpp"', 'solver = "scm"', ["[model]", "scm", "sana-sprint"]),
        ('variant = "fp16"', 'variant = "int4"', ["[model]", "variant", "int4"]),
        ('repo = "owner/name"', 'repo = "name"', ["[model]", "repo", "owner/name"]),
        ('repo = "owner/name"\n', "", ["[model]", "repo", "bundled"]),
        ("download_bytes = 2_000\n", "", ["[model]", "download_bytes"]),
        ("clip = true", 'clip = "yes"', ["[model]", "clip", "true or false"]),
        ('["en", "zh"]', '["English"]', ["[model]", "languages", "two-letter"]),
        ('["en", "zh"]', "[]", ["[model]", "languages", "empty"]),
        ('"https://example.org/licence"', '"http://example.org"', ["[model]", "licence_url", "https"]),
        ('variant = "fp16"', "measured_memory = { mlx = 3 }", ["[model]", "measured_memory", "mlx"]),
        ("[model]", "[model", ["not TOML", "line 2"]),
        ('repo = "owner/name"', 'bundled = "../etc"', ["[model]", "bundled", "folder"]),
    ],
)
def test_a_wrong_table_is_named(old: str, new: str, reason: list[str]) -> None:
    assert old in GOOD
    with pytest.raises(UserError) as error:
        load_catalog(GOOD.replace(old, new))
    for words in reason:
        assert words in str(error.value.message)
    assert "catalog.toml" in str(error.value.remedy)


def test_an_empty_catalog_and_a_loose_value_are_refused() -> None:
    with pytest.raises(UserError, match="no models"):
        load_catalog("# nothing\n")
    with pytest.raises(UserError, match="“version” is not a table"):
        load_catalog("version = 1\n" + GOOD)


@pytest.mark.parametrize(
    ("gigabytes", "chip", "model"),
    [
        (4, "", "starter"),
        (8, "Apple M1", "sana-sprint-0.6b"),
        (16, "Apple M4", "sana-sprint-0.6b"),
        (32, "Apple M4", "sana-sprint-1.6b"),
        (24, "Apple M4 Pro", "sana-sprint-1.6b"),
        (36, "Apple M3 Max", "sana-1.5-1.6b"),
        (192, "Apple M2 Ultra", "sana-1.5-4.8b"),
    ],
)
def test_the_recommendation_fits_the_machine(gigabytes: int, chip: str, model: str) -> None:
    assert recommend(CATALOG, gigabytes * GIB, chip).id == model


def test_texts_are_for_people() -> None:
    for spec in CATALOG.values():
        assert spec.good_for.endswith(".")
        assert not re.search(r"\b(LoRA|latent|checkpoint)\b", spec.good_for)
