"""The gallery: the pictures, what is selected of them, and what can be done with them."""
