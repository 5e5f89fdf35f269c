"""Routes of accounts, their administration and the audit log."""
