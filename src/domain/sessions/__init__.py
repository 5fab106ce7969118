"""Sessions, and the tokens that clients hold for them."""
