"""Sessions, and the tokens that clients hold of them."""
