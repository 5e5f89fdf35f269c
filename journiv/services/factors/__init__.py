"""The second factor: who needs one, and how it is asked for."""
