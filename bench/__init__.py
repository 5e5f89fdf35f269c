"""Measurements: what a request costs, beside a bare aiohttp handler in the same run."""
