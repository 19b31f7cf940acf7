"""NVIDIA SANA-Video in MLX, usable on its own: give `pipeline.SanaVideoMLX` a checkpoint folder in diffusers layout.

config.py         transformer/config.json
rope.py           positions in frames, rows and columns
transformer.py    the diffusion transformer, in chunks of frames
wan/              the autoencoder of 480p
ltx/              the autoencoder of 720p
"""
