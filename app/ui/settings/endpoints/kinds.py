"""The kinds of endpoints in words."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.message import NOTHING, Message, message, plain
from app.library.endpoint import Kind


@dataclass(frozen=True, slots=True)
class KindWords:
    """What the form says of a kind.

    Attributes:
        name: what it is called in the list.
        help: what to type as its address, and where it comes from.
        address: an example of an address.
    """

    name: Message
    help: Message
    address: str


KINDS = {
    Kind.OPENAI: KindWords(
        message("Server with OpenAI's images interface"),
        message(
            "SGLang, vLLM-Omni, LocalAI or Together: on Modal, in a RunPod pod or on a computer of your own. Type what "
            "comes before /v1 in its address."
        ),
        "https://name--sana.modal.run",
    ),
    Kind.FAL: KindWords(
        plain("fal"), message("Four Sana models, paid by the picture. Make a key at fal.ai."), "https://queue.fal.run"
    ),
    Kind.RUNPOD: KindWords(
        plain("RunPod serverless"),
        message("A worker of your own, such as worker-comfyui. Its address ends in the endpoint's id."),
        "https://api.runpod.ai/v2/ID",
    ),
    Kind.HUGGINGFACE: KindWords(
        plain("Hugging Face"),
        message("An Inference Endpoint of yours for text-to-image."),
        "https://name.endpoints.huggingface.cloud",
    ),
}


def words_of(kind: Kind) -> KindWords:
    return KINDS.get(kind) or KindWords(plain(str(kind)), NOTHING, "https://")
