"""Portraits of a whole class in one go."""
