"""Clips on this machine: what a model of them is, and how one is generated."""
