"""A user's own ComfyUI workflow: the file, what can be set in it, and what a server lacks for it."""
