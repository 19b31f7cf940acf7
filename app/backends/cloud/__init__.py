"""Backends whose pictures are made by a paid service."""
