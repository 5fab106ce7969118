"""What every capability uses: time, identifiers, pages and base errors."""
