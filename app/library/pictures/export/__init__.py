"""Copies of pictures for others: what goes along, what stays here, and that nothing is replaced."""
