"""What happens at a start: the first-run sheet, what the window remembers, the look for an update."""
