"""`/media`: files of entries, in and out."""
