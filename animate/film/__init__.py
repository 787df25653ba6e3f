"""From drawn frames to files: what is redrawn, how it is encoded, and the writer that matplotlib knows."""
