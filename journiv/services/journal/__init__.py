"""The journal itself: entries, tags, moods, prompts and what is counted about them."""
