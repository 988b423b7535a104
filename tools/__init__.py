"""Tools for those who work on the app; nothing here is installed with it."""
