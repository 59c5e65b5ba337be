"""EXECUTION: how an experiment is run, as its page shows and edits it."""
