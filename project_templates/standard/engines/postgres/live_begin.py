def note_change(session: Session, table: Table, row_id: int) -> None:
    """Note a change in the transaction that makes it; it is told when that is committed."""
    told = json.dumps(Change(table.name, row_id)._asdict())
    session.execute(NOTIFY, {"told": f"{token_hex(8)} {told}"})


class Live:
    """Tells changes to those who follow: those of all processes, in the order of their commits.

    The server tells all who listen the same. So a page may come back to any process, with the id
    of the last change it heard of.
    """

    def __init__(self) -> None:
        self.last_id = self._mark = ""
        self._kept: dict[str, bytes] = {}
        self._followers: set[asyncio.Queue[bytes]] = set()
        self._listens = asyncio.Event()

    @asynccontextmanager
    async def listening(self, url: URL) -> AsyncGenerator[None]:
        """Hear of changes for as long as this lasts."""
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        task = asyncio.create_task(self._listen(make_conninfo(address, **LISTEN)))
        with suppress(TimeoutError):
            await asyncio.wait_for(self._listens.wait(), LONGEST_START)
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _listen(self, address: str) -> None:
        """Listen, and begin anew when the connection is lost: what was told then is not known."""
        while True:
            try:
                async with await AsyncConnection.connect(address, autocommit=True) as connection:
                    await connection.execute("LISTEN changes")
                    self._kept.clear()
                    self._mark = token_hex(8)
                    await connection.execute("SELECT pg_notify('changes', %s)", [self._mark])
                    async for notification in connection.notifies():
                        self.hear(notification.payload)
            except OperationalError as error:
                logger.warning("Live updates wait for the database: %s", error)
                await asyncio.sleep(AGAIN)

    def hear(self, told: str) -> None:
        """Tell those who follow of a change, or that they must ask for everything.

        told: the id of a change and what it is, or the mark of a process that begins to listen.
        """
        self.last_id, _, change = told.partition(" ")
        event = self._make_event("change", change) if change else b""
        if told == self._mark:
            self._listens.set()
            event = self._make_event("reset", "")
        self._kept[self.last_id] = event
        while len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]
        for queue in [*self._followers] if event else ():
            try:
                queue.put_nowait(event)
            except asyncio.QueueFull:
                self._followers.discard(queue)

