"""Links in mails: what they stand for, and what a presented one means."""
