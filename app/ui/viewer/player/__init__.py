"""Clips that play: frames decoded in another thread, the clock, and the buttons."""
