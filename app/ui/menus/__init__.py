"""The menu bar and the help that tells of it."""
