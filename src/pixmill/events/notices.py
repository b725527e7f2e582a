"""The innermost envelopes: those that say themselves what happened to which key."""

from pixmill.events import eventbridge, manual, s3

NOTICES = (s3.NOTIFICATION, s3.TEST_EVENT, eventbridge.EVENT, manual.KEYS)
