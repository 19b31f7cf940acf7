"""The mask editor: paint over the part of a picture that is made anew, or extend the picture."""
