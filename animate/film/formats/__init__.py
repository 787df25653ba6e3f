"""The sinks of the file formats, and what they compress with."""
