"""The panels a scene is made of: a `Plot` of any marks, `Custom` matplotlib, and the usual compositions."""

from animate._lazy import attach_stub

# A scene needs a few of them: each loads on first use.
__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
