def note_change(session: Session, table: Table, row_id: int) -> None:
    """Note a change in the transaction that makes it; it is told when that is committed."""
    session.info.setdefault("changes", []).append(Change(table.name, row_id))


class Live:
    """Tells changes to those who follow. An id is of one run: the next knows nothing of it."""

    def __init__(self, most_pages: int = MOST_PAGES) -> None:
        self._run, self._count = token_hex(4), 0
        self._kept: deque[bytes] = deque(maxlen=KEPT)
        self._followers: set[asyncio.Queue[bytes]] = set()
        self._most_pages, self.open_pages = most_pages, 0

    @property
    def last_id(self) -> str:
        return f"{self._run}-{self._count}"

    def publish(self, changes: Sequence[Change]) -> None:
        for change in changes:
            self._count += 1
            event = self._make_event("change", json.dumps(change._asdict()))
            self._kept.append(event)
            for queue in [*self._followers]:
                try:
                    queue.put_nowait(event)
                except asyncio.QueueFull:
                    self._followers.discard(queue)

