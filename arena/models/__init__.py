"""Models: what a request and a reply are, and everything that turns the one into the other."""
