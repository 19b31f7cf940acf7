"""Opening picture files of any origin: what their pieces are, and the bounds of memory and time."""
