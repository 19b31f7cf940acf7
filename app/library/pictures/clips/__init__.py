"""Clips on disk: written from an iterator of frames, read frame by frame. FFmpeg's codecs are reached through PyAV here
alone, and no clip is ever whole in memory.
"""
