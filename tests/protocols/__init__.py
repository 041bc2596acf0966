"""The rule books: each file says by which rules one protocol is played, and `play` plays it in memory."""
