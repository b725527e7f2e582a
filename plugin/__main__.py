"""Serve the component to Pulumi's engine."""

from pixmill.infra.plugin import main

main()
