"""Configuration objects: which format a text is in, its tree, its faults, and what differs."""
