"""The terminal screens: watch a run while it is played, and replay what was.

Widgets and messages over the pure folds `arena.standing` and `arena.outline`. Everything is read from the log; the
engine knows nothing of it. Only the commands that open a screen import this package.
"""
