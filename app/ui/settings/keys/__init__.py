"""Editors of what is kept in the keychain."""
