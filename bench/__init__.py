"""Bounded load on the real web server: what a check-in costs, and what a bare insert costs beside
it. `make bench` runs it and writes LAST.md."""
