"""Who somebody is, and for how long: sign-in, sessions, access tokens."""
