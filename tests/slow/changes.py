"""Changes made through the API of a server, many at once, for those who follow to hear of."""

import asyncio

from blueprints import TASK
from crowds import Client
from resources import read_line
from served import Server

RESOURCE = read_line(TASK[0])
WRITERS = 8


async def make_changes(server: Server, count: int) -> list[int]:
    """Create rows, and return their ids."""
    clients = [Client(server, RESOURCE, f"change-{number}") for number in range(WRITERS)]
    numbers = iter(range(count))

    async def work(client: Client) -> list[int]:
        made = [await _create(client, number) for number in numbers]
        client.close()
        return made

    return [row_id for made in await asyncio.gather(*map(work, clients)) for row_id in made]


async def _create(client: Client, number: int) -> int:
    answer = await client.exchange(client.make_write(number))
    row = answer.read_json()
    if answer.status != 201 or not isinstance(row, dict):
        raise SystemExit(f"A create was answered {answer.status}: {row}")
    row_id: int = row["id"]
    return row_id
