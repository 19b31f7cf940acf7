"""Workflows in API format as ComfyUI exports them, written by hand: short names for the tests of what is found."""

from __future__ import annotations

from typing import Any

Workflow = dict[str, dict[str, Any]]


def node(kind: str, title: str = "", /, **inputs: Any) -> dict[str, Any]:
    """One node; a link is a list, [id, number of the output]."""
    return {"inputs": inputs, "class_type": kind, "_meta": {"title": title or kind}}


def sampler(model: Any, positive: Any, negative: Any, latent: Any, **changes: Any) -> dict[str, Any]:
    values = {
        "seed": 156680208700286,
        "steps": 20,
        "cfg": 8.0,
        "sampler_name": "euler",
        "scheduler": "normal",
        "denoise": 1.0,
    }
    ends = {"model": model, "positive": positive, "negative": negative, "latent_image": latent}
    return node("KSampler", **{**values, **ends, **changes})


def sd15() -> Workflow:
    """ComfyUI's own first workflow."""
    return {
        "3": sampler(["4", 0], ["6", 0], ["7", 0], ["5", 0]),
        "4": node("CheckpointLoaderSimple", ckpt_name="v1-5-pruned-emaonly.safetensors"),
        "5": node("EmptyLatentImage", width=512, height=768, batch_size=1),
        "6": node("CLIPTextEncode", text="a bottle with a galaxy in it", clip=["4", 1]),
        "7": node("CLIPTextEncode", text="text, watermark", clip=["4", 1]),
        "8": node("VAEDecode", samples=["3", 0], vae=["4", 2]),
        "9": node("SaveImage", filename_prefix="ComfyUI", images=["8", 0]),
    }


def img2img() -> Workflow:
    return {
        **sd15(),
        "3": sampler(["4", 0], ["6", 0], ["7", 0], ["12", 0], denoise=0.87),
        "5": node("LoadImage", image="unused.png"),
        "10": node("LoadImage", "Start", image="example.png", upload="image"),
        "11": node("ImageScale", upscale_method="lanczos", width=640, height=512, crop="center", image=["10", 0]),
        "12": node("VAEEncode", pixels=["11", 0], vae=["4", 2]),
    }


def refined() -> Workflow:
    """SDXL with its refiner: the prompt stands in two encoders, the schedule in two samplers."""
    base = node(
        "KSamplerAdvanced", add_noise="enable", noise_seed=721897303308196, steps=25, cfg=8.0, sampler_name="euler",
        scheduler="normal", start_at_step=0, end_at_step=20, return_with_leftover_noise="enable", model=["4", 0],
        positive=["6", 0], negative=["7", 0], latent_image=["5", 0],
    )  # fmt: skip
    refiner = node(
        "KSamplerAdvanced", add_noise="disable", noise_seed=0, steps=25, cfg=8.0, sampler_name="euler",
        scheduler="normal", start_at_step=20, end_at_step=10000, return_with_leftover_noise="disable",
        model=["12", 0], positive=["15", 0], negative=["16", 0], latent_image=["10", 0],
    )  # fmt: skip
    texts = {"text_g": "an evening", "text_l": "an evening"}
    sizes = {"width": 4096, "height": 4096, "crop_w": 0, "crop_h": 0, "target_width": 1024, "target_height": 1024}
    return {
        "4": node("CheckpointLoaderSimple", ckpt_name="sd_xl_base_1.0.safetensors"),
        "5": node("EmptyLatentImage", width=1024, height=1024, batch_size=1),
        "6": node("CLIPTextEncodeSDXL", **sizes, **texts, clip=["4", 1]),
        "7": node("CLIPTextEncodeSDXL", **sizes, text_g="blurry", text_l="blurry", clip=["4", 1]),
        "10": base,
        "11": refiner,
        "12": node("CheckpointLoaderSimple", ckpt_name="sd_xl_refiner_1.0.safetensors"),
        "15": node("CLIPTextEncodeSDXLRefiner", ascore=6, width=4096, height=4096, text="an evening", clip=["12", 1]),
        "16": node("CLIPTextEncodeSDXLRefiner", ascore=2, width=4096, height=4096, text="blurry", clip=["12", 1]),
        "17": node("VAEDecode", samples=["11", 0], vae=["12", 2]),
        "19": node("SaveImage", filename_prefix="ComfyUI", images=["17", 0]),
    }


