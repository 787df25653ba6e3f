"""Rendering many scenes into one folder."""
