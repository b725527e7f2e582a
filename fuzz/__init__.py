"""Fuzzing: whatever bytes arrive, only a right result or a typed error may come out. See README.md."""
