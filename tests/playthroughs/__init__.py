"""Golden playthroughs: for each protocol, every event and every request of one episode, as readable text.

`python -m tests.playthroughs` writes them anew.
"""
