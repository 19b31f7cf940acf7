"""FLUX.2 klein, Z-Image-Turbo and FLUX.1 schnell on MLX, with the networks of mflux.

Its pinned internals are imported only when a model is loaded, in this room alone.
"""

from app.backends.local.flux.backend import FluxBackend

__all__ = ["FluxBackend"]
