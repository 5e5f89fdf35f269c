"""Media: pictures, sounds, films and papers that belong to entries."""
