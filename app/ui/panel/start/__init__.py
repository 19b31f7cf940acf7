"""What the next picture starts from: a picture of any kind, and how much of it changes."""
