"""Follows what a running CPRAL does by its events: pip install nats-py

    python3 docs/examples/watch_events.py nats://127.0.0.1:4222 [HOW_MANY]

The durable consumer remembers what was acknowledged: stopped and started again, the program goes on where it was.
"""
import asyncio
import itertools
import json
import sys
from urllib.parse import unquote

import nats
from nats.errors import TimeoutError as NatsTimeout

DURABLE = "watch-events"
FETCH_SECONDS = 5


async def main(url, how_many):
    connection = await nats.connect(url)
    events = await connection.jetstream().pull_subscribe("cpral.events.>", durable=DURABLE, stream="CPRAL_EVENTS")
    heard = itertools.count(1)
    seen = set()
    while True:
        try:
            messages = await events.fetch(10, timeout=FETCH_SECONDS)
        except NatsTimeout:
            continue
        for message in messages:
            header = {name.lower(): unquote(value) for name, value in (message.headers or {}).items()}
            await message.ack()
            if header["ce-id"] in seen:  # delivered at least once
                continue
            seen.add(header["ce-id"])
            print(header["ce-time"], header["ce-type"], header["ce-subject"], json.dumps(json.loads(message.data)), flush=True)
            if next(heard) == how_many:
                return await connection.close()


asyncio.run(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else None))
