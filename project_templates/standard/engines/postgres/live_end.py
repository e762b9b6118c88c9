    def _list_missed(self, last_id: str) -> list[bytes]:
        if last_id not in self._kept:
            return [self._make_event("reset", "")]
        ids = list(self._kept)
        return [self._kept[one] for one in ids[ids.index(last_id) + 1 :]]

    def _make_event(self, kind: str, data: str) -> bytes:
        return ServerSentEvent(data, event=kind, id=self.last_id, retry=RETRY).encode()


async def gather(connection: AsyncConnection) -> AsyncGenerator[str]:
    """Give what the server tells: what comes within a moment together, for that costs less."""
    while True:
        async for notification in connection.notifies(stop_after=1):
            yield notification.payload
        await asyncio.sleep(GATHERING)


