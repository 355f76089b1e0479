"""Backup and restore: what a promise of nothing lost needs on the day when a disk dies. A backup is
taken while everybody works; a restore is made whole by the phones (docs/operations.md)."""
