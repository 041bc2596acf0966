"""The tests of this package run where it is installed."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("harbour") else ["test_briefs.py"]
