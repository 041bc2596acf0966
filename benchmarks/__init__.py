"""Measurements, each beside what it aims at. `python -m benchmarks` makes all of them."""
