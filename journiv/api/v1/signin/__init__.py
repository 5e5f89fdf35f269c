"""Routes of sign-in, sessions, tokens and second factors."""
