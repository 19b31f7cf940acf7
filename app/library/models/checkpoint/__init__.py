"""Opening a checkpoint: its parts, what it was made from, and whether it is whole."""
