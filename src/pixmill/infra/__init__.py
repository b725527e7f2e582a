"""What is needed to have Pixmill run on AWS: the worker's bundle."""
