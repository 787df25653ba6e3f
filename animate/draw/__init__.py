"""Settings, theme, timeline, marks, panels and the stage that holds them: all drawing, with matplotlib."""
