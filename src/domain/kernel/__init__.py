"""What every capability builds on: time, identifiers, pages and the roots of errors."""
