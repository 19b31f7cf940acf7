"""FLUX.1 schnell, whose networks mflux has in their true width alone: one block of each kind, against its own loop."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from app.diffusion.noise import Noise
from app.diffusion.sampler import sample
from app.diffusion.solvers import make_solver

pytestmark = pytest.mark.slow
SIDE = 64


class Words:
    """Stands in for mflux's tokenizer of a text encoder: its words are letters."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.max_length, self.add_special_tokens, self.use_chat_template = length, False, False
        self.tokenizer = lambda text, **_: {"input_ids": list(text.encode())}

    def tokenize(self, prompt: str) -> Any:
        import mlx.core as mx

        ids = list(prompt.encode()) + [1] * self.length
        return SimpleNamespace(input_ids=mx.array([ids[: self.length]]))


def test_its_steps_are_those_of_mflux() -> None:
    from app.sana_mlx.blas import load_openblas

    load_openblas()
    import mlx.core as mx
    from mflux.models.common.config import Config, ModelConfig
    from mflux.models.flux.latent_creator.flux_latent_creator import FluxLatentCreator

    from app.backends.local.flux.schnell import Schnell

    known, ModelConfig.precision = ModelConfig.precision, mx.float32
    try:
        mx.random.seed(1)
        family = Schnell()
        blocks = {"transformer_blocks.0.x": (1,), "single_transformer_blocks.0.x": (1,)}
        transformer = family.networks["transformer"].build({}, blocks)
        encoders = {
            "text_encoder": family.networks["text_encoder"].build({}, {"text_model.encoder.layers.0.x": (1,)}),
            "text_encoder_2": family.networks["text_encoder_2"].build({}, {"t5_blocks.0.x": (1,)}),
        }
        prompt = family.encode("a boat", {"t5": Words(16), "clip": Words(77)}, encoders)
        assert (prompt.tokens, prompt.cut) == (6, "")
        config = Config(ModelConfig.schnell(), 2, SIDE, SIDE, guidance=0.0)
        noise = Noise(3).draw((1, 16, SIDE // 8, SIDE // 8))
        latents = FluxLatentCreator.pack_latents(mx.array(noise), SIDE, SIDE)
        for t in range(2):
            velocity = transformer(
                t=t, config=config, hidden_states=latents, prompt_embeds=prompt.arrays[0],
                pooled_prompt_embeds=prompt.arrays[1],
            )  # fmt: skip
            latents = config.scheduler.step(noise=velocity, timestep=t, latents=latents)
        theirs = np.array(FluxLatentCreator.unpack_latents(latents, SIDE, SIDE))

        def ours(latents: Any, timestep: float, conditionings: Any, guidance: Any = None, control: Any = None) -> Any:
            return np.array(family.velocity(transformer, mx.array(latents), timestep, conditionings[0]))

        model: Any = SimpleNamespace(velocity=ours, latent_channels=16, guidance_embeds=False)
        solver = make_solver("euler", 2, family.shift(SIDE, SIDE, 2), even=True)
        *_, last = sample(model, solver, Noise(3), (SIDE // 8, SIDE // 8), prompt)
        assert theirs.std() > 0.1
        assert np.abs(last.denoised - theirs).max() < 1e-3
    finally:
        ModelConfig.precision = known
