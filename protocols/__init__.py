"""The protocols that ship with the arena, one file each, written as a stranger would write them."""
