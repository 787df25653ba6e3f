"""The panels a scene is made of: a `Plot` of any marks, `Custom` matplotlib, and the usual compositions.

Each loads on first use: a scene needs a few of them.
"""

from animate._lazy import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
