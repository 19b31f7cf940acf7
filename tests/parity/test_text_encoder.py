"""Gemma-2 against transformers."""

import mlx.core as mx
import pytest
import torch
from transformers import Gemma2Config, Gemma2Model

from app.sana_mlx.config import TextEncoderConfig
from app.sana_mlx.text_encoder import TextEncoder

from .helpers import assert_close, load, randomize

SMALL = {
    "vocab_size": 101,
    "hidden_size": 64,
    "num_hidden_layers": 3,
    "intermediate_size": 96,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 16,
    "sliding_window": 4096,
    "pad_token_id": 0,
}


def pair(**changes):
    config = Gemma2Config(**SMALL, attn_implementation="eager")
    for name, value in changes.items():
        setattr(config, name, value)
    theirs = randomize(Gemma2Model(config))
    values = config.to_dict()
    return load(TextEncoder(TextEncoderConfig.from_dict(values)), theirs, TextEncoder.sanitize), theirs


@torch.no_grad()
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"query_pre_attn_scalar": 37},
        {"attn_logit_softcapping": 2.5},
        {"attn_logit_softcapping": None},
        {"sliding_window": 5},
        {"sliding_window": 5, "layer_types": ["full_attention", "full_attention", "sliding_attention"]},
        {"rms_norm_eps": 1e-3},
        {"rope_parameters": {"rope_type": "default", "rope_theta": 500.0}},
    ],
    ids=str,
)
def test_hidden_states(changes):
    ours, theirs = pair(**changes)
    ids = torch.randint(1, 101, (1, 17))
    # Padding stands on the right, and only the encoder's real tokens are ever used.
    padded = torch.cat([ids, torch.zeros(1, 6, dtype=ids.dtype)], dim=1)
    mask = (padded > 0).long()
    expected = theirs(padded, attention_mask=mask)[0][:, :17]
    assert_close(ours(mx.array(ids.numpy())), expected, 5e-5)
    assert_close(ours(mx.array(padded.numpy()))[:, :17], expected, 5e-5)


def test_the_configuration_of_older_checkpoints():
    values = SMALL | {
        "model_type": "gemma2",
        "rms_norm_eps": 1e-6,
        "rope_theta": 10000.0,
        "query_pre_attn_scalar": 16,
        "attn_logit_softcapping": 50.0,
    }
    config = TextEncoderConfig.from_dict(values)
    assert config.windows == (4096, None, 4096)
    assert config.rope_theta == 10000.0


def test_what_a_config_leaves_out_has_transformers_defaults():
    theirs = TextEncoderConfig.from_dict(Gemma2Config().to_dict())
    assert TextEncoderConfig.from_dict({"model_type": "gemma2"}) == theirs


@pytest.mark.parametrize(
    "change",
    [{"model_type": "t5"}, {"hidden_activation": "relu"}, {"rope_parameters": {"rope_type": "yarn"}}],
)
def test_other_encoders_are_refused(change):
    with pytest.raises(ValueError, match="text encoder"):
        TextEncoderConfig.from_dict({"model_type": "gemma2", **SMALL, **change})


def test_neither_torch_nor_transformers_is_imported():
    import subprocess
    import sys

    code = (
        "import sys; from app.sana_mlx import pipeline; from app.sana_mlx.text_encoder import _gemma2; _gemma2();"
        "print([name for name in ('torch', 'transformers', 'diffusers', 'PySide6', 'mlx_lm') if name in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
