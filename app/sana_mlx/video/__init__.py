"""NVIDIA SANA-Video in MLX, usable on its own: give `pipeline.SanaVideoMLX` a checkpoint folder in diffusers layout.

config.py               the config.json files
rope.py                 positions in frames, rows and columns
transformer.py          the diffusion transformer, in chunks of frames
wan/                    the autoencoder of 480p
ltx/                    the autoencoder of 720p
autoencoders.py         either of them, by a checkpoint's config
memory.py               the peak memory of a clip, before it is generated
autoencoder_memory.py   the autoencoders' part in it
pipeline.py             all of it as functions on numpy arrays
"""
