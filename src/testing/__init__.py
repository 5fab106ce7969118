"""What teams test their own adapters, applications and deployments with: extra `testing`."""
