"""The index of the pictures: a cache in SQLite that answers which pictures are to be shown, in which order."""
