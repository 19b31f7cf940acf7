"""The vocabulary of the app: plain values that every other room shares. Standard library and numpy only."""
