"""The page of models: rows, downloads, own models, the hub's token."""
