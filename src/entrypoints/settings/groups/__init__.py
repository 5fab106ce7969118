"""The table of settings, a module for each capability."""
