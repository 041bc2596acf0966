"""The table: who is asked when, who hears what, what chance deals, and what becomes of a turn that fails."""
