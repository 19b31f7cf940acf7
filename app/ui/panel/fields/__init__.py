"""The fields for what a picture shall be."""
