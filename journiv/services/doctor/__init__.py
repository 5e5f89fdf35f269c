"""The security checklist: 33 lines of the security page and what belongs beside them."""
