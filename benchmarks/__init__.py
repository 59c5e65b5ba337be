"""Measures a running Tuneboard from outside; see docs/benchmarks.md. Never part of the tests."""
