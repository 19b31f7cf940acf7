"""SANA's networks in plain torch: what diffusers and transformers have, without the seconds that importing them takes.

    transformer.py    the diffusion transformer (Sana, Sana 1.5, Sana-Sprint)
    controlnet.py     its ControlNet
    autoencoder.py    the deep-compression autoencoder (DC-AE)
    text_encoder.py   Gemma-2
    layers.py         what some of them share

Modules and tensors are named as in their checkpoints. The same networks in MLX stand in `app/sana_mlx/`.
"""
