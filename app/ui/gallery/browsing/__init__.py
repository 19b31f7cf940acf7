"""What chooses which pictures are shown, and in which order: albums, order, filters."""
