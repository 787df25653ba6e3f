"""From drawn frames to files: how each format is encoded, and the writer that matplotlib knows."""
