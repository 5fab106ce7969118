"""Orders: the sample resource. Delete this folder in each layer to remove it."""
