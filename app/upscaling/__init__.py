"""Learned upscalers: two small networks, written once for every array library, and the tiles in which they run."""
