"""Animations as vector drawings: recorded from matplotlib figures, written as SVG files that play by themselves."""
