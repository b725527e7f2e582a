"""The worker with a sabotaged engine; what replaces its process finds the same sabotage by its name."""

from importlib import import_module

from pixmill.aws.worker import handler

__all__ = ["handler"]

import_module("sitecustomize")
