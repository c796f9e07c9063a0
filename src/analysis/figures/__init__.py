"""Placeholder docstring, replaced with the stage."""
