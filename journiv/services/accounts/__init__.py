"""Accounts, their passwords, their administration, and the audit log."""
