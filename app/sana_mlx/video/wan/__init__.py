"""Wan 2.1's autoencoder for clips, as SANA-Video at 480p uses it. It streams: see streaming.py.

config.py        vae/config.json
layers.py        causal convolutions that take a clip frame by frame, residual blocks, attention, changes of resolution
autoencoder.py   decoder and encoder
streaming.py     a clip through either, frame by frame
"""
