"""The shared catalogue: moods to choose from and prompts to answer, in our own words."""

from __future__ import annotations

from typing import Final

from journiv.domain.catalogue.moods import DEFAULT_MOODS, MOOD_CATEGORIES, MOODS
from journiv.domain.catalogue.prompts_daily import DAILY_PROMPTS
from journiv.domain.catalogue.prompts_forward import FORWARD_PROMPTS
from journiv.domain.catalogue.prompts_inner import INNER_PROMPTS
from journiv.domain.catalogue.prompts_shared import SHARED_PROMPTS
from journiv.domain.catalogue.seeds import MoodSeed, PromptSeed, seed_id

# Raise it whenever a seed changes: stores with a lower version are planted again at start.
CATALOGUE_VERSION: Final = 1

PROMPTS: Final = DAILY_PROMPTS + INNER_PROMPTS + FORWARD_PROMPTS + SHARED_PROMPTS

# Categories a filter may name; the last seven have no seeds of ours yet.
PROMPT_CATEGORIES: Final = (
    "gratitude",
    "reflection",
    "goals",
    "creativity",
    "relationships",
    "mindfulness",
    "emotions",
    "dreams",
    "memories",
    "self_care",
    "productivity",
    "general",
    "self_discovery",
    "growth",
    "family",
    "love",
    "social",
    "health",
    "spirituality",
)

__all__ = [
    "CATALOGUE_VERSION",
    "DEFAULT_MOODS",
    "MOODS",
    "MOOD_CATEGORIES",
    "PROMPTS",
    "PROMPT_CATEGORIES",
    "MoodSeed",
    "PromptSeed",
    "seed_id",
]
