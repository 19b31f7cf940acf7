"""The grid of tiles: how it looks, and what stays selected and in sight."""
