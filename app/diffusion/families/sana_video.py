"""SANA-Video, for every backend alike: from a prompt to the token ids that its text encoder reads.

Its instruction has words of its own, and a prompt ends with how much is to move. All else is as in SANA. Follows
`diffusers.SanaVideoPipeline.encode_prompt`; the motion score is the one that the model's authors use
(https://arxiv.org/abs/2509.24695).
"""

from __future__ import annotations

import re

from tokenizers import Tokenizer

from app.diffusion.families import sana
from app.diffusion.families.sana import PromptTokens

# The words the checkpoints were trained with: a changed letter changes the clips. From diffusers (Apache-2.0).
INSTRUCTION = "\n".join(
    [
        "Given a user prompt, generate an 'Enhanced prompt' that provides detailed visual descriptions suitable for "
        "video generation. Evaluate the level of detail in the user prompt:",
        "- If the prompt is simple, focus on adding specifics about colors, shapes, sizes, textures, motion, and "
        "temporal relationships to create vivid and dynamic scenes.",
        "- If the prompt is already detailed, refine and enhance the existing details slightly without "
        "overcomplicating.",
        "Here are examples of how to transform or refine prompts:",
        "- User Prompt: A cat sleeping -> Enhanced: A small, fluffy white cat slowly settling into a curled position, "
        "peacefully falling asleep on a warm sunny windowsill, with gentle sunlight filtering through surrounding pots "
        "of blooming red flowers.",
        "- User Prompt: A busy city street -> Enhanced: A bustling city street scene at dusk, featuring glowing street "
        "lamps gradually lighting up, a diverse crowd of people in colorful clothing walking past, and a double-decker "
        "bus smoothly passing by towering glass skyscrapers.",
        "Please generate only the enhanced description for the prompt below and avoid including any additional "
        "commentary or evaluations:",
        "User Prompt: ",
    ]
)
MOTION_SCORE = 30
"""How much moves where the prompt does not say."""

_SCORED = re.compile(r"motion score:\s*\d", re.IGNORECASE)


def with_motion(prompt: str) -> str:
    """The prompt with a motion score at its end, unless it has one."""
    return prompt if _SCORED.search(prompt) else f"{prompt} motion score: {MOTION_SCORE}."


def tokenize(tokenizer: Tokenizer, prompt: str, limit: int, *, negative: bool = False) -> PromptTokens:
    """As `sana.tokenize`, with the video's instruction and, at a prompt's end, the motion score. A model too small for
    the instruction gets the prompt alone.
    """
    if not negative and sana.has_room(tokenizer, limit, INSTRUCTION):
        prompt = with_motion(prompt)
    return sana.tokenize(tokenizer, prompt, limit, negative=negative, instruction=INSTRUCTION)
