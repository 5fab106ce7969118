"""What a client can ask for, one callable class per file.

Each reads as the steps of docs/flow.md, whose ids stand beside them.
"""
