"""Prompts that look inward: reflection, emotions, dreams."""

from __future__ import annotations

from typing import Final

from journiv.domain.catalogue.seeds import PromptSeed

INNER_PROMPTS: Final = (
    PromptSeed(
        "reflection", "headline", 1, 5,
        "If today had a headline and one photo, what would they be?",
    ),
    PromptSeed(
        "reflection", "surprise", 1, 10,
        "What went differently from how you expected it this week, and what had you expected?",
    ),
    PromptSeed(
        "reflection", "changed-mind", 2, 10,
        "What have you changed your mind about in the last year? Which moment tipped it?",
    ),
    PromptSeed(
        "reflection", "unsaid", 2, 10,
        "Which conversation of this week had a sentence you swallowed? Write it here first.",
    ),
    PromptSeed(
        "reflection", "compliment", 2, 10,
        "Recall a compliment you brushed off. What if the person was simply right?",
    ),
    PromptSeed(
        "reflection", "two-roads", 2, 15,
        "Describe the life one turn away from yours: the job, town or person you did not choose. "
        "What does that you envy in you?",
    ),
    PromptSeed(
        "reflection", "rule-book", 2, 15,
        "List three unwritten rules you live by. Who taught you each, and does it still hold?",
    ),
    PromptSeed(
        "reflection", "recurring-lesson", 3, 15,
        "Which lesson keeps coming back to you in new clothes? Tell two of its visits.",
    ),
    PromptSeed(
        "reflection", "mistake-anatomy", 3, 15,
        "Take a mistake apart without blame: what did you know, what did you want, and what did "
        "you not see?",
    ),
    PromptSeed(
        "reflection", "letter-decade", 3, 20,
        "Write to yourself ten years ago. Leave out all advice; tell only what you now find "
        "beautiful about that time.",
    ),
    PromptSeed(
        "emotions", "colour", 1, 5,
        "Give today's feeling a colour, a temperature and a size. What do you notice once it has "
        "them?",
    ),
    PromptSeed(
        "emotions", "last-laugh", 1, 10,
        "When did you last laugh until you had to stop and breathe? Set the scene.",
    ),
    PromptSeed(
        "emotions", "small-annoyance", 1, 10,
        "Complain at full length about something too small to mention to anybody.",
    ),
    PromptSeed(
        "emotions", "under-anger", 2, 10,
        "Think of the last time you were cross. If anger was the guard at the door, what was it "
        "guarding?",
    ),
    PromptSeed(
        "emotions", "where-in-body", 2, 10,
        "Where in your body do you keep worry? Where joy? Draw the map in words.",
    ),
    PromptSeed(
        "emotions", "mixed", 2, 10,
        "Describe a moment when you felt two opposite things at once, and give each its full say.",
    ),
    PromptSeed(
        "emotions", "envy-compass", 2, 15,
        "Whom did you envy lately? Take it as a compass: what exactly does it point to?",
    ),
    PromptSeed(
        "emotions", "crying", 2, 15,
        "What makes you tear up although nothing bad is happening: a song, a finish line, a "
        "reunion? Why that?",
    ),
    PromptSeed(
        "emotions", "goodbye", 3, 15,
        "Write about a goodbye that was never properly said. Say it now, and stay for the silence "
        "afterwards.",
    ),
    PromptSeed(
        "emotions", "old-fear", 3, 20,
        "Choose a fear that has been with you for years. When did it first protect you, and what "
        "does it cost you today?",
    ),
    PromptSeed(
        "dreams", "last-night", 1, 5,
        "Catch what is left of last night's dream: one image, one person, one feeling is plenty.",
    ),
    PromptSeed(
        "dreams", "childhood-job", 1, 10,
        "What did you want to be at seven? Which part of that have you quietly kept?",
    ),
    PromptSeed(
        "dreams", "secret-room", 1, 10,
        "You find a door in your home that was never there before. What is the room behind it for?",
    ),
    PromptSeed(
        "dreams", "recurring", 2, 10,
        "Describe a dream you have had more than once. What was going on in your life each time?",
    ),
    PromptSeed(
        "dreams", "sabbatical", 2, 10,
        "A year, paid, with nothing to show for it at the end. Where does the first month take "
        "you?",
    ),
    PromptSeed(
        "dreams", "ordinary-dream-day", 2, 10,
        "Plan the most wonderful day you could have for the price of a bus ticket.",
    ),
    PromptSeed(
        "dreams", "postponed", 2, 15,
        "Which wish have you been putting off until things calm down? Write its story as if things "
        "never do.",
    ),
    PromptSeed(
        "dreams", "dream-house", 2, 15,
        "Walk through the place you would like to live in when you are old, from the gate to the "
        "kitchen table.",
    ),
    PromptSeed(
        "dreams", "let-go", 3, 15,
        "Is there a dream you carry that belongs to an earlier you, or to somebody else? What "
        "would putting it down feel like?",
    ),
    PromptSeed(
        "dreams", "eulogy", 3, 20,
        "Three people who knew you well each tell one story about you, many years from now. Write "
        "the stories you hope for.",
    ),
)  # fmt: skip
