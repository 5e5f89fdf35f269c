"""The running server: events, jobs, limits, keys, what it says about itself."""
