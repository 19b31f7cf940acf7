"""Controls that several rooms of the window share, and how they look."""
