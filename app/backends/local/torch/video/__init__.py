"""Clips with PyTorch, on diffusers' own networks of SANA-Video and of the autoencoders of Wan and LTX-2.

They are imported when a video model is loaded: diffusers takes seconds, which no picture waits for.
"""
