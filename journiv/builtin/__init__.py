"""The core's own plugin, loaded like any other."""
