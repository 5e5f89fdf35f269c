"""Prompts about people and the past, and some for any day: relationships, memories, general."""

from __future__ import annotations

from typing import Final

from journiv.domain.catalogue.seeds import PromptSeed

SHARED_PROMPTS: Final = (
    PromptSeed(
        "relationships", "last-message", 1, 5,
        "Look at the last person who messaged you. What do you hope their day was like?",
    ),
    PromptSeed(
        "relationships", "laugh-with", 1, 10,
        "With whom do you have the silliest inside joke? Explain it as if to a court.",
    ),
    PromptSeed(
        "relationships", "first-impression", 1, 10,
        "How did you meet somebody who matters to you now, and how wrong was your first "
        "impression?",
    ),
    PromptSeed(
        "relationships", "overdue-call", 2, 10,
        "Whom have you been meaning to call? Write what you would tell them in the first minute.",
    ),
    PromptSeed(
        "relationships", "love-language", 2, 10,
        "How do the people around you show care when they do not say it? Pick one and decode them.",
    ),
    PromptSeed(
        "relationships", "borrowed-words", 2, 10,
        "Which phrase or gesture have you taken over from somebody you love?",
    ),
    PromptSeed(
        "relationships", "apology", 2, 15,
        "Write an apology you owe, or one you are owed, without a single “but”.",
    ),
    PromptSeed(
        "relationships", "their-side", 2, 15,
        "Retell a recent disagreement from the other side, as fairly as a good novelist would.",
    ),
    PromptSeed(
        "relationships", "drifted", 3, 15,
        "Think of a friend you drifted away from. Where did the path fork, and would you want "
        "it to cross again?",
    ),
    PromptSeed(
        "relationships", "known", 3, 20,
        "Who knows you best, and what do they still not know? What keeps it from being told?",
    ),
    PromptSeed(
        "memories", "smell", 1, 5,
        "Which smell takes you straight back to a particular room? Step inside and look around.",
    ),
    PromptSeed(
        "memories", "first-home", 1, 10,
        "Walk through the kitchen you grew up with. What is in the drawer nobody ever tidied?",
    ),
    PromptSeed(
        "memories", "photo", 1, 10,
        "Scroll back to a photo from about a year ago. What was happening just outside the frame?",
    ),
    PromptSeed(
        "memories", "teacher", 2, 10,
        "Bring back a teacher, good or dreadful, in one scene with dialogue.",
    ),
    PromptSeed(
        "memories", "song", 2, 10,
        "Name a song that belongs to one summer. Who was there, and what did you all think the "
        "future was?",
    ),
    PromptSeed(
        "memories", "lost-thing", 2, 10,
        "Describe something you lost and never replaced. Where do you imagine it is now?",
    ),
    PromptSeed(
        "memories", "grandparent", 2, 15,
        "Write down a story that an older relative used to tell, before the details fade.",
    ),
    PromptSeed(
        "memories", "turning-day", 2, 15,
        "Which day divided your life into before and after, although nobody else marked it?",
    ),
    PromptSeed(
        "memories", "two-versions", 3, 15,
        "Choose a memory that somebody else tells differently. Put down both versions and leave "
        "room for a third.",
    ),
    PromptSeed(
        "memories", "earliest", 3, 20,
        "Go back to your earliest memory. What do you really remember, what were you told, and why "
        "might this one have stayed?",
    ),
    PromptSeed(
        "general", "today-in-list", 1, 5,
        "Today in a list: something eaten, something read, something said, something seen.",
    ),
    PromptSeed(
        "general", "weather-report", 1, 5,
        "Begin with the weather and keep going wherever it leads.",
    ),
    PromptSeed(
        "general", "best-moment", 1, 10,
        "Which ten minutes of today would you happily live through again?",
    ),
    PromptSeed(
        "general", "on-my-mind", 2, 10,
        "What have you been thinking about in the shower, on the stairs, before sleep?",
    ),
    PromptSeed(
        "general", "learned", 2, 10,
        "What did you learn this week, from a book, a stranger or a small disaster?",
    ),
    PromptSeed(
        "general", "question", 2, 10,
        "Which question would you like somebody to ask you right now? Ask it, then answer.",
    ),
    PromptSeed(
        "general", "time-capsule", 2, 10,
        "Leave a note for whoever you are on this date next year: prices, plans, worries, the song "
        "in your head.",
    ),
    PromptSeed(
        "general", "small-adventure", 2, 15,
        "When did you last do something for the first time? Tell it from the moment you hesitated.",
    ),
    PromptSeed(
        "general", "stranger-dinner", 3, 15,
        "A stranger at dinner asks who you are, and you may not mention your work, your age or "
        "your family. What do you say?",
    ),
    PromptSeed(
        "general", "chapter", 3, 20,
        "If your life were a book, what would this chapter be called, and what does the reader "
        "already see coming?",
    ),
)  # fmt: skip
