"""Formats for people and other programs, written as streams of ZIP."""
