"""Sending stored files: ranges, conditional requests, sendfile."""
