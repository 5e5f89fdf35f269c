"""Twenty moods that everybody shares."""

from __future__ import annotations

from typing import Final

from journiv.domain.catalogue.seeds import MoodSeed

MOOD_CATEGORIES: Final = ("positive", "negative", "neutral")

MOODS: Final = (
    MoodSeed("Calm", "😌", "positive", 4),
    MoodSeed("Excited", "🤩", "positive", 5),
    MoodSeed("Focused", "🎯", "positive", 4),
    MoodSeed("Grateful", "🙏", "positive", 5),
    MoodSeed("Happy", "😊", "positive", 5),
    MoodSeed("Hopeful", "🌱", "positive", 4),
    MoodSeed("Motivated", "💪", "positive", 4),
    MoodSeed("Proud", "🏅", "positive", 5),
    MoodSeed("Relaxed", "🛋️", "positive", 4),
    MoodSeed("Angry", "😠", "negative", 1),
    MoodSeed("Anxious", "😰", "negative", 1),
    MoodSeed("Disappointed", "😞", "negative", 2),
    MoodSeed("Lonely", "🥺", "negative", 2),
    MoodSeed("Sad", "😢", "negative", 2),
    MoodSeed("Stressed", "😫", "negative", 1),
    MoodSeed("Tired", "😴", "negative", 2),
    MoodSeed("Confused", "😕", "neutral", 3),
    MoodSeed("Curious", "🤔", "neutral", 3),
    MoodSeed("Neutral", "😐", "neutral", 3),
    MoodSeed("Surprised", "😮", "neutral", 3),
)

# What a bare score stands for, where somebody gives only a number.
DEFAULT_MOODS: Final = ("Stressed", "Sad", "Neutral", "Calm", "Happy")
