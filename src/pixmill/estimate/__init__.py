"""What a million originals cost on AWS, for a recipe and a sample of somebody's own pictures.

`measure` makes each picture of the sample with the real reconcile, into memory: it takes CPU times and counts
the calls to S3. `ways` turns that into bills, exactly and without a clock, by the prices of one dated table.
What cannot be measured here is an assumption that can be given: see `Deployment`.
"""

from pixmill.estimate.bill import Bill, Item, amount
from pixmill.estimate.deployment import Architecture, Deployment
from pixmill.estimate.prices import Price, Prices
from pixmill.estimate.sample import Picture, Sample, Work
from pixmill.estimate.ways import price_first_sketch, price_pixmill

__all__ = [
    "Architecture",
    "Bill",
    "Deployment",
    "Item",
    "Picture",
    "Price",
    "Prices",
    "Sample",
    "Work",
    "amount",
    "price_first_sketch",
    "price_pixmill",
]
