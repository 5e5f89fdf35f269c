"""The words of the journal: values, times, text and errors. Standard library only, no I/O."""