def flux() -> Workflow:
    """FLUX.1 dev with the custom sampler: noise, guider and sigmas are nodes of their own."""
    return {
        "6": node("CLIPTextEncode", "CLIP Text Encode (Positive Prompt)", text="a cup of coffee", clip=["11", 0]),
        "8": node("VAEDecode", samples=["13", 0], vae=["10", 0]),
        "9": node("SaveImage", filename_prefix="flux", images=["8", 0]),
        "10": node("VAELoader", vae_name="ae.safetensors"),
        "11": node("DualCLIPLoader", clip_name1="t5xxl_fp8.safetensors", clip_name2="clip_l.safetensors", type="flux"),
        "12": node("UNETLoader", unet_name="flux1-dev.safetensors", weight_dtype="default"),
        "13": node(
            "SamplerCustomAdvanced", noise=["25", 0], guider=["22", 0], sampler=["16", 0], sigmas=["17", 0],
            latent_image=["27", 0],
        ),
        "16": node("KSamplerSelect", sampler_name="euler"),
        "17": node("BasicScheduler", scheduler="simple", steps=30, denoise=1.0, model=["30", 0]),
        "22": node("BasicGuider", model=["30", 0], conditioning=["26", 0]),
        "25": node("RandomNoise", noise_seed=219670278747233),
        "26": node("FluxGuidance", guidance=3.5, conditioning=["6", 0]),
        "27": node("EmptySD3LatentImage", width=["34", 0], height=["35", 0], batch_size=1),
        "30": node("ModelSamplingFlux", max_shift=1.15, width=["34", 0], height=["35", 0], model=["12", 0]),
        "34": node("PrimitiveInt", "width", value=1216),
        "35": node("PrimitiveInt", "height", value=832),
    }  # fmt: skip


def sana_sprint() -> Workflow:
    """Through the nodes of ComfyUI_ExtraModels."""
    return {
        "1": node(
            "SanaCheckpointLoader", ckpt_name="Efficient-Large-Model/Sana_Sprint_0.6B_1024px", model="SanaSprint"
        ),
        "2": node("GemmaLoader", model_name="Efficient-Large-Model/gemma-2-2b-it", device="cpu", dtype="default"),
        "3": node("SanaTextEncode", text="a lighthouse", GEMMA=["2", 0]),
        "4": node("GemmaTextEncode", text="", GEMMA=["2", 0]),
        "5": node("EmptyDCAELatentImage", width=1024, height=1024, batch_size=1),
        "6": node("ScmModelSampling", cfg_scale=4.5, model=["1", 0]),
        "7": sampler(["6", 0], ["3", 0], ["4", 0], ["5", 0], sampler_name="scm", steps=2, cfg=1.0),
        "8": node("ExtraVAELoader", vae_name="dcae.safetensors", vae_type="dcae-f32c32-sana-1.0", dtype="FP16"),
        "9": node("VAEDecode", samples=["7", 0], vae=["8", 0]),
        "10": node("SaveImage", filename_prefix="sana", images=["9", 0]),
    }


def controlnet() -> Workflow:
    """A ControlNet between the encoders and the sampler: the picture that it follows is no start picture."""
    return {
        **sd15(),
        "3": sampler(["4", 0], ["20", 0], ["20", 1], ["5", 0]),
        "20": node(
            "ControlNetApplyAdvanced", strength=1.0, start_percent=0.0, end_percent=1.0, positive=["6", 0],
            negative=["7", 0], control_net=["21", 0], image=["22", 0],
        ),
        "21": node("ControlNetLoader", control_net_name="control_v11p_sd15_canny.safetensors"),
        "22": node("Canny", low_threshold=0.4, high_threshold=0.8, image=["23", 0]),
        "23": node("LoadImage", image="pose.png"),
    }  # fmt: skip


def enlarged() -> Workflow:
    """Two passes: the picture, then its latent enlarged and refined; then an upscaler. Each stage is saved."""
    return {
        **sd15(),
        "9": node("SaveImage", "First pass", filename_prefix="first", images=["8", 0]),
        "10": node("LatentUpscale", upscale_method="bilinear", width=1024, height=1536, samples=["3", 0]),
        "11": sampler(["4", 0], ["6", 0], ["7", 0], ["10", 0], seed=7, denoise=0.5),
        "12": node("VAEDecode", samples=["11", 0], vae=["4", 2]),
        "13": node("UpscaleModelLoader", model_name="4x-UltraSharp.safetensors"),
        "14": node("ImageUpscaleWithModel", upscale_model=["13", 0], image=["12", 0]),
        "15": node("SaveImage", "Result", filename_prefix="large", images=["14", 0]),
    }  # fmt: skip


def upscaler() -> Workflow:
    """No sampler at all."""
    return {
        "1": node("LoadImage", image="small.png"),
        "2": node("UpscaleModelLoader", model_name="4x-UltraSharp.safetensors"),
        "3": node("ImageUpscaleWithModel", upscale_model=["2", 0], image=["1", 0]),
        "4": node("SaveImage", filename_prefix="large", images=["3", 0]),
    }


def kontext() -> Workflow:
    """A model that edits: its picture comes with the prompt."""
    return {
        **flux(),
        "26": node("FluxGuidance", guidance=2.5, conditioning=["41", 0]),
        "40": node("LoadImage", image="photo.png"),
        "41": node("ReferenceLatent", conditioning=["6", 0], latent=["42", 0]),
        "42": node("VAEEncode", pixels=["43", 0], vae=["10", 0]),
        "43": node("FluxKontextImageScale", image=["40", 0]),
    }


def deep(links: int) -> Workflow:
    """A chain of LoRAs between the checkpoint and the sampler."""
    chain = {
        f"{100 + i}": node("LoraLoaderModelOnly", lora_name="a.safetensors", model=[f"{99 + i}" if i else "4", 0])
        for i in range(links)
    }
    return {**sd15(), **chain, "3": sampler([f"{99 + links}", 0], ["6", 0], ["7", 0], ["5", 0])}
