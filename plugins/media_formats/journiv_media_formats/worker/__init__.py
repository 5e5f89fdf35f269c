"""What runs in the confined process; the server imports none of it."""
