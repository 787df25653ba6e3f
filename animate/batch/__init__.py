"""``animate build``: render the scenes of a folder that changed, and check, compare, merge and embed the results."""
