"""Conformance kits: what a plugin's objects must do, as pytest classes to subclass.

A kit is imported from its own module (`journiv.testing.media`, `.tokens`, …); this one imports
nothing, so that pytest can load the plug-in beside it before coverage is measured. Kits have
async tests and need pytest-asyncio with `asyncio_mode = "auto"`.
"""
