"""Pictures as files: deleted, exported, dragged in and out, watched."""
