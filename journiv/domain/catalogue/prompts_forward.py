"""Prompts for making things happen: goals, creativity, productivity."""

from __future__ import annotations

from typing import Final

from journiv.domain.catalogue.seeds import PromptSeed

FORWARD_PROMPTS: Final = (
    PromptSeed(
        "goals", "tiny-step", 1, 5,
        "What is the smallest step towards something you want that fits into tomorrow before noon?",
    ),
    PromptSeed(
        "goals", "done-list", 1, 10,
        "Make a done-list of the past month. Which item would have impressed you a year ago?",
    ),
    PromptSeed(
        "goals", "one-word", 1, 10,
        "Choose one word for the season ahead. How would somebody watching you guess it?",
    ),
    PromptSeed(
        "goals", "why-five", 2, 10,
        "Name a goal and ask yourself why you want it, five times in a row. Where do you end up?",
    ),
    PromptSeed(
        "goals", "obstacle", 2, 10,
        "Tell how your current plan fails, step by step, as a comedy. Which scene can you still "
        "rewrite?",
    ),
    PromptSeed(
        "goals", "quit", 2, 10,
        "What would you stop pursuing today if stopping counted as success?",
    ),
    PromptSeed(
        "goals", "half-way", 2, 15,
        "Pick a goal you are half-way into. What did you believe at the start that has turned out "
        "to be untrue?",
    ),
    PromptSeed(
        "goals", "ask-help", 2, 15,
        "Who already stands where you want to be? Write the three questions you would ask them "
        "over a long lunch.",
    ),
    PromptSeed(
        "goals", "price", 3, 15,
        "Everything you aim for has a price in hours, money or quiet. What are you truly "
        "willing to pay, and what not?",
    ),
    PromptSeed(
        "goals", "arrived", 3, 20,
        "It is three years from today and it worked. Describe an unremarkable morning there, "
        "including what still annoys you.",
    ),
    PromptSeed(
        "creativity", "six-words", 1, 5,
        "Tell this week in exactly six words. Then try again with six better ones.",
    ),
    PromptSeed(
        "creativity", "object-speaks", 1, 10,
        "Let an object on your desk give its honest opinion of you.",
    ),
    PromptSeed(
        "creativity", "overheard", 1, 10,
        "Take a line you overheard lately and write what was said just before it and just after.",
    ),
    PromptSeed(
        "creativity", "new-holiday", 2, 10,
        "Invent a holiday the calendar is missing: date, food, rules, and how families quarrel "
        "about it.",
    ),
    PromptSeed(
        "creativity", "wrong-map", 2, 10,
        "Describe your neighbourhood as a legend, with monsters, borders and safe harbours.",
    ),
    PromptSeed(
        "creativity", "no-letter", 2, 10,
        "Describe the view from your bed without using the letter that starts your first name.",
    ),
    PromptSeed(
        "creativity", "stranger", 2, 15,
        "Give a stranger you saw today a name, a secret and somewhere to be by six o'clock.",
    ),
    PromptSeed(
        "creativity", "unfinished", 2, 15,
        "Open the drawer of things you began and never finished. Which one still hums, and what is "
        "its next line?",
    ),
    PromptSeed(
        "creativity", "critic", 3, 15,
        "Interview your inner critic for a magazine. Let it talk until it says something kind by "
        "accident.",
    ),
    PromptSeed(
        "creativity", "obsession", 3, 20,
        "Which theme do you return to in all you make, cook, collect or daydream about? Follow it "
        "back to its first appearance.",
    ),
    PromptSeed(
        "productivity", "one-thing", 1, 5,
        "If only one thing gets done tomorrow, which should it be so that the day was worth it?",
    ),
    PromptSeed(
        "productivity", "best-hour", 1, 10,
        "At what hour did your head work best today, and what did you give that hour to?",
    ),
    PromptSeed(
        "productivity", "open-loops", 1, 10,
        "Empty your head: list everything that is still open, however small. Circle the three that "
        "nag loudest.",
    ),
    PromptSeed(
        "productivity", "avoided", 2, 10,
        "Which task have you moved from list to list? Describe the first ten minutes of doing it.",
    ),
    PromptSeed(
        "productivity", "interruptions", 2, 10,
        "Keep the minutes of today's interruptions: who called, and how often was it you?",
    ),
    PromptSeed(
        "productivity", "good-enough", 2, 10,
        "Where are you polishing something nobody will look at? What would good enough look like, "
        "precisely?",
    ),
    PromptSeed(
        "productivity", "flow", 2, 15,
        "Recall a time you lost track of the clock while working. List every condition that "
        "made it possible.",
    ),
    PromptSeed(
        "productivity", "weekly-review", 2, 15,
        "Review your week like a kind manager: what went well, what got in the way, what one thing "
        "will you try next?",
    ),
    PromptSeed(
        "productivity", "busy-for", 3, 15,
        "What would you have to feel if you were less busy?",
    ),
    PromptSeed(
        "productivity", "time-budget", 3, 20,
        "Write down where the hours of last week went, honestly. Does that budget match what you "
        "say matters to you?",
    ),
)  # fmt: skip
