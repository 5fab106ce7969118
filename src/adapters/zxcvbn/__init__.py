"""The most common passwords, as counted by zxcvbn."""

from adapters.zxcvbn.blocklist import ZxcvbnPasswordBlocklist

__all__ = ["ZxcvbnPasswordBlocklist"]
