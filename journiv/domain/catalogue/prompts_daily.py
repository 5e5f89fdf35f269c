"""Prompts for an ordinary day: gratitude, mindfulness, self-care."""

from __future__ import annotations

from typing import Final

from journiv.domain.catalogue.seeds import PromptSeed

DAILY_PROMPTS: Final = (
    PromptSeed(
        "gratitude", "small-comfort", 1, 5,
        "What small comfort did you lean on today without noticing: a warm mug, a seat on the "
        "train, a familiar voice?",
    ),
    PromptSeed(
        "gratitude", "three-sounds", 1, 5,
        "Name three sounds you were glad to hear this week, and where you were when you heard "
        "them.",
    ),
    PromptSeed(
        "gratitude", "worn-object", 1, 10,
        "Pick the most worn-out thing you own and still use. What has it done for you?",
    ),
    PromptSeed(
        "gratitude", "quiet-helper", 2, 10,
        "Who makes your days easier without ever being thanked? Write them the note you have not "
        "sent.",
    ),
    PromptSeed(
        "gratitude", "body-credit", 2, 10,
        "Give your body credit for one thing it did for you today, from waking to now.",
    ),
    PromptSeed(
        "gratitude", "place", 2, 10,
        "Describe a place within walking distance that you would miss if it closed tomorrow.",
    ),
    PromptSeed(
        "gratitude", "past-self", 2, 10,
        "Which decision of a younger you are you still living off? Thank them for the details they "
        "got right.",
    ),
    PromptSeed(
        "gratitude", "ordinary-tuesday", 2, 15,
        "Ten years from now, what about this perfectly ordinary week might you long for?",
    ),
    PromptSeed(
        "gratitude", "hard-gift", 3, 15,
        "Think of something you did not want to happen. What did it leave you that you would not "
        "give back?",
    ),
    PromptSeed(
        "gratitude", "inheritance", 3, 20,
        "Trace one good habit of yours back to the person you caught it from. How did it travel "
        "from them to you?",
    ),
    PromptSeed(
        "mindfulness", "right-now", 1, 5,
        "Without moving, write down five things you can see, four you can hear and three you can "
        "feel.",
    ),
    PromptSeed(
        "mindfulness", "breath-weather", 1, 5,
        "If your breathing were weather right now, what would the forecast say?",
    ),
    PromptSeed(
        "mindfulness", "window", 1, 10,
        "Look out of the nearest window for two minutes. What changed while you watched?",
    ),
    PromptSeed(
        "mindfulness", "one-meal", 2, 10,
        "Recall the last thing you ate as exactly as you can: heat, texture, the first bite and "
        "the last.",
    ),
    PromptSeed(
        "mindfulness", "walk", 2, 10,
        "Retell a walk you take often as if you were guiding a visitor who wants to notice "
        "everything.",
    ),
    PromptSeed(
        "mindfulness", "passing-thoughts", 2, 10,
        "Set a timer for five minutes and log each thought as it passes, one line each. Which ones "
        "came back?",
    ),
    PromptSeed(
        "mindfulness", "slow-task", 2, 10,
        "Which chore do you rush through? Describe it at half the speed you normally do it.",
    ),
    PromptSeed(
        "mindfulness", "between", 2, 15,
        "Where does your attention go in the gaps of a day: queues, lifts, red lights? Follow one "
        "gap from today.",
    ),
    PromptSeed(
        "mindfulness", "not-fixing", 3, 15,
        "Sit beside one worry on paper without solving it. What is it like when nothing has to be "
        "done about it?",
    ),
    PromptSeed(
        "mindfulness", "autopilot", 3, 20,
        "Which stretch of today do you not remember living? Try to rebuild it, and ask what you "
        "were elsewhere for.",
    ),
    PromptSeed(
        "self_care", "battery", 1, 5,
        "What percentage is your battery at, and what used the most of it today?",
    ),
    PromptSeed(
        "self_care", "kind-sentence", 1, 5,
        "Which one sentence did you need to hear today? Write it to yourself in your own hand.",
    ),
    PromptSeed(
        "self_care", "free-hour", 1, 10,
        "An hour of tomorrow has just been cancelled and it is all yours. How do you spend it if "
        "nobody ever asks?",
    ),
    PromptSeed(
        "self_care", "real-rest", 2, 10,
        "What leaves you rested, and what only fills the time? Put the last few evenings on one "
        "list or the other.",
    ),
    PromptSeed(
        "self_care", "no-thanks", 2, 10,
        "What did you say yes to lately that you wish you had declined? Draft the no you can use "
        "next time.",
    ),
    PromptSeed(
        "self_care", "sleep-story", 2, 10,
        "Write the last hour before bed as it usually goes, then as you would like it to go. What "
        "is the first difference?",
    ),
    PromptSeed(
        "self_care", "early-signs", 2, 10,
        "How can you tell, two days before it shows, that you are running low? List your early "
        "signs.",
    ),
    PromptSeed(
        "self_care", "friend-in-room", 2, 15,
        "A friend you love arrives in exactly the state you are in. What do you cook, say and let "
        "them skip?",
    ),
    PromptSeed(
        "self_care", "harsh-voice", 3, 15,
        "Quote the harshest thing you told yourself this month. Whose voice does it borrow, and "
        "what is it afraid of?",
    ),
    PromptSeed(
        "self_care", "enough", 3, 20,
        "Describe a day on which you would go to bed feeling you had done enough. What is left "
        "out of it?",
    ),
)  # fmt: skip
