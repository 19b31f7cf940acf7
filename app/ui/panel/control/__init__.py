"""A picture whose edges are followed."""
