"""LTX-2's autoencoder for clips, as SANA-Video at 720p uses it. It streams: see streaming.py.

config.py        vae/config.json
layers.py        convolutions over time that take a clip piece by piece, residual blocks, changes of resolution
autoencoder.py   decoder and encoder
streaming.py     a clip through either, some frames at a time
"""
