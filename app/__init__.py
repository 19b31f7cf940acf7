"""Sana Studio: generates pictures with NVIDIA SANA on your own machine."""

__version__ = "0.1.0"
