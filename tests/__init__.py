"""What the arena promises. `python -m tests` checks all of it."""
