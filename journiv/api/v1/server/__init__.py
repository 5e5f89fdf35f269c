"""Routes about the server: health, public configuration, doctor, reports."""
