"""Words mails from templates, and writes them as MIME messages."""
