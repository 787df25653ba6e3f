"""The sinks of the file formats, and their compression."""
