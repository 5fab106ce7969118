"""New passwords: users change theirs, or reset a forgotten one by a link in a mail."""
