"""Briefs and lamps, for the arena."""
