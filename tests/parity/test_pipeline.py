"""The facade against diffusers: functions on a random checkpoint, then whole pictures of the bundled starter model."""

from itertools import pairwise
from pathlib import Path

import mlx.core as mx
import mlx.nn as nn
import numpy as np
import pytest
import torch
from diffusers import AutoencoderDC, SanaTransformer2DModel
from mlx.utils import tree_map_with_path
from tokenizers import Tokenizer
from transformers import Gemma2Config, Gemma2Model

from app.diffusion.families.sana import tokenize
from app.library.models.checkpoint.checkpoint import open_checkpoint
from app.sana_mlx.pipeline import SanaMLX

from .helpers import assert_close, psnr, randomize
from .test_autoencoder import BASE
from .test_text_encoder import SMALL as GEMMA
from .test_transformer import SMALL as TRANSFORMER

STARTER = Path(__file__).parents[2] / "resources" / "starter"
IDS, MASK, KEEP = np.arange(1, 13), np.array([1] * 9 + [0] * 3), np.array([0, 5, 6, 7, 8, 9, 10, 11])


class Reference:
    """A checkpoint in torch, float32, with the methods of SanaMLX that these tests need."""

    def __init__(self, folder):
        self.transformer = SanaTransformer2DModel.from_pretrained(folder / "transformer", torch_dtype=torch.float32)
        self.vae = AutoencoderDC.from_pretrained(folder / "vae", torch_dtype=torch.float32)
        self.text_encoder = Gemma2Model.from_pretrained(folder / "text_encoder", dtype=torch.float32)
        self.text_encoder.set_attn_implementation("eager")

    @torch.no_grad()
    def encode_prompt(self, ids, mask, keep):
        mask = torch.tensor(mask)[None]
        states = self.text_encoder(torch.tensor(ids)[None], attention_mask=mask)[0]
        return states[:, keep], mask[:, keep]

    @torch.no_grad()
    def velocity(self, latents, timestep, embeddings, mask, guidance=None):
        config = self.transformer.config
        if guidance is not None:
            guidance = torch.tensor([guidance]) * config.guidance_embeds_scale
        else:
            timestep *= config.timestep_scale
        out = self.transformer(
            torch.tensor(latents),
            embeddings,
            torch.tensor([timestep]),
            guidance=guidance,
            encoder_attention_mask=mask,
        )
        return out.sample.numpy()[:, : config.in_channels]

    @torch.no_grad()
    def decode(self, latents):
        pixels = self.vae.decode(torch.tensor(latents) / self.vae.config.scaling_factor).sample
        return (pixels / 2 + 0.5).clamp(0, 1).permute(0, 2, 3, 1).mul(255).round().numpy().astype(np.uint8)


def save(folder, **transformer):
    randomize(SanaTransformer2DModel(**TRANSFORMER | {"caption_channels": 64} | transformer)).save_pretrained(
        folder / "transformer"
    )
    randomize(AutoencoderDC(**BASE, scaling_factor=0.41407)).save_pretrained(folder / "vae")
    randomize(Gemma2Model(Gemma2Config(**GEMMA))).save_pretrained(folder / "text_encoder")
    return folder


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    return save(tmp_path_factory.mktemp("checkpoint"), timestep_scale=0.5, out_channels=64)


@pytest.fixture(scope="module")
def both(checkpoint):
    return SanaMLX(checkpoint, precision="float32"), Reference(checkpoint)


def noise(*shape):
    return np.random.default_rng(0).standard_normal(shape).astype(np.float32)


def test_prompts(both):
    ours, theirs = both
    embeddings, mask = ours.encode_prompt(IDS, MASK, KEEP)
    expected, kept = theirs.encode_prompt(IDS, MASK, KEEP)
    assert embeddings.shape == (1, 5, 64)
    assert mask.all()
    assert_close(embeddings, expected[:, kept[0] > 0], 5e-5)


def test_velocity(both):
    ours, theirs = both
    expected = theirs.velocity(noise(1, 32, 6, 10), 700, *theirs.encode_prompt(IDS, MASK, KEEP))
    out = ours.velocity(noise(1, 32, 6, 10), 700, *ours.encode_prompt(IDS, MASK, KEEP))
    assert out.dtype == np.float32
    assert_close(out, torch.tensor(expected), 5e-5)


def test_embedded_guidance(tmp_path):
    folder = save(tmp_path, guidance_embeds=True, timestep_scale=0.5)
    ours, theirs = SanaMLX(folder, precision="float32"), Reference(folder)
    expected = theirs.velocity(noise(1, 32, 8, 8), 0.7, *theirs.encode_prompt(IDS, MASK, KEEP), guidance=4.5)
    out = ours.velocity(noise(1, 32, 8, 8), 0.7, *ours.encode_prompt(IDS, MASK, KEEP), guidance=4.5)
    assert_close(out, torch.tensor(expected), 5e-5)
    with pytest.raises(ValueError, match="guidance"):
        ours.velocity(noise(1, 32, 8, 8), 0.7, *ours.encode_prompt(IDS, MASK, KEEP))


