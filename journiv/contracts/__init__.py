"""What a plugin's objects must do, and the values they exchange. This package is public API."""
