"""PyTorch: on Apple's GPU (mps), NVIDIA's (cuda) or the processor.

torch takes seconds to import, so nothing of it is imported before a model is loaded.
"""

from app.backends.local.torch.backend import TorchBackend

__all__ = ["TorchBackend"]
