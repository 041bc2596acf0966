"""Providers against a loopback server: each file says what one part of them does, and `calling` makes the calls."""
