"""Ways to ask for many pictures at once, and for pictures in a style."""
