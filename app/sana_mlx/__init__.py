"""NVIDIA SANA in MLX, usable on its own: give `pipeline.SanaMLX` a checkpoint folder in diffusers layout.

    config.py         a checkpoint's config.json files
    transformer.py    the diffusion transformer (Sana, Sana 1.5, Sana-Sprint)
    autoencoder.py    the deep-compression autoencoder (DC-AE)
    text_encoder.py   Gemma-2
    weights.py        safetensors, sharded or not, to a strictly checked network
    lora.py           LoRAs beside the layers that they change
    quantize.py       8 and 4 bits, and the cache of converted weights
    tiling.py         decoding and encoding in tiles, exact
    memory.py         the peak memory of a picture, before it is generated
    measure.py        the command that measures it
    parts.py          the parts in memory: what pictures and clips share
    pipeline.py       all of it as functions on numpy arrays
    video/            SANA-Video

MLX streams belong to a thread: import, load, run and free on one.
"""
