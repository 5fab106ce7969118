"""What requests and pruning cost with few users and with many."""
