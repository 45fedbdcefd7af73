"""A scan by boto3's client, as programs write it: a thread for each of `concurrency` segments.

    python3 scan_boto3.py '{"endpoint", "table", "warmUpTable", "concurrency", "attributes"?: [...]}'

Prints one line of JSON: items, seconds, cpuSeconds, peakBytes. The warm-up table is read first.
"""

import json
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.config import Config

options = json.loads(sys.argv[1])
client = boto3.client(
    "dynamodb",
    endpoint_url=options["endpoint"],
    region_name="us-west-2",
    aws_access_key_id="test",
    aws_secret_access_key="test",
    config=Config(max_pool_connections=256),
)


def projection():
    names = options.get("attributes")
    if not names:
        return {}
    placeholders = {f"#n{i}": name for i, name in enumerate(names)}
    return {
        "ProjectionExpression": ",".join(placeholders),
        "ExpressionAttributeNames": placeholders,
    }


def scan_segment(table, segment):
    request = {
        "TableName": table,
        "Segment": segment,
        "TotalSegments": options["concurrency"],
        **projection(),
    }
    items = 0
    while True:
        page = client.scan(**request)
        items += len(page["Items"])
        if "LastEvaluatedKey" not in page:
            return items
        request["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def scan(table):
    segments = range(options["concurrency"])
    with ThreadPoolExecutor(options["concurrency"]) as pool:
        return sum(pool.map(lambda segment: scan_segment(table, segment), segments))


scan(options["warmUpTable"])
cpu_before = time.process_time()
started = time.perf_counter()
items = scan(options["table"])
seconds = time.perf_counter() - started
print(
    json.dumps(
        {
            "items": items,
            "seconds": seconds,
            "cpuSeconds": time.process_time() - cpu_before,
            "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        }
    )
)
