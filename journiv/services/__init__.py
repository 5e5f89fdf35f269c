"""Use cases, in the words of the journal: they know contracts, not HTTP and not SQL."""
