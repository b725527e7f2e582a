"""What warns of itself when it is imported, imported: of what we do with it, we are warned all the same."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pulumi_aws as aws

    # Modules of the provider are imported, deprecated classes and all, when something of them is asked for.
    assert aws.s3.Bucket
    assert aws.lambda_.Function

    # It looks for its data in a way that setuptools warns of.
    import parliament

    assert parliament
