"""Diaries on their way in and out."""
