"""What every request passes, one concern per module."""
