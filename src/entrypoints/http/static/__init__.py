"""The exported front end."""
