"""Everything on disk: pictures and their index, settings, secrets, checkpoints and the folders they live in."""
