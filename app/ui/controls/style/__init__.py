"""How controls look: colours, fonts, icons, frames, focus."""
