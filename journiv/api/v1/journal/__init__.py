"""Routes of the journal itself."""
