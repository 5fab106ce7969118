"""Technologies that make the domain's ports true, one folder each."""
