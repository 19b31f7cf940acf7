"""Models on disk: checkpoints, the hub's cache, downloads and licences."""
