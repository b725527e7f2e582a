"""Entry points on AWS."""
