"""Routes of sign-in elsewhere: OpenID Connect."""
