"""Made-up values for the schemas of the OpenAPI document: mostly good ones, often at an edge."""

from __future__ import annotations

import random
from typing import Any, Final

Json = dict[str, Any]

TEXTS: Final = (
    "It rained.", "plague", "\u00c4rger im B\u00fcro", "STRASSE stra\u00dfe",
    "\ufb01ne \u0153uvre \u01c4",
    "\u0130stanbul \u0131I", "\u65e5\u8a18\u3092\u66f8\u304f",
    "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd",
    "\u0645\u0631\u062d\u0628\u0627", "\U0001f469\u200d\U0001f469\u200d\U0001f467 family",
    "e\u0301te\u0301", "\u00e9t\u00e9",
    "100% sure", "under_score", "back\\slash", "it's", "it\u2019s \u201cquoted\u201d", '"light',
    "a\tb\nc\r\n", "zero\u200bwidth", "\u202eRTL",
    "\u03a3\u0391\u03a3 \u03c3\u03b1\u03c2 \u03c2", "\u00c6\u00d8\u00c5 \u00e6\u00f8\u00e5",
    "\U0001d518\U0010fffd", "'; DROP TABLE moments; --", "<b>&amp;</b>", "$1 :name ? %s {0}",
    "100 of sure", "underXscore", "null", "ab", "a", "#tag, two",
)  # fmt: skip
ODD_TEXTS: Final = ("", " ", "\u00a0\u2003", "nul\x00byte", "\x1b[31m", "\x7f", "\ud800", "\ufeff")
DATES: Final = (
    "2026-01-01", "2024-02-29", "1668-10-21", "0001-01-01", "9999-12-31", "1970-01-01",
    "2026-03-29",
)  # fmt: skip
ODD_DATES: Final = (
    "2023-02-29",
    "0000-01-01",
    "10000-01-01",
    "2026-1-1",
    "today",
    "",
    "2026-01-01T00:00:00",
    "-001-01-01",
)
INSTANTS: Final = (
    "2026-01-01T12:00:00Z", "2026-03-29T01:30:00+01:00", "2024-02-29T23:59:59.999999Z",
    "1666-09-02T03:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z",
    "2026-06-01T12:00:00.123456+05:45", "2026-06-01T12:00:00",
)  # fmt: skip
ODD_INSTANTS: Final = (
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "noon",
    "2026-06-01T25:00Z",
)
ZONES: Final = ("UTC", "Europe/London", "Asia/Kathmandu", "Pacific/Apia", "America/St_Johns")
NUMBERS: Final = (2**31 - 1, 2**31, 2**63 - 1, 2**63, 2**64, -1, -(2**63) - 1, 0)
WRONG: Final[tuple[Any, ...]] = (None, True, 0, -1, 1.5, "", "x", [], {}, [[]], {"a": 1}, 2**70)


class Values:
    """Draws values; the same seed gives the same."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw

    def often(self, share: float) -> bool:
        """Say yes in this share of the cases."""
        return self.draw.random() < share

    def of(self, name: str, schema: Json) -> Any:
        """Return a value for a field of that name."""
        if self.often(0.05):
            return self.draw.choice(WRONG)
        if choices := schema.get("enum"):
            return self.draw.choice(choices)
        kinds = schema.get("type", "string")
        kind = self.draw.choice(kinds) if isinstance(kinds, list) else kinds
        match kind:
            case "null":
                return None
            case "boolean":
                return self.often(0.5)
            case "integer":
                return self._integer(schema)
            case "number":
                return self._number(schema)
            case "array":
                items = schema.get("items", {})
                return [self.of("item", items) for _ in range(self.draw.choice((0, 1, 2, 5, 60)))]
            case "object":
                return {}
        return self._text(name, schema)

    def _integer(self, schema: Json) -> int:
        low, high = schema.get("minimum", 0), schema.get("maximum", 2**31)
        if self.often(0.2):
            return self.draw.choice((low - 1, high + 1, *NUMBERS))
        return self.draw.choice((low, min(high, low + 1), min(high, low + 7), high))

    def _number(self, schema: Json) -> float:
        low, high = schema.get("minimum", -1.0), schema.get("maximum", 1.0)
        return self.draw.choice(
            (low, high, 0.1, -0.0, 51.507351, 1 / 3, 1e-300, high + 1e-9, -1e308, 45)
        )

    def _text(self, name: str, schema: Json) -> str:
        odd = self.often(0.15)
        if "time_zone" in name or "timezone" in name:
            return self.draw.choice(("Nowhere/Land", "../etc", "") if odd else ZONES)
        match schema.get("format"):
            case "date":
                return self.draw.choice(ODD_DATES if odd else DATES)
            case "date-time":
                return self.draw.choice(ODD_INSTANTS if odd else INSTANTS)
            case "uuid":
                return f"018f0000-0000-7000-8000-{self.draw.randrange(65536):012x}"
            case "email":
                return self.draw.choice(("no-address", "A@B", "ä@example.org", "x@x@x"))
        if odd and self.often(0.3):
            most = schema.get("maxLength", 200)
            return self.draw.choice("aß🙂") * (most + self.draw.choice((-1, 0, 1)))
        if odd:
            return self.draw.choice(ODD_TEXTS)
        return " ".join(self.draw.sample(TEXTS, self.draw.choice((1, 1, 1, 2, 4))))
