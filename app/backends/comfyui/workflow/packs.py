"""Which pack of nodes a type of node comes from, as far as its name tells."""

from __future__ import annotations

import re

_PACKS = {
    "ComfyUI_ExtraModels": (
        r"(Empty)?(Sana|DCAE|DiT|PixArt|HYDiT|MiaoBi)\w*|Gemma(Loader|TextEncode)|T5v11Loader|T5TextEncode"
        r"|ExtraVAELoader|ScmModelSampling"
    ),
    "ComfyUI-SANA": r"SanaModelLoader|SanaGenerate",
    "rgthree-comfy": r".*\(rgthree\)",
    "ComfyUI-Custom-Scripts": r".*\|pysssss",
    "ComfyUI-Crystools": r".*\[Crystools\]",
    "ComfyUI_Comfyroll_CustomNodes": r"CR .*",
    "ComfyUI-Easy-Use": r"easy .*",
    "ComfyUI_tinyterraNodes": r"ttN .*",
    "ComfyUI-VideoHelperSuite": r"VHS_.*",
    "ComfyUI-Advanced-ControlNet": r"ACN_.*",
    "ComfyUI-AnimateDiff-Evolved": r"ADE_.*",
    "ComfyUI_ADV_CLIP_emb": r"BNK_CLIP.*",
    "ComfyUI_smZNodes": r"smZ .*",
    "ComfyUI_IPAdapter_plus": r"IPAdapter.*|PrepImageForClipVision",
    "ComfyUI_InstantID": r"InstantID\w*|ApplyInstantID\w*",
    "ComfyUI-GGUF": r"\w*GGUF\w*",
    "ComfyUI-nunchaku": r"Nunchaku\w*",
    "ComfyUI-WanVideoWrapper": r"WanVideo\w*",
    "ComfyUI-Florence2": r"Florence2\w*|DownloadAndLoadFlorence2Model",
    "ComfyUI_UltimateSDUpscale": r"UltimateSDUpscale\w*",
    "ComfyUI_LayerStyle": r"Layer(Utility|Mask|Color|Style|Filter): .*",
    "comfyui_controlnet_aux": r"\w*Preprocessor|\w+Preprocessor_Provider\w*",
    "ComfyUI-Impact-Pack": r"Impact\w+|\w*Detailer\w*|SAMLoader|(To|From)(Basic|Detailer)Pipe\w*",
    "ComfyUI-Impact-Subpack": r"UltralyticsDetectorProvider",
    "efficiency-nodes-comfyui": r"Efficient Loader|Eff\. Loader.*|KSampler (Adv\. |SDXL )?\(Eff.*\)|\w+ Stacker",
    "ComfyUI_essentials": r"\w+\+",
    "ComfyUI-KJNodes": r"\w+KJ",
    "was-node-suite-comfyui": r"Text (Multiline|Concatenate|String)|Image (Save|Resize|Blank|Blend)",
    "ComfyUI-ReActor": r"ReActor\w*",
    "comfyui-tooling-nodes": r"ETN_\w+",
}
"""Regular expressions of the types of nodes, by the name that ComfyUI Manager lists the pack under."""


def pack_of(node_class: str) -> str:
    """The pack that a type of node comes from; empty where it is not known."""
    return next((pack for pack in reversed(_PACKS) if re.fullmatch(_PACKS[pack], node_class)), "")
