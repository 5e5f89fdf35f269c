"""The repositories, written once, on a SQLAlchemy Core connection."""
