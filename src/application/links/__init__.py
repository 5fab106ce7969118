"""Links in mails: computing them when their mail is sent, and reading those that are presented."""
