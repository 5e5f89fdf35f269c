"""Settings: defaults, file, environment and secrets, each value with its source."""
