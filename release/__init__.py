"""Makes a release: the wheel, what it is made of, and what is known against it."""
