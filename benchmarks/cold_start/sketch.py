"""What the first sketch did before its first event: a client for S3, and Pillow."""

import time

import boto3
from PIL import Image

READY = (boto3.client("s3"), Image)
CPU = time.process_time()


def handler(_event: object, _context: object) -> dict[str, float]:
    return {"cpu": CPU}
