"""From drawn frames to files: the encoders of all formats, and the writer for matplotlib."""
