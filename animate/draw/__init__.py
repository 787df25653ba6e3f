"""Settings, theme, timeline, panels and the stage they stand on: everything that is drawn, with matplotlib."""