@pytest.mark.parametrize("tile", [None, 16])
def test_decode(both, tile):
    ours, theirs = both
    latents, calls = noise(2, 32, 4, 6), []
    ours.tile = tile
    pixels = ours.decode(latents, lambda done, total: calls.append((done, total)))
    assert psnr(pixels, theirs.decode(latents), 255) > 50
    if tile is not None:
        assert calls[-1] == (12, 12)
        assert [done for done, _ in calls] == sorted(done for done, _ in calls)


@torch.no_grad()
def test_encode_image(both):
    ours, theirs = both
    ours.tile = 16
    pixels = (noise(2, 32, 48, 3) * 50 + 128).clip(0, 255).astype(np.uint8)
    as_floats = torch.tensor(pixels).permute(0, 3, 1, 2) / 127.5 - 1
    assert_close(ours.encode_image(pixels), theirs.vae.encode(as_floats).latent * 0.41407)
    with pytest.raises(ValueError, match="multiples of 8"):
        ours.encode_image(pixels[:, :30])


def test_a_breakdown_is_not_generated_grey(both):
    ours, _ = both
    latents = noise(1, 32, 4, 4)
    latents[0, 0, 0, 0] = np.nan
    for ours.tile in (None, 8):
        with pytest.raises(FloatingPointError, match="not finite"):
            ours.decode(latents)


def test_memory_is_given_back(checkpoint):
    model = SanaMLX(checkpoint, precision="float32")
    mx.synchronize()
    before = mx.get_active_memory()
    model.encode_prompt(IDS, MASK, KEEP)
    text_encoder = mx.get_active_memory()
    model.drop_text_encoder()
    assert mx.get_active_memory() < before + (text_encoder - before) / 10
    model.decode(noise(1, 32, 4, 4))
    model.free()
    assert mx.get_active_memory() < before + (text_encoder - before) / 10


@pytest.mark.parametrize("bits", ["8bit", "4bit"])
def test_quantized_with_a_cache(checkpoint, tmp_path, bits):
    args = noise(1, 32, 2, 2), 700
    results = []
    for _ in range(2):
        model = SanaMLX(checkpoint, precision=bits, cache=tmp_path)
        results.append(model.velocity(*args, *model.encode_prompt(IDS, MASK, KEEP)))
    np.testing.assert_array_equal(results[0], results[1])
    assert sorted(file.name.split("-")[0] for file in tmp_path.iterdir()) == ["text_encoder", "transformer"]


# The starter model's pictures, by plain Euler steps with classifier-free guidance.

needs_starter = pytest.mark.skipif(not (STARTER / "model_index.json").is_file(), reason="no starter model is bundled")
PROMPT, STEPS, GUIDANCE = "a red house in the mountains", 8, 3.5


def generate(model, size):
    limit = open_checkpoint(STARTER).token_limit
    tokenizer = Tokenizer.from_file(str(STARTER / "tokenizer" / "tokenizer.json"))
    conditionings = []
    for text, negative in [(PROMPT, False), ("", True)]:
        tokens = tokenize(tokenizer, text, limit, negative=negative)
        conditionings.append(model.encode_prompt(tokens.ids, tokens.mask, tokens.keep))
    latents = noise(1, 32, size, size)
    sigmas = np.linspace(1, 0, STEPS + 1, dtype=np.float32)
    for sigma, following in pairwise(sigmas):
        positive, negative = (model.velocity(latents, 1000 * sigma, *args) for args in conditionings)
        latents = latents + (following - sigma) * (negative + GUIDANCE * (positive - negative))
    return model.decode(latents)


def dequantized(model):
    """The same weights as float32 layers: the CPU's quantized matrix product is too slow for a picture."""

    def restore(_, module):
        if not isinstance(module, nn.QuantizedLinear | nn.QuantizedEmbedding):
            return module
        weight = mx.dequantize(
            module.weight, module.scales, module.biases, group_size=module.group_size, bits=module.bits
        ).astype(mx.float32)
        plain = (
            nn.Embedding(*weight.shape) if isinstance(module, nn.QuantizedEmbedding) else nn.Linear(*weight.shape[::-1])
        )
        plain.weight = weight
        if "bias" in module:
            plain.bias = module.bias
        elif "bias" in plain:
            del plain["bias"]
        return plain

    for network in (model.load_transformer(), model.load_text_encoder()):
        network.update_modules(tree_map_with_path(restore, network.leaf_modules(), is_leaf=nn.Module.is_module))
        network.set_dtype(mx.float32)
    model.dtype = mx.float32
    return model


@pytest.fixture(scope="module")
def reference_picture():
    reference = Reference(STARTER)
    size = reference.transformer.config.sample_size
    return generate(reference, size), size


@needs_starter
@pytest.mark.parametrize(("precision", "least"), [("float32", 40), ("bfloat16", 30), ("8bit", 25), ("4bit", 15)])
def test_the_starters_pictures(reference_picture, precision, least, record_property):
    expected, size = reference_picture
    assert expected.std() > 10, "the reference generated nothing"
    model = SanaMLX(STARTER, precision=precision, tile=96)
    picture = generate(dequantized(model) if precision.endswith("bit") else model, size)
    figure = psnr(picture, expected, 255)
    record_property("psnr", figure)
    print(f"{precision}: {figure:.1f} dB")
    assert figure >= least
