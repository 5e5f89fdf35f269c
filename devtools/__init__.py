"""What ./dev is made of: the standard library only, because nothing is installed yet."""
