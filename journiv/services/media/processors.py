"""Which processor knows which type."""

from __future__ import annotations

from collections.abc import Iterable

from journiv.contracts.media_processing import MediaProcessor


class Processors:
    """The processors of a server, in the order of their plugins."""

    def __init__(self, processors: Iterable[MediaProcessor] = ()) -> None:
        self._processors = tuple(processors)

    def sniff(self, head: bytes) -> str | None:
        """Return the type that the first bytes of a file say, None when nobody knows it."""
        for processor in self._processors:
            found = processor.sniff(head)
            if found is not None:
                return found
        return None

    def for_type(self, mime: str) -> MediaProcessor | None:
        """Return who knows a type."""
        return next((one for one in self._processors if mime in one.types), None)

    def needs_display(self, mime: str) -> bool:
        """Say whether browsers do not show this type."""
        processor = self.for_type(mime)
        return processor is not None and mime in processor.unshown

    async def close(self) -> None:
        """End what the processors started."""
        for processor in self._processors:
            await processor.close()
