"""Worker processes: one protocol and one pool for all that runs beside this process.

`worker` starts a process of Python, calls functions in it and ends it; `serve` is what that process does; `pool` shares
a few of them among many callers. They draw the frames of one animation, the scenes of a build, the live pictures
of the studio and its exports.
"""
