"""Backups of a whole installation: written, listed, verified, restored and pruned."""
