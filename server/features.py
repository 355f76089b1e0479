"""The order of the house: a feature may import core and the features above it, never below.

Why this order and not another: docs/adr/0001-order-of-features.md.
"""

FEATURES = (
    "accounts",
    "about",
    "organizations",
    "postings",
    "channels",
    "reminders",
    "decisions",
    "photos",
    "visits",
    "issues",
    "meetings",
    "duties",
    "system",
)
